//! `goodword listen`: events on a developer's terminal, as they happen.

use crate::calling::{Signed, builder, new_secret};
use crate::config::Listen;
use crate::error::Error;
use crate::world::World;
use goodword_wire::{ErrorBody, HeardEvent, HeardEvents, Listener, ListenerInput};
use reqwest::{Client, RequestBuilder};
use serde::de::DeserializeOwned;
use std::time::Duration;

/// How long the server may hold a request back until something happens, seconds.
const WAIT: u64 = 20;

/// How long to wait after the server did not answer.
const PAUSE: Duration = Duration::from_secs(2);

/// Runs the command: until it is stopped, or has heard as many events as it was told to.
pub async fn run(command: Listen) -> Result<(), Error> {
    let client = builder().timeout(Duration::from_secs(WAIT + 20)).build();
    let ear = Ear {
        client: client.map_err(|e| Error::internal(e.to_string()))?,
        secret: command.secret.clone().unwrap_or_else(|| new_secret(World)),
        command,
    };
    let listener = ear.begin().await?;
    ear.say_hello(&listener);
    ear.listen(listener).await
}

struct Ear {
    client: Client,
    secret: String,
    command: Listen,
}

/// Why an answer is none.
enum Trouble {
    /// Nobody answered.
    Away(String),
    /// The server refused.
    Refused(u16, String),
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Away(why) => Self::internal(format!("the server does not answer: {why}")),
            Trouble::Refused(_, why) => Self::BadRequest(why),
        }
    }
}

impl Ear {
    fn url(&self, path: &str) -> String {
        format!("{}/v1/webhooks/listeners{path}", self.command.server.trim_end_matches('/'))
    }

    async fn begin(&self) -> Result<Listener, Trouble> {
        let events = &self.command.events;
        let input = ListenerInput {
            events: (!events.is_empty()).then(|| events.clone()),
            program_id: self.command.program.clone(),
        };
        self.ask(self.client.post(self.url("")).json(&input)).await
    }

    async fn listen(&self, mut listener: Listener) -> Result<(), Error> {
        let (mut after, mut heard) = (0, 0_u64);
        loop {
            let path = format!("/{}/events?after={after}&wait={WAIT}", listener.id);
            let news: HeardEvents = match self.ask(self.client.get(self.url(&path))).await {
                Ok(news) => news,
                Err(Trouble::Away(why)) => {
                    complain(&format!("The server does not answer ({why}); trying again."));
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
                // It was away for longer than a listener is kept.
                Err(Trouble::Refused(404, _)) => {
                    (listener, after) = (self.begin().await?, 0);
                    complain("The server had forgotten this listener; what happened meanwhile is not shown.");
                    continue;
                }
                Err(refused) => return Err(refused.into()),
            };
            for event in news.events {
                self.tell(&event).await;
                heard += 1;
                if self.command.count == Some(heard) {
                    return Ok(());
                }
            }
            after = news.after;
        }
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Result<T, Trouble> {
        let away = |e: reqwest::Error| Trouble::Away(e.without_url().to_string());
        let answer = request.bearer_auth(&self.command.key).send().await.map_err(away)?;
        let status = answer.status().as_u16();
        if status == 200 {
            return answer.json().await.map_err(away);
        }
        let text = answer.text().await.map_err(away)?;
        let words = serde_json::from_str::<ErrorBody>(&text).map(|body| body.error.message);
        match words {
            Ok(words) if status < 500 && status != 429 => Err(Trouble::Refused(status, words)),
            Ok(words) => Err(Trouble::Away(words)),
            Err(_) => Err(Trouble::Away(format!("HTTP {status}, and not a Goodword server's words"))),
        }
    }

    /// Prints an event, and forwards it.
    async fn tell(&self, event: &HeardEvent) {
        if self.command.json {
            print(&event.body);
        } else {
            let kind: serde_json::Value = serde_json::from_str(&event.body).unwrap_or_default();
            let word = |name: &str| kind[name].as_str().unwrap_or_default().to_owned();
            print(&format!("{}  {:<30} {}", word("timestamp"), word("type"), event.id));
            print(&format!("  {}", kind["data"]));
        }
        if let Some(url) = &self.command.forward_to {
            self.forward(url, event).await;
        }
    }

    async fn forward(&self, url: &str, event: &HeardEvent) {
        let (begun, seconds) = (World.stopwatch(), World.now().0 / 1000);
        let signed = Signed::new(&event.id, seconds, event.body.clone(), &[&self.secret]);
        let sent = signed.put_on(self.client.post(url)).send().await;
        let outcome = match sent {
            Ok(answer) => answer.status().as_u16().to_string(),
            Err(error) => error.without_url().to_string(),
        };
        complain(&format!("  → {outcome}, {} ms", begun.elapsed().as_millis()));
    }

    fn say_hello(&self, listener: &Listener) {
        complain(&format!(
            "Listening to {} at {}. Ctrl-C ends it.",
            listener.events.join(", "),
            self.command.server
        ));
        if let Some(url) = &self.command.forward_to {
            complain(&format!("Forwarding to {url}, signed with {}", self.secret));
        }
    }
}

#[expect(clippy::print_stdout, reason = "the command's answer")]
fn print(line: &str) {
    println!("{line}");
}

/// What is no event goes where it does not mix with them.
#[expect(clippy::print_stderr, reason = "what the command says of itself")]
fn complain(line: &str) {
    eprintln!("{line}");
}
