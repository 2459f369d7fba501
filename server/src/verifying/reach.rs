//! What the page's tag leads to: the script, the files it loads, and what the server says of key, origin and program.

use super::fetch::{Fetcher, Reply};
use super::judging::Judge;
use super::{Check, State};
use crate::hash;
use crate::routes::assets;
use axum::http::header::CONTENT_TYPE;
use goodword_wire::{EmbedConfig, ErrorBody};
use regex::Regex;
use url::Url;

/// The script, and one file that it would load.
pub async fn script(fetcher: &Fetcher, judge: &Judge<'_>) -> Vec<Check> {
    let Some(url) = judge.script() else {
        return vec![Check::new("script", State::Bad, "The tag's `src` is no address.")];
    };
    let reply = match fetcher.get(url.clone()).await {
        Ok(reply) => reply,
        Err(error) => {
            return vec![Check::new("script", State::Bad, format!("The script cannot be had: {error}."))];
        }
    };
    let check = of_script(&reply);
    let is_ours = check.state != State::Bad;
    let mut checks = vec![check];
    if is_ours {
        checks.extend(part(fetcher, judge, &reply.text()).await);
    }
    checks
}

fn of_script(reply: &Reply) -> Check {
    let kind = reply.header(CONTENT_TYPE);
    if !(200..300).contains(&reply.status) {
        return Check::new("script", State::Bad, format!("The script's address answers {}.", reply.status));
    }
    if !kind.contains("javascript") {
        let text = format!(
            "The script's address does not answer with JavaScript, but with {kind}, which browsers refuse."
        );
        return Check::new("script", State::Bad, text);
    }
    if !reply.text().contains("Goodword") {
        return Check::new("script", State::Bad, "There is a script at that address, but it is not ours.");
    }
    if assets::script_hash().is_some_and(|own| own == hash::sha256(&reply.text())) {
        let text =
            concat!("The script is served, and is that of this version, ", env!("CARGO_PKG_VERSION"), ".");
        return Check::new("script", State::Ok, text);
    }
    Check::new("script", State::Info, "The script is served; it is of another version than this command.")
}

/// A file whose name the script has in it: a proxy may pass on the script alone, or an old copy of it may be served.
async fn part(fetcher: &Fetcher, judge: &Judge<'_>, script: &str) -> Option<Check> {
    let name = Regex::new(r#"["'/](?:w|more)\.[0-9a-f]{10}\.js"#).ok()?.find(script)?;
    let url = judge.host()?.join(&format!("w/{}", &name.as_str()[1..])).ok()?;
    let told = match fetcher.get(url.clone()).await {
        Ok(reply) if reply.status == 200 => {
            return Some(Check::new("files", State::Ok, "The files it loads are there."));
        }
        Ok(reply) => format!("answers {}", reply.status),
        Err(error) => format!("cannot be had ({error})"),
    };
    let text = format!(
        "A file the script loads {told}: {url}. An old copy of the script is served, or a proxy does not pass on /w/."
    );
    Some(Check::new("files", State::Bad, text))
}

/// What the server says to a page of that origin with that key.
pub async fn server(fetcher: &Fetcher, judge: &Judge<'_>) -> Vec<Check> {
    let Some(url) = question(judge) else { return Vec::new() };
    let origin = judge.url.origin().ascii_serialization();
    match fetcher.get_as(url.clone(), Some(&origin)).await {
        Ok(reply) if reply.status == 200 => of_config(judge, &origin, &reply),
        Ok(reply) => vec![of_refusal(&origin, &reply)],
        Err(error) => {
            let place = url.origin().ascii_serialization();
            vec![Check::new(
                "server",
                State::Bad,
                format!("The server at {place} cannot be reached: {error}."),
            )]
        }
    }
}

fn question(judge: &Judge<'_>) -> Option<Url> {
    let mut url = judge.host()?.join("v1/embed/config").ok()?;
    url.query_pairs_mut().append_pair("pk", judge.key());
    if !judge.program().is_empty() {
        url.query_pairs_mut().append_pair("programId", judge.program());
    }
    Some(url)
}

fn of_refusal(origin: &str, reply: &Reply) -> Check {
    let message = serde_json::from_slice::<ErrorBody>(&reply.body).map(|body| body.error.message);
    let message = message.unwrap_or_default();
    match reply.status {
        401 => Check::new("key", State::Bad, format!("The key is not good: {message}")),
        403 => {
            Check::new("origin", State::Bad, format!("Pages of {origin} may not use the key yet. Add it:"))
                .remedy(format!("goodword admin allow-origin {origin}"))
        }
        status => {
            let text = format!("The server answers {status} to the question for the program. {message}");
            Check::new("server", State::Bad, text.trim())
        }
    }
}

fn of_config(judge: &Judge<'_>, origin: &str, reply: &Reply) -> Vec<Check> {
    let Ok(config) = serde_json::from_slice::<EmbedConfig>(&reply.body) else {
        let text = "What answers in the server's place is not Goodword, or a much older one.";
        return vec![Check::new("server", State::Bad, text)];
    };
    let sandbox =
        if config.mode == "test" { ", in the sandbox: what is counted here is for trying out" } else { "" };
    let mut checks = vec![
        Check::new(
            "key",
            State::Ok,
            format!("The key is good: program “{}” of {}{sandbox}.", config.name, config.vendor),
        ),
        Check::new("origin", State::Ok, format!("Pages of {origin} may use it.")),
    ];
    let known = judge.parameters();
    let is_missing =
        |name: &&String| !known.contains(&name.as_str()) && !["via", "ref", "gw"].contains(&name.as_str());
    let missing: Vec<_> = config.link_parameters.iter().filter(is_missing).map(String::as_str).collect();
    if !missing.is_empty() {
        let text = format!(
            "The program also counts links with {}, which the tag does not read. Add to it:",
            missing.join(", ")
        );
        let all = known.iter().copied().chain(missing).collect::<Vec<_>>().join(" ");
        checks.push(Check::new("params", State::Warn, text).remedy(format!(r#"data-params="{all}""#)));
    }
    checks
}
