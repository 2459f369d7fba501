//! What strangers and broken programs send: it is refused, nothing of it is stored, and nothing secret of it is logged.

use crate::harness::{Answer, Client, Server};
use serde_json::json;
use ureq::http::Method;

/// Stands in everything that is sent here, and must be neither stored nor logged.
const SECRET: &str = "hunter2@secret.example";

fn shop(server: &Server) -> Client {
    let shop = server.test();
    shop.program(json!({}));
    shop
}

fn post(shop: &Client, path: &str, kind: &str, body: impl Into<Vec<u8>>) -> Answer {
    shop.with("content-type", kind).send(Method::POST, path, Some(body.into()))
}

#[track_caller]
fn nothing_came(server: &Server, shop: &Client) {
    for path in ["/v1/partners", "/v1/customers", "/v1/commissions", "/v1/webhooks"] {
        assert!(shop.all_rows(path, 100).is_empty(), "{path}");
    }
    assert!(shop.transfers().is_empty());
    let log = server.log();
    for secret in [SECRET, "hunter2", &server.vendor.test.secret_key] {
        assert!(!log.contains(secret), "the log tells {secret}: {log}");
    }
}

#[test]
fn exports_that_are_none() {
    let server = Server::start();
    let shop = shop(&server);
    let row = format!("{SECRET},Hunter,code\n");
    let file = |rows: &str| format!("email,name,token\n{rows}");
    let deep = format!("{}{}", "%5B".repeat(900), "%5D".repeat(900));
    let import = "/v1/imports?source=rewardful";
    let wide: String = (0..30_000).map(|n| format!("c{n}")).collect::<Vec<_>>().join(",");
    let hostile: [(&str, Answer, u16); 14] = [
        ("JSON", post(&shop, import, "application/json", file(&row)), 415),
        ("a form", post(&shop, import, "application/x-www-form-urlencoded", file(&row)), 415),
        ("a form with files", post(&shop, import, "multipart/form-data; boundary=x", file(&row)), 415),
        ("too large", post(&shop, import, "text/csv", file(&row.repeat(240_000))), 413),
        ("too many rows", post(&shop, import, "text/csv", file(&row.repeat(20_001))), 422),
        ("nothing", post(&shop, import, "text/csv", ""), 422),
        ("no text", post(&shop, import, "text/csv", [0xff, 0xfe, 0x00, 0x61, 0x0a]), 422),
        ("a picture", post(&shop, import, "text/csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR".to_vec()), 422),
        ("no column that is known", post(&shop, import, "text/csv", format!("a,b\n{row}")), 422),
        ("very many columns", post(&shop, import, "text/csv", format!("{wide}\n{row}")), 422),
        ("a nested map", post(&shop, &format!("{import}&map={deep}"), "text/csv", file(&row)), 422),
        ("nobody's source", post(&shop, "/v1/imports?source=%00", "text/csv", file(&row)), 400),
        ("a stranger", post(&server.nobody(), import, "text/csv", file(&row)), 401),
        (
            "clicks as a form",
            post(&shop, "/v1/clicks/import", "application/x-www-form-urlencoded", "{}"),
            415,
        ),
    ];
    for (what, answer, status) in hostile {
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        answer.refused(status);
    }
    nothing_came(&server, &shop);
}

/// Rows that are refused one by one say so without bringing anything, and an open quote swallows no more than its file.
#[test]
fn rows_that_are_none() {
    let server = Server::start();
    let shop = shop(&server);
    let long = "x".repeat(100_000);
    for row in [
        format!("\"{SECRET},Hunter,code\n"),
        format!("{SECRET}\u{0},Hunter,code\n"),
        format!("{long}@x.example,Hunter,code\n"),
        "=cmd|' /C calc'!A0,Hunter,code\n".to_owned(),
    ] {
        let answer = post(
            &shop,
            "/v1/imports?source=rewardful&kind=partners",
            "text/csv",
            format!("email,name,token\n{row}"),
        );
        assert!(answer.status == 200 || answer.status == 422, "{}: {}", answer.status, answer.text);
        if answer.status == 200 {
            let said: serde_json::Value = serde_json::from_str(&answer.text).expect("JSON");
            assert_eq!((&said["made"], &said["refusedCount"]), (&json!(0), &json!(1)), "{said}");
        }
    }
    nothing_came(&server, &shop);
}

#[test]
fn endpoints_that_are_none() {
    let server = Server::start();
    let shop = shop(&server);
    let to = |url: &str| json!({ "url": url, "events": ["*"] }).to_string();
    let deep = format!("{{\"url\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
    let hostile: [(&str, &str, String, u16); 12] = [
        ("a form", "application/x-www-form-urlencoded", to("https://shop.example/"), 415),
        ("CSV", "text/csv", to("https://shop.example/"), 415),
        ("too large", "application/json", to(&format!("https://shop.example/{}", "x".repeat(200_000))), 413),
        (
            "a long address",
            "application/json",
            to(&format!("https://shop.example/{}", "x".repeat(3_000))),
            422,
        ),
        ("deeply nested", "application/json", deep, 422),
        ("cut off", "application/json", "{\"url\":".into(), 400),
        ("no JSON", "application/json", SECRET.into(), 400),
        ("a file", "application/json", to("file:///etc/passwd"), 422),
        ("a script", "application/json", to("javascript:alert(1)"), 422),
        ("with a password", "application/json", to(&format!("https://hunter2:{SECRET}/")), 422),
        ("this machine", "application/json", to("https://127.0.0.1/"), 422),
        ("this machine, as one number", "application/json", to("https://2130706433/"), 422),
    ];
    for (what, kind, body, status) in hostile {
        let answer = post(&shop, "/v1/webhooks", kind, body);
        assert_eq!(answer.status, status, "{what}: {}", answer.text);
        answer.refused(status);
    }
    nothing_came(&server, &shop);
}
