//! What the vendor's people do about partners by hand.

use crate::harness::{Client, Server};
use goodword_wire::{DecisionOutput, MessageOutput, Partner, PartnerNote, PartnerSheetOutput, PartnerView};
use serde_json::{Value, json};
use ureq::http::Method;

fn send_csv(client: &Client, path: &str, text: &str) -> PartnerSheetOutput {
    client.with("content-type", "text/csv").send(Method::POST, path, Some(text.as_bytes().to_vec())).ok()
}

#[test]
fn applications_are_decided_about_together() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "autoApprove": false }));
    let [maya, otto] = ["maya", "otto"].map(|name| {
        server.page().join(name, &format!("{name}@example.com"));
        shop.get(&format!("/v1/partners?search={name}")).ok::<Vec<Partner>>().remove(0).id
    });
    let nobody = "ptn_00000000000000000000000000000000";
    let decide = |ids: Value, decision: &str| {
        shop.post(
            "/v1/partners/decide",
            &json!({ "partnerIds": ids, "decision": decision, "reason": "Not our field" }),
        )
    };
    let told: Vec<DecisionOutput> = decide(json!([maya, nobody, otto]), "reject").ok();
    let results: Vec<_> = told.iter().map(|one| one.result.as_str()).collect();
    assert_eq!(results, ["decided", "refused", "decided"]);
    assert!(told[1].message.as_ref().expect("why").contains("not a partner"), "{told:?}");
    let status = |id: &str| shop.get(&format!("/v1/partners/{id}")).ok::<Partner>();
    assert_eq!((status(&maya).status, status(&maya).reason), ("rejected".into(), "Not our field".into()));
    let told: Vec<DecisionOutput> = decide(json!([maya]), "approve").ok();
    assert_eq!((told[0].result.as_str(), status(&maya).status.as_str()), ("decided", "approved"));
    assert_eq!(decide(json!([]), "approve").status, 422);
    assert_eq!(decide(json!([maya]), "bless").status, 422);
}

#[test]
fn notes_are_the_vendors_alone() {
    let server = Server::start();
    let console = server.console();
    console.program(json!({}));
    let maya = console.partner("MAYA10");
    let path = format!("/v1/partners/{}/notes", maya.id);
    console.post(&path, &json!({ "text": "Met at the fair." })).ok::<PartnerNote>();
    let second: PartnerNote = server.test().post(&path, &json!({ "text": "Wants a voucher." })).ok();
    let notes: Vec<PartnerNote> = console.get(&path).ok();
    let told: Vec<_> = notes.iter().map(|note| (note.text.as_str(), note.author.as_str())).collect();
    assert_eq!(
        told,
        [("Wants a voucher.", "API key"), ("Met at the fair.", server.vendor.owner.email.as_str())]
    );
    console.post(&path, &json!({ "text": " " })).refused(422);
    console.delete(&format!("{path}/{}", second.id)).ok::<Value>();
    console.delete(&format!("{path}/{}", second.id)).refused(404);
    assert_eq!(console.get(&path).ok::<Vec<PartnerNote>>().len(), 1);
    let other = server.another_vendor("Coffee Shop", "owner@coffee.example", &["https://coffee.example"]);
    server.bearer(&other.test.secret_key).get(&path).refused(404);
    server.bearer(&other.test.secret_key).post(&path, &json!({ "text": "x" })).refused(404);
}

#[test]
fn a_partners_page_is_seen_as_the_partner_sees_it_and_does_nothing() {
    let server = Server::start();
    let console = server.console();
    console.program(json!({}));
    let maya = console.partner("MAYA10");
    console.sale(
        json!({ "customerExternalId": "u-1", "amount": 12_345, "code": "MAYA10", "invoiceId": "in_1" }),
    );
    let view: PartnerView = console.send(Method::POST, &format!("/v1/partners/{}/view", maya.id), None).ok();
    assert!(view.html.contains("Partner MAYA10") && view.html.contains("24.69"), "{}", view.html);
    // No mark of a session is in it, so none of its forms counts anywhere.
    assert!(view.html.contains("name=\"mark\" value=\"\""), "{}", view.html);
    let log = console.get("/v1/audit?action=partner.viewed_as").text;
    assert!(log.contains(&maya.id), "{log}");
    server.live().send(Method::POST, &format!("/v1/partners/{}/view", maya.id), None).refused(404);
}

#[test]
fn partners_are_written_to() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    let (maya, otto) = (shop.partner("MAYA10"), shop.partner("OTTO10"));
    let input = json!({ "partnerIds": [maya.id, otto.id], "subject": "A new offer", "text": "Hello {name},\n\nthere is news." });
    assert_eq!(shop.post("/v1/partners/message", &input).ok::<MessageOutput>().sent, 2);
    let mail = server.mailed(&maya.email, 1).remove(0);
    assert!(mail.contains("Hello Partner MAYA10,") && mail.contains("Subject: A new offer"), "{mail}");
    assert!(mail.contains("Friends of Tea"), "{mail}");
    let strange = json!({ "partnerIds": [maya.id, "ptn_00000000000000000000000000000000"], "subject": "x", "text": "y" });
    shop.post("/v1/partners/message", &strange).refused(404);
    shop.post(
        "/v1/partners/message",
        &json!({ "partnerIds": [maya.id], "subject": "two\nlines", "text": "y" }),
    )
    .refused(422);
    shop.post("/v1/partners/message", &json!({ "partnerIds": [maya.id], "text": "y" })).refused(422);
    assert_eq!(server.mails_to(&maya.email), 1);
}

#[test]
fn a_partner_is_put_into_another_group() {
    let server = Server::start();
    let shop = server.test();
    let program = shop.program(json!({}));
    let maya = shop.partner("MAYA10");
    let group: Value =
        shop.post(&format!("/v1/programs/{}/groups", program.id), &json!({ "name": "Gold" })).ok();
    let gold = group["id"].as_str().map_or_else(
        || {
            let groups = group["groups"].as_array().expect("groups");
            groups.iter().find(|g| g["name"] == "Gold").expect("gold")["id"]
                .as_str()
                .expect("an id")
                .to_owned()
        },
        str::to_owned,
    );
    let path = format!("/v1/partners/{}", maya.id);
    assert_eq!(shop.patch(&path, &json!({ "groupId": gold })).ok::<Partner>().group_id, gold);
    shop.patch(&path, &json!({ "groupId": "grp_00000000000000000000000000000000" })).refused(422);
    shop.patch(&path, &json!({})).refused(422);
}

#[test]
fn partners_come_from_a_file_and_go_into_one() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({}));
    shop.partner("OTTO10");
    let file = "Name,Email,Code\nMaya,maya@example.com,MAYA10\nPartner OTTO10,otto10@partners.example,\nNobody,nobody,\n=Sum,sum@example.com,\nToo late,late@example.com,maya10\n";
    let tried = send_csv(&shop, "/v1/partners/import?dryRun=true", file);
    assert_eq!((tried.added, tried.known), (3, 1), "the code is free until the first row is stored");
    assert_eq!(shop.get("/v1/partners").ok::<Vec<Partner>>().len(), 1);
    let told = send_csv(&shop, "/v1/partners/import", file);
    assert_eq!((told.added, told.known), (2, 1));
    let refused: Vec<_> =
        told.refused.iter().map(|row| (row.line, row.message.contains("`email`"))).collect();
    assert_eq!(refused, [(4, true), (6, false)]);
    let again = send_csv(&shop, "/v1/partners/import", file);
    assert_eq!((again.added, again.known, again.refused.len()), (0, 3, 2));
    let exported = shop.get("/v1/partners/export").text;
    let mut sheet = csv::Reader::from_reader(exported.as_bytes());
    let rows: Vec<csv::StringRecord> = sheet.records().map(|row| row.expect("a row")).collect();
    assert_eq!(rows.len(), 3);
    let of = |email: &str| rows.iter().find(|row| &row[2] == email).expect("exported").clone();
    assert_eq!((&of("maya@example.com")[1], &of("maya@example.com")[7]), ("Maya", "MAYA10"));
    assert_eq!(&of("sum@example.com")[1], "'=Sum", "no spreadsheet runs a name");
    let some = shop.get("/v1/partners/export?search=maya").text;
    assert_eq!(some.lines().count(), 2, "{some}");
    let strange = shop.with("content-type", "text/csv").send(
        Method::POST,
        "/v1/partners/import",
        Some(b"a,b\n".to_vec()),
    );
    strange.refused(400);
}
