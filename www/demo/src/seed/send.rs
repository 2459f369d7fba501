//! Sends the story, several journeys at a time; within one, each event waits for the one that caused it.

use super::{
    Progress,
    cast::PARTNERS,
    plan::{Click, Journey, Lead, Sale},
};
use crate::{Failure, Goodword};
use goodword_wire::{
    ClickInput, ClickOutput, LeadInput, LeadOutput, RefundInput, RefundOutput, SaleInput, SaleOutput,
};
use jiff::Timestamp;
use std::{sync::Arc, time::Duration};
use tokio::task::JoinSet;

/// Enough to keep a server busy, few enough not to queue at the one writer of a database file.
const AT_ONCE: usize = 16;
const TRIES: u32 = 5;

/// Where the events go.
struct Channel {
    goodword: Goodword,
    program: String,
    shop: String,
}

/// Sends all journeys.
pub async fn all(
    goodword: &Goodword,
    program: &str,
    journeys: Vec<Journey>,
    shop: &str,
    progress: Progress<'_>,
) -> Result<(), Failure> {
    let channel = Channel { goodword: goodword.clone(), program: program.to_owned(), shop: shop.to_owned() };
    let channel = Arc::new(channel);
    let total = journeys.len();
    let mut running = JoinSet::new();
    let mut done = 0;
    for journey in journeys {
        if running.len() >= AT_ONCE {
            done += finished(&mut running).await?;
            progress(done, total);
        }
        let channel = channel.clone();
        running.spawn(async move { channel.send(&journey).await });
    }
    while !running.is_empty() {
        done += finished(&mut running).await?;
    }
    progress(done, total);
    Ok(())
}

async fn finished(running: &mut JoinSet<Result<(), Failure>>) -> Result<usize, Failure> {
    match running.join_next().await {
        Some(Ok(result)) => result.map(|()| 1),
        Some(Err(error)) => Err(Failure::Unreachable(error.to_string())),
        None => Ok(0),
    }
}

impl Channel {
    async fn send(&self, journey: &Journey) -> Result<(), Failure> {
        let mut click_id = None;
        if let Some(click) = &journey.click {
            let stored: ClickOutput = self.post("/v1/track/click", &self.click(click)).await?;
            click_id = Some(stored.click_id);
        }
        if let Some(lead) = &journey.lead {
            let _: LeadOutput = self.post("/v1/track/lead", &self.lead(lead, click_id)).await?;
        }
        for sale in &journey.sales {
            let _: SaleOutput = self.post("/v1/track/sale", &self.sale(sale)).await?;
            if let Some((at, amount)) = sale.refund {
                let _: RefundOutput = self.post("/v1/track/refund", &self.refund(sale, at, amount)).await?;
            }
        }
        Ok(())
    }

    /// Posts, and again a little later if the server is busy. A click sent twice is one click: it has the same visitor.
    async fn post<T: serde::de::DeserializeOwned>(
        &self,
        path: &str,
        body: &impl serde::Serialize,
    ) -> Result<T, Failure> {
        let mut wait = Duration::from_millis(200);
        for _ in 1..TRIES {
            match self.goodword.post(path, body).await {
                Err(Failure::Unreachable(_)) => tokio::time::sleep(wait).await,
                answer => return answer,
            }
            wait *= 2;
        }
        self.goodword.post(path, body).await
    }

    fn click(&self, click: &Click) -> ClickInput {
        let partner = &PARTNERS[click.partner];
        ClickInput {
            code: Some(partner.code.to_owned()),
            url: Some(format!("{}/?via={}", self.shop, partner.code)),
            referrer: Some(partner.referrer.to_owned()),
            visitor_id: Some(click.visitor.clone()),
            sub_id: Some(partner.posts[click.post].to_owned()),
            timestamp: Some(instant(click.at)),
            program_id: Some(self.program.clone()),
            ..ClickInput::default()
        }
    }

    fn lead(&self, lead: &Lead, click_id: Option<String>) -> LeadInput {
        LeadInput {
            click_id,
            event_name: Some("Sign up".to_owned()),
            customer_external_id: Some(lead.customer.clone()),
            customer_name: Some(lead.name.clone()),
            customer_email: Some(lead.email.clone()),
            timestamp: Some(instant(lead.at)),
            program_id: Some(self.program.clone()),
            ..LeadInput::default()
        }
    }

    fn sale(&self, sale: &Sale) -> SaleInput {
        SaleInput {
            customer_external_id: Some(sale.customer.clone()),
            amount: Some(sale.amount),
            currency: Some("usd".to_owned()),
            invoice_id: Some(sale.invoice.clone()),
            event_name: Some("Tea order".to_owned()),
            code: sale.code.map(|partner| PARTNERS[partner].code.to_owned()),
            timestamp: Some(instant(sale.at)),
            program_id: Some(self.program.clone()),
            ..SaleInput::default()
        }
    }

    fn refund(&self, sale: &Sale, at: i64, amount: i64) -> RefundInput {
        RefundInput {
            invoice_id: Some(sale.invoice.clone()),
            refund_id: Some(format!("RF-{}", sale.invoice)),
            amount: Some(amount),
            timestamp: Some(instant(at)),
            program_id: Some(self.program.clone()),
            ..RefundInput::default()
        }
    }
}

/// Milliseconds since 1970 as RFC 3339.
pub fn instant(at: i64) -> String {
    Timestamp::from_millisecond(at).unwrap_or_default().strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

#[cfg(test)]
mod tests {
    #[test]
    fn instants_have_milliseconds() {
        assert_eq!(super::instant(1_597_853_592_109), "2020-08-19T16:13:12.109Z");
    }
}
