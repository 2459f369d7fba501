//! A partner's account on our own origin.

use super::webhooks::{bodies, endpoint, server};
use crate::harness::{Answer, Client, ORIGIN, Receiver, Server};
use goodword_wire::{EmbedMe, JoinOutput, Partner, PayoutMethod, Trigger};
use serde_json::{Value, json};

pub fn form(pairs: &[(&str, &str)]) -> Vec<u8> {
    let mut text = String::new();
    for (name, value) in pairs {
        let value: String = value
            .bytes()
            .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
            .collect();
        text = format!("{text}{name}={value}&");
    }
    text.into_bytes()
}

pub fn send(client: &Client, path: &str, pairs: &[(&str, &str)]) -> Answer {
    let client = client.with("content-type", "application/x-www-form-urlencoded");
    client.send("POST".parse().expect("a method"), path, Some(form(pairs)))
}

fn press(server: &Server, link: &str) -> Answer {
    let (path, token) = link.split_once("?token=").expect("a token");
    send(&server.nobody(), path, &[("token", token)])
}

/// A partner with a session on our own origin.
pub struct SignedIn {
    pub join: JoinOutput,
    pub browser: Client,
    pub mark: String,
}

fn cookie(answer: &Answer) -> String {
    let cookie = answer.header("set-cookie").expect("a cookie");
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/p;"),
        "{cookie}"
    );
    cookie.split(';').next().unwrap_or_default().to_owned()
}

fn mark(page: &str) -> String {
    let (_, rest) = page.split_once("name=\"mark\" value=\"").expect("a form");
    rest.split('"').next().unwrap_or_default().to_owned()
}

pub fn signed_in(server: &Server) -> SignedIn {
    server.test().program(json!({}));
    let join = server.page().join("Maya", "maya@example.com").join;
    let link = server.links_mailed("maya@example.com", "/verify?token=", 1).remove(0);
    let proven = press(server, &link);
    let browser = server.nobody().with("cookie", &cookie(&proven));
    let page = browser.get("/p/account");
    assert_eq!(page.status, 200, "{}", page.text);
    SignedIn { join, mark: mark(&page.text), browser }
}

/// A partner of a program that is there already, who has opened the account by a mail.
pub struct Session {
    pub browser: Client,
    mark: String,
    program: String,
}

/// Asks for a link, and opens it.
pub fn opened(server: &Server, program: &str, address: &str) -> Session {
    send(&server.nobody(), "/p/account/sign-in", &[("program", program), ("email", address)]);
    let link = server.links_mailed(address, "/p/open?token=", 1).remove(0);
    let browser = server.nobody().with("cookie", &cookie(&press(server, &link)));
    let page = browser.get(&format!("/p/account?program={program}"));
    Session { browser, mark: mark(&page.text), program: program.to_owned() }
}

impl Session {
    /// What its forms must bring.
    pub fn mark(&self) -> &str {
        &self.mark
    }

    /// What the account page says.
    pub fn page(&self) -> String {
        self.browser.get(&format!("/p/account?program={}", self.program)).text
    }

    /// Sends a form of the page; what is shown then.
    pub fn sends(&self, path: &str, pairs: &[(&str, &str)]) -> String {
        let mut all = vec![("mark", self.mark.as_str()), ("program", self.program.as_str())];
        all.extend_from_slice(pairs);
        let sent = send(&self.browser, path, &all);
        let there = sent.header("location").map(str::to_owned);
        there.map_or(sent.text, |there| self.browser.get(&there).text)
    }
}

fn partner(server: &Server) -> Partner {
    server.test().get("/v1/partners").ok::<Vec<Partner>>().remove(0)
}

#[test]
fn it_is_opened_by_a_mail_alone() {
    let server = Server::start();
    let maya = signed_in(&server);
    let stranger = server.nobody().get("/p/account");
    assert!(stranger.status == 200 && !stranger.text.contains("maya@example.com"), "{}", stranger.text);
    let forged = server.nobody().with("cookie", "gw_account=made-up").get("/p/account");
    assert!(!forged.text.contains("maya@example.com"));
    let token = maya.join.token.expect("a token");
    let by_token = server.bearer(&token).with("origin", ORIGIN).get("/p/account");
    assert!(!by_token.text.contains("maya@example.com"), "a page's token opens nothing");
    let page = maya.browser.get("/p/account");
    assert!(page.text.contains("maya@example.com"));
    let policy = page.header("content-security-policy").expect("a policy");
    assert!(
        policy.contains("default-src 'none'")
            && policy.contains("frame-ancestors 'none'")
            && policy.contains("form-action 'self'")
    );
    assert_eq!(page.header("cache-control"), Some("no-store"));
}

#[test]
fn a_link_is_mailed_to_partners_and_the_answer_tells_nobody() {
    let server = Server::start();
    let program = server.test().program(json!({}));
    let me = server.page().join("Maya", "maya@example.com").join.me.expect("a page");
    let path = me.account_url.strip_prefix(&server.base).expect("ours").to_owned();
    let page = server.nobody().get(&path);
    assert!(page.text.contains("/p/account/sign-in") && page.text.contains(&program.id), "{}", page.text);
    let ask = |email: &str| {
        send(&server.nobody(), "/p/account/sign-in", &[("program", &program.id), ("email", email)])
    };
    let (known, unknown) = (ask("maya@example.com"), ask("nobody@example.com"));
    assert_eq!((known.status, known.text), (unknown.status, unknown.text));
    let link = server.links_mailed("maya@example.com", "/p/open?token=", 1).remove(0);
    assert_eq!(server.mails_to("nobody@example.com"), 0);
    let opened = press(&server, &link);
    assert_eq!(
        (opened.status, opened.header("location")),
        (303, Some(me.account_url.as_str())),
        "no ticket in the address"
    );
    let browser = server.nobody().with("cookie", &cookie(&opened));
    assert!(browser.get(&path).text.contains("maya@example.com"));
}

#[test]
fn forms_of_other_sites_count_for_nothing() {
    let server = Server::start();
    let maya = signed_in(&server);
    for path in ["details", "email", "payout", "erase", "sign-out"] {
        let path = format!("/p/account/{path}");
        for mark in ["", "made-up"] {
            let sent = send(
                &maya.browser,
                &path,
                &[
                    ("mark", mark),
                    ("name", "Eve"),
                    ("sure", "yes"),
                    ("email", "eve@example.com"),
                    ("method", "manual"),
                ],
            );
            assert!(sent.status >= 400, "{path}: {}", sent.status);
        }
        let nobody = send(&server.nobody(), &path, &[("mark", &maya.mark), ("name", "Eve"), ("sure", "yes")]);
        assert_eq!(nobody.status, 303, "{path} asks for a sign-in");
    }
    assert_eq!(
        (partner(&server).name.as_str(), partner(&server).email.as_str()),
        ("Maya", "maya@example.com")
    );
}

#[test]
fn names_are_changed_and_shown_to_others_only_when_wanted() {
    let server = Server::start();
    let maya = signed_in(&server);
    let save = |name: &str, shown: &str| {
        send(
            &maya.browser,
            "/p/account/details",
            &[("mark", &maya.mark), ("name", name), ("shown_as", shown)],
        )
    };
    let code = maya.join.me.as_ref().and_then(|me| me.link.clone()).expect("a link").code;
    let offer = || server.page().get(&format!("/v1/embed/offer?code={code}")).ok::<Value>()["name"].clone();
    assert_eq!(offer(), Value::Null);
    assert_eq!(save("Maya L.", "Tea Maya").status, 303);
    assert_eq!(
        (partner(&server).name.as_str(), partner(&server).shown_as.as_deref()),
        ("Maya L.", Some("Tea Maya"))
    );
    assert_eq!(offer(), json!("Tea Maya"));
    for bad in ["maya@example.com", "https://evil.example", &"x".repeat(41)] {
        let refused = save("Maya L.", bad);
        assert!(
            refused.status == 422 && refused.text.contains("The name that others see"),
            "{}",
            refused.text
        );
    }
    save("Maya L.", "");
    assert_eq!((offer(), partner(&server).shown_as), (Value::Null, None));
    let evil = "</title><script>alert(1)</script>";
    save(evil, evil);
    assert!(!maya.browser.get("/p/account").text.contains("<script>"));
}

#[test]
fn an_address_changes_once_it_is_proven() {
    let server = Server::start();
    let maya = signed_in(&server);
    server.test().partner("OTTO10");
    let ask =
        |email: &str| send(&maya.browser, "/p/account/email", &[("mark", &maya.mark), ("email", email)]);
    assert_eq!(ask("new@example.com").status, 303);
    assert_eq!(partner(&server).email, "otto10@partners.example");
    let emails = || -> Vec<String> {
        let rows: Vec<Partner> = server.test().get("/v1/partners").ok();
        rows.into_iter().map(|p| p.email).collect()
    };
    assert!(emails().contains(&"maya@example.com".to_owned()), "nothing has changed yet");
    let link = server.links_mailed("new@example.com", "/p/email?token=", 1).remove(0);
    assert!(server.nobody().get(&link).text.contains("<form"));
    assert_eq!(press(&server, &link).status, 200);
    assert!(emails().contains(&"new@example.com".to_owned()));
    assert_eq!(press(&server, &link).status, 410);
    // Another partner's address cannot be taken, and only its owner hears whose it is.
    assert_eq!(ask("otto10@partners.example").status, 303);
    let link = server.links_mailed("otto10@partners.example", "/p/email?token=", 1).remove(0);
    assert_eq!(press(&server, &link).status, 409);
    assert_eq!(ask("nonsense").status, 422);
}

#[test]
fn how_to_be_paid_is_said_here() {
    let server = Server::start();
    let maya = signed_in(&server);
    let save = |pairs: &[(&str, &str)]| {
        let all = [&[("mark", maya.mark.as_str())], pairs].concat();
        send(&maya.browser, "/p/account/payout", &all)
    };
    let sepa = [
        ("method", "sepa"),
        ("holder", "Maya L"),
        ("iban", "DE89 3704 0044 0532 0130 00"),
        ("email", "ignored@example.com"),
    ];
    assert_eq!(save(&sepa).status, 303);
    let path = format!("/v1/partners/{}/payout-method", partner(&server).id);
    let stored: PayoutMethod = server.test().get(&path).ok();
    assert_eq!(
        (stored.method.as_deref(), stored.iban.as_deref(), stored.email),
        (Some("sepa"), Some("DE89370400440532013000"), None)
    );
    let page = maya.browser.get("/p/account").text;
    assert!(page.contains("…3000") && !page.contains("DE8937"), "the page shows the end of an account alone");
    let refused = save(&[("method", "sepa"), ("holder", "Maya L"), ("iban", "DE00")]);
    assert!(refused.status == 422 && refused.text.contains("The IBAN"), "{}", refused.text);
    let mails = || server.mails_to("maya@example.com");
    for _ in 0..100 {
        if mails() == 2 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("the change was not mailed");
}

#[test]
fn statements_and_everything_else_can_be_taken_along() {
    let server = Server::start();
    let maya = signed_in(&server);
    let code = maya.join.me.as_ref().and_then(|me| me.link.clone()).expect("a link").code;
    server.test().sale(json!({ "customerExternalId": "u-1", "amount": 1000, "code": code }));
    let page = maya.browser.get("/p/account").text;
    let (_, rest) = page.split_once("/p/account/statement?").expect("a statement");
    let path =
        format!("/p/account/statement?{}", rest.split('"').next().unwrap_or_default().replace("&amp;", "&"));
    let statement = maya.browser.get(&path);
    assert!(statement.text.contains("<td>2.00</td>"), "{}", statement.text);
    let csv = maya.browser.get(&format!("{path}&format=csv"));
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(server.nobody().get(&path).status, 303);
    let data = maya.browser.get("/p/account/export").json();
    assert_eq!(
        (&data["person"]["name"], &data["person"]["email"]),
        (&json!("Maya"), &json!("maya@example.com"))
    );
    assert_eq!(data["programs"][0]["commissions"][0]["earnings"], json!(200));
    assert_eq!(data["programs"][0]["links"][0]["code"], json!(code));
}

#[test]
fn what_is_erased_is_gone_and_the_books_stay() {
    let server = Server::start();
    let maya = signed_in(&server);
    let shop = server.test();
    let code = maya.join.me.as_ref().and_then(|me| me.link.clone()).expect("a link").code;
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 1000, "code": code }));
    send(
        &maya.browser,
        "/p/account/payout",
        &[("mark", &maya.mark), ("method", "paypal"), ("email", "maya@example.com")],
    );
    let transfers = shop.transfers().len();
    assert!(maya.browser.get("/p/account").text.contains("that is not paid yet"));
    let unsure = send(&maya.browser, "/p/account/erase", &[("mark", &maya.mark)]);
    assert_eq!(unsure.status, 422);
    let erased = send(&maya.browser, "/p/account/erase", &[("mark", &maya.mark), ("sure", "yes")]);
    assert!(
        erased.status == 200 && erased.header("set-cookie").is_some_and(|c| c.contains("Max-Age=0")),
        "{}",
        erased.text
    );
    let row = partner(&server);
    assert_eq!(
        (row.name.as_str(), row.status.as_str(), row.reason.as_str()),
        ("Former partner", "banned", "erased")
    );
    assert!(row.email.ends_with("@erased.invalid"));
    let method: PayoutMethod = shop.get(&format!("/v1/partners/{}/payout-method", row.id)).ok();
    assert_eq!(method.method, None);
    assert_eq!((shop.transfers().len(), shop.commissions().len()), (transfers, 1));
    assert!(!maya.browser.get("/p/account").text.contains("maya"), "the session has ended");
    let sale =
        shop.post("/v1/track/sale", &json!({ "customerExternalId": "u-2", "amount": 1000, "code": code }));
    assert!(!sale.text.contains("\"earnings\":200"), "{}", sale.text);
    let checked = server.operate("check", &[]);
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stdout));
    // The address is free again, for somebody new.
    let again: EmbedMe = server.page().join("Maya", "maya@example.com").join.me.expect("a page");
    assert_ne!(again.link.map(|link| link.code), Some(code));
    assert_eq!(shop.all_rows("/v1/partners", 50).len(), 2);
}

/// What webhooks were told, what requests under keys were answered, what was written beside a claim, what triggers did.
#[test]
fn what_was_told_of_who_is_erased_is_gone_too() {
    let (server, receiver) = (server(), Receiver::start());
    let shop = server.test();
    let webhook = endpoint(&shop, &receiver, json!({ "events": ["*"] }));
    let maya = signed_in(&server);
    let code = maya.join.me.as_ref().and_then(|me| me.link.clone()).expect("a link").code;
    let mail = json!([{ "type": "mail", "to": "partner", "subject": "Well done", "body": "A sale." }]);
    let trigger =
        json!({ "name": "Praise", "event": "sale.created", "when": { "all": [] }, "actions": mail });
    let trigger: Trigger = shop.post("/v1/triggers", &trigger).ok();
    let keyed = shop.with("idempotency-key", "k-1");
    let claim = json!({ "partnerId": partner(&server).id, "invoiceId": "in_9", "amount": 500, "note": "I am Maya of the blog." });
    assert!(keyed.post("/v1/claims", &claim).text.contains("Maya"));
    shop.sale(json!({ "customerExternalId": "u-1", "amount": 1000, "code": code, "invoiceId": "in_1" }));
    // The proof, and the praise.
    server.mailed("maya@example.com", 2);
    receiver.wait_for_kind("sale.created");
    receiver.wait_for_kind("claim.filed");
    let tells = |text: &str| text.contains("Maya") || text.contains("maya@");
    assert!(bodies(&shop, &webhook).iter().filter(|body| tells(body)).count() >= 3);
    let runs = format!("/v1/triggers/{}/runs", trigger.id);
    assert!(tells(&shop.get(&runs).text));

    let erased = send(&maya.browser, "/p/account/erase", &[("mark", &maya.mark), ("sure", "yes")]);
    assert_eq!(erased.status, 200, "{}", erased.text);
    let left = bodies(&shop, &webhook);
    assert!(left.iter().any(|body| body.contains("Former partner")) && left.len() >= 4, "{left:#?}");
    for text in left {
        assert!(!tells(&text), "{text}");
    }
    for text in [keyed.post("/v1/claims", &claim).text, shop.get("/v1/claims").text, shop.get(&runs).text] {
        assert!(text.starts_with(['{', '[']) && !text.contains("\"error\"") && !tells(&text), "{text}");
    }
}

#[test]
fn signing_out_ends_the_session() {
    let server = Server::start();
    let maya = signed_in(&server);
    let out = send(&maya.browser, "/p/account/sign-out", &[("mark", &maya.mark)]);
    assert!(out.status == 200 && out.header("set-cookie").is_some_and(|c| c.contains("Max-Age=0")));
    assert!(!maya.browser.get("/p/account").text.contains("maya@example.com"));
}

#[test]
fn it_speaks_the_browsers_language() {
    let server = Server::start();
    let maya = signed_in(&server);
    for (accepted, lang, dir, says) in [
        ("de-AT, en;q=0.5", "de", "ltr", "Ihr Partnerkonto"),
        ("fr", "fr", "ltr", "Votre compte partenaire"),
        ("es", "es", "ltr", "Tu cuenta de socio"),
        ("pt-BR", "pt", "ltr", "A sua conta de parceiro"),
        ("ja", "ja", "ltr", "パートナーアカウント"),
        ("ar", "ar", "rtl", "حساب الشريك"),
        ("sv, nl", "en", "ltr", "Your partner account"),
    ] {
        let browser = maya.browser.with("accept-language", accepted);
        let page = browser.get("/p/account").text;
        assert!(
            page.contains(&format!("<html lang=\"{lang}\" dir=\"{dir}\">")) && page.contains(says),
            "{accepted}: {page}"
        );
        let stranger = server.nobody().with("accept-language", accepted);
        for path in ["/p/account", "/verify?token=x", "/p/open?token=x", "/p/email?token=x"] {
            let page = stranger.get(path).text;
            assert!(page.contains(&format!("<html lang=\"{lang}\"")), "{accepted} {path}: {page}");
        }
    }
    let german = maya.browser.with("accept-language", "de");
    let refused = send(
        &german,
        "/p/account/payout",
        &[("mark", &maya.mark), ("method", "sepa"), ("holder", "Maya"), ("iban", "DE00")],
    );
    assert!(
        refused.status == 422 && refused.text.contains("Bitte prüfen Sie dieses Feld: IBAN."),
        "{}",
        refused.text
    );
    let late = send(&server.nobody().with("accept-language", "fr"), "/verify", &[("token", "used")]);
    assert!(late.status == 410 && late.text.contains("trop ancien"), "{}", late.text);
}

#[test]
fn answers_are_read_and_changed_here() {
    let server = Server::start();
    let maya = signed_in(&server);
    let program = server.test().get("/v1/programs").json()[0]["id"].as_str().expect("an id").to_owned();
    let questions = json!([
        { "id": "site", "label": "Your site", "type": "url", "required": true },
        { "id": "where", "label": "Where?", "type": "choice", "options": ["Blog", "Film"] },
    ]);
    server
        .test()
        .patch(&format!("/v1/programs/{program}"), &json!({ "widget": { "questions": questions } }))
        .ok::<Value>();
    let page = maya.browser.get("/p/account").text;
    assert!(page.contains("Your site") && page.contains("name=\"answers.where\""), "{page}");
    let save = |site: &str, place: &str| {
        send(
            &maya.browser,
            "/p/account/answers",
            &[("mark", &maya.mark), ("answers.site", site), ("answers.where", place)],
        )
    };
    let refused = save("", "Blog");
    assert!(refused.status == 422 && refused.text.contains("must be answered"), "{}", refused.text);
    assert_eq!(save("https://maya.example", "Radio").status, 422);
    assert_eq!(save("https://maya.example", "Film").status, 303);
    let page = maya.browser.get("/p/account").text;
    assert!(
        page.contains("value=\"https://maya.example\"") && page.contains("<option selected>Film"),
        "{page}"
    );
    let data = maya.browser.get("/p/account/export").json();
    assert_eq!(data["programs"][0]["answers"], json!({ "site": "https://maya.example", "where": "Film" }));
    let forged = send(
        &maya.browser,
        "/p/account/answers",
        &[("mark", "made-up"), ("answers.site", "https://evil.example")],
    );
    assert_eq!(forged.status, 403);
}
