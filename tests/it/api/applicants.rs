//! What speaks against somebody who wants in is told to whoever decides, and to nobody else.

use crate::harness::{Client, ORIGIN, Server, Start};
use goodword_wire::{ApplicantSignal, Partner, Program};
use serde_json::json;

fn partner(shop: &Client, email: &str) -> Partner {
    shop.get(&format!("/v1/partners?email={}", email.replace('+', "%2B"))).ok::<Vec<Partner>>().remove(0)
}

/// Each rule with whom it names: `shared_device Maya`.
fn rules(signals: &[ApplicantSignal]) -> Vec<String> {
    let told = |signal: &ApplicantSignal| {
        let names = signal.partners.iter().map(|other| other.name.as_str());
        std::iter::once(signal.rule.as_str()).chain(names).collect::<Vec<_>>().join(" ")
    };
    signals.iter().map(told).collect()
}

#[test]
fn an_applicant_is_compared_with_who_is_here() {
    let server = Server::special(Start::with(&["--trust-proxy"]));
    let shop = server.test();
    shop.freeze("2026-03-01T09:00:00.000Z");
    shop.program(json!({ "autoApprove": false }));
    let from = |address: &str, visitor: &str, name: &str, email: &str| {
        let page = server.page().with("x-forwarded-for", address);
        page.try_join(name, email, json!({ "visitorId": visitor })).json();
    };
    from("203.0.113.7", "one-browser", "Maya", "maya.tea@gmail.com");
    from("203.0.113.8", "one-browser", "Noor", "noor@example.com");
    from("203.0.113.7", "another-browser", "Kai", "kai@mailinator.com");
    from("203.0.113.9", "third-browser", "Maja", "mayatea+two@googlemail.com");
    from("203.0.113.10", "fourth-browser", "Otto", "otto@example.com");
    let told = |email: &str| partner(&shop, email).signals;
    assert_eq!(rules(&told("otto@example.com")), ["unproven_email"]);
    assert_eq!(rules(&told("noor@example.com")), ["shared_device Maya", "unproven_email"]);
    assert_eq!(
        rules(&told("kai@mailinator.com")),
        ["disposable_email", "shared_address Maya", "unproven_email"]
    );
    assert_eq!(
        rules(&told("maya.tea@gmail.com")),
        ["same_mailbox Maja", "shared_device Noor", "shared_address Kai", "unproven_email",]
    );
    // Who is decided about needs no second look, and a single partner's page tells the same as the list.
    let noor = partner(&shop, "noor@example.com");
    assert_eq!(shop.get(&format!("/v1/partners/{}", noor.id)).ok::<Partner>().signals, noor.signals);
    shop.post("/v1/partners/approve", &json!({ "partnerId": noor.id })).ok::<Partner>();
    assert_eq!(told("noor@example.com"), []);
}

#[test]
fn a_refusal_of_another_program_is_told() {
    let server = Server::start();
    let shop = server.test();
    shop.program(json!({ "name": "Tea" }));
    let other: Program = shop
        .post(
            "/v1/programs",
            &json!({ "name": "Coffee", "url": "https://shop.example/", "currency": "USD", "autoApprove": false }),
        )
        .ok();
    let token = server.page().join("Maya", "maya@example.com").token;
    let maya = partner(&shop, "maya@example.com");
    assert_eq!((maya.status.as_str(), maya.signals.len()), ("approved", 0));
    shop.post("/v1/partners/ban", &json!({ "partnerId": maya.id, "reason": "Spam" })).ok::<Partner>();
    server.page().try_join("Maya", "maya@example.com", json!({ "programId": other.id })).json();
    let path = format!("/v1/partners/{}?programId={}", maya.id, other.id);
    let signals = shop.get(&path).ok::<Partner>().signals;
    assert_eq!(rules(&signals)[0], "refused_elsewhere");
    assert_eq!(signals[0].says, "Another program of yours rejected or banned this partner.");
    // The partner's own page tells nothing of it.
    let own = server.bearer(&token).with("origin", ORIGIN).get("/v1/embed/me").text;
    assert!(!own.contains("refused_elsewhere") && !own.contains("signals"), "{own}");
}
