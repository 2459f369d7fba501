//! Those who serve the tea: an academy with points for courses, a catalogue, levels and a prize, and what some of them have done.

use crate::{Failure, Goodword};
use goodword_wire::{
    ArticleTerms, Caps, Completion, CompletionInput, LevelTerms, LevelsTerms, Partner, PartnerInput,
    PointsTerms, PrizeTerms, Program, ProgramInput, Redemption, RedemptionInput, RedemptionStepInput, Reward,
    SandboxClock, SandboxClockInput,
};

/// Name, address, code; and how many courses and certificates each has.
const STUDENTS: [(&str, &str, &str, usize, usize); 3] = [
    ("Teehaus Lindau", "team@teehaus.example", "LINDAU", 5, 4),
    ("Café Kontor", "hallo@kontor.example", "KONTOR", 3, 1),
    ("Salon de Thé Lyon", "bonjour@salon.example", "LYON", 1, 0),
];
const COURSES: [&str; 5] = ["Water", "Leaves", "Steeping", "Tasting", "Tea and food"];
const CERTIFICATES: [&str; 4] = ["Tea host", "Tea sommelier", "Green teas", "Oolongs"];

/// Makes the program, its partners, and what they learned and redeemed.
pub async fn add(goodword: &Goodword, shop: &str) -> Result<(), Failure> {
    let program: Program = goodword.post("/v1/programs", &academy(shop)).await?;
    let mut partners = Vec::with_capacity(STUDENTS.len());
    for (name, email, code, courses, certificates) in STUDENTS {
        let input = PartnerInput {
            name: Some(name.to_owned()),
            email: Some(email.to_owned()),
            code: Some(code.to_owned()),
            program_id: Some(program.id.clone()),
            ..PartnerInput::default()
        };
        let partner = goodword.post::<Partner>("/v1/partners", &input).await?.id;
        for course in &COURSES[..courses] {
            complete(goodword, &program.id, &partner, "Course completed", course).await?;
        }
        for certificate in &CERTIFICATES[..certificates] {
            complete(goodword, &program.id, &partner, "Certificate earned", certificate).await?;
        }
        partners.push(partner);
    }
    // Nothing is held in this program: a step of nothing lets the points come in.
    let step = SandboxClockInput { advance_days: Some(0), ..SandboxClockInput::default() };
    let _: SandboxClock = goodword.post("/v1/sandbox/clock", &step).await?;
    let done = redeem(goodword, &program.id, &partners[0], "gift-card").await?;
    let fulfil = RedemptionStepInput {
        step: Some("fulfil".to_owned()),
        reference: Some("TEA-2K9F-7QXA".to_owned()),
        ..RedemptionStepInput::default()
    };
    let _: Redemption = goodword.post(&format!("/v1/redemptions/{}/step", done.id), &fulfil).await?;
    redeem(goodword, &program.id, &partners[0], "tasting-set").await?;
    redeem(goodword, &program.id, &partners[1], "gift-card").await.map(drop)
}

async fn complete(
    goodword: &Goodword,
    program: &str,
    partner: &str,
    event: &str,
    badge: &str,
) -> Result<(), Failure> {
    let input = CompletionInput {
        program_id: Some(program.to_owned()),
        partner_id: Some(partner.to_owned()),
        event_name: Some(event.to_owned()),
        badge: Some(badge.to_owned()),
        ..CompletionInput::default()
    };
    goodword.post::<Completion>("/v1/completions", &input).await.map(drop)
}

async fn redeem(
    goodword: &Goodword,
    program: &str,
    partner: &str,
    article: &str,
) -> Result<Redemption, Failure> {
    let input = RedemptionInput {
        program_id: Some(program.to_owned()),
        partner_id: Some(partner.to_owned()),
        article: Some(article.to_owned()),
        note: None,
    };
    goodword.post("/v1/redemptions", &input).await
}

fn academy(shop: &str) -> ProgramInput {
    ProgramInput {
        name: Some("Tea Academy".to_owned()),
        url: Some(format!("{shop}/")),
        currency: Some("usd".to_owned()),
        hold_days: Some(0),
        rewards: Some(vec![
            reward("Course completed", 100, Some(500)),
            reward("Certificate earned", 250, None),
        ]),
        points: Some(PointsTerms { expire_days: Some(365), ..PointsTerms::default() }),
        catalogue: Some(vec![
            article("gift-card", "Gift card of 25.00", "gift_card", 500, None),
            article("tasting-set", "Tasting set with both our names", "material", 300, Some(12)),
        ]),
        levels: Some(LevelsTerms {
            period: Some("year".to_owned()),
            grace_days: Some(90),
            steps: vec![
                level("Sapphire", 300, None, false),
                level("Emerald", 1_000, Some("1.25"), false),
                level("Diamond", 1_500, Some("1.5"), true),
            ],
            ..LevelsTerms::default()
        }),
        prizes: Some(vec![PrizeTerms {
            key: "best-of-quarter".to_owned(),
            name: Some("Best of the quarter".to_owned()),
            period: "quarter".to_owned(),
            places: vec![500, 300, 200],
            ..PrizeTerms::default()
        }]),
        ..ProgramInput::default()
    }
}

fn reward(event: &str, points: i64, daily: Option<i64>) -> Reward {
    let caps =
        daily.map(|most| Caps { partner: Some(most), period: Some("day".to_owned()), ..Caps::default() });
    Reward {
        event: "custom".to_owned(),
        event_name: Some(event.to_owned()),
        kind: "flat".to_owned(),
        amount: Some(points),
        unit: Some("points".to_owned()),
        caps,
        ..Reward::default()
    }
}

fn article(key: &str, name: &str, kind: &str, price: i64, stock: Option<i64>) -> ArticleTerms {
    let (key, name, kind) = (key.to_owned(), name.to_owned(), kind.to_owned());
    ArticleTerms { key, name, kind, price, stock, per_partner: None }
}

fn level(name: &str, from: i64, times: Option<&str>, elite: bool) -> LevelTerms {
    LevelTerms { name: name.to_owned(), from, times: times.map(str::to_owned), elite }
}
