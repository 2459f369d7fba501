//! A fund of each kind with money in it, requests that wait and claims that were paid, so that every page about funds has
//! something to show.

use crate::{Failure, Goodword};
use goodword_wire::{
    Fund, FundAccrual, FundClaim, FundClaimDecisionInput, FundClaimInput, FundDecisionInput, FundGate,
    FundInstalments, FundLot, FundLotInput, FundPurchase, FundPurchaseInput, FundRequest, FundRequestInput,
    FundTranche, Program, TierStep,
};
use jiff::{SignedDuration, Timestamp};

/// The funds of the program: market development, co-op, solution development, embedded people.
pub fn all() -> Vec<Fund> {
    let step = |from: i64, percentage: &str| TierStep {
        from,
        percentage: Some(percentage.to_owned()),
        ..TierStep::default()
    };
    let half = |name: &str| Fund { name: name.to_owned(), share: Some("50".to_owned()), ..Fund::default() };
    let accrual = FundAccrual {
        mode: "retroactive".to_owned(),
        period: Some("year".to_owned()),
        sales: false,
        steps: vec![step(0, "3"), step(750_000, "4"), step(2_500_000, "5")],
    };
    let first = FundTranche {
        name: "First customers".to_owned(),
        reaches: Some(5_000_000),
        pays: Some(40_000_000),
        ..FundTranche::default()
    };
    let rest = FundTranche {
        name: "In the market".to_owned(),
        reaches_share: Some("20".to_owned()),
        ..FundTranche::default()
    };
    let gate = FundGate { name: "Tastings of the plan".to_owned(), at_least: "70".to_owned() };
    let shared = Some("shared".to_owned());
    vec![
        Fund { lots_end: Some("year".to_owned()), ..half("Market development") },
        Fund { accrual: Some(accrual), lot_days: Some(365), ..half("Co-op") },
        Fund {
            scope: shared.clone(),
            share: Some("20".to_owned()),
            max_request: Some(200_000_000),
            tranches: Some(vec![first, rest]),
            ..half("Solution development")
        },
        Fund {
            scope: shared,
            instalments: Some(FundInstalments { period: "quarter".to_owned(), gate: Some(gate) }),
            ..half("Embedded people")
        },
    ]
}

/// Puts money in, asks, approves and claims for a partner.
pub async fn fill(
    goodword: &Goodword,
    program: &Program,
    partner: &str,
    now: Timestamp,
) -> Result<(), Failure> {
    let ids: Vec<String> = program.funds.iter().filter_map(|fund| fund.id.clone()).collect();
    let [development, coop, solution, people] = ids.as_slice() else { return Ok(()) };
    let desk = Desk { goodword, partner };
    for (fund, amount) in [(development, 5_000_000), (solution, 150_000_000), (people, 6_000_000)] {
        desk.put_in(fund, amount, None).await?;
    }
    desk.put_in(development, 2_000_000, Some(partner)).await?;
    let bought = FundPurchaseInput {
        partner_id: Some(partner.to_owned()),
        external_id: Some("R-1001".to_owned()),
        amount: Some(3_000_000),
        at: None,
    };
    let _: FundPurchase = goodword.post(&format!("/v1/funds/{coop}/purchases"), &bought).await?;
    let fair = desk.ask(development, "Stand at the tea fair", 1_000_000, None).await?;
    desk.approve(&fair).await?;
    desk.claim(&fair, FundClaimInput { cost: Some(840_000), ..FundClaimInput::default() }, true).await?;
    desk.ask(development, "Tasting in three bookshops", 240_000, None).await?;
    let kit = desk.ask(solution, "Tea bar for hotels", 500_000_000, None).await?;
    desk.approve(&kit).await?;
    desk.claim(&kit, FundClaimInput { reached: Some(5_200_000), ..FundClaimInput::default() }, false).await?;
    let begun = (now - SignedDuration::from_hours(24 * 120)).to_string();
    let head = desk.ask(people, "Tea host in Zermatt", 6_000_000, Some(begun)).await?;
    desk.approve(&head).await
}

/// Who acts for whom.
struct Desk<'a> {
    goodword: &'a Goodword,
    partner: &'a str,
}

impl Desk<'_> {
    async fn put_in(&self, fund: &str, amount: i64, to: Option<&str>) -> Result<(), Failure> {
        let input = FundLotInput {
            partner_id: to.map(str::to_owned),
            amount: Some(amount),
            note: Some("This year".to_owned()),
            ..FundLotInput::default()
        };
        self.goodword.post::<FundLot>(&format!("/v1/funds/{fund}/lots"), &input).await.map(drop)
    }

    async fn ask(
        &self,
        fund: &str,
        title: &str,
        cost: i64,
        from: Option<String>,
    ) -> Result<FundRequest, Failure> {
        let input = FundRequestInput {
            fund_id: Some(fund.to_owned()),
            partner_id: Some(self.partner.to_owned()),
            title: Some(title.to_owned()),
            cost: Some(cost),
            starts_at: from,
            ..FundRequestInput::default()
        };
        self.goodword.post("/v1/fund-requests", &input).await
    }

    async fn approve(&self, request: &FundRequest) -> Result<(), Failure> {
        let decision = FundDecisionInput { decision: Some("approved".to_owned()), ..Default::default() };
        let path = format!("/v1/fund-requests/{}/decide", request.id);
        self.goodword.post::<FundRequest>(&path, &decision).await.map(drop)
    }

    async fn claim(
        &self,
        request: &FundRequest,
        claim: FundClaimInput,
        is_paid: bool,
    ) -> Result<(), Failure> {
        let claim = FundClaimInput { request_id: Some(request.id.clone()), ..claim };
        let filed: FundClaim = self.goodword.post("/v1/fund-claims", &claim).await?;
        if is_paid {
            let decision = FundClaimDecisionInput { decision: Some("paid".to_owned()), ..Default::default() };
            let path = format!("/v1/fund-claims/{}/decide", filed.id);
            let _: FundClaim = self.goodword.post(&path, &decision).await?;
        }
        Ok(())
    }
}
