//! Which pictures there are.

use crate::demo::{EMAIL, PASSWORD, Stage};
use crate::driver::Driver;
use anyhow::{Context, Result};
use serde_json::json;

/// How wide, and by day or by night.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct View {
    pub width: u32,
    pub height: u32,
    pub dark: bool,
}

impl View {
    /// All combinations that must look right.
    pub const ALL: [Self; 4] = [WIDE, Self { dark: true, ..WIDE }, NARROW, Self { dark: true, ..NARROW }];

    fn word(self) -> String {
        format!("{}-{}", self.width, if self.dark { "dark" } else { "light" })
    }
}

const WIDE: View = View { width: 1280, height: 800, dark: false };
const NARROW: View = View { width: 360, height: 740, dark: false };

/// One picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shot {
    /// The file without `.png`.
    pub name: String,
    /// The page.
    pub address: String,
    /// How it is looked at.
    pub view: View,
    /// Whether the page goes on below the window's edge.
    pub whole: bool,
}

/// A page worth a picture: its name and address.
pub type Scene = (String, String);

const ELEMENTS: [&str; 5] = ["join", "signup", "share", "offer", "leaderboard"];

/// Logs in to the console, joins as a partner on the shop's page, and answers what can be looked at.
pub fn prepare(driver: &mut Driver, stage: &Stage) -> Result<Vec<Scene>> {
    let (goodword, shop) = (stage.goodword(), stage.shop());
    driver.view(WIDE.width, WIDE.height, false)?;
    driver.open(&format!("{goodword}/healthz"))?;
    driver.log_in(EMAIL, PASSWORD)?;
    let partner = first(driver, "/v1/partners?search=mara")?;
    let sale = first(driver, "/v1/events?event=sale&pageSize=3")?;
    let program = first(driver, "/v1/programs")?;
    let details = details(driver)?;
    driver.open(&format!("{shop}/partners"))?;
    join(driver)?;
    let console = |path: &str| format!("{goodword}/console/{path}?mode=test");
    let console_tab = |path: &str, tab: &str| format!("{}&tab={tab}", console(path));
    let pages = vec![
        ("console-overview", console("")),
        ("console-programs", console("programs")),
        ("console-program", console(&format!("programs/{program}"))),
        ("console-program-edit", console_tab(&format!("programs/{program}"), "edit")),
        ("console-program-design", console_tab(&format!("programs/{program}"), "widget")),
        ("console-program-versions", console_tab(&format!("programs/{program}"), "versions")),
        ("console-partners", console("partners")),
        ("console-partner", console(&format!("partners/{partner}"))),
        ("console-events", console("events")),
        ("console-explorer", console("explorer")),
        ("console-explorer-cohorts", console_tab("explorer", "cohorts")),
        ("console-explorer-times", console_tab("explorer", "times")),
        ("console-explorer-paths", console_tab("explorer", "paths")),
        ("console-overview-compared", format!("{}&compare=previous&range=90", console(""))),
        ("console-sale", console(&format!("sales/{sale}"))),
        ("console-commissions", console("commissions")),
        ("console-payouts", console("payouts")),
        ("console-reviews", console("reviews")),
        ("console-signals", console("signals")),
        ("console-claims", console("claims")),
        ("console-funds", console("funds")),
        ("console-points", console("points")),
        ("console-points-prizes", format!("{}&status=prizes", console("points"))),
        ("console-gifts", format!("{}&status=held", console("gifts"))),
        ("console-splits", console("splits")),
        ("console-registrations", console("registrations")),
        ("console-settlements", console("settlements")),
        ("console-rates", console("rates")),
        ("console-ledger", console("ledger")),
        ("console-attribution", console("attribution")),
        ("console-triggers", console("triggers")),
        ("console-webhooks", console("webhooks")),
        ("console-integrations", console("integrations")),
        ("console-partner-notes", console_tab(&format!("partners/{partner}"), "notes")),
        ("console-partner-payouts", console_tab(&format!("partners/{partner}"), "payouts")),
        ("console-partner-statement", console_tab(&format!("partners/{partner}"), "statement")),
        ("console-payout-batches", console_tab("payouts", "batches")),
        ("console-payout-settings", console_tab("payouts", "settings")),
        ("console-payout-history", console_tab("payouts", "payouts")),
        ("console-trigger-new", console("triggers/new")),
        ("console-imports", console("imports")),
        ("console-settings", console("settings")),
        ("console-people", console_tab("settings", "people")),
        ("console-security", console_tab("settings", "security")),
        ("console-approval", console_tab("settings", "approval")),
        ("console-mail", console_tab("settings", "mail")),
        ("console-audit", console("audit")),
        ("console-join", format!("{goodword}/console/join?token=x")),
        ("console-reset", format!("{goodword}/console/reset?token=x")),
        ("blog", format!("{}/", stage.blog())),
        ("outbox", format!("{goodword}/outbox")),
        ("api", format!("{goodword}/docs/api")),
    ];
    let pages = pages.into_iter().map(|(name, address)| (name.to_owned(), address));
    let details = details.into_iter().map(|(name, page)| (name, console(&page)));
    Ok(pages.chain(details).chain(shop_pages(&shop)).chain(elements(&shop, &program)).collect())
}

fn shop_pages(shop: &str) -> Vec<Scene> {
    let pages = [
        ("shop", "/"),
        ("shop-tea", "/tea/alpenglow-oolong"),
        ("shop-sign-up", "/sign-up"),
        ("shop-partners", "/partners"),
        ("shop-theme", "/theme"),
    ];
    pages.map(|(name, path)| (name.to_owned(), format!("{shop}{path}"))).to_vec()
}

/// Pages of single things, as far as the demo has such a thing: each the page of the first in a list.
fn details(driver: &Driver) -> Result<Vec<Scene>> {
    const LISTS: [(&str, &str, &str); 9] = [
        ("lead", "/v1/events?event=lead&pageSize=1", "leads"),
        ("commission", "/v1/commissions?pageSize=1", "commissions"),
        ("batch", "/v1/payouts/batches?pageSize=1", "payouts"),
        ("claim", "/v1/claims?pageSize=1", "claims"),
        ("fund-request", "/v1/fund-requests?pageSize=1", "funds"),
        ("registration", "/v1/registrations?pageSize=1", "registrations"),
        ("webhook", "/v1/webhooks?pageSize=1", "webhooks"),
        ("trigger", "/v1/triggers?pageSize=1", "triggers"),
        ("fund-claim", "/v1/fund-requests?status=approved&pageSize=1", "funds"),
    ];
    let mut scenes = Vec::new();
    for (name, list, page) in LISTS {
        if let Some(id) = first_if_any(driver, list)? {
            scenes.push((format!("console-{name}"), format!("{page}/{id}")));
        }
    }
    Ok(scenes)
}

/// Every element by itself, in a language that is read from the left and in one that is read from the right. Naming another program
/// than the shop's makes it another session than the one that has joined, so that the forms can be seen.
fn elements(shop: &str, program: &str) -> Vec<Scene> {
    let scene = |(element, lang): (&str, &str)| {
        let has_form = ["join", "signup"].contains(&element);
        let program = if has_form { format!("&program={program}") } else { String::new() };
        let name = format!("element-{element}-{}", if lang == "ar" { "rtl" } else { "ltr" });
        (name, format!("{shop}/theme?alone&element={element}&lang={lang}{program}"))
    };
    ELEMENTS.iter().flat_map(|element| [(*element, "en"), (*element, "ar")]).map(scene).collect()
}

/// The id of the first row of a list.
fn first(driver: &Driver, path: &str) -> Result<String> {
    first_if_any(driver, path)?.with_context(|| format!("{path} has no first row"))
}

fn first_if_any(driver: &Driver, path: &str) -> Result<Option<String>> {
    let script = "return fetch(arguments[0], {headers: {'goodword-mode': 'test'}}).then((answer) => answer.json()).then((rows) => rows[0]?.id)";
    Ok(driver.script(script, &json!([path]))?.as_str().map(str::to_owned))
}

/// Fills in the widget's form as a person would.
fn join(driver: &Driver) -> Result<()> {
    driver.until("return !!document.querySelector('goodword-join')?.shadowRoot?.querySelector('form')")?;
    let script = "const form = document.querySelector('goodword-join').shadowRoot.querySelector('form');\
         const type = (field, text) => { field.value = text; field.dispatchEvent(new Event('input', {bubbles: true, composed: true}));\
             field.dispatchEvent(new Event('change', {bubbles: true, composed: true})); };\
         for (const field of form.querySelectorAll('input')) {\
             if (field.type === 'checkbox') field.click(); else if (field.type === 'email') type(field, 'robin@ridge-notes.example');\
             else if (field.autocomplete.includes('name')) type(field, 'Robin Castell'); }\
         form.requestSubmit()";
    driver.script(script, &json!([]))?;
    driver.until(
        "return !document.querySelector('goodword-join').shadowRoot.querySelector('input[type=email]')",
    )
}

/// The README's pictures.
pub fn readme(scenes: &[Scene]) -> Vec<Shot> {
    let pictures = [("console-overview", "readme"), ("shop-partners", "partners")];
    let shot = |(scene, name): (&str, &str)| {
        let (_, address) = scenes.iter().find(|(known, _)| *known == scene)?;
        Some(Shot { name: name.to_owned(), address: address.clone(), view: WIDE, whole: false })
    };
    pictures.into_iter().filter_map(shot).collect()
}

/// Every scene in one view.
pub fn everything(scenes: &[Scene], view: View) -> Vec<Shot> {
    let shot = |(name, address): &Scene| Shot {
        name: format!("{name}-{}", view.word()),
        address: address.clone(),
        view,
        whole: true,
    };
    scenes.iter().map(shot).collect()
}

/// Some pages of the console in a language that is read from the right, wide and narrow; their language is chosen by the browser's own
/// storage.
pub fn from_right_to_left(scenes: &[Scene]) -> Vec<Shot> {
    const PAGES: [&str; 6] = ["overview", "explorer", "sale", "commissions", "program-edit", "partner"];
    let shown = |(name, _): &&Scene| name.strip_prefix("console-").is_some_and(|page| PAGES.contains(&page));
    let named = |(name, address): &Scene| (format!("{name}-rtl"), address.clone());
    let scenes: Vec<Scene> = scenes.iter().filter(shown).map(named).collect();
    [WIDE, NARROW].into_iter().flat_map(|view| everything(&scenes, view)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_element_is_seen_in_both_directions() {
        let scenes = elements("http://localhost", "prg_1");
        assert_eq!(scenes.len(), 10);
        assert!(
            scenes.iter().any(|(name, address)| name == "element-offer-rtl" && address.contains("&lang=ar"))
        );
    }

    #[test]
    fn every_scene_has_a_picture_in_every_view() {
        let scenes = [("shop", "http://localhost/"), ("blog", "http://blog.localhost/")]
            .map(|(name, address)| (name.to_owned(), address.to_owned()));
        let names: Vec<String> =
            View::ALL.iter().flat_map(|view| everything(&scenes, *view)).map(|shot| shot.name).collect();
        assert_eq!(names.len(), 8);
        assert!(names.contains(&"shop-360-dark".to_owned()) && names.contains(&"blog-1280-light".to_owned()));
    }
}
