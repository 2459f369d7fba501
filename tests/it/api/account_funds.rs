//! A partner's funds on our own origin: asked, claimed with a file, seen; and nobody else's.

use super::account::{SignedIn, send, signed_in};
use super::funds::pdf;
use crate::harness::{Answer, Client, Server};
use goodword_wire::{EmbedMe, FundClaim, FundLot, FundRequest, Partner, Program};
use serde_json::json;
use ureq::http::Method;

/// A partner who is signed in, with 2,000.00 in a fund that pays half and wants proof.
struct Scene {
    server: Server,
    shop: Client,
    program: String,
    fund: String,
    maya: SignedIn,
}

impl Scene {
    fn new() -> Self {
        let server = Server::start();
        let maya = signed_in(&server);
        let shop = server.test();
        let programs: Vec<Program> = shop.get("/v1/programs").ok();
        let fund = json!({ "name": "Market <b>development</b>", "share": "50", "proofs": 1 });
        let path = format!("/v1/programs/{}", programs[0].id);
        let program: Program = shop.patch(&path, &json!({ "funds": [fund] })).ok();
        let fund = program.funds[0].id.clone().expect("an id");
        let partners: Vec<Partner> = shop.get("/v1/partners").ok();
        for partner in [None, Some(&partners[0].id)] {
            let body = json!({ "amount": 200_000, "partnerId": partner });
            shop.post(&format!("/v1/funds/{fund}/lots"), &body).ok::<FundLot>();
        }
        Self { server, shop, program: program.id, fund, maya }
    }

    fn page(&self) -> String {
        let page = self.maya.browser.get(&format!("/p/account/funds?program={}", self.program));
        assert_eq!(page.status, 200, "{}", page.text);
        page.text
    }

    fn ask(&self, mark: &str, cost: &str) -> Answer {
        let fields = [
            ("mark", mark),
            ("program", self.program.as_str()),
            ("fund", self.fund.as_str()),
            ("title", "Stand <script>"),
            ("cost", cost),
            ("starts", "2026-05-01"),
            ("ends", "2036-05-03"),
        ];
        send(&self.maya.browser, "/p/account/funds/request", &fields)
    }

    fn requests(&self) -> Vec<FundRequest> {
        self.shop.get("/v1/fund-requests").ok()
    }

    /// Sends the form for a claim as a browser does.
    fn claim(client: &Client, fields: &[(&str, &str)], file: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            body.extend(
                format!("--x1\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                    .into_bytes(),
            );
        }
        body.extend(b"--x1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"May invoice.pdf\"\r\nContent-Type: application/pdf\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n--x1--\r\n");
        let client = client.with("content-type", "multipart/form-data; boundary=x1");
        client.send(Method::POST, "/p/account/funds/claim", Some(body))
    }
}

#[test]
fn a_partner_asks_claims_with_a_file_and_sees_what_became_of_it() {
    let scene = Scene::new();
    assert!(scene.page().contains("2000.00 USD") && scene.page().contains("Market &#60;b&#62;"));
    assert_eq!(scene.ask(&scene.maya.mark, "1.000,00").status, 422, "what is no amount is told on the page");
    assert_eq!(scene.ask(&scene.maya.mark, "1000,00").status, 303);
    let request = scene.requests().remove(0);
    assert_eq!((request.wanted, request.trail[0].by.as_str()), (50_000, "partner"));
    assert_eq!(request.ends_at.as_deref(), Some("2036-05-04T00:00:00.000Z"), "the last day is included");
    let decide = format!("/v1/fund-requests/{}/decide", request.id);
    scene.shop.post(&decide, &json!({ "decision": "approved", "note": "Good luck" })).ok::<FundRequest>();
    assert!(scene.page().contains("They say: Good luck") && !scene.page().contains("<script>"));
    let fields = [
        ("mark", scene.maya.mark.as_str()),
        ("program", &scene.program),
        ("request", &request.id),
        ("figure", "840"),
    ];
    let without = Scene::claim(&scene.maya.browser, &fields, b"");
    assert_eq!(without.status, 422, "{}", without.text);
    assert_eq!(Scene::claim(&scene.maya.browser, &fields, b"<html>").status, 415);
    assert_eq!(Scene::claim(&scene.maya.browser, &fields, &pdf("May")).status, 303);
    let claim: FundClaim = scene.shop.get("/v1/fund-claims?status=open").ok::<Vec<FundClaim>>().remove(0);
    assert_eq!((claim.due, claim.files[0].name.as_str()), (42_000, "May invoice.pdf"));
    let file = scene.maya.browser.get(&format!("/p/account/funds/file?id={}", claim.files[0].id));
    assert_eq!((file.status, file.text.as_bytes()), (200, &pdf("May")[..]));
    let paid = format!("/v1/fund-claims/{}/decide", claim.id);
    scene.shop.post(&paid, &json!({ "decision": "paid" })).ok::<FundClaim>();
    assert!(scene.page().contains("420.00 USD paid"), "{}", scene.page());
    let me: EmbedMe = scene
        .server
        .bearer(scene.maya.join.token.as_deref().expect("a token"))
        .with("origin", crate::harness::ORIGIN)
        .get("/v1/embed/me")
        .ok();
    assert_eq!(me.funds.map(|funds| funds.available), Some(158_000));
    let export = scene.maya.browser.get("/p/account/export").json();
    assert_eq!(export["programs"][0]["fundRequests"][0]["paid"], json!(42_000));
}

#[test]
fn no_other_site_and_no_other_partner_gets_in() {
    let scene = Scene::new();
    assert_eq!(scene.ask("made-up", "1000").status, 403);
    assert_eq!(scene.requests(), []);
    let nobody = scene.server.nobody();
    assert_eq!(nobody.get("/p/account/funds").status, 303, "asks for a sign-in");
    let bert = scene.shop.partner("BERT22").id;
    let body = json!({ "amount": 1_000, "partnerId": bert });
    scene.shop.post(&format!("/v1/funds/{}/lots", scene.fund), &body).refused(422);
    let upload = scene.shop.with("content-type", "application/octet-stream").send(
        Method::POST,
        &format!("/v1/fund-files?partnerId={bert}&name=a.pdf"),
        Some(pdf("Bert's")),
    );
    let id = upload.json()["id"].as_str().expect("an id").to_owned();
    assert_eq!(scene.maya.browser.get(&format!("/p/account/funds/file?id={id}")).status, 404);
    let his = json!({ "fundId": scene.fund, "partnerId": bert, "title": "His", "cost": 1_000 });
    let his: FundRequest = scene.shop.post("/v1/fund-requests", &his).ok();
    let fields = [("mark", scene.maya.mark.as_str()), ("program", &scene.program), ("request", &his.id)];
    assert_eq!(send(&scene.maya.browser, "/p/account/funds/withdraw", &fields).status, 404);
    assert!(!scene.page().contains("His"));
}

#[test]
fn what_is_erased_leaves_the_amounts() {
    let scene = Scene::new();
    scene.ask(&scene.maya.mark, "1000");
    let request = scene.requests().remove(0);
    scene
        .shop
        .post(&format!("/v1/fund-requests/{}/decide", request.id), &json!({ "decision": "approved" }))
        .ok::<FundRequest>();
    let fields = [
        ("mark", scene.maya.mark.as_str()),
        ("program", &scene.program),
        ("request", &request.id),
        ("figure", "840"),
    ];
    assert_eq!(Scene::claim(&scene.maya.browser, &fields, &pdf("Maya's")).status, 303);
    let file = scene.requests()[0].claims[0].files[0].id.clone();
    let erased =
        send(&scene.maya.browser, "/p/account/erase", &[("mark", &scene.maya.mark), ("sure", "yes")]);
    assert_eq!(erased.status, 200, "{}", erased.text);
    let request = scene.requests().remove(0);
    assert_eq!((request.title.as_str(), request.committed), ("Erased", 50_000));
    scene.shop.get(&format!("/v1/fund-files/{file}")).refused(404);
    let printed = scene.server.operate("check", &[]);
    assert!(printed.status.success(), "{}", String::from_utf8_lossy(&printed.stdout));
}
