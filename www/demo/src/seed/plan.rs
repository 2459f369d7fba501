//! Six weeks of trade, made up from a fixed start: pure, so that every demo shows the same story.

use super::{
    cast::{FIRST, LAST, PARTNERS},
    chance::Chance,
};

/// How many of each there are.
pub const CLICKS: usize = 1_500;
/// Sign-ups.
pub const LEADS: usize = 120;
/// Orders credited by a link.
pub const SALES: usize = 66;
/// Orders of which something came back.
pub const REFUNDS: usize = 6;
/// Orders of people whom nobody referred, and orders with a code typed at the checkout.
const WALK_INS: usize = 5;
const WITH_CODE: usize = 4;

/// How far the story goes back.
pub const DAYS: i64 = 42;
const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// What the days of a week weigh, Monday first: people read about tea on Sundays.
const WEEK: [u64; 7] = [90, 85, 80, 88, 96, 128, 150];
/// What the hours of a day weigh, in UTC.
const HOURS: [u64; 24] =
    [3, 2, 1, 1, 2, 4, 9, 14, 15, 13, 12, 13, 15, 13, 12, 12, 14, 18, 23, 27, 26, 20, 12, 6];
/// What is bought, in cents, and how often.
const BASKETS: [(i64, u64); 8] =
    [(1_600, 8), (1_800, 8), (2_400, 10), (3_200, 7), (4_200, 9), (5_600, 5), (7_800, 8), (10_200, 3)];

/// What one person did, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Journey {
    /// Through a partner's link.
    pub click: Option<Click>,
    /// A sign-up.
    pub lead: Option<Lead>,
    /// Orders.
    pub sales: Vec<Sale>,
}

/// A visit; instants are in ms since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Click {
    pub at: i64,
    pub partner: usize,
    pub post: usize,
    pub visitor: String,
}

/// Somebody with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lead {
    pub at: i64,
    pub customer: String,
    pub name: String,
    pub email: String,
}

/// An order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    pub at: i64,
    pub amount: i64,
    pub invoice: String,
    pub customer: String,
    /// The partner whose code was typed.
    pub code: Option<usize>,
    /// When and how much came back.
    pub refund: Option<(i64, i64)>,
}

/// Everything up to `now`, for the same `now` always the same.
pub fn plan(now: i64) -> Vec<Journey> {
    let mut chance = Chance::new(2_026);
    let mut journeys: Vec<Journey> = (0..CLICKS).map(|at| click(&mut chance, now, at)).collect();
    journeys.sort_by_key(|journey| journey.click.as_ref().map(|click| click.at));
    let leads = sign_ups(&mut chance, now, &mut journeys);
    orders(&mut chance, now, &mut journeys, &leads);
    journeys.extend((0..WALK_INS + WITH_CODE).map(|at| stranger(&mut chance, now, at)));
    journeys
}

fn click(chance: &mut Chance, now: i64, number: usize) -> Journey {
    let reach: Vec<u64> = PARTNERS.iter().map(|partner| partner.reach).collect();
    let partner = chance.weighted(&reach);
    let at = moment(chance, now, PARTNERS[partner].joined.min(DAYS));
    let post = usize::try_from(chance.below(2)).unwrap_or(0);
    Journey {
        click: Some(Click { at, partner, post, visitor: format!("demo-visitor-{number}") }),
        ..Journey::default()
    }
}

/// A moment within the last days: more lately, more at weekends, most in the evening.
fn moment(chance: &mut Chance, now: i64, days: i64) -> i64 {
    let weights: Vec<u64> = (0..days).map(|back| weight(now, back)).collect();
    let back = i64::try_from(chance.weighted(&weights)).unwrap_or(0);
    let hour = i64::try_from(chance.weighted(&HOURS)).unwrap_or(0);
    let minute = i64::try_from(chance.below(3_600_000)).unwrap_or(0);
    let at = (now - back * DAY).div_euclid(DAY) * DAY + hour * HOUR + minute;
    if at > now - MINUTE { at - DAY } else { at }
}

fn weight(now: i64, back: i64) -> u64 {
    let growth = 60 + u64::try_from(DAYS - back).unwrap_or(0) * 2;
    // One post went round, three weeks ago.
    let spike = if (19..=20).contains(&back) { 2 } else { 1 };
    WEEK[weekday(now - back * DAY)] * growth * spike
}

/// Monday is 0.
fn weekday(at: i64) -> usize {
    // The first of January 1970 was a Thursday.
    usize::try_from((at.div_euclid(DAY) + 3).rem_euclid(7)).unwrap_or(0)
}

/// Turns some of the visits into sign-ups, minutes to days later, and answers where they are.
fn sign_ups(chance: &mut Chance, now: i64, journeys: &mut [Journey]) -> Vec<usize> {
    let mut open: Vec<usize> = (0..journeys.len()).collect();
    let mut taken = Vec::new();
    while taken.len() < LEADS {
        let warmth: Vec<u64> = open.iter().map(|at| warmth(&journeys[*at])).collect();
        let at = open.swap_remove(chance.weighted(&warmth));
        let Some(click) = &journeys[at].click else { continue };
        let wait = if chance.below(4) == 0 { DAY * 4 } else { HOUR };
        let when = click.at + MINUTE + span(chance, wait);
        if when < now {
            journeys[at].lead = Some(lead(chance, when, taken.len()));
            taken.push(at);
        }
    }
    taken
}

fn warmth(journey: &Journey) -> u64 {
    journey.click.as_ref().map_or(0, |click| PARTNERS[click.partner].warmth)
}

fn lead(chance: &mut Chance, at: i64, number: usize) -> Lead {
    let (first, last) = (chance.pick(&FIRST), chance.pick(&LAST));
    let email = format!("{}.{}{number}@mail.example", first.to_lowercase(), last.to_lowercase());
    Lead { at, customer: format!("demo-{number:03}"), name: format!("{first} {last}"), email }
}

/// Lets those who signed up buy; some come back for more, some send something back.
fn orders(chance: &mut Chance, now: i64, journeys: &mut [Journey], leads: &[usize]) {
    let mut made = 0;
    while made < SALES {
        let journey = &mut journeys[*chance.pick(leads)];
        let Some(lead) = &journey.lead else { continue };
        let after = journey.sales.last().map_or(lead.at, |sale| sale.at + DAY * 4);
        let limit = if chance.below(3) == 0 { DAY * 9 } else { HOUR * 5 };
        let at = after + 5 * MINUTE + span(chance, limit);
        if at >= now || journey.sales.len() > 2 {
            continue;
        }
        let amount = basket(chance);
        // A few come back, in turn in part and in full.
        let refund = (made % (SALES / REFUNDS) == 3).then(|| {
            let back = if made % 2 == 0 { amount / 4 } else { amount };
            ((at + DAY * 3 + span(chance, DAY)).min(now - MINUTE), back)
        });
        journey.sales.push(Sale {
            at,
            amount,
            invoice: invoice(made),
            customer: lead.customer.clone(),
            code: None,
            refund,
        });
        made += 1;
    }
}

/// An order of somebody whom no link led here: credited by a code, or to nobody.
fn stranger(chance: &mut Chance, now: i64, number: usize) -> Journey {
    let code = (number < WITH_CODE).then(|| number * 2);
    let days = code.map_or(DAYS, |partner| PARTNERS[partner].joined.min(DAYS));
    let at = moment(chance, now, days);
    let amount = basket(chance);
    let sale = Sale {
        at,
        amount,
        invoice: invoice(SALES + number),
        customer: format!("demo-walk-in-{number}"),
        code,
        refund: None,
    };
    Journey { sales: vec![sale], ..Journey::default() }
}

fn basket(chance: &mut Chance) -> i64 {
    let weights: Vec<u64> = BASKETS.iter().map(|(_, weight)| *weight).collect();
    BASKETS[chance.weighted(&weights)].0
}

fn invoice(number: usize) -> String {
    format!("AT-{}", 1_001 + number)
}

fn span(chance: &mut Chance, limit: i64) -> i64 {
    i64::try_from(chance.below(limit.unsigned_abs())).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000_000;

    #[test]
    fn the_same_now_gives_the_same_story() {
        assert_eq!(plan(NOW), plan(NOW));
    }

    #[test]
    fn the_story_has_the_promised_numbers() {
        let plan = plan(NOW);
        let sales = || plan.iter().flat_map(|journey| &journey.sales);
        assert_eq!(plan.iter().filter(|journey| journey.click.is_some()).count(), CLICKS);
        assert_eq!(plan.iter().filter(|journey| journey.lead.is_some()).count(), LEADS);
        assert_eq!(sales().count(), SALES + WALK_INS + WITH_CODE);
        assert_eq!(sales().filter(|sale| sale.refund.is_some()).count(), REFUNDS);
    }

    #[test]
    fn causes_come_before_effects_and_nothing_is_yet_to_come() {
        for journey in plan(NOW) {
            let click = journey.click.as_ref().map_or(0, |click| click.at);
            let lead = journey.lead.as_ref().map_or(click, |lead| lead.at);
            assert!(click <= lead && lead < NOW);
            for sale in &journey.sales {
                assert!(sale.at > lead && sale.at < NOW, "{journey:?}");
                assert!(
                    sale.refund.is_none_or(|(at, back)| at > sale.at && at < NOW && back <= sale.amount),
                    "{sale:?}"
                );
            }
        }
    }

    #[test]
    fn nobody_sends_visitors_before_joining() {
        let early = |click: &Click| click.at < NOW - PARTNERS[click.partner].joined * DAY;
        assert_eq!(
            plan(NOW)
                .iter()
                .filter_map(|journey| journey.click.as_ref())
                .filter(|click| early(click))
                .count(),
            0
        );
    }

    #[test]
    fn weekends_are_busier_and_business_grows() {
        let plan = plan(NOW);
        let clicks = |wanted: &dyn Fn(i64) -> bool| {
            plan.iter().filter_map(|j| j.click.as_ref()).filter(|c| wanted(c.at)).count()
        };
        assert!(clicks(&|at| weekday(at) == 6) > clicks(&|at| weekday(at) == 2) * 5 / 4);
        assert!(clicks(&|at| at > NOW - 21 * DAY) > clicks(&|at| at <= NOW - 21 * DAY));
    }
}
