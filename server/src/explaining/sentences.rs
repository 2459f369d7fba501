//! Sentences for why a touchpoint counted or not, and for why an event was credited as it was.

use super::unreported::{COMPLETED, GIVEN, VISITED};
use crate::error::Error;
use crate::time::{self, show};
use goodword_domain::attribution::{Bar, HALF_LIFE_DAYS, Kind, Model, Reason, Verdict};
use goodword_domain::id::PartnerId;
use goodword_domain::split::largest_remainder;
use goodword_domain::time::Instant;
use goodword_wire::{Grounds, PartnerRef, Touchpoint};
use std::collections::HashMap;

/// Reasons of an event that attribution does not know of.
pub const OWN_REASONS: [&str; 3] = ["unknown_click", "nothing_paid", "no_reward_applies"];

/// The whole of a credit, in ten-thousandths of a percent.
const WHOLE: i64 = 1_000_000;

/// Who reads: a partner learns nothing about other partners but that there are some.
#[derive(Clone, Copy, Debug)]
pub enum Reader<'a> {
    Vendor,
    Partner(&'a PartnerId),
}

/// An event, as sentences speak of it.
pub struct Telling<'a> {
    pub reader: Reader<'a>,
    /// `sale`, `sign-up`, `click` or `bonus`.
    pub event: &'static str,
    pub at: Instant,
    pub touchpoints: &'a [Touchpoint],
    pub grounds: &'a Grounds,
    /// The codes of links, by their ids.
    pub codes: &'a HashMap<String, String>,
}

impl Telling<'_> {
    /// Why a touchpoint counted or not.
    pub fn verdict(&self, t: &Touchpoint) -> Result<String, Error> {
        let verdict = Verdict::parse(&t.verdict).ok_or_else(|| unknown("verdict", &t.verdict))?;
        Ok(match verdict {
            Verdict::Credited => self.credited(t),
            Verdict::LaterTouchWon => {
                format!("Under `last_touch` the latest that counts wins, and {} came later.", self.winner())
            }
            Verdict::EarlierTouchWon => {
                format!(
                    "Under `first_touch` the earliest that counts wins, and {} came earlier.",
                    self.winner()
                )
            }
            Verdict::Outranked(kind) => self.outranked(kind, t),
            Verdict::Faded => self.faded(t),
            Verdict::BindingWon => self.binding_won(),
            Verdict::OutsideWindow => self.outside_window(t),
            Verdict::AfterTheEvent => {
                format!("It came only after the {}, which was at {}.", self.event, show(self.at))
            }
            Verdict::ExistingCustomer => {
                "Only new customers can be referred in this program, and this one had bought before.".into()
            }
            Verdict::Barred(bar) => self.barred(bar, t),
        })
    }

    /// Why the event was credited as it was.
    pub fn reason(&self, word: &str) -> Result<String, Error> {
        match word {
            "unknown_click" => {
                return Ok("Not credited: the click id that was sent with it is unknown, and nothing else tells who \
                           referred the customer."
                    .into());
            }
            "nothing_paid" => {
                return Ok(format!(
                    "Nothing was paid, so nothing is earned; it was brought by {}.",
                    self.names()
                ));
            }
            "no_reward_applies" => {
                return Ok(format!(
                    "It was brought by {}, but no reward of the program applies to it.",
                    self.names()
                ));
            }
            VISITED => {
                return Ok(format!(
                    "Credited to {}: the visit came by the link, and is paid by itself.",
                    self.names()
                ));
            }
            COMPLETED => return Ok(format!("Credited to {}, who has completed it.", self.names())),
            GIVEN => return Ok(format!("Credited to {}: the vendor gave it, for no event.", self.names())),
            _ => {}
        }
        let reason = Reason::parse(word).ok_or_else(|| unknown("reason", word))?;
        Ok(match reason {
            Reason::Named => format!("Credited to {}: so the vendor named with the {}.", self.names(), self.event),
            Reason::Registered => format!("Credited to {}: the deal was registered.", self.names()),
            Reason::CodeTyped => format!("Credited to {}: a code was given, which comes before a click.", self.names()),
            Reason::FormFilled => {
                format!("Credited to {}: a form was filled in, which comes before a click.", self.names())
            }
            Reason::ByModel(model) => format!("Credited to {}: {}.", self.names(), self.by(model)),
            Reason::Bound => format!("Credited to {}: the customer was bound before.", self.names()),
            Reason::NoTouchpoint => {
                "Not credited: no click, code or form is known that would tell who referred the customer.".into()
            }
            Reason::OutsideWindow | Reason::AfterTheEvent | Reason::Barred(_) => {
                format!("Not credited. {}", self.nearest(word)?)
            }
            Reason::ExistingCustomer => {
                "Not credited: only new customers can be referred in this program, and this one had bought before.".into()
            }
        })
    }

    /// A touchpoint of another partner, as a partner is told of it.
    pub fn other(&self, t: &Touchpoint) -> Result<String, Error> {
        let verdict = Verdict::parse(&t.verdict).ok_or_else(|| unknown("verdict", &t.verdict))?;
        let what = capital(&self.told(t));
        Ok(match verdict {
            Verdict::Credited => format!("{what} has {} of the credit.", self.share_told(t)),
            _ => format!("{what} did not count."),
        })
    }

    /// What is called so by the reader: a partner reads of himself or herself, and of others without their names.
    pub fn name(&self, partner: &PartnerRef) -> String {
        match self.reader {
            Reader::Vendor => partner.name.clone(),
            Reader::Partner(id) if id.as_str() == partner.id => "you".into(),
            Reader::Partner(_) => "another partner".into(),
        }
    }

    /// Whoever is credited, with the shares where there are several.
    fn names(&self) -> String {
        let mut sharers: Vec<(&PartnerRef, i64)> = Vec::new();
        for (t, share) in self.touchpoints.iter().zip(parts(self.touchpoints)).filter(|(t, _)| t.weight > 0) {
            match sharers.iter_mut().find(|(partner, _)| partner.id == t.partner.id) {
                Some((_, sum)) => *sum += share,
                None => sharers.push((&t.partner, share)),
            }
        }
        let alone = sharers.len() == 1;
        let told = sharers.iter().map(|(partner, share)| {
            if alone { self.name(partner) } else { format!("{} ({} %)", self.name(partner), percent(*share)) }
        });
        let told: Vec<String> = told.collect();
        if told.is_empty() { "nobody".into() } else { told.join(" and ") }
    }

    fn credited(&self, t: &Touchpoint) -> String {
        let ranked = "which comes before a click";
        let because = match t.kind.as_str() {
            "binding" => format!("the customer was bound at {}", t.at),
            "manual" if self.event == "bonus" => "the vendor gave it".into(),
            "click" if self.event == "click" => "the visit came by this link".into(),
            "manual" => format!("the vendor named {} with the {}", self.name(&t.partner), self.event),
            "registration" => "the deal was registered, which comes before a code and a click".into(),
            "code" => format!("{} was given, {ranked}", self.told(t)),
            "form" => format!("{} was filled in, {ranked}", self.told(t)),
            _ => self.by_its_model(),
        };
        let shared = self.winners().count() > 1 && !["binding", "manual", "click"].contains(&t.kind.as_str());
        let model = if shared { format!("; {}", self.by_its_model()) } else { String::new() };
        format!("It has {} of the credit: {because}{model}.", self.share_told(t))
    }

    fn by_its_model(&self) -> String {
        Model::parse(&self.grounds.attribution_model)
            .map_or_else(|_| "it counts".into(), |model| self.by(model))
    }

    fn by(&self, model: Model) -> String {
        let n = self.winners().count();
        match model {
            Model::LastTouch => "under `last_touch` the latest that counts wins".into(),
            Model::FirstTouch => "under `first_touch` the earliest that counts wins".into(),
            Model::Linear => format!("`linear` gives each touchpoint that counts the same, and {n} counted"),
            Model::PositionBased => format!(
                "`position_based` gives 40 % to the first, 40 % to the last and 20 % to those between (all to one alone, half \
                 each to two), and {n} counted"
            ),
            Model::TimeDecay => format!(
                "`time_decay` halves a touchpoint's weight for every {HALF_LIFE_DAYS} days that it is older than the latest"
            ),
        }
    }

    fn outranked(&self, kind: Kind, t: &Touchpoint) -> String {
        let order = match kind {
            Kind::Click | Kind::Form | Kind::Code => "a code and a form come before a click",
            Kind::Registration => "a registered deal comes before a code and a click",
            Kind::Manual => "whom the vendor names comes before everything else",
        };
        let yet =
            if t.kind == "binding" { ", as long as the customer has earned nobody anything" } else { "" };
        format!("{} won: {order}{yet}.", capital(&self.winner()))
    }

    fn faded(&self, t: &Touchpoint) -> String {
        let latest = self.winners().map(|winner| winner.at.as_str()).max();
        let (latest, own) = (latest.and_then(|at| time::parse("at", at).ok()), time::parse("at", &t.at).ok());
        let older = latest.zip(own).map_or_else(|| "much".into(), |(latest, own)| span(latest.0 - own.0));
        format!(
            "It is {older} older than the latest touchpoint, and `time_decay`, which halves a weight for every \
             {HALF_LIFE_DAYS} days, leaves nothing of it."
        )
    }

    fn binding_won(&self) -> String {
        let bound = self.touchpoints.iter().find(|t| t.kind == "binding");
        let to = bound.map_or_else(String::new, |b| format!(" to {} since {}", self.name(&b.partner), b.at));
        format!("The customer has been bound{to}, and stays so whatever comes later.")
    }

    fn outside_window(&self, t: &Touchpoint) -> String {
        let w = &self.grounds.attribution_windows;
        let days = match t.kind.as_str() {
            "form" => w.form,
            "code" => w.code,
            "registration" => w.registration,
            _ => w.click,
        };
        let touched = time::parse("at", &t.at).ok();
        match (days, touched) {
            (Some(days), Some(touched)) => format!(
                "The {} came {} after it, at {}, and a {} counts for {days} days: it would have had to come before {}.",
                self.event,
                span(self.at.0 - touched.0),
                show(self.at),
                t.kind,
                show(touched.plus_days(days)),
            ),
            _ => format!("The {} came after the end of its window.", self.event),
        }
    }

    fn barred(&self, bar: Bar, t: &Touchpoint) -> String {
        match bar {
            Bar::NotApproved => {
                let name = capital(&self.name_and(&t.partner, "was", "were"));
                format!("{name} not approved in this program when the {} came.", self.event)
            }
            Bar::OtherProgram => "It belongs to another program, which credits its own partners.".into(),
            Bar::Bot => "It was made by a crawler, a preview or a prefetch, and by no person.".into(),
            Bar::NoConsent => {
                format!("The visitor had not consented, so that nothing ties it to the {}.", self.event)
            }
            Bar::SelfReferral => format!(
                "{} the customer as well, and this program does not pay for one's own purchases.",
                capital(&self.name_and(&t.partner, "is", "are"))
            ),
            Bar::Blocked => format!("A rule of the program blocked it.{}", self.signals()),
        }
    }

    /// What was found speaks of the buyer, too: it is for the vendor alone.
    fn signals(&self) -> String {
        let told = self.grounds.signals.iter().map(|signal| format!(" {}", signal.why));
        if matches!(self.reader, Reader::Vendor) { told.collect() } else { String::new() }
    }

    fn name_and(&self, partner: &PartnerRef, one: &str, you: &str) -> String {
        let name = self.name(partner);
        let verb = if name == "you" { you } else { one };
        format!("{name} {verb}")
    }

    /// The sentence of the latest touchpoint with this verdict: the one that came nearest.
    fn nearest(&self, verdict: &str) -> Result<String, Error> {
        let latest = self.touchpoints.iter().filter(|t| t.verdict == verdict).max_by(|a, b| a.at.cmp(&b.at));
        match latest {
            Some(t) => Ok(format!("{} came nearest. {}", capital(&self.told(t)), self.verdict(t)?)),
            None => Ok(format!("{}.", capital(&verdict.replace('_', " ")))),
        }
    }

    fn winners(&self) -> impl Iterator<Item = &Touchpoint> {
        self.touchpoints.iter().filter(|t| t.weight > 0)
    }

    fn winner(&self) -> String {
        let all: Vec<String> = self.winners().map(|t| format!("{} at {}", self.told(t), t.at)).collect();
        if all.is_empty() { "another touchpoint".into() } else { all.join(" and ") }
    }

    /// `Maya's click`, `your code MAYA27`, `another partner's form`.
    fn told(&self, t: &Touchpoint) -> String {
        let whose = match self.reader {
            Reader::Vendor => format!("{}'s", t.partner.name),
            Reader::Partner(id) if id.as_str() == t.partner.id => "your".into(),
            Reader::Partner(_) => "another partner's".into(),
        };
        let code =
            t.link_id.as_ref().and_then(|id| self.codes.get(id)).filter(|_| whose != "another partner's");
        match (t.kind.as_str(), code) {
            ("code", Some(code)) => format!("{whose} code `{code}`"),
            ("registration", _) => format!("{whose} registered deal"),
            ("manual", _) => format!("{}, whom the vendor named,", self.name(&t.partner)),
            (kind, _) => format!("{whose} {kind}"),
        }
    }

    fn share_told(&self, t: &Touchpoint) -> String {
        let place = self.touchpoints.iter().position(|other| std::ptr::eq(other, t));
        let share = place.and_then(|place| shares(self.touchpoints)[place].clone());
        share.filter(|share| share != "100").map_or_else(|| "the whole".into(), |share| format!("{share} %"))
    }
}

/// Each touchpoint's share of the credit in percent with at most four decimals; together they are 100, exactly.
pub fn shares(touchpoints: &[Touchpoint]) -> Vec<Option<String>> {
    let parts = parts(touchpoints);
    touchpoints.iter().zip(parts).map(|(t, part)| (t.weight > 0).then(|| percent(part))).collect()
}

fn parts(touchpoints: &[Touchpoint]) -> Vec<i64> {
    largest_remainder(WHOLE, &touchpoints.iter().map(|t| t.weight).collect::<Vec<_>>())
}

/// From ten-thousandths of a percent: `33.3333`, `40`.
fn percent(part: i64) -> String {
    let text = format!("{}.{:04}", part / 10_000, part % 10_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `45 days`, `1 day 2 hours`, `3 minutes`, from milliseconds; what is smaller is left out.
fn span(ms: i64) -> String {
    let count = |n: i64, unit: &str| format!("{n} {unit}{}", if n == 1 { "" } else { "s" });
    let (days, hours, minutes) = (ms / 86_400_000, ms / 3_600_000 % 24, ms / 60_000 % 60);
    match (days, hours) {
        (0, 0) => count(minutes, "minute"),
        (0, _) => count(hours, "hour"),
        (_, 0) => count(days, "day"),
        _ => format!("{} {}", count(days, "day"), count(hours, "hour")),
    }
}

/// With a capital letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn unknown(what: &str, word: &str) -> Error {
    Error::internal(format!("a stored {what} is `{word}`, which is none"))
}
