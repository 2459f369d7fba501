//! Programs ready to be made: listed, printed, made, and told of in the guide.

use crate::harness::{Server, goodword};
use goodword_wire::Program;

/// What `goodword program …` prints, or how it refuses.
fn program(server: &Server, words: &[&str]) -> Result<String, String> {
    let (word, rest) = words.split_first().expect("a word");
    let mut command = goodword();
    command.args(["program", word]);
    if *word == "new" {
        command.args(["--database", server.database()]);
    }
    let output = command.args(rest).output().expect("goodword starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) }
}

/// The names of all templates, as they are listed.
fn names(server: &Server) -> Vec<String> {
    let listed = program(server, &["templates"]).expect("a list");
    listed.lines().map(|line| line.split(' ').next().expect("a name").to_owned()).collect()
}

#[test]
fn every_template_makes_a_program_and_has_a_page() {
    let server = Server::start();
    let names = names(&server);
    assert!(names.len() >= 2, "{names:?}");
    for name in &names {
        let made = program(
            &server,
            &[
                "new",
                "--template",
                name,
                "--url",
                "https://shop.example/",
                "--name",
                name,
                "--currency",
                "eur",
            ],
        );
        let made = made.expect("a program");
        let id = made.split(' ').next().expect("an id");
        let live: Program = server.live().get(&format!("/v1/programs/{id}")).ok();
        assert_eq!((live.name.as_str(), live.currency.as_str()), (name.as_str(), "eur"));
        let page = server.nobody().get(&format!("/docs/program-{name}"));
        assert_eq!(page.status, 200, "{name} has no page");
        assert!(
            page.text.contains(&format!("--template {name}")),
            "the page of {name} does not say how to make it"
        );
    }
}

#[test]
fn a_printed_template_can_be_changed_and_applied() {
    let server = Server::start();
    let text = program(&server, &["new", "--template", "influencer", "--print"]).expect("a document");
    let file = server.folder().join("influencer.toml");
    std::fs::write(&file, format!("url = \"https://shop.example/\"\n{}", text.replace("3_600", "4_800")))
        .expect("a file");
    let output = goodword()
        .args(["program", "apply", "--database", server.database()])
        .arg(&file)
        .output()
        .expect("goodword starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let programs: Vec<Program> = server.live().get("/v1/programs").ok();
    let caps = programs[0].rewards[0].caps.clone().expect("caps");
    assert_eq!((programs.len(), caps.customer), (1, Some(4_800)));
}

#[test]
fn what_cannot_be_made_is_refused_and_makes_nothing() {
    let server = Server::start();
    let refused = |words: &[&str]| program(&server, words).expect_err("a refusal");
    assert!(
        refused(&["new", "--template", "influenza", "--url", "https://shop.example/"]).contains("influencer")
    );
    assert!(refused(&["new", "--template", "influencer"]).contains("--url"));
    let yen = ["new", "--template", "influencer", "--url", "https://shop.example/", "--currency", "jpy"];
    assert!(refused(&yen).contains("currency"));
    assert!(refused(&["new", "--template", "influencer", "--url", "nonsense"]).contains("url"));
    assert_eq!(server.live().get("/v1/programs").ok::<Vec<Program>>(), []);
}
