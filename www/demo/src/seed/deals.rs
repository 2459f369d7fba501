//! Those who sell tea to hotels: a program of registered deals and of what is settled by periods, with some of each.

use super::send;
use crate::{Failure, Goodword};
use goodword_wire::{
    AttainmentTerms, BonusTerms, MultipleTerms, Partner, PartnerInput, Program, ProgramInput, Registration,
    RegistrationInput, RegistrationStepInput, RegistrationTerms, Reward, SaleInput, SaleItem, SaleOutput,
    SettlementTerms, StageTerms, TargetTerms, TierStep, Tiers,
};
use jiff::{SignedDuration, Timestamp};

/// Name, address, code; and what each has sold to whom this quarter, minor units.
const RESELLERS: [(&str, &str, &str, [i64; 2]); 3] = [
    ("Bergfried Supplies", "sales@bergfried.example", "BERGFRIED", [1_966_000, 120_000]),
    ("Nordlicht Trading", "tea@nordlicht.example", "NORDLICHT", [640_000, 210_000]),
    ("Casa Verde", "ventas@casaverde.example", "CASAVERDE", [180_000, 95_000]),
];

/// Who registered whom, what is expected, and what became of it.
const DEALS: [(usize, &str, &str, i64, &[&str]); 6] = [
    (0, "Hotel Edelweiss", "edelweiss.example", 2_000_000, &["approve", "advance"]),
    (0, "Seeblick Spa", "seeblick.example", 850_000, &["approve", "win"]),
    (1, "Rail & Sleep Ltd.", "railandsleep.example", 4_200_000, &[]),
    (1, "Fjord Cruises", "fjordcruises.example", 9_000_000, &["ask"]),
    (2, "Refugio Alto", "refugioalto.example", 300_000, &["approve", "lose"]),
    (2, "Hotel Edelweiss", "buying@edelweiss.example", 1_500_000, &[]),
];

/// Makes the program, its partners, their sales and their deals.
pub async fn add(goodword: &Goodword, shop: &str, now: Timestamp) -> Result<(), Failure> {
    let program: Program = goodword.post("/v1/programs", &resellers(shop, now)).await?;
    let mut partners = Vec::with_capacity(RESELLERS.len());
    for (name, email, code, sold) in RESELLERS {
        let input = PartnerInput {
            name: Some(name.to_owned()),
            email: Some(email.to_owned()),
            code: Some(code.to_owned()),
            program_id: Some(program.id.clone()),
            ..PartnerInput::default()
        };
        partners.push(goodword.post::<Partner>("/v1/partners", &input).await?.id);
        for (place, amount) in sold.into_iter().enumerate() {
            sell(goodword, &program.id, code, place, amount).await?;
        }
    }
    for (who, name, contact, amount, steps) in DEALS {
        let input = RegistrationInput {
            program_id: Some(program.id.clone()),
            partner_id: Some(partners[who].clone()),
            customer_name: Some(name.to_owned()),
            contact: Some(contact.to_owned()),
            amount: Some(amount),
            note: None,
        };
        // The last one is of a customer somebody has: it is taken as the second.
        let deal: Registration = goodword.post("/v1/registrations", &input).await?;
        for step in steps {
            let input = RegistrationStepInput {
                step: Some((*step).to_owned()),
                stage: (*step == "advance").then(|| "Tasting held".to_owned()),
                note: (*step == "ask").then(|| "Who decides about the menu?".to_owned()),
                ..RegistrationStepInput::default()
            };
            let path = format!("/v1/registrations/{}/step", deal.id);
            let _: Registration = goodword.post(&path, &input).await?;
        }
    }
    Ok(())
}

async fn sell(
    goodword: &Goodword,
    program: &str,
    code: &str,
    place: usize,
    amount: i64,
) -> Result<(), Failure> {
    let sale = SaleInput {
        customer_external_id: Some(format!("hotel-{code}-{place}")),
        customer_name: Some(format!("Hotel {} of {code}", place + 1)),
        program_id: Some(program.to_owned()),
        code: Some(code.to_owned()),
        amount: Some(amount),
        invoice_id: Some(format!("WH-{code}-{place}")),
        items: Some(vec![SaleItem {
            product: Some("samovar".to_owned()),
            plan: None,
            quantity: Some(i64::try_from(place).unwrap_or(0) + 2),
            amount,
        }]),
        // Every second one is a contract for three years.
        metadata: serde_json::json!({ "mrr": amount / 36, "termMonths": 36 })
            .as_object()
            .cloned()
            .filter(|_| place == 1),
        ..SaleInput::default()
    };
    goodword.post::<SaleOutput>("/v1/track/sale", &sale).await.map(drop)
}

fn resellers(shop: &str, now: Timestamp) -> ProgramInput {
    let reward = Reward {
        event: "sale".to_owned(),
        kind: "percentage".to_owned(),
        percentage: Some("4".to_owned()),
        ..Reward::default()
    };
    let stage = |name: &str, amount| StageTerms { name: name.to_owned(), amount };
    ProgramInput {
        name: Some("Alpine Tea Resellers".to_owned()),
        url: Some(format!("{shop}/")),
        currency: Some("usd".to_owned()),
        rewards: Some(vec![reward]),
        registrations: Some(RegistrationTerms {
            protection_days: Some(60),
            conflict: Some("half".to_owned()),
            stages: vec![stage("Tasting held", 20_000), stage("Offer sent", 30_000)],
            bonus: Some(BonusTerms {
                percentage: Some("3".to_owned()),
                cap: Some(500_000),
                ..BonusTerms::default()
            }),
            ..RegistrationTerms::default()
        }),
        settlements: Some(vec![rebate(), target(), promotion(now), contracts(now)]),
        ..ProgramInput::default()
    }
}

fn rebate() -> SettlementTerms {
    let step =
        |from, percentage: &str| TierStep { from, amount: None, percentage: Some(percentage.to_owned()) };
    SettlementTerms {
        key: "volume".to_owned(),
        name: Some("Quarterly volume".to_owned()),
        period: Some("quarter".to_owned()),
        tiers: Some(Tiers {
            mode: "retroactive".to_owned(),
            steps: vec![step(1_000_000, "2"), step(2_000_000, "3")],
            ..Tiers::default()
        }),
        ..SettlementTerms::default()
    }
}

fn target() -> SettlementTerms {
    let step = |from, percentage: &str| AttainmentTerms { from, percentage: percentage.to_owned() };
    SettlementTerms {
        key: "sell-through".to_owned(),
        name: Some("Sell-through against target".to_owned()),
        period: Some("quarter".to_owned()),
        target: Some(TargetTerms {
            plus: Some("10".to_owned()),
            floor: Some(500_000),
            cap: Some(3_000_000),
            mode: "retroactive".to_owned(),
            steps: vec![step(100, "1"), step(120, "2")],
            ..TargetTerms::default()
        }),
        ..SettlementTerms::default()
    }
}

/// From two weeks ago on, for six weeks.
fn window(now: Timestamp) -> (Option<String>, Option<String>) {
    let at = |days: i64| Some(send::instant((now + SignedDuration::from_hours(24 * days)).as_millisecond()));
    (at(-14), at(28))
}

fn promotion(now: Timestamp) -> SettlementTerms {
    let (starts_at, ends_at) = window(now);
    let step = |from, amount| TierStep { from, amount: Some(amount), percentage: None };
    SettlementTerms {
        key: "samovars".to_owned(),
        name: Some("Samovars sold".to_owned()),
        starts_at,
        ends_at,
        products: vec!["samovar".to_owned()],
        tiers: Some(Tiers {
            mode: "marginal".to_owned(),
            measure: Some("quantity".to_owned()),
            steps: vec![step(1, 2_500), step(4, 4_000), step(7, 6_000)],
            ..Tiers::default()
        }),
        ..SettlementTerms::default()
    }
}

fn contracts(now: Timestamp) -> SettlementTerms {
    let (starts_at, ends_at) = window(now);
    let row = |months, times: &str| MultipleTerms { months, deals: None, times: times.to_owned() };
    SettlementTerms {
        key: "contracts".to_owned(),
        name: Some("Contracts signed".to_owned()),
        starts_at,
        ends_at,
        multiples: Some(vec![row(12, "2"), row(36, "4")]),
        ..SettlementTerms::default()
    }
}
