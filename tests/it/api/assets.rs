//! What browsers load: how long they keep it, how small it comes, and what others may do with it.

use crate::harness::{Answer, Client, Server};
use ureq::http::Method;

/// The name of a file in a script, of the one that begins so.
fn named<'a>(script: &'a str, stem: &str) -> &'a str {
    let places = ['"', '/'].map(|before| script.find(&format!("{before}{stem}.")));
    let start = places.into_iter().flatten().next().unwrap_or_else(|| panic!("the script names no {stem}"));
    let rest = &script[start + 1..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '.').unwrap_or(rest.len());
    &rest[..end]
}

#[track_caller]
fn open_and_safe(answer: &Answer, kind: &str) {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert_eq!(answer.header("access-control-allow-origin"), Some("*"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
    assert!(answer.header("content-type").is_some_and(|found| found.starts_with(kind)), "{kind}");
}

fn plain(server: &Server) -> Client {
    server.nobody().with("accept-encoding", "identity")
}

#[test]
fn the_script_is_asked_for_again_and_the_rest_is_kept_for_ever() {
    let server = Server::start();
    let script = plain(&server).get("/goodword.js");
    open_and_safe(&script, "text/javascript");
    assert_eq!(script.header("cache-control"), Some("public, max-age=300"));
    let tag = script.header("etag").expect("it has a tag").to_owned();
    let again = plain(&server).with("if-none-match", &tag).get("/goodword.js");
    assert_eq!((again.status, again.text.as_str()), (304, ""));

    let more = format!("/w/{}", named(&script.text, "more"));
    let shell = format!("/w/{}", named(&script.text, "w"));
    for file in [&more, &shell] {
        let answer = plain(&server).get(file);
        open_and_safe(&answer, "text/javascript");
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    }
    let tester = plain(&server).get(&more).text;
    open_and_safe(&plain(&server).get(&format!("/w/{}", named(&tester, "tester"))), "text/javascript");
    // The module is named as the shell is.
    let module = shell.replace(".js", ".wasm");
    let module = plain(&server).send(Method::HEAD, &module, None);
    open_and_safe(&module, "application/wasm");
    plain(&server).get("/w/w.0000000000000000.js").refused(404);
}

#[test]
fn every_file_comes_packed_as_the_browser_takes_it() {
    let server = Server::start();
    for (taken, given) in [("gzip, deflate, br", Some("br")), ("gzip", Some("gzip")), ("zstd", None)] {
        let answer = server.nobody().with("accept-encoding", taken).send(Method::HEAD, "/goodword.js", None);
        assert_eq!(answer.header("content-encoding"), given, "{taken}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
    }
}
