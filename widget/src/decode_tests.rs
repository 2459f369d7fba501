//! The records `goodword-wire` writes, read back by hand.

use super::{Node, config, entries, joined, me, refusal, safe_link, says};
use goodword_wire as wire;
use serde_json::Value;

impl Node for Value {
    fn get(&self, name: &str) -> Option<Self> {
        self.as_object()?.get(name).filter(|value| !value.is_null()).cloned()
    }
    fn text(&self) -> Option<String> {
        self.as_str().map(str::to_owned)
    }
    fn number(&self) -> Option<f64> {
        self.as_f64()
    }
    fn truth(&self) -> bool {
        self.as_bool() == Some(true)
    }
    fn items(&self) -> Vec<Self> {
        self.as_array().cloned().unwrap_or_default()
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("the test's own JSON")
}

const ME: &str = r#"{"name":"Ada","emailProven":true,"status":"approved","reason":"approved_automatically",
  "link":{"id":"lnk_1","partnerId":"ptn_1","programId":"prg_1","code":"ADA","key":"ada","shortLink":"https://h/r/ada",
    "directLink":"https://shop/?via=ada","url":"https://shop/","createdAt":"2026-08-19T16:13:12.109Z"},
  "qr":{"size":33,"path":"M4 4h7"},
  "totals":{"clicks":9,"leads":3,"sales":2,"saleAmount":15700,"pending":1560,"processed":0,"paid":0},
  "earnings":{"currency":"usd","exponent":2,"pending":1560,"processed":7,"paid":8,"minPayout":5000,"commissions":[
    {"id":"com_1","type":"sale","status":"pending","reason":"in_hold","amount":7800,"earnings":1560,"earningsAtFirst":1560,
     "currency":"usd","arithmetic":"20% of 78.00 USD = 15.60 USD","partner":{"id":"ptn_1","name":"Ada"},"programId":"prg_1",
     "saleId":"sal_1","invoiceId":"inv_1","createdAt":"2026-08-19T16:13:12.109Z","clearsAt":"2026-09-18T16:13:12.109Z","customer":null}],
    "payoutMethod":{},"payouts":[]},
  "now":"2026-08-20T00:00:00.000Z"}"#;

/// Through the wire's own types: a field renamed there breaks here.
fn through<T: serde::Serialize + serde::de::DeserializeOwned>(text: &str) -> Value {
    let record: T = serde_json::from_str(text).expect("a wire record");
    serde_json::to_value(record).expect("JSON")
}

#[test]
fn a_partners_page_is_read_whole() {
    let me = me(&through::<wire::EmbedMe>(ME)).expect("a partner");
    assert_eq!((me.name.as_str(), me.email_proven, me.status.as_str()), ("Ada", true, "approved"));
    assert_eq!(me.totals, [9, 3, 2]);
    let link = me.link.expect("a link");
    assert_eq!((link.code.as_str(), link.short_link.as_str()), ("ADA", "https://h/r/ada"));
    let qr = me.qr.expect("a QR code");
    assert_eq!((qr.size, qr.path.as_str()), (33, "M4 4h7"));
    let earnings = me.earnings.expect("earnings");
    assert_eq!((earnings.sums, earnings.min_payout, earnings.exponent), ([1560, 7, 8], 5000, 2));
    let [commission] = &earnings.commissions[..] else { panic!("one commission") };
    assert!(!commission.points);
    assert_eq!(
        (commission.kind.as_str(), commission.status.as_str(), commission.earnings),
        ("sale", "pending", 1560)
    );
    assert_eq!(commission.clears_at, "2026-09-18T16:13:12.109Z");
    assert_eq!(commission.arithmetic, "20% of 78.00 USD = 15.60 USD");
}

#[test]
fn a_program_is_read_whole() {
    let config = config(&through::<wire::EmbedConfig>(
        r#"{"programId":"prg_1","name":"Friends","vendor":"Acme","url":"https://shop/","currency":"usd","exponent":2,"mode":"test",
        "open":true,"autoApprove":false,"holdDays":30,"terms":{"version":"2026-01","url":"https://shop/terms"},"linkParameters":[],
        "rewards":[{"event":"sale","type":"percentage","amount":null,"percentage":"20","maxDuration":12}]}"#,
    ))
    .expect("a program");
    assert_eq!(
        (config.name.as_str(), config.vendor.as_str(), config.test, config.open),
        ("Friends", "Acme", true, true)
    );
    assert_eq!((config.terms_version.as_str(), config.terms_url.as_str()), ("2026-01", "https://shop/terms"));
    assert_eq!(config.rewards[0].percentage.as_deref(), Some("20"));
    assert_eq!(config.rewards[0].max_duration, Some(12));
}

#[test]
fn joining_and_refusals_are_read() {
    let answer = joined(&through::<wire::JoinOutput>(&format!(
        r#"{{"status":"joined","token":"pt_1","expiresAt":"2026-08-19T16:13:12.109Z","me":{ME}}}"#
    )));
    let answer = answer.expect("an answer");
    assert_eq!(
        (answer.status.as_str(), answer.token.as_deref(), answer.me.is_some()),
        ("joined", Some("pt_1"), true)
    );
    let error = refusal(&json(r#"{"error":{"code":"code_taken","message":"Choose another.","docUrl":""}}"#));
    assert_eq!(error, Some(("code_taken".to_owned(), "Choose another.".to_owned())));
}

const SALE: &str = r#"{"id":"sal_1","event":"sale","programId":"prg_1","at":"2026-08-19T16:13:12.109Z","credited":true,
  "reason":"last_touch","says":"Credited to you.","attributionModel":"linear","attributionWindows":{"click":30,"code":30,"form":30},
  "touchpoints":[{"kind":"click","partner":{"id":"ptn_1","name":"Ada"},"at":"2026-08-18T00:00:00.000Z","clickId":null,
    "verdict":"credited","share":"50","says":"It has a half."}],
  "others":["Somebody else has the other half."],"rewards":[],
  "commissions":[{"id":"com_1","type":"sale","status":"pending","reason":"in_hold","amount":7800,"earnings":780,
    "earningsAtFirst":780,"currency":"points","arithmetic":"10%","partner":{"id":"ptn_1","name":"Ada"},"programId":"prg_1",
    "createdAt":"2026-08-19T16:13:12.109Z","clearsAt":"2026-09-18T16:13:12.109Z","paysFrom":null,"paidAt":null,
    "says":"You get 780 points."}],
  "history":[{"at":"2026-08-20T00:00:00.000Z","says":"80 were taken back from you."}]}"#;

#[test]
fn an_explanation_is_told_in_the_order_in_which_it_happened() {
    let told = entries(&through::<wire::OwnExplanation>(SALE));
    let [sale] = &told[..] else { panic!("one sale") };
    assert_eq!((sale.says.as_str(), sale.at.as_str()), ("Credited to you.", "2026-08-19T16:13:12.109Z"));
    let parts: Vec<_> = sale
        .parts
        .iter()
        .map(|part| (part.mark.as_str(), part.status.as_str(), part.says.as_str()))
        .collect();
    assert_eq!(
        parts,
        [
            ("click", "50%", "It has a half."),
            ("", "", "Somebody else has the other half."),
            ("", "", "You get 780 points."),
            ("", "", "80 were taken back from you."),
        ]
    );
    assert_eq!(sale.parts[2].at, "2026-08-19T16:13:12.109Z");
}

#[test]
fn claims_are_read_with_their_trail() {
    let text = r#"{"id":"clm_1","status":"refused","reason":"refused_by_vendor","says":"The vendor refused it.",
        "partner":{"id":"ptn_1","name":"Ada"},"programId":"prg_1","invoiceId":"A-1","createdAt":"2026-08-19T16:13:12.109Z",
        "trail":[{"at":"2026-08-20T00:00:00.000Z","by":"vendor","status":"refused","note":"Bought by phone."}]}"#;
    let claim = through::<wire::Claim>(text);
    assert_eq!(says(&claim).as_deref(), Some("The vendor refused it."));
    let told = entries(&Value::Array(vec![claim]));
    let [claim] = &told[..] else { panic!("one claim") };
    assert_eq!((claim.mark.as_str(), claim.status.as_str()), ("A-1", "refused"));
    let [event] = &claim.parts[..] else { panic!("one event") };
    assert_eq!((event.mark.as_str(), event.says.as_str()), ("vendor", "Bought by phone."));
}

#[test]
fn points_are_told_from_money() {
    let points = ME.replace(r#""currency":"usd","arithmetic""#, r#""currency":"points","arithmetic""#);
    for (text, expected) in [(ME, false), (points.as_str(), true)] {
        let earnings = me(&through::<wire::EmbedMe>(text)).and_then(|me| me.earnings).expect("earnings");
        assert_eq!(earnings.commissions[0].points, expected);
    }
}

#[test]
fn nonsense_is_none() {
    for text in ["null", "[]", "7", "\"x\"", "{}", r#"{"name":7,"totals":[]}"#] {
        assert_eq!(me(&json(text)), None, "{text}");
        assert_eq!(config(&json(text)), None, "{text}");
        assert_eq!(joined(&json(text)), None, "{text}");
        assert_eq!((says(&json(text)), entries(&json(text))), (None, Vec::new()), "{text}");
    }
}

#[test]
fn only_harmless_links_pass() {
    assert!(safe_link("https://shop/terms"));
    assert!(!safe_link("javascript:alert(1)"));
    assert!(!safe_link("data:text/html,x"));
}
