//! Mails through a server that insists on TLS and a password, as providers do.

use crate::harness::{Server, Start};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// An authority in `ca.pem`, and a certificate of it for `localhost` in `cert.pem` and `key.pem`.
fn certificate(folder: &Path) {
    let openssl = |words: &str| {
        let mut command = Command::new("openssl");
        command.args(words.split(' ')).current_dir(folder).stderr(Stdio::null());
        assert!(command.status().expect("openssl starts").success(), "{words}");
    };
    std::fs::write(folder.join("names"), "subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
        .expect("a file");
    openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Tests -keyout ca.key -out ca.pem");
    openssl("req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout key.pem -out asked.pem");
    openssl(
        "x509 -req -in asked.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile names -out cert.pem",
    );
}

/// The one mail that a server sends which trusts `trusted` alone.
fn mail(kind: &str, scheme: &str, options: &str) -> Value {
    let folder = tempfile::tempdir().expect("a folder");
    certificate(folder.path());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/smtp.py");
    let mut taker = Command::new("python3");
    taker.arg(script).arg(kind).arg(folder.path());
    let mut taker = taker.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("python3 starts");
    let mut lines = BufReader::new(taker.stdout.take().expect("it was piped")).lines();
    let mut line = || -> Value {
        let line = lines.next().expect("a line").expect("text");
        serde_json::from_str(&line).expect("JSON")
    };
    let port = line()["port"].as_u64().expect("a port");
    let url = format!("{scheme}://tea:p%40ss@localhost:{port}{options}");
    let trust = format!("export SSL_CERT_FILE={}", folder.path().join("ca.pem").display());
    let start = Start {
        shell: Some(trust),
        ..Start::with(&["--smtp-url", &url, "--mail-from", "Goodword <mail@go.example.com>"])
    };
    let server = Server::special(start);
    server.test().program(json!({}));
    server.page().join("Maya", "maya@example.com");
    let mail = line();
    assert!(taker.wait().expect("it was ours").success());
    assert!(!server.log().contains("p@ss") && !server.log().contains("p%40ss"), "{}", server.log());
    mail
}

#[test]
fn mail_goes_by_tls() {
    for (kind, scheme, options) in [("implicit", "smtps", ""), ("starttls", "smtp", "?tls=required")] {
        let mail = mail(kind, scheme, options);
        assert_eq!(
            (&mail["sender"], &mail["recipients"]),
            (&json!("mail@go.example.com"), &json!(["maya@example.com"]))
        );
        let text = mail["text"].as_str().expect("a text");
        assert!(
            text.contains("multipart/alternative")
                && text.contains("From: \"Friends of Tea\" <mail@go.example.com>"),
            "{text}"
        );
    }
}
