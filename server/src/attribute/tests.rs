use super::*;
use crate::config::{Cli, Command};
use clap::Parser;

/// The answer to `goodword attribute FILE`, with these arguments besides, for a file with this text.
fn answer(text: &str, arguments: &str) -> Result<String, String> {
    let words = ["goodword", "attribute", "FILE"].into_iter().chain(arguments.split_whitespace());
    let Command::Attribute(command) = Cli::try_parse_from(words).unwrap().command else { unreachable!() };
    compared(&command, text.as_bytes()).map(|answer| answer.text).map_err(|error| error.to_string())
}

#[track_caller]
fn check(text: &str, arguments: &str, expected: &str) {
    assert_eq!(answer(text, arguments).unwrap(), expected, "{arguments}");
}

/// Refused with a message that holds each of these.
#[track_caller]
fn refused(text: &str, arguments: &str, expected: &[&str]) {
    let message = answer(text, arguments).unwrap_err();
    assert!(expected.iter().all(|part| message.contains(part)), "{message}");
}

const BRYL: &str = "path,conversions,value,null\nC1 > C2 > C3,1,10000,0\nC1,0,0,1\nC2 > C3,,,1\n";

#[test]
fn paths_for_the_eye() {
    let expected = "\
conversions
channel  last_touch    markov
C3         1.000000  0.400000
C1         0.000000  0.200000
C2         0.000000  0.400000
total      1.000000  1.000000

value, minor units
channel  last_touch  markov
C3            10000    4000
C1                0    2000
C2                0    4000
total         10000   10000
";
    check(BRYL, "--model last_touch --model markov --model last_touch", expected);
}

#[test]
fn paths_of_channel_attribution_with_semicolons() {
    let text = "\u{feff}path;total_conversions;total_conversion_value;total_null\nA>B>A;1;140.00;0\n";
    let expected = "channel,linear_conversions,linear_value,position_based_conversions,position_based_value\n\
        A,0.666667,93.33,0.800000,112.00\nB,0.333333,46.67,0.200000,28.00\n";
    check(text, "--model linear --model position_based --format csv --currency usd", expected);
}

const SHOP: &str = "\
journey,at,channel,partner,conversion,value
j1,2026-01-15T00:00:00Z,mail,Maya,1,7000
j1,2026-01-01T00:00:00Z,search,Maya,,
j2,2026-01-03T00:00:00Z,social,Noor,,
j1,2026-01-08T00:00:00Z,social,Noor,,
";

/// Half as much a week: 1, 2 and 4 of 7; in two weeks: ½, √½ and 1. The rows of a journey may stand in any order.
#[test]
fn touchpoints_in_the_order_of_time() {
    let csv = "--model time_decay --format csv";
    let header = "time_decay_conversions,time_decay_value";
    let channels = "mail,0.571429,4000\nsocial,0.285714,2000\nsearch,0.142857,1000\n";
    check(SHOP, csv, &format!("channel,{header}\n{channels}"));
    let partners = "Maya,0.714286,5000\nNoor,0.285714,2000\n";
    check(SHOP, &format!("{csv} --by partner"), &format!("partner,{header}\n{partners}"));
    let slower = "Maya,0.679623,4757\nNoor,0.320377,2243\n";
    check(SHOP, &format!("{csv} --by partner --half-life-days 14"), &format!("partner,{header}\n{slower}"));
}

#[test]
fn a_conversion_may_be_a_row_of_its_own() {
    let text = "journey,at,link,value\n1,2026-01-01T00:00:00Z,a,\n1,2026-01-02T00:00:00Z,,500\n2,2026-01-01T00:00:00Z,b,\n";
    check(
        text,
        "--model first_touch --format csv",
        "link,first_touch_conversions,first_touch_value\na,1.000000,500\nb,0.000000,0\n",
    );
}

#[test]
fn json_for_programs() {
    let text = "path,conversions,null\nA > B,3,1\n";
    let told: serde_json::Value =
        serde_json::from_str(&answer(text, "--model linear --format json").unwrap()).unwrap();
    let expected = serde_json::json!({
        "by": "channel",
        "currency": null,
        "total": { "conversions": "3.000000" },
        "models": [{ "model": "linear", "credits": [
            { "name": "A", "conversions": "1.500000" }, { "name": "B", "conversions": "1.500000" },
        ] }],
    });
    assert_eq!(told, expected);
    let told: serde_json::Value = serde_json::from_str(
        &answer(SHOP, "--model time_decay --half-life-days 3 --format json --currency jpy").unwrap(),
    )
    .unwrap();
    assert_eq!(told["models"][0]["halfLifeDays"], 3);
    assert_eq!((&told["currency"], &told["total"]["value"]), (&"jpy".into(), &7000.into()));
}

#[test]
fn all_models_but_those_that_cannot_be() {
    let header = |text, arguments| answer(text, arguments).unwrap().lines().next().unwrap().to_owned();
    let models = |header: String| header.matches("_conversions").count();
    assert_eq!(models(header(SHOP, "--model all --format csv")), 6);
    assert_eq!(models(header(BRYL, "--model markov --model all --format csv")), 5);
    refused(BRYL, "--model time_decay", &["`time_decay`", "`journey` and `at`"]);
}

#[test]
fn names_are_no_formulas_and_move_no_cursor() {
    let text = "path,conversions\n=cmd() > a\u{1b}[2J,2\n";
    check(
        text,
        "--model first_touch --format csv",
        "channel,first_touch_conversions\n'=cmd(),2.000000\na\u{1b}[2J,0.000000\n",
    );
    assert!(!answer(text, "--model first_touch").unwrap().contains('\u{1b}'));
}

#[test]
fn a_file_that_is_not_understood() {
    let linear = "--model linear";
    refused("", linear, &["line 1", "`path`", "`journey`"]);
    refused("path,journey,conversions\n", linear, &["both"]);
    refused("path,value\nA,1\n", linear, &["line 1", "no column `conversions`", "`path`, `value`"]);
    refused("path,conversions,vlaue\nA,1,1\n", linear, &["`vlaue` is unknown", "`value`"]);
    refused("path,path,conversions\nA,A,1\n", linear, &["`path` is there twice"]);
    refused("path,conversions\nA,1,2\n", linear, &["line 2", "3 cells where line 1 has 2"]);
    refused(BRYL, "--model linear --by partner", &["--by"]);
    refused(SHOP, "--model linear --by link", &["no column `link`"]);
    refused(SHOP, "--model linear --currency xyz", &["currency", "ISO 4217"]);
    refused("journey,at,channel\nj,2026-01-01T00:00:00Z,a\n", linear, &["no column `conversion`"]);
}

#[test]
fn bytes_that_are_no_text() {
    let words = ["goodword", "attribute", "FILE", "--model", "linear"];
    let Command::Attribute(command) = Cli::try_parse_from(words).unwrap().command else { unreachable!() };
    let message = compared(&command, b"path,conversions\nA,1\n\xff,1\n").err().unwrap().to_string();
    assert!(message.contains("line 3") && message.contains("UTF-8"), "{message}");
}

#[test]
fn cells_that_are_refused() {
    let path = |row: &str, expected: &[&str]| {
        refused(&format!("path,conversions,value,null\nA,1,1,1\n{row}\n"), "--model linear", expected);
    };
    path("A > > B,1,1,0", &["line 3, column `path`", "`>` between"]);
    path(",1,1,0", &["line 3, column `path`"]);
    path("A,1.5,1,0", &["line 3, column `conversions`", "whole number", "`1.5`"]);
    path("A,+1,1,0", &["column `conversions`"]);
    path("A,1,1,-1", &["column `null`"]);
    path("A,1,1.50,0", &["column `value`", "minor units", "--currency"]);
    path("A,1,-1,0", &["column `value`"]);
    path("A,0,0,0", &["line 3, column `conversions`", "or `null` must"]);
    path("A,0,5,1", &["line 3, column `value`", "must be 0"]);
    refused(
        "path,conversions,value\nA,1,1.005\n",
        "--model linear --currency usd",
        &["column `value`", "2 decimals"],
    );
}

#[test]
fn touchpoints_that_are_refused() {
    let rows = |rows: &str, expected: &[&str]| {
        refused(&format!("journey,at,channel,conversion,value\n{rows}"), "--model linear", expected);
    };
    rows("j,yesterday,a,1,1\n", &["line 2, column `at`", "RFC 3339", "`yesterday`"]);
    rows(",2026-01-01T00:00:00Z,a,1,1\n", &["line 2, column `journey`"]);
    rows("j,2026-01-01T00:00:00Z,,,\n", &["line 2, column `channel`"]);
    rows("j,2026-01-01T00:00:00Z,,1,\n", &["line 2, column `channel`", "touchpoint"]);
    rows("j,2026-01-01T00:00:00Z,a,0,1\n", &["line 2, column `conversion`"]);
    let twice = "j,2026-01-01T00:00:00Z,a,1,\nj,2026-01-02T00:00:00Z,a,1,\n";
    rows(twice, &["line 3, column `conversion`", "one row"]);
    let goes_on = "j,2026-01-01T00:00:00Z,a,1,\nj,2026-01-02T00:00:00Z,a,,\n";
    rows(goes_on, &["line 2, column `conversion`", "latest row"]);
}
