//! Exchange rates: which there are, adding one or a file of them, and the sales that wait for one.

mod add;
mod waiting;

use crate::date;
use crate::format;
use crate::part::head::Head;
use crate::part::state::{Empty, shown};
use crate::part::table::{Column, Table, figure, load_more, row, text};
use crate::poll::use_list;
use crate::text::{key, t};
use goodword_wire::ExchangeRate;
use yew::prelude::*;

const RATES: [Column; 4] =
    [text(key("From when")), text(key("Currencies")), figure(key("Rate")), text(key("Source"))];

/// The page.
#[component]
pub fn Rates() -> Html {
    let list = use_list::<ExchangeRate>("/v1/exchange-rates".to_owned());
    html! {
        <>
            <Head title={t("Exchange rates")} lead={t("A sale in another currency than its program’s is counted by the latest rate that is not older than 31 days. Without one it waits; nothing is guessed.")} />
            <waiting::Waiting />
            <add::Add />
            <section aria-labelledby="rates-title">
                <h2 id="rates-title">{ t("Rates") }</h2>
                { shown(&list.polled, 4, |data| html! {
                    <>
                        { table(&data.rows) }
                        { load_more(data.more, list.growing, &list.more) }
                    </>
                }) }
            </section>
        </>
    }
}

fn table(rates: &[ExchangeRate]) -> Html {
    if rates.is_empty() {
        return html! {
            <Empty title={t("No rate yet")}>
                <p>{ t("You need one only for sales in another currency than the program’s.") }</p>
            </Empty>
        };
    }
    html! {
        <Table caption={t("Exchange rates, the latest first")} columns={&RATES[..]}>
            { for rates.iter().map(|rate| row(&rate.id, &RATES, vec![
                html! { <time datetime={rate.at.clone()}>{ date::minute(&rate.at) }</time> },
                html! { <strong>{ pair(&rate.base, &rate.quote) }</strong> },
                html! { sentence(rate) },
                html! { &rate.source },
            ])) }
        </Table>
    }
}

/// `GBP → USD`.
fn pair(base: &str, quote: &str) -> String {
    format!("{} → {}", base.to_ascii_uppercase(), quote.to_ascii_uppercase())
}

/// `1 GBP = 1.27 USD`.
fn sentence(rate: &ExchangeRate) -> String {
    let (base, quote) = (rate.base.to_ascii_uppercase(), rate.quote.to_ascii_uppercase());
    format!("1 {base} = {} {quote}", format::decimal(&rate.rate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_reads_as_a_sentence() {
        let rate = ExchangeRate {
            id: String::new(),
            base: "gbp".into(),
            quote: "usd".into(),
            rate: "1.2700".into(),
            source: "bank".into(),
            at: String::new(),
        };
        assert_eq!(sentence(&rate), "1 GBP = 1.27 USD");
        assert_eq!(pair("gbp", "usd"), "GBP → USD");
    }
}
