//! What each rule looks for: from settings and facts to the reason, if there is one.

use super::{Facts, Referrer, Rule, Settings, Sites, Threshold, Use, mailbox};
use crate::attribution::Kind;

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// Why a rule speaks against the event; none where it does not.
pub(super) fn why(rule: Rule, settings: &Settings, facts: &Facts) -> Option<String> {
    match rule {
        Rule::SelfReferralEmail => self_referral_email(facts),
        Rule::SelfReferralAddress => self_referral_address(settings, facts),
        Rule::SelfReferralDevice => self_referral_device(settings, facts),
        Rule::Velocity => velocity(settings, facts),
        Rule::DisposableEmail => disposable_email(settings, facts),
        Rule::CouponSite => coupon_site(settings, facts),
        Rule::NoReferrerInstant => no_referrer_instant(settings, facts),
        Rule::PaidAds => {
            facts.ad_parameter.map(|found| format!("The click carries `{found}`, the mark of a paid ad."))
        }
        Rule::RefundRate => refund_rate(settings, facts),
        Rule::BannedSource => banned_source(settings, facts),
    }
}

fn self_referral_email(facts: &Facts) -> Option<String> {
    let (customer, partner) = (facts.customer_email.as_deref()?, facts.partner_email.as_deref()?);
    if mailbox(customer) != mailbox(partner) {
        return None;
    }
    let how = if customer == partner { "are the same" } else { "are two ways to write one mailbox" };
    Some(format!("The e-mail addresses of customer and partner {how}."))
}

fn self_referral_address(settings: &Settings, facts: &Facts) -> Option<String> {
    let hours = settings.threshold(Threshold::AddressHours);
    let seconds = nearest_use(&facts.partner_addresses, facts.click_address?)?;
    (seconds <= hours * HOUR).then(|| {
        let apart = count(seconds / 60, "minute");
        format!(
            "The partner used the click's network address {apart} from it; held within {}.",
            count(hours, "hour")
        )
    })
}

fn self_referral_device(settings: &Settings, facts: &Facts) -> Option<String> {
    let days = settings.threshold(Threshold::DeviceDays);
    let seconds = nearest_use(&facts.partner_devices, facts.click_device?)?;
    (seconds <= days * DAY).then(|| {
        let apart = count(seconds / HOUR, "hour");
        format!("The partner used the click's device {apart} from it; held within {}.", count(days, "day"))
    })
}

fn nearest_use(uses: &[Use], key: i64) -> Option<i64> {
    uses.iter().filter(|one| one.key == key).map(|one| one.seconds_apart).min()
}

fn velocity(settings: &Settings, facts: &Facts) -> Option<String> {
    let reached = |events: Option<i64>, threshold, time: &str| {
        let from = settings.threshold(threshold);
        let events = events.filter(|events| *events >= from)?;
        Some(format!("It is the partner's event number {events} in {time}; held from number {from}."))
    };
    reached(facts.partner_events_hour, Threshold::PerHour, "an hour")
        .or_else(|| reached(facts.partner_events_day, Threshold::PerDay, "24 hours"))
}

fn disposable_email(settings: &Settings, facts: &Facts) -> Option<String> {
    let disposable = |whose: &str, address: &Option<String>| {
        let domain = address.as_deref()?.trim().rsplit_once('@')?.1.to_lowercase();
        let entry = settings.disposable(&domain)?;
        Some(format!("The {whose}'s e-mail address is at {entry}, a provider of throw-away mail."))
    };
    disposable("customer", &facts.customer_email).or_else(|| disposable("partner", &facts.partner_email))
}

fn coupon_site(settings: &Settings, facts: &Facts) -> Option<String> {
    came_from_coupon_site(settings, facts).or_else(|| code_on_coupon_sites(settings, facts))
}

fn came_from_coupon_site(settings: &Settings, facts: &Facts) -> Option<String> {
    let entry = settings.coupon_site(site(facts)?)?;
    Some(format!("The click came from {entry}, a coupon site."))
}

fn code_on_coupon_sites(settings: &Settings, facts: &Facts) -> Option<String> {
    let from = settings.threshold(Threshold::CouponSites);
    let found = facts.code_coupon_sites.filter(|found| *found >= from)?;
    (facts.touchpoint == Some(Kind::Code)).then(|| {
        format!("People who used the code came from {}; held from {from}.", count(found, "coupon site"))
    })
}

fn no_referrer_instant(settings: &Settings, facts: &Facts) -> Option<String> {
    let within = settings.threshold(Threshold::InstantSeconds);
    let from = settings.threshold(Threshold::InstantSales);
    let seconds = facts.seconds_to_event.filter(|seconds| *seconds <= within)?;
    let sales = facts.partner_instant_sales.filter(|sales| *sales >= from)?;
    (facts.referrer == Referrer::Absent && facts.touchpoint != Some(Kind::Code)).then(|| {
        format!(
            "The event followed its click after {} and no page led there; it is the partner's sale number {sales} of \
             this kind in 30 days, held from number {from}.",
            count(seconds, "second")
        )
    })
}

fn refund_rate(settings: &Settings, facts: &Facts) -> Option<String> {
    let (percent, least) =
        (settings.threshold(Threshold::RefundPercent), settings.threshold(Threshold::RefundSales));
    let (sales, refunded) = (facts.partner_sales?, facts.partner_refunded?);
    let reached = sales >= least && refunded.saturating_mul(100) >= sales.saturating_mul(percent);
    reached.then(|| {
        format!(
            "{refunded} of the partner's {sales} sales in 90 days were refunded; held from {percent} % of at least {least}."
        )
    })
}

fn banned_source(settings: &Settings, facts: &Facts) -> Option<String> {
    let entry = settings.entry(Sites::Banned, site(facts)?)?;
    Some(format!("The click came from {entry}, which this program has banned."))
}

fn site(facts: &Facts) -> Option<&str> {
    match &facts.referrer {
        Referrer::Site(host) => Some(host),
        Referrer::Unknown | Referrer::Absent => None,
    }
}

fn count(number: i64, unit: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}
