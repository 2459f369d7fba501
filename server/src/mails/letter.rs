//! A mail before it is written out: its parts, in one language, with what is filled in.

use super::text::{self, Texts};
use crate::error::Error;
use crate::store::{EarnedSince, PayoutRow};
use askama::Template;
use goodword_domain::language::Language;
use goodword_domain::money::Currency;
use goodword_domain::payout::method;
use goodword_wire::{CurrencyStatement, StatementLine};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What a mail is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $name,)*
        }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its word, as it is stored.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

kinds! {
    /// Proves an address.
    Prove = "prove",
    /// Leads back to the partner's page.
    SignIn = "sign_in",
    /// Somebody joined under a partner's address.
    JoinedAgain = "joined_again",
    /// Proves another address.
    NewAddress = "new_address",
    /// The address is another.
    AddressChanged = "address_changed",
    /// An application was received.
    Applied = "applied",
    /// It was accepted.
    Approved = "approved",
    /// It was not.
    Rejected = "rejected",
    /// The partnership has ended.
    Banned = "banned",
    /// The way of payment is another.
    Method = "method_changed",
    /// The commissions of a day.
    Digest = "digest",
    /// A payout was paid.
    Payout = "payout",
    /// It did not arrive.
    Failed = "payout_failed",
    /// A month's statement is there.
    Statement = "statement",
    /// A claim was granted.
    Granted = "claim_granted",
    /// A claim was refused.
    Refused = "claim_refused",
    /// A request to a fund was approved.
    FundApproved = "fund_approved",
    /// A claim on a fund was paid.
    FundPaid = "fund_paid",
    /// A request to a fund, or a claim on one, was turned down.
    FundRefused = "fund_refused",
    /// A redemption was fulfilled.
    Redeemed = "redemption_fulfilled",
    /// A redemption was refused.
    RedemptionRefused = "redemption_refused",
    /// A higher level was reached.
    LevelUp = "level_up",
    /// The level is a lower one, or none.
    LevelDown = "level_down",
    /// A registered deal is protected.
    DealApproved = "registration_approved",
    /// The vendor wants to know more about a registered deal.
    DealAsked = "registration_asked",
    /// A deal was not taken, or disqualified.
    DealRefused = "registration_refused",
    /// Somebody proposes how a sale is shared.
    SplitProposed = "split_proposed",
    /// Content was taken.
    ContentGranted = "content_granted",
    /// It was not.
    ContentRefused = "content_refused",
    /// A sale is shared anew.
    SplitApproved = "split_approved",
    /// It is not.
    SplitRefused = "split_refused",
}

impl Kind {
    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.word() == word)
    }

    /// Whether a partner may decline it. What is about the account or about money that moved always comes.
    pub fn can_be_declined(self) -> bool {
        matches!(self, Self::Digest | Self::Statement)
    }
}

/// A value that is filled in, by its word in braces.
type Value = (&'static str, String);

/// A mail's parts.
pub struct Letter {
    pub kind: Kind,
    texts: &'static Texts,
    subject: &'static str,
    lead: &'static str,
    /// Labels with what stands beside each.
    rows: Vec<(String, String)>,
    notes: Vec<&'static str>,
    /// The button's label and address; without an address it leads to the partner's page.
    button: Option<(&'static str, Option<String>)>,
    values: Vec<Value>,
    decline: Option<String>,
}

/// A mail as it is sent.
pub struct Written {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Where mails of this kind are declined.
    pub decline: Option<String>,
}

#[derive(Template)]
#[template(path = "mail.html")]
struct Html<'a> {
    mail: &'a Page,
}

#[derive(Template)]
#[template(path = "mail.txt", escape = "none")]
struct Text<'a> {
    mail: &'a Page,
}

/// What both templates show.
struct Page {
    language: &'static str,
    direction: &'static str,
    /// Where text begins, and where it ends.
    start: &'static str,
    end: &'static str,
    program: String,
    subject: String,
    /// Empty where the paragraphs greet, or do not.
    greeting: String,
    /// What a mail program shows beside the subject.
    lead: String,
    paragraphs: Vec<String>,
    rows: Vec<(String, String)>,
    notes: Vec<String>,
    button: Option<(&'static str, String)>,
    copy: &'static str,
    colon: &'static str,
    footer: String,
    decline: Option<(&'static str, String)>,
}

impl Letter {
    fn new(kind: Kind, texts: &'static Texts, subject: &'static str, lead: &'static str) -> Self {
        let (rows, notes, values) = (Vec::new(), Vec::new(), Vec::new());
        Self { kind, texts, subject, lead, rows, notes, button: None, values, decline: None }
    }

    fn with(self, word: &'static str, value: impl Into<String>) -> Self {
        let mut values = self.values;
        values.push((word, value.into()));
        Self { values, ..self }
    }

    fn row(self, label: &str, value: impl Into<String>) -> Self {
        let mut rows = self.rows;
        rows.push((label.to_owned(), value.into()));
        Self { rows, ..self }
    }

    fn note(self, note: &'static str) -> Self {
        let mut notes = self.notes;
        notes.push(note);
        Self { notes, ..self }
    }

    fn leads_to(self, label: &'static str, address: &str) -> Self {
        Self { button: Some((label, Some(address.to_owned()))), ..self }
    }

    fn leads_to_page(self) -> Self {
        Self { button: Some((self.texts.page_button, None)), ..self }
    }

    /// Says where such mails are declined.
    pub fn declined_at(self, address: &str) -> Self {
        Self { decline: Some(address.to_owned()), ..self }
    }

    pub fn prove(t: &'static Texts, address: &str) -> Self {
        Self::new(Kind::Prove, t, t.prove_subject, t.prove_lead)
            .leads_to(t.prove_button, address)
            .note(t.prove_note)
    }

    pub fn sign_in(t: &'static Texts, address: &str) -> Self {
        Self::new(Kind::SignIn, t, t.sign_in_subject, t.sign_in_lead)
            .leads_to(t.sign_in_button, address)
            .note(t.sign_in_note)
    }

    /// With the new code, and the address that leads to the partner's page.
    pub fn joined_again(t: &'static Texts, code: &str, address: &str) -> Self {
        Self::new(Kind::JoinedAgain, t, t.again_subject, t.again_lead)
            .with("code", code)
            .leads_to(t.sign_in_button, address)
            .note(t.again_note)
    }

    pub fn new_address(t: &'static Texts, address: &str) -> Self {
        Self::new(Kind::NewAddress, t, t.new_address_subject, t.new_address_lead)
            .leads_to(t.prove_button, address)
            .note(t.sign_in_note)
    }

    pub fn address_changed(t: &'static Texts) -> Self {
        Self::new(Kind::AddressChanged, t, t.address_subject, t.address_lead).note(t.method_note)
    }

    pub fn applied(t: &'static Texts) -> Self {
        Self::new(Kind::Applied, t, t.applied_subject, t.applied_lead)
    }

    /// With the code and the address of the partner's link.
    pub fn approved(t: &'static Texts, own: Option<&(String, String)>) -> Self {
        let letter = Self::new(Kind::Approved, t, t.approved_subject, t.approved_lead);
        let letter = match own {
            Some((code, link)) => letter.row(t.code, code).row(t.link, link),
            None => letter,
        };
        letter.leads_to_page()
    }

    pub fn rejected(t: &'static Texts) -> Self {
        Self::new(Kind::Rejected, t, t.rejected_subject, t.rejected_lead)
    }

    pub fn banned(t: &'static Texts) -> Self {
        Self::new(Kind::Banned, t, t.banned_subject, t.banned_lead)
    }

    pub fn method_changed(t: &'static Texts, kind: method::Kind) -> Self {
        Self::new(Kind::Method, t, t.method_subject, t.method_lead)
            .with("method", method_name(t, kind))
            .note(t.method_note)
            .leads_to_page()
    }

    pub fn digest(t: &'static Texts, told: &EarnedSince) -> Self {
        let sums: Vec<String> =
            told.sums.iter().map(|(currency, _, sum)| t.amount(*sum, *currency)).collect();
        let count: i64 = told.sums.iter().map(|(_, count, _)| *count).sum();
        let mut letter = Self::new(Kind::Digest, t, t.digest_subject, t.digest_lead)
            .with("amount", sums.join(" + "))
            .note(t.digest_note)
            .leads_to_page();
        for (at, amount, currency) in &told.latest {
            letter = letter.row(&t.day(*at), t.amount(*amount, *currency));
        }
        // One commission is its own sum.
        if count > 1 {
            letter = letter.row(t.digest_count, count.to_string()).row(t.digest_sum, sums.join(" + "));
        }
        letter
    }

    pub fn paid(t: &'static Texts, row: &PayoutRow) -> Self {
        Self::new(Kind::Payout, t, t.payout_subject, t.payout_lead)
            .with("amount", t.amount(row.payout.amount, row.payout.currency))
            .with("from", t.day(row.period.0))
            .with("to", t.day(row.period.1))
            .row(t.paid_by, method_name(t, row.method.kind()))
            .row(t.commissions, row.commissions.to_string())
            .note(t.period)
            .leads_to_page()
    }

    pub fn failed(t: &'static Texts, row: &PayoutRow) -> Self {
        Self::new(Kind::Failed, t, t.failed_subject, t.failed_lead)
            .with("amount", t.amount(row.payout.amount, row.payout.currency))
            .row(t.paid_by, method_name(t, row.method.kind()))
            .leads_to_page()
    }

    /// Of a month, with what it comes to in each currency.
    pub fn statement(t: &'static Texts, (year, month): (i64, i64), parts: &[CurrencyStatement]) -> Self {
        let mut letter = Self::new(Kind::Statement, t, t.statement_subject, t.statement_lead)
            .with("month", t.month_of(year, month))
            .leads_to_page();
        for part in parts {
            let Ok(currency) = Currency::parse_unit(&part.currency) else { continue };
            for (label, sum, always) in figures(t, part) {
                if always || sum != 0 {
                    letter = letter.row(label, t.amount(sum, currency));
                }
            }
        }
        letter
    }

    /// On an order, with what the vendor says about it.
    pub fn claim(t: &'static Texts, order: &str, granted: bool, note: Option<&str>) -> Self {
        let letter = if granted {
            Self::new(Kind::Granted, t, t.granted_subject, t.granted_lead)
        } else {
            Self::new(Kind::Refused, t, t.refused_subject, t.refused_lead)
        };
        let letter = letter.with("order", order).leads_to_page();
        match note {
            Some(note) => letter.with("note", note).note(t.vendor_says),
            None => letter,
        }
    }

    /// On a request to a fund or a claim on one, or on a redemption: what it is for, how much, and what the vendor says about it.
    pub fn fund(
        t: &'static Texts,
        kind: Kind,
        title: &str,
        (amount, currency): (i64, Currency),
        note: Option<&str>,
    ) -> Self {
        let lead = match kind {
            Kind::FundApproved => t.fund_approved,
            Kind::FundPaid => t.fund_paid,
            Kind::Redeemed => t.redeemed,
            Kind::RedemptionRefused => t.redemption_refused,
            _ => t.fund_refused,
        };
        let letter = Self::new(kind, t, t.fund_subject, lead)
            .with("title", title)
            .with("amount", t.amount(amount, currency))
            .leads_to_page();
        match note {
            Some(note) => letter.with("note", note).note(t.vendor_says),
            None => letter,
        }
    }

    /// On a change of level: which it is now; empty is none.
    pub fn level(t: &'static Texts, kind: Kind, level: &str) -> Self {
        let lead = match kind {
            Kind::LevelUp => t.level_up,
            _ if level.is_empty() => t.level_ended,
            _ => t.level_down,
        };
        Self::new(kind, t, t.level_subject, lead).with("title", level).leads_to_page()
    }

    /// On a registered deal, on content, or on how a sale is shared: which, and what is said about it.
    pub fn told(t: &'static Texts, kind: Kind, title: &str, note: Option<&str>) -> Self {
        let (subject, lead) = match kind {
            Kind::DealApproved => (t.deal_subject, t.deal_approved),
            Kind::DealAsked => (t.deal_subject, t.deal_asked),
            Kind::DealRefused => (t.deal_subject, t.deal_refused),
            Kind::ContentGranted => (t.content_subject, t.content_granted),
            Kind::ContentRefused => (t.content_subject, t.content_refused),
            Kind::SplitProposed => (t.split_subject, t.split_proposed),
            Kind::SplitApproved => (t.split_subject, t.split_approved),
            _ => (t.split_subject, t.split_refused),
        };
        let letter = Self::new(kind, t, subject, lead).with("title", title).leads_to_page();
        match note {
            Some(note) => letter.with("note", note).note(t.vendor_says),
            None => letter,
        }
    }

    /// Writes it out. `page` is the partner's page at the vendor's.
    pub fn written(
        &self,
        language: Language,
        program: &str,
        name: &str,
        page: &str,
    ) -> Result<Written, Error> {
        let mut values: Vec<(&str, &str)> = vec![("program", program), ("name", name)];
        values.extend(self.values.iter().map(|(word, value)| (*word, value.as_str())));
        let fill = |text: &str| text::fill(text, &values);
        let (direction, start, end) = sides(language);
        let button = self.button.as_ref();
        let shown = Page {
            language: language.tag(),
            direction,
            start,
            end,
            program: program.to_owned(),
            subject: one_line(&fill(self.subject)),
            greeting: fill(self.texts.greeting),
            paragraphs: vec![capital(&fill(self.lead))],
            lead: capital(&fill(self.lead)),
            rows: self.rows.clone(),
            notes: self.notes.iter().map(|note| capital(&fill(note))).collect(),
            button: button
                .map(|(label, address)| (*label, address.clone().unwrap_or_else(|| page.to_owned()))),
            copy: self.texts.copy,
            colon: self.texts.colon,
            footer: fill(self.texts.footer),
            decline: self.decline.clone().map(|address| (self.texts.unsubscribe, address)),
        };
        render(shown, self.decline.clone())
    }
}

/// A mail in the words of whoever had it sent: paragraphs between empty lines, each with its lines as they are.
pub struct Note<'a> {
    pub language: Language,
    /// In whose name it is sent.
    pub sender: &'a str,
    pub subject: &'a str,
    pub body: &'a str,
    /// A button's label and address.
    pub button: Option<(&'static str, String)>,
    /// Why it is sent.
    pub footer: String,
}

impl Note<'_> {
    /// Writes it out.
    pub fn written(self) -> Result<Written, Error> {
        let (direction, start, end) = sides(self.language);
        let body = self.body.replace("\r\n", "\n");
        let paragraphs = body.split("\n\n").map(|part| part.trim_matches('\n').to_owned());
        let paragraphs: Vec<String> = paragraphs.filter(|part| !part.trim().is_empty()).collect();
        let texts = text::of(self.language);
        render(
            Page {
                language: self.language.tag(),
                direction,
                start,
                end,
                program: self.sender.to_owned(),
                subject: one_line(self.subject),
                greeting: String::new(),
                lead: paragraphs.first().cloned().unwrap_or_default(),
                paragraphs,
                rows: Vec::new(),
                notes: Vec::new(),
                button: self.button,
                copy: texts.copy,
                colon: texts.colon,
                footer: self.footer,
                decline: None,
            },
            None,
        )
    }
}

/// The direction of a language, where its lines begin, and where they end.
fn sides(language: Language) -> (&'static str, &'static str, &'static str) {
    if language.is_rtl() { ("rtl", "right", "left") } else { ("ltr", "left", "right") }
}

fn render(page: Page, decline: Option<String>) -> Result<Written, Error> {
    let failed = |e: askama::Error| Error::internal(format!("a mail: {e}"));
    Ok(Written {
        text: Text { mail: &page }.render().map_err(failed)?,
        html: Html { mail: &page }.render().map_err(failed)?,
        subject: page.subject,
        decline,
    })
}

/// What a month comes to: labels, minor units, and whether nothing is worth telling.
fn figures(t: &'static Texts, part: &CurrencyStatement) -> [(&'static str, i64, bool); 5] {
    let sum = |of: &[&str]| {
        let lines = part.lines.iter().filter(|line: &&StatementLine| of.contains(&line.what.as_str()));
        lines.map(|line| line.amount).sum::<i64>()
    };
    [
        (t.earned, sum(&["credited", "restored"]), true),
        (t.taken_back, sum(&["taken_back", "voided"]), false),
        (t.paid, sum(&["paid"]) - sum(&["returned"]), true),
        (t.on_hold, part.closing.held, false),
        (t.payable, part.closing.payable + part.closing.clawback, true),
    ]
}

fn method_name(t: &'static Texts, kind: method::Kind) -> &'static str {
    match kind {
        method::Kind::PayPal => t.paypal,
        method::Kind::Wise => t.wise,
        method::Kind::Sepa => t.sepa,
        method::Kind::GiftCard => t.gift_card,
        method::Kind::CreditNote => t.credit_note,
        method::Kind::Manual => t.manual,
    }
}

/// With a capital letter: a lead follows the greeting, which ends with a comma in some languages and not in others.
fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + letters.as_str())
}

/// A subject is one line, whatever a program or an order is called.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::preview;
    use super::*;

    #[test]
    fn words_name_one_kind() {
        for kind in Kind::ALL {
            assert_eq!(Kind::parse(kind.word()), Some(*kind));
        }
        assert_eq!(Kind::parse("spam"), None);
    }

    /// The console offers a preview of every mail there is.
    #[test]
    fn the_wire_names_every_kind() {
        let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.word()).collect();
        assert_eq!(words, goodword_wire::MAILS);
    }

    #[test]
    fn every_mail_is_whole_in_every_language() {
        for kind in Kind::ALL {
            for (language, tag) in Language::ALL {
                let mail = preview::of(*kind, language).unwrap();
                for part in [&mail.subject, &mail.text, &mail.html] {
                    assert!(!part.contains(['{', '}']) || part == &mail.html, "{tag}, {kind:?}: {part}");
                    assert!(part.contains("Friends of Tea"), "{tag}, {kind:?}: {part}");
                }
                assert!(mail.html.contains(&format!("lang=\"{tag}\"")), "{tag}, {kind:?}");
                assert_eq!(mail.html.contains("dir=\"rtl\""), language.is_rtl(), "{tag}, {kind:?}");
                assert_eq!(mail.decline.is_some(), kind.can_be_declined(), "{tag}, {kind:?}");
                assert_eq!(mail.text.contains("/mail/decline"), kind.can_be_declined(), "{tag}, {kind:?}");
            }
        }
    }

    #[test]
    fn a_vendors_own_words_keep_their_paragraphs_and_lines() {
        let note = Note {
            language: Language::En,
            sender: "Friends of Tea",
            subject: "You are\ngold",
            body: "Dear <Maya>,\n\nten sales:\r\none more & you win.\n\n\n",
            button: None,
            footer: "Because you are gold.".into(),
        };
        let mail = note.written().unwrap();
        assert_eq!(mail.subject, "You are gold");
        assert!(mail.text.starts_with("Dear <Maya>,\n\nten sales:\none more & you win.\n"), "{}", mail.text);
        assert!(
            mail.text.trim_end().ends_with("-- \nFriends of Tea\nBecause you are gold."),
            "{}",
            mail.text
        );
        assert_eq!(mail.html.matches("white-space:pre-line").count(), 2, "{}", mail.html);
        assert!(mail.html.contains(">ten sales:\none more &#38; you win.</p>"), "{}", mail.html);
        assert!(!mail.html.contains("<Maya>"), "{}", mail.html);
    }

    /// What others chose stays text.
    #[test]
    fn names_are_escaped() {
        let t = super::super::texts(Language::En);
        let letter = Letter::claim(t, "<b>1</b>", false, Some("{program} & \"more\""));
        let mail =
            letter.written(Language::En, "A<script>", "Maya\r\nBcc: x", "https://shop.example/").unwrap();
        assert!(!mail.html.contains("<script>") && !mail.html.contains("<b>1"), "{}", mail.html);
        assert!(mail.text.contains("They say: {program} & \"more\""), "{}", mail.text);
        assert_eq!(mail.subject.lines().count(), 1);
    }
}
