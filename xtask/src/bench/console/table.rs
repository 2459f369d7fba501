//! What the console's pages ask the server for, and how long it may take.

/// One thing a page asks for.
pub struct Asked {
    /// The page, as the navigation calls it.
    pub page: &'static str,
    /// The path, with words in braces for what only the data can say.
    pub path: &'static str,
    /// What one answer in a hundred may take at the most, milliseconds.
    pub limit_ms: f64,
}

impl Asked {
    /// How many times as often as the slowest it is asked for: of a hundred answers, one in a hundred is the second slowest, which says
    /// little.
    pub fn often(&self) -> u64 {
        if self.limit_ms > PAGE_MS { 1 } else { 5 }
    }
}

/// An answer of this many milliseconds and the drawing of it fit into the 100 that pass unnoticed.
const PAGE_MS: f64 = 20.0;
/// What looks at every event of a year.
const YEAR_MS: f64 = 300.0;

const fn page(page: &'static str, path: &'static str) -> Asked {
    Asked { page, path, limit_ms: PAGE_MS }
}

const fn of_a_year(page: &'static str, path: &'static str) -> Asked {
    Asked { page, path, limit_ms: YEAR_MS }
}

/// All of them, page by page.
pub const ASKED: &[Asked] = &[
    page("Every page", "/v1/session"),
    page("Every page", "/v1/programs"),
    page("Every page", "/v1/reviews?status=waiting&pageSize=10"),
    page("Every page", "/v1/claims?status=open&pageSize=10"),
    page("Every page", "/v1/fund-requests?status=requested&pageSize=10"),
    page("Every page", "/v1/registrations?status=submitted&pageSize=10"),
    page("Every page", "/v1/partners?pageSize=5&search=bench"),
    page("Overview", "/v1/analytics/overview?start={month}&compare=&programId={program}"),
    page("Overview", "/v1/analytics/overview?start={year}&compare=year&programId={program}"),
    page("Overview", "/v1/analytics/overview?interval=all&compare=&programId={program}"),
    page(
        "Overview",
        "/v1/analytics/overview?start={month}&compare=previous&partnerId={partner}&programId={program}",
    ),
    page(
        "Overview",
        "/v1/analytics/breakdown?by=partners&sort=clicks&limit=6&start={month}&programId={program}",
    ),
    page(
        "Overview",
        "/v1/analytics/breakdown?by=links&sort=clicks&limit=6&start={month}&programId={program}",
    ),
    page(
        "Overview",
        "/v1/analytics/breakdown?by=sites&sort=saleAmount&limit=6&start={month}&programId={program}",
    ),
    page(
        "Overview",
        "/v1/analytics/breakdown?by=pages&sort=clicks&limit=6&start={month}&programId={program}",
    ),
    page(
        "Overview",
        "/v1/analytics/breakdown?by=countries&sort=clicks&limit=6&start={month}&programId={program}",
    ),
    page(
        "Overview",
        "/v1/analytics/breakdown?by=devices&sort=clicks&limit=6&start={month}&programId={program}",
    ),
    page(
        "Overview",
        "/v1/analytics/breakdown?by=touchpoints&sort=clicks&limit=6&start={month}&programId={program}",
    ),
    page("Overview", "/v1/events?event=click&pageSize=10"),
    page("Overview", "/v1/events?event=sale&pageSize=10&programId={program}"),
    page("Programs", "/v1/programs/{program}"),
    page("Programs", "/v1/programs/{program}/document"),
    page("Programs", "/v1/programs/{program}/versions"),
    page("Programs", "/v1/programs/{program}/budget"),
    page("Programs", "/v1/programs/{program}/budget?pageSize=10"),
    of_a_year("Programs: what-if", "/v1/programs/{program}/history?start={year}"),
    page("Programs", "/v1/keys"),
    page("Partners", "/v1/partners?pageSize=50"),
    page("Partners", "/v1/partners?status=approved&pageSize=100&programId={program}"),
    page("Partner", "/v1/partners/{partner}?programId={program}"),
    page("Partner", "/v1/commissions?partnerId={partner}&pageSize=50"),
    page("Partner", "/v1/events?event=click&partnerId={partner}&pageSize=50"),
    page("Partner", "/v1/events?event=lead&partnerId={partner}&pageSize=50"),
    page("Partner", "/v1/events?event=sale&partnerId={partner}&pageSize=50"),
    page("Partner", "/v1/partners/{partner}/notes"),
    page("Partner", "/v1/partners/{partner}/payout-method"),
    page("Partner", "/v1/partners/{partner}/payout-hold"),
    page("Partner", "/v1/payouts?partnerId={partner}&pageSize=50"),
    page("Partner", "/v1/partners/{partner}/statements?month={calendar}&programId={program}"),
    page("Events", "/v1/events?event=click&pageSize=50"),
    page("Events", "/v1/events?event=lead&pageSize=50"),
    page("Events", "/v1/events?event=sale&pageSize=50"),
    of_a_year(
        "Events",
        "/v1/events?event=sale&start={year}&partnerId={partner}&device=desktop&programId={program}&pageSize=50",
    ),
    page("Sale", "/v1/sales/{sale}"),
    page("Sale", "/v1/sales/{sale}/explanation"),
    page("Lead", "/v1/leads/{lead}/explanation"),
    of_a_year(
        "Explorer",
        "/v1/analytics/breakdown?by=partners&sort=clicks&limit=1000&start={year}&programId={program}",
    ),
    of_a_year(
        "Explorer",
        "/v1/analytics/breakdown?by=links&sort=saleAmount&limit=1000&start={year}&programId={program}",
    ),
    of_a_year(
        "Explorer",
        "/v1/analytics/breakdown?by=sites&sort=leads&limit=1000&start={year}&programId={program}",
    ),
    of_a_year(
        "Explorer",
        "/v1/analytics/breakdown?by=pages&sort=clicks&limit=1000&start={year}&programId={program}",
    ),
    of_a_year(
        "Explorer",
        "/v1/analytics/breakdown?by=devices&sort=clicks&limit=1000&start={year}&programId={program}",
    ),
    of_a_year("Explorer", "/v1/analytics/cohorts?start={year}&programId={program}"),
    of_a_year("Explorer", "/v1/analytics/cohorts?start={year}&partnerId={partner}&programId={program}"),
    of_a_year("Explorer", "/v1/analytics/conversion-times?start={year}&programId={program}"),
    of_a_year(
        "Explorer",
        "/v1/analytics/paths?by=partner&of=sales&limit=200&start={year}&programId={program}",
    ),
    of_a_year(
        "Explorer",
        "/v1/analytics/paths?by=channel&of=leads&limit=200&start={year}&programId={program}",
    ),
    of_a_year(
        "Attribution",
        "/v1/attribution/report?by=partner&of=sales&start={year}T00:00:00Z&programId={program}",
    ),
    of_a_year(
        "Attribution",
        "/v1/attribution/report?by=channel&of=sales&start={year}T00:00:00Z&programId={program}",
    ),
    of_a_year(
        "Attribution",
        "/v1/attribution/report?by=site&of=leads&start={year}T00:00:00Z&programId={program}",
    ),
    page("Commissions", "/v1/commissions?pageSize=50"),
    page("Commissions", "/v1/commissions?status=pending&pageSize=50"),
    page("Commissions", "/v1/commissions?status=processed&programId={program}&pageSize=50"),
    page("Commissions", "/v1/commissions?status=paid&pageSize=50"),
    page("Commissions", "/v1/ledger"),
    page("Commission", "/v1/commissions/{commission}/explanation"),
    page("Payouts", "/v1/payouts/due?programId={program}"),
    page("Payouts", "/v1/payouts/batches?pageSize=50"),
    page("Payouts", "/v1/payouts?pageSize=50"),
    page("Payouts", "/v1/payouts/settings"),
    page("Batch", "/v1/payouts/batches/{batch}"),
    page("Batch", "/v1/payouts?batchId={batch}&pageSize=50"),
    page("Reviews", "/v1/reviews?status=waiting&pageSize=50"),
    page("Reviews", "/v1/reviews?status=cleared&pageSize=50"),
    page("Reviews", "/v1/signals"),
    page("Claims", "/v1/claims?status=open&pageSize=50"),
    page("Claim", "/v1/claims/{claim}"),
    page("Funds", "/v1/funds"),
    page("Funds", "/v1/fund-requests?pageSize=50"),
    page("Funds", "/v1/fund-requests?status=requested&sortOrder=asc&pageSize=50"),
    page("Funds", "/v1/fund-claims?status=open&sortOrder=asc&pageSize=50"),
    page("Funds", "/v1/fund-expiries?days=366"),
    page("Registrations", "/v1/registrations?status=submitted&pageSize=50"),
    page("Every page", "/v1/splits?status=open&pageSize=10"),
    page("Splits", "/v1/splits?status=open&sortOrder=asc&pageSize=50"),
    page("Every page", "/v1/gifts?status=due&pageSize=10"),
    page("Gifts", "/v1/gifts?status=due&pageSize=50"),
    page("Points", "/v1/redemptions?pageSize=50"),
    page("Points", "/v1/prizes"),
    page("Partner", "/v1/partners/{partner}/points?programId={program}"),
    page("Partner", "/v1/partners/{partner}/tax"),
    page("Partner", "/v1/self-invoices?partnerId={partner}"),
    page("Settlements", "/v1/settlements?pageSize=50"),
    page("Settlements", "/v1/settlements/open"),
    page("Settlements", "/v1/settlements/progress"),
    page("Exchange rates", "/v1/exchange-rates?pageSize=50"),
    page("Exchange rates", "/v1/commissions?status=needs_rate&pageSize=100"),
    page("Ledger", "/v1/ledger?programId={program}"),
    page("Ledger", "/v1/ledger/transfers?pageSize=50"),
    page("Ledger", "/v1/ledger/transfers?pageSize=50&cause={commission}"),
    page("Ledger", "/v1/ledger/transfers?partnerId={partner}&pageSize=50"),
    page("Triggers", "/v1/triggers?pageSize=50"),
    page("Trigger", "/v1/triggers/{trigger}"),
    page("Trigger", "/v1/triggers/{trigger}/runs?pageSize=50"),
    page("Webhooks", "/v1/webhooks?pageSize=50"),
    page("Webhook", "/v1/webhooks/{webhook}"),
    page("Webhook", "/v1/webhooks/{webhook}/deliveries?pageSize=50"),
    page("Integrations", "/v1/integrations"),
    page("Settings", "/v1/origins"),
    page("Settings", "/v1/people"),
    page("Settings", "/v1/security"),
    page("Audit log", "/v1/audit?pageSize=50"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What the console's sources name and no page reads while it is shown: writes, files, and single things found by a press.
    const NOT_PAGES: &[&str] = &[
        "/v1/audit/export",
        "/v1/commissions/bulk",
        "/v1/commissions/_/cancel",
        "/v1/claims/_/decide",
        "/v1/fund-claims/_",
        "/v1/fund-files/_",
        "/v1/fund-requests/_",
        "/v1/fund-requests/_/decide",
        "/v1/funds/_/lots",
        "/v1/imports",
        "/v1/integrations/_",
        "/v1/integrations/_/events",
        "/v1/integrations/_/events/_/replay",
        "/v1/keys/_",
        "/v1/keys/_/rotate",
        "/v1/links/_",
        "/v1/live",
        "/v1/partners/decide",
        "/v1/partners/export",
        "/v1/partners/import",
        "/v1/partners/_/view",
        "/v1/partners/message",
        "/v1/payouts/batches/_/_",
        "/v1/payouts/batches/_/file",
        "/v1/payouts/mark",
        "/v1/people/_",
        "/v1/people/invitations",
        "/v1/people/invitations/_",
        "/v1/registrations/_",
        "/v1/registrations/_/step",
        "/v1/reviews/decide",
        "/v1/sandbox/clock",
        "/v1/redemptions/_/step",
        "/v1/security/authenticator",
        "/v1/security/authenticator/confirm",
        "/v1/security/password",
        "/v1/security/sessions",
        "/v1/security/sessions/_",
        "/v1/self-invoices/_",
        "/v1/session/forgot",
        "/v1/session/join",
        "/v1/session/reset",
        "/v1/gifts/_/give",
        "/v1/splits/_/decide",
        "/v1/triggers/dry-run",
        "/v1/webhooks/_/replay",
    ];

    /// A path with `_` for whatever is in braces, and without its query.
    fn shape(path: &str) -> String {
        let path = path.split('?').next().unwrap_or_default();
        let parts: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { "_" } else { part.split('{').next().unwrap_or(part) })
            .collect();
        parts.join("/")
    }

    fn sources(folder: &std::path::Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).expect("the console's sources").flatten() {
            let path = entry.path();
            if path.is_dir() {
                sources(&path, into);
            } else if !path.to_string_lossy().ends_with("_tests.rs") {
                *into += &std::fs::read_to_string(&path).expect("a source");
            }
        }
    }

    #[test]
    fn every_path_the_console_names_is_measured_or_no_page_waits_for_it() {
        let mut text = String::new();
        sources(&crate::root().join("www/console/src"), &mut text);
        let named = text.split("\"/v1/").skip(1).filter_map(|rest| rest.split('"').next());
        let named: BTreeSet<String> = named.map(|rest| shape(&format!("/v1/{rest}"))).collect();
        assert!(named.len() > 50, "the sources were read");
        let known: BTreeSet<String> = ASKED
            .iter()
            .map(|asked| shape(asked.path))
            .chain(NOT_PAGES.iter().map(|path| (*path).to_owned()))
            .collect();
        let missing: Vec<&String> = named.difference(&known).collect();
        assert!(
            missing.is_empty(),
            "add what pages wait for to the table, and the rest beside it: {missing:?}"
        );
    }
}
