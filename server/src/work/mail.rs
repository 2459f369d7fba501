//! Sends mails: by SMTP where a server is set, as files in the outbox folder otherwise.

use super::Step;
use crate::app::App;
use crate::error::Error;
use crate::store::Mail;
use goodword_domain::time::Instant;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};
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
    let from = address(from)?;
    // Partners know the program, and not the software it runs on.
    let from = Mailbox::new(mail.sender.clone().or(from.name), from.email);
    let mut message = Message::builder()
        .from(from)
        .to(address(&mail.recipient)?)
        .subject(&mail.subject)
        .message_id(Some(format!("<{}@goodword>", mail.id)))
        // No answer by a machine is wanted to what a machine has written.
        .header(AutoSubmitted);
    if let Some(address) = &mail.unsubscribe {
        message = message.header(ListUnsubscribe(address.clone())).header(OneClick);
    }
    let message = match &mail.html {
        Some(html) => message.multipart(MultiPart::alternative_plain_html(mail.body.clone(), html.clone())),
        None => message.singlepart(SinglePart::plain(mail.body.clone())),
    };
    message.map_err(|e| Error::internal(format!("mail {}: {e}", mail.id)))
}

/// Headers that only we write.
macro_rules! headers {
    ($($(#[$doc:meta])* $name:ident $(($field:ident))? = $header:literal: $value:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Clone)]
        struct $name $(($field))?;

        impl Header for $name {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($header)
            }

            fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Err(format!("{text} is not read").into())
            }

            fn display(&self) -> HeaderValue {
                let value: fn(&Self) -> String = $value;
                HeaderValue::new(Self::name(), value(self))
            }
        }
    )*};
}

headers! {
    /// RFC 3834.
    AutoSubmitted = "Auto-Submitted": |_| "auto-generated".into();
    /// RFC 2369: where such mails are declined.
    ListUnsubscribe(String) = "List-Unsubscribe": |header| format!("<{}>", header.0);
    /// RFC 8058: a POST to that address declines at once.
    OneClick = "List-Unsubscribe-Post": |_| "List-Unsubscribe=One-Click".into();
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
    use goodword_domain::id::{MailId, VendorId};
    use mail_parser::MessageParser;

    #[test]
    fn pauses_double_up_to_a_day() {
        assert_eq!([0, 1, 2].map(pause), [60_000, 120_000, 240_000]);
        assert_eq!(pause(50), 86_400_000);
    }

    fn mail(unsubscribe: Option<&str>) -> Mail {
        Mail {
            id: MailId::from_bits(1),
            vendor: VendorId::from_bits(2),
            recipient: "maya@example.com".into(),
            sender: Some("Tee & \"Freunde\" ☕".into()),
            subject: "مرحبًا".into(),
            body: "plain ☕".into(),
            html: Some("<p>rich ☕</p>".into()),
            kind: "digest".into(),
            language: "ar".into(),
            unsubscribe: unsubscribe.map(str::to_owned),
            attempts: 0,
            created_at: Instant(0),
        }
    }

    #[test]
    fn a_mail_has_both_parts_and_says_how_to_decline_it() {
        let address = "https://go.example.com/mail/decline?token=ven_1.prg_2";
        let bytes = compose(&mail(Some(address)), "Goodword <mail@go.example.com>").unwrap().formatted();
        let read = MessageParser::default().parse(&bytes).unwrap();
        let from = read.from().and_then(|f| f.first()).unwrap();
        assert_eq!(
            (from.name(), from.address()),
            (Some("Tee & \"Freunde\" ☕"), Some("mail@go.example.com"))
        );
        assert_eq!(read.subject(), Some("مرحبًا"));
        assert_eq!(read.body_text(0).as_deref().map(str::trim), Some("plain ☕"));
        assert_eq!(read.body_html(0).as_deref().map(str::trim), Some("<p>rich ☕</p>"));
        let text = String::from_utf8(bytes).unwrap().replace("\r\n ", " ");
        let line =
            |name: &str| text.lines().find_map(|l| l.strip_prefix(name).map(str::trim).map(str::to_owned));
        assert_eq!(line("List-Unsubscribe:"), Some(format!("<{address}>")));
        assert_eq!(line("List-Unsubscribe-Post:").as_deref(), Some("List-Unsubscribe=One-Click"));
        assert_eq!(line("Auto-Submitted:").as_deref(), Some("auto-generated"));
        let bytes = compose(&mail(None), "mail@go.example.com").unwrap().formatted();
        assert!(!String::from_utf8(bytes).unwrap().contains("List-Unsubscribe"));
    }
}
