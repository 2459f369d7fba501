//! `goodword verify-install URL`: looks at a page as a browser would and tells what of an installation works, and what to
//! write where if something does not. It needs no database: whether key and origin are good, the server itself is asked.
#![expect(clippy::print_stdout, reason = "this command answers on the terminal")]

mod fetch;
mod judging;
mod page;
mod policy;
mod reach;

use crate::config::VerifyInstall;
use crate::error::Error;
use fetch::Fetcher;
use judging::Judge;
use page::Page;
use serde::Serialize;
use url::Url;

/// How something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It works.
    Ok,
    /// Worth knowing.
    Info,
    /// It works, though not as well as it could.
    Warn,
    /// It does not work.
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// Its word, for programs.
    pub id: &'static str,
    /// How it stands.
    pub state: State,
    /// A sentence for people.
    pub text: String,
    /// What to write where, if there is something to write.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub remedy: String,
}

impl Check {
    /// A check without a remedy.
    pub fn new(id: &'static str, state: State, text: impl Into<String>) -> Self {
        Self { id, state, text: text.into(), remedy: String::new() }
    }

    /// The same, with what to write.
    pub fn remedy(self, remedy: impl Into<String>) -> Self {
        Self { remedy: remedy.into(), ..self }
    }
}

/// Everything that was found out.
#[derive(Debug, Serialize)]
struct Report {
    /// Whether nothing is to be mended.
    ok: bool,
    /// The page, after redirects.
    url: String,
    checks: Vec<Check>,
}

/// Runs the command. It fails if something is to be mended.
pub async fn run(command: VerifyInstall) -> Result<(), Error> {
    let url = parse(&command.url)?;
    let fetcher = Fetcher::new(&url, command.allow_private)?;
    let (url, checks) = look(&fetcher, url).await;
    let bad = checks.iter().filter(|check| check.state == State::Bad).count();
    let report = Report { ok: bad == 0, url: url.into(), checks };
    if command.json {
        let text = serde_json::to_string_pretty(&report).map_err(|e| Error::internal(e.to_string()))?;
        println!("{text}");
    } else {
        print(&report);
    }
    match bad {
        0 => Ok(()),
        1 => Err(Error::Conflict("one thing is to be mended.".into())),
        _ => Err(Error::Conflict(format!("{bad} things are to be mended."))),
    }
}

/// An address as people type it.
fn parse(text: &str) -> Result<Url, Error> {
    let text = text.trim();
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url =
        Url::parse(&whole).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.ok_or_else(|| {
        Error::BadRequest(format!(
            "`{text}` is no address of a page: give one such as https://shop.example/."
        ))
    })
}

fn print(report: &Report) {
    println!("{}", report.url);
    for check in &report.checks {
        let word = match check.state {
            State::Ok => "ok   ",
            State::Info => "info ",
            State::Warn => "look ",
            State::Bad => "MEND ",
        };
        println!("  {word} {}", check.text);
        if !check.remedy.is_empty() {
            println!("         {}", check.remedy);
        }
    }
}

/// Fetches the page and all it leads to, and judges them.
async fn look(fetcher: &Fetcher, url: Url) -> (Url, Vec<Check>) {
    let reply = match fetcher.get(url.clone()).await {
        Ok(reply) => reply,
        Err(error) => {
            return (url, vec![Check::new("page", State::Bad, format!("The page cannot be had: {error}."))]);
        }
    };
    let mut checks = judging::of_reply(&reply);
    let page = Page::read(&reply.url, &reply.text());
    checks.extend(judging::of_secrets(&page));
    let Some(tag) = page.tags.first() else {
        checks.push(judging::no_tag(&page));
        return (reply.url, checks);
    };
    let judge = Judge::new(&reply, &page, tag);
    checks.extend(judge.of_tag());
    checks.extend(reach::script(fetcher, &judge).await);
    checks.extend(reach::server(fetcher, &judge).await);
    checks.extend(judge.of_policies());
    checks.extend(judge.of_elements());
    (reply.url, checks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_as_people_type_them() {
        assert_eq!(parse("shop.example/tea").unwrap().as_str(), "https://shop.example/tea");
        assert_eq!(parse(" http://127.0.0.1:7701 ").unwrap().as_str(), "http://127.0.0.1:7701/");
        for bad in ["", "ftp://shop.example", "javascript:alert(1)", "https://"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }
}
