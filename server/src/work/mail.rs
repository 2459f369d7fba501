//! Sends mails: by SMTP where a server is set, as files in the outbox folder otherwise.

use super::Step;
use crate::app::App;
use crate::error::Error;
use crate::store::Mail;
use goodword_domain::time::Instant;
use lettre::message::{Mailbox, header::ContentType};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::path::Path;

/// Waits before the second, third, … attempt, milliseconds: a minute, doubling, a day at the most.
fn pause(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts.clamp(0, 11)).unwrap_or_default();
    (60_000 << doublings).min(86_400_000)
}

/// Sends one mail, if one is due.
pub async fn step(app: &App) -> Result<Step, Error> {
    let now = app.world.now();
    let due = app.store.read(move |tx| Ok(tx.mail_is_due(now)?)).await?;
    if !due {
        return Ok(Step::Idle);
    }
    let taken = app
        .store
        .write(move |tx| Ok(tx.take_mail(now, |attempts| Instant(now.0 + pause(attempts)))?))
        .await?;
    let Some(mail) = taken else { return Ok(Step::Idle) };
    let message = compose(&mail, &app.config.mail_from)?;
    match deliver(app, &mail, &message).await {
        Ok(()) => {
            let (id, at) = (mail.id.clone(), app.world.now());
            app.store.write(move |tx| Ok(tx.mail_sent(&id, at)?)).await?;
        }
        Err(error) => {
            tracing::warn!(mail = %mail.id, attempt = mail.attempts + 1, %error, "a mail was not sent; it will be tried again");
        }
    }
    Ok(Step::Done)
}

fn compose(mail: &Mail, from: &str) -> Result<Message, Error> {
    let address = |text: &str| {
        text.parse::<Mailbox>().map_err(|e| Error::internal(format!("mail address {text}: {e}")))
    };
    let message = Message::builder()
        .from(address(from)?)
        .to(address(&mail.recipient)?)
        .subject(&mail.subject)
        .message_id(Some(format!("<{}@goodword>", mail.id)))
        .header(ContentType::TEXT_PLAIN)
        .body(mail.body.clone());
    message.map_err(|e| Error::internal(format!("mail {}: {e}", mail.id)))
}

async fn deliver(app: &App, mail: &Mail, message: &Message) -> Result<(), Error> {
    let Some(url) = &app.config.smtp_url else { return write_file(&app.config.outbox, mail, message).await };
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
        .map_err(|e| Error::internal(format!("--smtp-url: {e}")))?;
    transport.build().send(message.clone()).await.map_err(|e| Error::internal(e.to_string()))?;
    Ok(())
}

async fn write_file(outbox: &Path, mail: &Mail, message: &Message) -> Result<(), Error> {
    let failed = |e: std::io::Error| Error::internal(format!("{}: {e}", outbox.display()));
    tokio::fs::create_dir_all(outbox).await.map_err(failed)?;
    tokio::fs::write(outbox.join(format!("{}.eml", mail.id)), message.formatted()).await.map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_day() {
        assert_eq!([0, 1, 2].map(pause), [60_000, 120_000, 240_000]);
        assert_eq!(pause(50), 86_400_000);
    }
}
