//! From stored rows to what is said on the wire.

use crate::document;
use crate::error::Error;
use crate::store::{self, CommissionRow, Link, Program, Tx};
use crate::target;
use crate::time::show;
use goodword_domain::commission::{Commission, Source, Status};
use goodword_domain::id::{PartnerId, ProgramId, VendorId};
use goodword_domain::money::Currency;
use goodword_wire as wire;

/// A link with its addresses.
pub fn link(public_url: &str, l: &Link) -> wire::Link {
    wire::Link {
        id: l.id.to_string(),
        partner_id: l.partner.to_string(),
        program_id: l.program.to_string(),
        code: l.code.clone(),
        key: l.key.clone(),
        short_link: short_link(public_url, l),
        direct_link: direct_link(l),
        url: l.url.clone(),
        created_at: show(l.created_at),
    }
}

/// A link, in brief.
pub fn link_ref(public_url: &str, l: &Link) -> wire::LinkRef {
    wire::LinkRef {
        id: l.id.to_string(),
        code: l.code.clone(),
        key: l.key.clone(),
        short_link: short_link(public_url, l),
    }
}

fn short_link(public_url: &str, l: &Link) -> String {
    format!("{public_url}/r/{}", l.key)
}

fn direct_link(l: &Link) -> String {
    target::with_query(&l.url, &[("via", &l.key)])
}

/// A partner, in brief.
pub fn partner_ref(
    tx: &mut Tx<'_>,
    vendor: &VendorId,
    program: &ProgramId,
    id: &PartnerId,
) -> Result<wire::PartnerRef, Error> {
    let name = tx.known_partner(vendor, program, id)?.name.clone();
    Ok(wire::PartnerRef { id: id.to_string(), name })
}

/// A customer with the partner he or she is bound to.
pub fn customer(tx: &mut Tx<'_>, c: &store::Customer) -> Result<wire::Customer, Error> {
    let bound = c.bound.as_ref().map(|b| &b.leading.partner);
    let bound = bound.map(|id| partner_ref(tx, &c.vendor, &c.program, id)).transpose()?;
    Ok(wire::Customer {
        id: c.id.to_string(),
        external_id: c.external_id.clone(),
        name: c.name.clone(),
        email: c.email.clone(),
        avatar: None,
        created_at: show(c.created_at),
        partner: bound,
    })
}

/// A commission as the vendor sees it.
pub fn commission(tx: &mut Tx<'_>, row: &CommissionRow) -> Result<wire::Commission, Error> {
    let buyer = row.customer.as_ref().map(|id| tx.customer(&row.vendor, id)).transpose()?.flatten();
    commission_of(tx, row, buyer.as_ref())
}

/// The same of a buyer who is known already.
pub fn commission_of(
    tx: &mut Tx<'_>,
    row: &CommissionRow,
    buyer: Option<&store::Customer>,
) -> Result<wire::Commission, Error> {
    let buyer = buyer.map(|c| customer(tx, c)).transpose()?;
    Ok(wire::Commission { customer: buyer, ..own_commission(tx, row)? })
}

/// A commission as the partner sees it: without the buyer.
pub fn own_commission(tx: &mut Tx<'_>, row: &CommissionRow) -> Result<wire::Commission, Error> {
    let c = &row.commission;
    Ok(wire::Commission {
        id: c.id.to_string(),
        kind: kind(row).into(),
        status: c.status.word().into(),
        reason: c.status.reason().into(),
        amount: c.amount,
        earnings: c.earnings,
        earnings_at_first: row.earnings_at_first,
        currency: c.currency.wire(),
        arithmetic: arithmetic(c),
        partner: partner_ref(tx, &row.vendor, &row.program, &c.partner)?,
        program_id: row.program.to_string(),
        sale_id: row.sale.as_ref().map(ToString::to_string),
        corrects: row.corrects.as_ref().map(ToString::to_string),
        reward_id: row.reward.as_ref().map(ToString::to_string),
        payout_id: row.payout.as_ref().map(ToString::to_string),
        note: row.note.clone(),
        event_name: row.event_name.clone(),
        invoice_id: row.invoice_id.clone(),
        created_at: show(row.at),
        clears_at: show(c.clears_at),
        customer: None,
    })
}

fn arithmetic(c: &Commission) -> String {
    match c.status {
        Status::Canceled => format!("{}; voided", c.calculation.arithmetic(c.refunded, c.currency)),
        Status::Fraud => format!("{}; rejected in review", c.calculation.arithmetic(c.refunded, c.currency)),
        _ => c.calculation.arithmetic(c.refunded, c.currency),
    }
}

/// What a commission was earned on, in a word.
fn kind(row: &CommissionRow) -> &'static str {
    match row {
        CommissionRow { corrects: Some(_), .. } => "correction",
        CommissionRow { sale: Some(_), .. } => "sale",
        CommissionRow { lead: Some(_), .. } => "lead",
        CommissionRow { click: Some(_), .. } => "click",
        _ if row.commission.source == Source::Fund => "fund_claim",
        _ => "bonus",
    }
}

/// A partner in a program, with links and totals.
pub fn partner(
    tx: &mut Tx<'_>,
    public_url: &str,
    e: &store::Enrollment,
    p: &store::Partner,
) -> Result<wire::Partner, Error> {
    let links = tx.links_of(&e.program, &p.id)?;
    let totals = tx.partner_figures(&e.program, &p.id)?;
    partner_with(tx, public_url, (e, p), (&links, totals))
}

/// The same where the links and what they brought are known.
pub fn partner_with(
    tx: &mut Tx<'_>,
    public_url: &str,
    (e, p): (&store::Enrollment, &store::Partner),
    (links, totals): (&[store::Link], store::Figures),
) -> Result<wire::Partner, Error> {
    Ok(wire::Partner {
        id: p.id.to_string(),
        enrollment_id: e.id.to_string(),
        name: p.name.clone(),
        email: p.email.clone(),
        email_proven: p.proven_at.is_some(),
        program_id: e.program.to_string(),
        group_id: e.group.to_string(),
        status: e.status.word().into(),
        reason: e.reason.clone(),
        created_at: show(e.created_at),
        links: links.iter().map(|l| link(public_url, l)).collect(),
        total_clicks: totals.clicks,
        total_leads: totals.leads,
        total_sales: totals.sales,
        total_sale_amount: totals.amount,
        total_commissions: totals.earnings(),
        answers: tx.answers_given(&e.id)?,
        shown_as: tx.shown_as(&p.id)?,
        signals: Vec::new(),
    })
}

/// A program with its groups.
pub fn program(tx: &mut Tx<'_>, p: &Program) -> Result<wire::Program, Error> {
    let groups = tx.groups(&p.id)?.into_iter();
    let t = &p.terms;
    Ok(wire::Program {
        id: p.id.to_string(),
        name: p.name.clone(),
        url: p.url.clone(),
        currency: t.currency.wire(),
        version: p.version().max(1),
        attribution_model: t.model.word().into(),
        attribution_window_days: t.windows.click,
        attribution_windows: document::show_windows(t.windows),
        new_customers_only: t.new_customers_only,
        hold_days: t.hold_days,
        min_payout: t.min_payout,
        budgeted: t.budgeted,
        auto_approve: p.auto_approve,
        status: if p.open { "open" } else { "closed" }.into(),
        default: p.is_default,
        terms: wire::Terms { version: p.terms_version.clone(), url: p.terms_url.clone() },
        link_parameters: p.link_parameters.clone(),
        click_retention_days: p.click_days.unwrap_or(0),
        rewards: t.rewards.iter().map(document::show_reward).collect(),
        funds: t.funds.iter().map(document::show_fund).collect(),
        registrations: t.registrations.as_ref().map(document::show_registrations),
        settlements: t.settlements.iter().map(document::show_settlement).collect(),
        points: document::show_points(t.points),
        catalogue: t.catalogue.iter().map(document::show_article).collect(),
        levels: t.levels.as_ref().map(document::show_levels),
        prizes: t.prizes.iter().map(document::show_prize).collect(),
        signals: document::show_signals(&t.signals),
        widget: p.widget.clone(),
        groups: groups
            .map(|g| wire::Group { id: g.id.to_string(), name: g.name, default: g.is_default })
            .collect(),
        created_at: show(p.created_at),
    })
}

/// Balances of a partner as the widget shows them.
pub fn earnings(
    currency: Currency,
    balances: store::PartnerBalances,
    min_payout: i64,
    commissions: Vec<wire::Commission>,
    (payout_method, payouts): (wire::PayoutMethod, Vec<wire::EmbedPayout>),
) -> wire::EmbedEarnings {
    wire::EmbedEarnings {
        currency: currency.wire(),
        exponent: currency.exponent(),
        pending: balances.held,
        processed: balances.payable,
        paid: balances.paid,
        min_payout,
        commissions,
        payout_method,
        payouts,
        next_payout_at: None,
        next_payout: None,
        months: Vec::new(),
    }
}
