//! Fills the sandbox through the public API, as a vendor would who moves here from elsewhere: a program, partners, and six weeks
//! of clicks, sign-ups, orders and refunds, each with its own `timestamp`.

mod cast;
mod chance;
mod deals;
mod funds;
mod plan;
mod points;
mod send;

use crate::{Failure, Goodword};
use cast::{PARTNERS, WAITING};
use goodword_wire::{
    DecisionInput, JoinInput, JoinOutput, Origins, Partner, PartnerInput, Program, ProgramInput, Referred,
    Reward, SandboxClock, SandboxClockInput, Terms, WidgetSettings,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

const TERMS: &str = "2026-09";

/// What the sites need to know of what was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Story {
    /// The default program.
    pub program_id: String,
    /// The code of the blog's author.
    pub code: String,
    /// The key of that author's link.
    pub key: String,
}

/// Where to write and as whom.
#[derive(Clone, Debug)]
pub struct Target {
    /// Goodword's address.
    pub goodword: String,
    /// `sk_test_…`
    pub secret_key: String,
    /// `pk_test_…`
    pub publishable_key: String,
    /// The shop's address.
    pub shop: String,
    /// Origins whose pages may use the publishable key.
    pub origins: Vec<String>,
}

/// How far it is: events sent, events in all.
pub type Progress<'a> = &'a (dyn Fn(usize, usize) + Sync);

/// Makes everything. Must be run once on an empty sandbox: clicks have no name of their own and would double.
pub async fn fill(target: &Target, progress: Progress<'_>) -> Result<Story, Failure> {
    let goodword = Goodword::new(&target.goodword, &target.secret_key).patient();
    settle(target).await?;
    let clock: SandboxClock = goodword.get("/v1/sandbox/clock").await?;
    let now: Timestamp =
        clock.now.parse().map_err(|error: jiff::Error| Failure::Unreachable(error.to_string()))?;
    let program: Program = goodword.post("/v1/programs", &tea_list(&target.shop)).await?;
    let first = enroll(&goodword, &program.id, now).await?;
    funds::fill(&goodword, &program, &first.id, now).await?;
    hosts(&goodword, target).await?;
    deals::add(&goodword, &target.shop, now).await?;
    points::add(&goodword, &target.shop).await?;
    send::all(&goodword, &program.id, plan::plan(now.as_millisecond()), &target.shop, progress).await?;
    // A step of nothing lets the server release the holds that ended during the six weeks.
    let step = SandboxClockInput { advance_days: Some(0), ..SandboxClockInput::default() };
    let _: SandboxClock = goodword.post("/v1/sandbox/clock", &step).await?;
    let link = first.links.into_iter().next();
    let (code, key) = link.map_or_else(Default::default, |link| (link.code, link.key));
    Ok(Story { program_id: program.id, code, key })
}

/// What must be true at each start, also when the ports are others than last time.
pub async fn settle(target: &Target) -> Result<(), Failure> {
    let goodword = Goodword::new(&target.goodword, &target.secret_key).patient();
    let origins = Origins { origins: target.origins.clone() };
    goodword.put::<Origins>("/v1/origins", &origins).await.map(drop)
}

/// The program of the shop's page for partners.
fn tea_list(shop: &str) -> ProgramInput {
    ProgramInput {
        name: Some("Alpine Tea Partners".to_owned()),
        url: Some(format!("{shop}/")),
        currency: Some("usd".to_owned()),
        attribution_model: Some("last_touch".to_owned()),
        attribution_window_days: Some(60),
        hold_days: Some(30),
        min_payout: Some(5_000),
        auto_approve: Some(true),
        terms: Some(Terms { version: TERMS.to_owned(), url: format!("{shop}/partners/terms") }),
        rewards: Some(vec![bounty(500), share("20", Some(12))]),
        funds: Some(funds::all()),
        widget: Some(looks()),
        ..ProgramInput::default()
    }
}

/// What partners find in the widget besides their link.
fn looks() -> WidgetSettings {
    let texts = [
        "I drink this on every walk. Have a look: {link}",
        "Tea from where the trees give up. Say {code} at the checkout, or start here: {link}",
    ];
    WidgetSettings {
        leaderboard: Some("sales".to_owned()),
        payout_day: Some(15),
        share_texts: texts.map(str::to_owned).to_vec(),
        ..WidgetSettings::default()
    }
}

/// A second program, in which a person decides who may join.
fn mountain_hosts(shop: &str) -> ProgramInput {
    ProgramInput {
        name: Some("Mountain Hosts".to_owned()),
        attribution_model: Some("first_touch".to_owned()),
        attribution_window_days: Some(90),
        auto_approve: Some(false),
        rewards: Some(vec![share("12.5", None)]),
        funds: None,
        ..tea_list(shop)
    }
}

fn bounty(amount: i64) -> Reward {
    let credit = Referred { kind: "credit".to_owned(), code: None, amount: Some(300) };
    Reward {
        event: "lead".to_owned(),
        kind: "flat".to_owned(),
        amount: Some(amount),
        referred: Some(credit),
        ..Reward::default()
    }
}

fn share(percentage: &str, months: Option<i64>) -> Reward {
    Reward {
        event: "sale".to_owned(),
        kind: "percentage".to_owned(),
        percentage: Some(percentage.to_owned()),
        max_duration: months,
        ..Reward::default()
    }
}

/// Adds the partners in the order in which they joined, and answers the blog's author.
async fn enroll(goodword: &Goodword, program: &str, now: Timestamp) -> Result<Partner, Failure> {
    let mut made = Vec::with_capacity(PARTNERS.len());
    for person in &PARTNERS {
        let joined = now - SignedDuration::from_hours(24 * person.joined);
        let input = PartnerInput {
            name: Some(person.name.to_owned()),
            email: Some(person.email.to_owned()),
            code: Some(person.code.to_owned()),
            program_id: Some(program.to_owned()),
            timestamp: Some(send::instant(joined.as_millisecond())),
            ..PartnerInput::default()
        };
        made.push(goodword.post::<Partner>("/v1/partners", &input).await?);
    }
    Ok(made.swap_remove(0))
}

/// Three ask to be hosts, as a page would ask for them; one is turned down, two wait for the marketer.
async fn hosts(goodword: &Goodword, target: &Target) -> Result<(), Failure> {
    let program: Program = goodword.post("/v1/programs", &mountain_hosts(&target.shop)).await?;
    for [name, email, code] in WAITING {
        let input = JoinInput {
            name: Some(name.to_owned()),
            email: Some(email.to_owned()),
            code: Some(code.to_owned()),
            terms_accepted: Some(true),
            terms_version: Some(TERMS.to_owned()),
            page: Some(format!("{}/partners", target.shop)),
            program_id: Some(program.id.clone()),
            ..JoinInput::default()
        };
        let path = format!("/v1/embed/join?pk={}", target.publishable_key);
        let _: JoinOutput = goodword.post_from_page(&path, &target.shop, &input).await?;
    }
    let found: Vec<Partner> =
        goodword.get(&format!("/v1/partners?programId={}&search=cheapdealsdaily", program.id)).await?;
    let reason = "We do not work with coupon sites.".to_owned();
    for partner in found {
        let (partner_id, program_id) = (Some(partner.id), Some(program.id.clone()));
        let decision =
            DecisionInput { partner_id, program_id, reason: Some(reason.clone()), ..Default::default() };
        let _: Partner = goodword.post("/v1/partners/reject", &decision).await?;
    }
    Ok(())
}
