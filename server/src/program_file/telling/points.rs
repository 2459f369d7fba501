//! Points, the catalogue, levels and prizes in sentences.

use super::days;
use goodword_domain::fund::Expiry;
use goodword_domain::money::Currency;
use goodword_domain::points::{Article, Level, Multiplier, Over, Prize};
use goodword_domain::program::Terms;
use goodword_domain::reward::Unit;

/// All of them, one a line; nothing where the program has no points.
pub fn points(t: &Terms) -> Vec<String> {
    let mut lines = Vec::new();
    if t.rewards.iter().any(|reward| reward.unit == Unit::Points) || !t.catalogue.is_empty() {
        let expiry = match t.points.expiry {
            Expiry::Never => "never expire".to_owned(),
            Expiry::Days(count) => format!("expire {} after they can be redeemed", days(count)),
            Expiry::End(period) => format!("expire with the end of the {}", period.word()),
        };
        let budget =
            if t.points.budgeted { "; what the budget does not hold whole is refused whole" } else { "" };
        lines.push(format!("Points {expiry}{budget}."));
    }
    lines.extend(t.catalogue.iter().map(article));
    lines.extend(t.levels.as_ref().map(|levels| {
        let over = match levels.over {
            Over::Rolling(count) => format!("of the last {}", days(count)),
            Over::Calendar(period) => format!("of a {}", period.word()),
        };
        let steps: Vec<String> = levels.steps.iter().map(level).collect();
        format!("Levels by the points {over}, kept for {}: {}.", days(levels.grace_days), steps.join(", "))
    }));
    lines.extend(t.prizes.iter().map(prize));
    lines
}

fn article(a: &Article) -> String {
    let stock = a.stock.map_or_else(String::new, |stock| format!(", {stock} in stock"));
    let each = a.per_partner.map_or_else(String::new, |most| format!(", at most {most} for a partner"));
    format!("Redeem {} for {} ({}){stock}{each}.", Currency::POINTS.show(a.price), a.name, a.kind.word())
}

fn level(l: &Level) -> String {
    let times = if l.times == Multiplier::ONCE { String::new() } else { format!(", points × {}", l.times) };
    format!("{} from {}{times}{}", l.name, l.from, if l.elite { ", elite" } else { "" })
}

fn prize(p: &Prize) -> String {
    let places: Vec<String> = p.places.iter().map(ToString::to_string).collect();
    format!("{}: every {} the first places get {} points.", p.name, p.period.word(), places.join(", "))
}
