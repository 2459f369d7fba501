//! The people of the console: how they come in, what they may, and how they go.

use crate::harness::{Client, ORIGIN, Server};
use goodword_wire::{Invitation, Member, People, Session};
use serde_json::{Value, json};

/// What everybody who is invited here chooses.
pub const PASSWORD: &str = "a long enough password";

fn people(owner: &Client) -> People {
    owner.get("/v1/people").ok()
}

/// Invites somebody and accepts: a client that is logged in, and the person's id.
pub fn member(server: &Server, role: &str) -> (Client, String) {
    let email = format!("{role}@shop.example");
    server
        .console()
        .post("/v1/people/invitations", &json!({ "email": email, "role": role }))
        .ok::<Invitation>();
    let link = server.links_mailed(&email, "/console/join?token=", 1).remove(0);
    let token = link.split_once("token=").expect("a token").1.to_owned();
    let joined = server.nobody().post(
        "/v1/session/join",
        &json!({ "token": token, "name": format!("The {role}"), "password": PASSWORD }),
    );
    let session: Session = joined.ok();
    assert_eq!((session.user.role.as_str(), session.user.email.as_str()), (role, email.as_str()));
    (server.console_of(&email, PASSWORD), session.user.id)
}

#[test]
fn somebody_is_invited_by_mail_and_comes_in_once() {
    let server = Server::start();
    let owner = server.console();
    let invited: Invitation =
        owner.post("/v1/people/invitations", &json!({ "email": "Ana@shop.example", "role": "analyst" })).ok();
    assert_eq!((invited.role.as_str(), invited.email.as_str()), ("analyst", "Ana@shop.example"));
    let first = server.links_mailed("Ana@shop.example", "/console/join?token=", 1).remove(0);
    // Invited again, in another role: the earlier link ends.
    owner
        .post("/v1/people/invitations", &json!({ "email": "ana@shop.example", "role": "manager" }))
        .ok::<Value>();
    assert_eq!(people(&owner).invitations.len(), 1);
    let second = server.links_mailed("ana@shop.example", "/console/join?token=", 1).remove(0);
    let join = |link: &str, password: &str| {
        let token = link.split_once("token=").expect("a token").1;
        server
            .nobody()
            .post("/v1/session/join", &json!({ "token": token, "name": "Ana", "password": password }))
    };
    join(&first, PASSWORD).refused(401);
    assert!(join(&second, "short").refused(422).contains("`password`"));
    let answer = join(&second, PASSWORD);
    assert!(
        answer.header("set-cookie").is_some_and(|cookie| cookie.starts_with("gw_session=")),
        "{answer:?}"
    );
    assert_eq!(answer.ok::<Session>().user.role, "manager");
    join(&second, PASSWORD).refused(401);
    assert!(people(&owner).invitations.is_empty());
    let names: Vec<_> = people(&owner).people.into_iter().map(|p| (p.name, p.role)).collect();
    assert!(names.contains(&("Ana".into(), "manager".into())), "{names:?}");
    server.console_of("ana@shop.example", PASSWORD).get("/v1/programs").ok::<Value>();
    owner
        .post("/v1/people/invitations", &json!({ "email": "ANA@shop.example", "role": "owner" }))
        .refused(409);
}

#[test]
fn an_invitation_ends_after_72_hours_and_can_be_withdrawn() {
    let server = Server::start();
    let owner = server.console();
    let invite = |email: &str| -> Invitation {
        owner.post("/v1/people/invitations", &json!({ "email": email, "role": "finance" })).ok()
    };
    let join = |email: &str| {
        let link = server.links_mailed(email, "/console/join?token=", 1).remove(0);
        let token = link.split_once("token=").expect("a token").1.to_owned();
        server
            .nobody()
            .post("/v1/session/join", &json!({ "token": token, "name": "Fin", "password": PASSWORD }))
    };
    let late = invite("late@shop.example");
    server.change(&format!("update invitation set expires_at = created_at where id = '{}'", late.id));
    join("late@shop.example").refused(401);
    let withdrawn = invite("withdrawn@shop.example");
    owner.delete(&format!("/v1/people/invitations/{}", withdrawn.id)).ok::<Value>();
    owner.delete(&format!("/v1/people/invitations/{}", withdrawn.id)).refused(404);
    join("withdrawn@shop.example").refused(401);
    owner.post("/v1/people/invitations", &json!({ "email": "x@shop.example", "role": "god" })).refused(422);
    owner.post("/v1/people/invitations", &json!({ "email": "nobody", "role": "owner" })).refused(422);
    assert_eq!(people(&owner).people.len(), 1);
}

#[test]
fn a_role_holds_from_the_next_request_on_and_the_last_owner_stays() {
    let server = Server::start();
    let owner = server.console();
    let (manager, id) = member(&server, "manager");
    manager.program(json!({}));
    manager.get("/v1/people").refused(403);
    owner.patch(&format!("/v1/people/{id}"), &json!({ "role": "analyst" })).ok::<Member>();
    manager.post("/v1/programs", &json!({})).refused(403);
    manager.get("/v1/programs").ok::<Value>();
    let own = people(&owner).people.into_iter().find(|p| p.role == "owner").expect("an owner");
    let own = format!("/v1/people/{}", own.id);
    assert!(owner.patch(&own, &json!({ "role": "manager" })).refused(409).contains("last owner"));
    owner.delete(&own).refused(409);
    owner.patch(&format!("/v1/people/{id}"), &json!({ "role": "owner" })).ok::<Member>();
    owner.patch(&own, &json!({ "role": "finance" })).ok::<Member>();
    owner.get("/v1/people").refused(403);
    // The other is the last one now.
    manager.delete(&format!("/v1/people/{id}")).refused(409);
    manager.delete(&own).ok::<Value>();
    owner.get("/v1/session").refused(401);
    let (email, password) = (&server.vendor.owner.email, &server.vendor.owner.password);
    server.nobody().post("/v1/session", &json!({ "email": email, "password": password })).refused(401);
}

#[test]
fn people_are_one_vendors_and_no_keys() {
    let server = Server::start();
    let (_, id) = member(&server, "analyst");
    let other = server.another_vendor("Coffee Shop", "owner@coffee.example", &["https://coffee.example"]);
    let stranger = server.console_of(&other.owner.email, &other.owner.password);
    assert_eq!(people(&stranger).people.len(), 1);
    stranger.patch(&format!("/v1/people/{id}"), &json!({ "role": "owner" })).refused(404);
    stranger.delete(&format!("/v1/people/{id}")).refused(404);
    for key in [server.live(), server.test()] {
        key.get("/v1/people").refused(403);
        key.post("/v1/people/invitations", &json!({ "email": "x@shop.example", "role": "owner" }))
            .refused(403);
        key.post("/v1/keys", &json!({ "kind": "secret" })).refused(403);
        key.get("/v1/audit").refused(403);
    }
    let page = server.page_of(&server.vendor.test.publishable_key, ORIGIN);
    page.get("/v1/people").refused(403);
}
