//! Content that influencers made: sent in with proof, reviewed, paid once; and what must be said when sharing.

use super::account::opened;
use super::funds::pdf;
use super::sums::{assert_checked, assert_sound};
use crate::harness::{Client, Server};
use goodword_wire::{Claim, EmbedConfig};
use serde_json::{Value, json};

fn shop(server: &Server) -> (Client, String, [String; 2]) {
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    let widget = json!({ "content": true, "disclosure": "#ad", "shareTexts": ["Try this: {link}"] });
    let program = shop.program(json!({ "widget": widget })).id;
    (shop.clone(), program, ["ANNA11", "BERT22"].map(|code| shop.partner(code).id))
}

/// A form with a file, as a browser sends it.
fn form(parts: &[(&str, &str)], file: Option<Vec<u8>>) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in parts {
        body.extend(
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes(),
        );
    }
    let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"post.pdf\"\r\nContent-Type: application/pdf\r\n\r\n";
    body.extend(head.as_bytes());
    body.extend(file.unwrap_or_default());
    body.extend(b"\r\n--b--\r\n");
    body
}

#[test]
fn content_is_sent_in_reviewed_and_paid_once() {
    let server = Server::start();
    let (shop, program, [anna, bert]) = shop(&server);
    let session = opened(&server, &program, "anna11@partners.example");
    let page = session.page();
    assert!(page.contains("Say this whenever you share:") && page.contains("#ad"), "{page}");
    let address = "https://video.example/watch?v=1";
    let browser = session.browser.with("content-type", "multipart/form-data; boundary=b");
    let form_with = |url: &str, file: Option<Vec<u8>>| {
        let fields = [("mark", session.mark()), ("program", program.as_str()), ("url", url)];
        browser.send(ureq::http::Method::POST, "/p/account/content", Some(form(&fields, file)))
    };
    let sent = form_with(&format!("{address}#t=10"), Some(pdf("A picture of it")));
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert!(session.page().contains("Waits for a decision"));
    assert!(form_with("nonsense", None).text.contains("must be an address"));

    let open: Vec<Claim> = shop.get("/v1/claims?status=open").ok();
    let claim = &open[0];
    assert_eq!(
        (open.len(), claim.url.as_deref(), claim.reason.as_str()),
        (1, Some(address), "content_waiting")
    );
    let file = claim.file_id.as_deref().expect("a file");
    assert!(shop.get(&format!("/v1/fund-files/{file}")).text.starts_with("%PDF"));
    let other = json!({ "partnerId": bert, "url": address });
    assert!(shop.post("/v1/claims", &other).refused(409).contains("Another partner"));
    let theirs = json!({ "partnerId": bert, "url": "https://b.example/", "fileId": file });
    assert!(shop.post("/v1/claims", &theirs).refused(422).starts_with("`fileId`"));

    let decide = format!("/v1/claims/{}/decide", claim.id);
    assert!(shop.post(&decide, &json!({ "decision": "granted" })).refused(422).starts_with("`bonus`"));
    let granted = json!({ "decision": "granted", "bonus": 5_000, "note": "Lovely" });
    let done: Claim = shop.post(&decide, &granted).ok();
    let paid = done.commission.as_ref().expect("a commission");
    assert_eq!(
        (paid.earnings, paid.status.as_str(), done.reason.as_str()),
        (5_000, "pending", "content_granted")
    );
    assert_eq!(shop.post(&decide, &granted).ok::<Claim>(), done, "once");
    shop.post(&decide, &json!({ "decision": "refused" })).refused(409);
    assert_eq!(shop.commissions().len(), 1);
    let mail = server.mailed("anna11@partners.example", 2).remove(1);
    assert!(mail.contains("about your content") && mail.contains("Lovely"), "{mail}");
    let page = session.page();
    assert!(page.contains("Taken") && page.contains("50.00 USD") && page.contains("Lovely"), "{page}");
    assert_eq!(form_with(address, None).status, 303, "the one that is there");
    assert_eq!(shop.all_rows("/v1/claims", 10).len(), 1);
    session.sends("/p/account/erase", &[("sure", "yes")]);
    let erased: Claim = shop.get(&format!("/v1/claims/{}", claim.id)).ok();
    assert!(!erased.url.as_deref().unwrap_or_default().contains("video.example"), "{erased:?}");
    assert_eq!(shop.commissions()[0].note, None, "{anna}");
    assert_sound(&shop);
    assert_checked(&server);
}

#[test]
fn refused_content_is_free_for_others_and_orders_stay_orders() {
    let server = Server::start();
    let (shop, _, [anna, bert]) = shop(&server);
    let of = |partner: &str| json!({ "partnerId": partner, "url": "http://blog.example/post" });
    let claim: Claim = shop.post("/v1/claims", &of(&anna)).ok();
    let decide = |claim: &Claim, what: Value| shop.post(&format!("/v1/claims/{}/decide", claim.id), &what);
    let refused: Claim = decide(&claim, json!({ "decision": "refused", "note": "Not about us" })).ok();
    assert_eq!(refused.reason, "refused_by_vendor");
    shop.post("/v1/claims", &of(&bert)).ok::<Claim>();
    for (input, field) in [
        (json!({ "partnerId": anna }), "invoiceId"),
        (json!({ "partnerId": anna, "invoiceId": "in_1", "url": "https://a.example/" }), "url"),
        (
            json!({ "partnerId": anna, "invoiceId": "in_1", "fileId": "ffl_00000000000000000000000000000001" }),
            "fileId",
        ),
        (json!({ "partnerId": anna, "url": "javascript:alert(1)" }), "url"),
        (json!({ "partnerId": anna, "url": "https://me@a.example/" }), "url"),
    ] {
        let said = shop.post("/v1/claims", &input).refused(422);
        assert!(said.starts_with(&format!("`{field}`")), "{input}: {said}");
    }
    let order: Claim = shop.post("/v1/claims", &json!({ "partnerId": anna, "invoiceId": "in_1" })).ok();
    let bonus = json!({ "decision": "granted", "bonus": 1 });
    assert!(decide(&order, bonus).refused(422).starts_with("`bonus`"));
}

#[test]
fn what_must_be_said_goes_with_every_text_to_share() {
    let server = Server::start();
    let (shop, program, _) = shop(&server);
    let config = || -> EmbedConfig { server.page().get("/v1/embed/config").ok() };
    assert_eq!(config().share_texts, ["Try this: {link} #ad"]);
    let path = format!("/v1/programs/{program}");
    shop.patch(&path, &json!({ "widget": { "disclosure": "Advertisement" } })).ok::<Value>();
    assert_eq!(config().share_texts, ["{link} Advertisement"], "though no text is set");
    let long = json!({ "widget": { "disclosure": "x".repeat(201) } });
    assert!(shop.patch(&path, &long).refused(422).starts_with("`widget.disclosure`"));
}
