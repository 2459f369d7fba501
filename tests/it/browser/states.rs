//! Every element in every state: no objection from axe-core in light and dark and in both directions; forced colours; the keyboard;
//! a narrow page and one that is enlarged four times.

use super::axe::{assert_accessible, objections};
use super::chromium::Browser;
use super::role::Influencer;
use super::site::Page;
use super::world::{CODE, World};
use goodword_wire::Partner;
use serde_json::{Value, json};

const MAIL: &str = "ines@hartl.example";
const ELEMENTS: [&str; 5] = ["join", "share", "signup", "offer", "leaderboard"];

/// A program that has all there is to be shown.
async fn world(more: Value) -> World {
    let widget = json!({
        "leaderboard": "sales", "payoutDay": 15, "shareTexts": ["Say {code}: {link}", "Tea from where the trees give up: {link}"],
        "questions": [
            { "id": "site", "label": "Your site", "type": "url", "required": true },
            { "id": "where", "label": "Where do you publish?", "type": "choice", "options": ["Blog", "Film"] },
        ],
        "assets": [{ "title": "Logo", "url": "https://shop.example/logo.svg", "type": "image" }],
        "milestones": [{ "of": "leads", "at": 10, "text": "a mug" }],
    });
    let mut with = json!({ "widget": widget });
    if let (Value::Object(with), Value::Object(more)) = (&mut with, more) {
        with.extend(more);
    }
    World::with(with).await
}

/// All five, in a language.
fn page(world: &World, lang: &str) -> String {
    let body = format!(
        "<main lang=\"{lang}\"><goodword-join></goodword-join><goodword-share></goodword-share>
         <goodword-signup code=\"{CODE}\"></goodword-signup><goodword-offer code=\"{CODE}\"></goodword-offer>
         <goodword-leaderboard></goodword-leaderboard></main>"
    );
    world.page(&body)
}

async fn all_are_there(browser: &Browser) {
    for element in ELEMENTS {
        browser.see(&format!("goodword-{element} >>> .card"), "").await;
    }
}

/// Presses something of an element, wherever it is on the page.
async fn press(browser: &Browser, element: &str, path: &str) {
    let full = format!("goodword-{element} >>> {path}");
    browser.see(&full, "").await;
    let body =
        "document.querySelector('goodword-' + arguments[0]).shadowRoot.querySelector(arguments[1]).click()";
    let () = browser.js(body, json!([element, path])).await;
}

async fn fill(browser: &Browser, element: &str, name: &str, text: &str) {
    let path = format!("goodword-{element} >>> [name=\"{name}\"]");
    browser.see(&path, "").await;
    let body = "const field = document.querySelector('goodword-' + arguments[0]).shadowRoot.querySelector(`[name=\"${arguments[1]}\"]`);
        if (field.type == 'checkbox') field.click(); else field.value = arguments[2];
        field.dispatchEvent(new Event('change', { bubbles: true }))";
    let () = browser.js(body, json!([element, name, text])).await;
}

/// Joins in the element, in any language.
async fn join(browser: &Browser) {
    for (name, text) in
        [("name", "Ines Hartl"), ("email", MAIL), ("answers.site", "https://hartl.example"), ("terms", "")]
    {
        fill(browser, "join", name, text).await;
    }
    press(browser, "join", "button[type=submit]").await;
    browser.see("goodword-join >>> bdi.code", "").await;
}

/// Opens whatever can be opened.
async fn open_everything(browser: &Browser) {
    let body = "const root = document.querySelector('goodword-share').shadowRoot;
        root.querySelectorAll('details').forEach((one) => (one.open = true));
        root.querySelectorAll('[data-gw=open][aria-expanded=false]').forEach((one) => one.click())";
    let () = browser.js(body, json!([])).await;
    browser.see("goodword-share >>> .told li", "").await;
}

/// A partner with a sale, on the page again: her code.
async fn with_a_sale(world: &World, ines: &Influencer<'_>, lang: &str) -> String {
    let browser = &ines.browser;
    let code = browser.text("goodword-join >>> bdi.code").await;
    ines.confirms_the_address(MAIL).await;
    let sale = json!({ "customerExternalId": "u-1", "amount": 10_000, "code": code, "invoiceId": "A-1" });
    assert!(world.backend().sale(sale).credited);
    browser.goto(&page(world, lang)).await;
    browser.see("goodword-share >>> [part~=commissions] li", "").await;
    browser.see("goodword-share >>> [part~=chart]", "").await;
    // Places are counted anew every few seconds.
    let ranked = async || {
        press(browser, "leaderboard", "[data-gw=period][data-text=month]").await;
        browser.sees("goodword-leaderboard >>> tbody tr", "").await.then_some(())
    };
    browser.within(std::time::Duration::from_secs(20), "the partner is ranked", ranked).await;
    code
}

async fn every_state_in(lang: &str) {
    let world = world(json!({})).await;
    let ines = Influencer::new(&world).await;
    let browser = &ines.browser;
    browser.goto(&page(&world, lang)).await;
    all_are_there(browser).await;
    let dir: String = browser
        .js("return document.querySelector('goodword-join').shadowRoot.querySelector('.gw').dir", json!([]))
        .await;
    assert_eq!(dir, if lang == "ar" { "rtl" } else { "ltr" });
    assert_accessible(browser, "main", &format!("{lang}: all of them at first")).await;
    for element in ["join", "share", "signup"] {
        press(browser, element, "button[type=submit]").await;
        browser.see(&format!("goodword-{element} >>> [aria-invalid=true]"), "").await;
    }
    assert_accessible(browser, "main", &format!("{lang}: forms with their errors")).await;
    press(browser, "join", "[data-gw=sign-in]").await;
    browser.see("goodword-join >>> form[data-gw=sign-in]", "").await;
    assert_accessible(browser, "goodword-join", &format!("{lang}: signing in")).await;
    fill(browser, "join", "email", "nobody@example.com").await;
    press(browser, "join", "button[type=submit]").await;
    browser.see("goodword-join >>> div[role=status] h2", "").await;
    assert_accessible(browser, "goodword-join", &format!("{lang}: a mail is on its way")).await;
    press(browser, "join", "[data-gw=back]").await;
    join(browser).await;
    browser.see("goodword-share >>> bdi.code", "").await;
    assert_accessible(browser, "main", &format!("{lang}: joined just now")).await;
    fill(browser, "signup", "name", "Elif Jansen").await;
    fill(browser, "signup", "email", "elif@jansen.example").await;
    press(browser, "signup", "button[type=submit]").await;
    browser.see("goodword-signup >>> div[role=status] h2", "").await;
    assert_accessible(browser, "goodword-signup", &format!("{lang}: signed up")).await;
    with_a_sale(&world, &ines, lang).await;
    open_everything(browser).await;
    assert_accessible(browser, "main", &format!("{lang}: a partner's page, all of it open")).await;
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_from_left_to_right() {
    every_state_in("en").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_state_from_right_to_left() {
    every_state_in("ar").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_applied_who_was_turned_down_and_a_closed_program() {
    let world = world(json!({ "autoApprove": false })).await;
    let ines = Influencer::new(&world).await;
    let browser = &ines.browser;
    let note = "goodword-join >>> .note";
    browser.goto(&world.page("<goodword-join></goodword-join>")).await;
    for (name, text) in
        [("name", "Ines Hartl"), ("email", MAIL), ("answers.site", "https://hartl.example"), ("terms", "")]
    {
        fill(browser, "join", name, text).await;
    }
    press(browser, "join", "button[type=submit]").await;
    browser.see(note, "being reviewed").await;
    assert_accessible(browser, "goodword-join", "an application").await;
    let rows: Vec<Partner> = world.backend().get("/v1/partners?search=ines").ok();
    let no = json!({ "partnerId": rows[0].id, "reason": "not now" });
    world.backend().post("/v1/partners/reject", &no).ok::<Value>();
    browser.see(note, "not accepted").await;
    assert_accessible(browser, "goodword-join", "an application that was turned down").await;
    let path = format!("/v1/programs/{}", world.program.id);
    world.backend().patch(&path, &json!({ "status": "closed" })).ok::<Value>();
    let reader = Browser::open().await;
    reader.goto(&world.page("<goodword-join></goodword-join>")).await;
    reader.see(note, "not taking new partners").await;
    assert_accessible(&reader, "goodword-join", "a closed program").await;
    reader.assert_quiet().await;
}

/// What somebody sees who has the system's own few colours.
const FORCED: &str = r"
    const style = (element, path) => { const found = document.querySelector('goodword-' + element).shadowRoot.querySelector(path); return getComputedStyle(found) };
    const framed = (element, path) => { const s = style(element, path); return parseFloat(s.borderTopWidth) >= 1 && s.borderTopStyle == 'solid' && s.borderTopColor != s.backgroundColor };
    const wrong = [];
    const must = (ok, what) => ok || wrong.push(what);
    must(matchMedia('(forced-colors: active)').matches, 'the colours are forced');
    for (const element of ['join', 'share', 'signup', 'offer', 'leaderboard']) must(framed(element, '.card'), element + ': the card has an edge');
    must(framed('signup', 'button[type=submit]'), 'a button has an edge');
    must(framed('signup', 'input[name=email]'), 'a field has an edge');
    must(framed('join', '[part~=copy-button]'), 'a quiet button has an edge');
    must(style('share', '.tab[aria-pressed=true]').backgroundColor != style('share', '.tab[aria-pressed=false]').backgroundColor, 'the chosen tab of the chart stands out');
    must(style('leaderboard', '.tab[aria-pressed=true]').backgroundColor != style('leaderboard', '.tab[aria-pressed=false]').backgroundColor, 'the chosen period stands out');
    must(style('share', 'path.line').stroke != style('share', '.card').backgroundColor, 'the line of the chart is seen');
    must(style('join', '.qr').backgroundColor == 'rgb(255, 255, 255)' && style('join', '.qr path').fill == 'rgb(0, 0, 0)', 'the QR code can be read');
    must(style('share', '.note').borderTopWidth != '0px', 'a note has an edge');
    return wrong";

#[tokio::test(flavor = "multi_thread")]
async fn forced_colours_leave_everything_to_be_told_apart() {
    let world = world(json!({})).await;
    let ines = Influencer::new(&world).await;
    let browser = &ines.browser;
    browser.goto(&page(&world, "en")).await;
    join(browser).await;
    with_a_sale(&world, &ines, "en").await;
    open_everything(browser).await;
    for scheme in ["light", "dark"] {
        let features = json!([{ "name": "forced-colors", "value": "active" }, { "name": "prefers-color-scheme", "value": scheme }]);
        browser.cdp("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        let wrong: Vec<String> = browser.js(FORCED, json!([])).await;
        assert!(wrong.is_empty(), "{scheme}: {wrong:?}");
    }
    browser.assert_quiet().await;
}

async fn key(browser: &Browser, name: &str, code: u32, text: &str) {
    let down = json!({ "type": "keyDown", "key": name, "code": name, "text": text, "unmodifiedText": text, "windowsVirtualKeyCode": code });
    browser.cdp("Input.dispatchKeyEvent", down).await;
    let up = json!({ "type": "keyUp", "key": name, "code": name, "windowsVirtualKeyCode": code });
    browser.cdp("Input.dispatchKeyEvent", up).await;
}

async fn tab(browser: &Browser) {
    key(browser, "Tab", 9, "").await;
}

/// Where the focus is: the element, what it is, and whether that is to be seen.
const FOCUS: &str = r"
    const host = document.activeElement, inner = host?.shadowRoot?.activeElement;
    if (!inner) return null;
    const all = [...host.shadowRoot.querySelectorAll('a[href],button,input,select,summary')].filter((e) => e.checkVisibility());
    const s = getComputedStyle(inner), box = inner.getBoundingClientRect();
    return [host.localName, all.indexOf(inner), all.length, s.outlineStyle != 'none' && parseFloat(s.outlineWidth) >= 2,
        box.top >= -1 && box.bottom <= innerHeight + 1]";

#[tokio::test(flavor = "multi_thread")]
async fn everything_is_reached_by_the_keyboard_in_order_and_shows_where_one_is() {
    let world = world(json!({})).await;
    let ines = Influencer::new(&world).await;
    let browser = &ines.browser;
    browser.goto(&page(&world, "en")).await;
    join(browser).await;
    with_a_sale(&world, &ines, "en").await;
    open_everything(browser).await;
    let mut reached: Vec<(String, usize, usize)> = Vec::new();
    loop {
        tab(browser).await;
        let now: Option<(String, usize, usize, bool, bool)> = browser.js(FOCUS, json!([])).await;
        let Some((element, place, count, is_marked, is_seen)) = now else { break };
        assert!(is_marked && is_seen, "{element}: {place} is marked: {is_marked}, on the screen: {is_seen}");
        if reached.first().is_some_and(|first| first.0 == element && first.1 == place) {
            break;
        }
        reached.push((element, place, count));
        assert!(reached.len() < 300, "the focus goes round in circles");
    }
    for element in ELEMENTS {
        let here: Vec<_> = reached.iter().filter(|one| one.0 == format!("goodword-{element}")).collect();
        let (places, count): (Vec<usize>, usize) =
            (here.iter().map(|one| one.1).collect(), here.first().map_or(0, |one| one.2));
        // An offer without a coupon is only read.
        assert!(count > 0 || element == "offer", "nothing of {element} was reached");
        assert_eq!(places, (0..count).collect::<Vec<_>>(), "{element}");
    }
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_partners_page_and_the_leaderboard_are_worked_by_the_keyboard() {
    let world = world(json!({})).await;
    let ines = Influencer::new(&world).await;
    let browser = &ines.browser;
    browser.goto(&page(&world, "en")).await;
    join(browser).await;
    with_a_sale(&world, &ines, "en").await;
    let focus = "document.querySelector(arguments[0]).shadowRoot.querySelector(arguments[1]).focus()";
    let enter = async |element: &str, path: &str| {
        let () = browser.js(focus, json!([element, path])).await;
        key(browser, "Enter", 13, "\r").await;
    };
    enter("goodword-share", "[data-gw=chart][data-text=sales]").await;
    browser.see("goodword-share >>> figcaption", "Sales: 1").await;
    enter("goodword-share", "[part~=links] > summary").await;
    browser.see("goodword-share >>> form[data-gw=link]", "").await;
    let () = browser.js(focus, json!(["goodword-share", "input[name=label]"])).await;
    browser.cdp("Input.insertText", json!({ "text": "October reel" })).await;
    key(browser, "Enter", 13, "\r").await;
    browser.see("goodword-share >>> [part~=links] li", "October reel").await;
    enter("goodword-share", "[data-gw=open][data-text^=embed]").await;
    browser.see("goodword-share >>> .told li", "").await;
    enter("goodword-share", "[data-gw=open][data-text^=embed]").await;
    browser
        .until("it is closed again", async || {
            (!browser.sees("goodword-share >>> .told", "").await).then_some(())
        })
        .await;
    enter("goodword-leaderboard", "[data-gw=period][data-text=year]").await;
    browser.see("goodword-leaderboard >>> [aria-pressed=true]", "Year").await;
    enter("goodword-share", "[data-gw=sign-out]").await;
    browser.see("goodword-share >>> form[data-gw=sign-in]", "").await;
    browser.see("goodword-join >>> form[data-gw=join]", "").await;
    browser.assert_quiet().await;
}

/// What is wider than the page.
const WIDE: &str = r"
    const wide = [...document.querySelectorAll('goodword-join,goodword-share,goodword-signup,goodword-offer,goodword-leaderboard')].flatMap((host) =>
        [...host.shadowRoot.querySelectorAll('*')].filter((e) => { const box = e.getBoundingClientRect();
            return e.checkVisibility() && box.width > 1 && (box.right > innerWidth + 1 || box.left < -1) && !e.closest('.offscreen') })
            .map((e) => `${host.localName} ${e.localName}.${e.className}: ${e.textContent.slice(0, 40)}`));
    return document.documentElement.scrollWidth > document.documentElement.clientWidth ? ['the page scrolls sideways', ...wide] : wide";

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_cut_off_at_320_pixels_or_enlarged_four_times() {
    let world = world(json!({})).await;
    let ines = Influencer::new(&world).await;
    let browser = &ines.browser;
    browser.goto(&page(&world, "en")).await;
    join(browser).await;
    with_a_sale(&world, &ines, "en").await;
    for lang in ["en", "de", "ar"] {
        // 320 pixels wide; and 1280 by 1024 enlarged four times, which is 320 by 256 of four times as many points.
        for (height, scale) in [(800, 1), (256, 4)] {
            let metrics =
                json!({ "width": 320, "height": height, "deviceScaleFactor": scale, "mobile": false });
            browser.cdp("Emulation.setDeviceMetricsOverride", metrics).await;
            browser.goto(&page(&world, lang)).await;
            for element in ELEMENTS {
                // An element is begun when it comes near.
                let near = "document.querySelector(arguments[0]).scrollIntoView()";
                let () = browser.js(near, json!([format!("goodword-{element}")])).await;
                browser.see(&format!("goodword-{element} >>> .card"), "").await;
            }
            browser.see("goodword-share >>> [part~=commissions] li", "").await;
            open_everything(browser).await;
            let wide: Vec<String> = browser.js(WIDE, json!([])).await;
            assert!(wide.is_empty(), "{lang} at {height} × {scale}: {wide:#?}");
        }
    }
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_every_element_the_module_takes_at_most_a_quarter_of_a_megabyte() {
    let world = world(json!({})).await;
    let ines = Influencer::new(&world).await;
    let browser = &ines.browser;
    let spy = "<script>const real = WebAssembly.instantiateStreaming; WebAssembly.instantiateStreaming = (...all) =>
        real.apply(WebAssembly, all).then((made) => { window.memory = Object.values((made.instance || made).exports).find((one) => one instanceof WebAssembly.Memory); return made })</script>";
    let body = format!(
        "<div id=\"a\"><goodword-join></goodword-join></div><div id=\"b\"></div><goodword-share></goodword-share>
         <goodword-signup code=\"{CODE}\"></goodword-signup><goodword-offer code=\"{CODE}\"></goodword-offer><goodword-leaderboard></goodword-leaderboard>"
    );
    let put = || world.site.put("/", Page::new(&format!("{spy}{}", world.tag("")), &body));
    let size = async || browser.js::<u32>("return memory.buffer.byteLength", json!([])).await;
    browser.goto(&put()).await;
    all_are_there(browser).await;
    join(browser).await;
    browser.see("goodword-share >>> bdi.code", "").await;
    let joined = size().await;
    assert!(joined <= 256 * 1024, "{joined} bytes with every element, after joining");
    let code = browser.text("goodword-join >>> bdi.code").await;
    ines.confirms_the_address(MAIL).await;
    world
        .backend()
        .sale(json!({ "customerExternalId": "u-1", "amount": 10_000, "code": code, "invoiceId": "A-1" }));
    browser.goto(&put()).await;
    browser.see("goodword-share >>> [part~=commissions] li", "").await;
    all_are_there(browser).await;
    open_everything(browser).await;
    // Earnings, explanations, a month of days and all forms besides: what is drawn takes its room, and no more than that.
    let before = size().await;
    assert!(before <= 448 * 1024, "{before} bytes with everything open");
    let remount = "const element = document.querySelector('goodword-join'); let left = 300;
        const step = () => { if (!left--) return done(null); element.remove(); setTimeout(() => {
            document.getElementById(left % 2 ? 'a' : 'b').append(element); setTimeout(step) }) }; step();";
    let () = browser.js_later(remount).await;
    assert_eq!(size().await, before, "after three hundred times out of the page and back");
    browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_says_which_languages_are_spoken() {
    let world = World::with(
        json!({ "widget": { "languages": ["fr", "de"], "texts": { "fr": { "do-join": "Allons-y" } } } }),
    )
    .await;
    let browser = Browser::open().await;
    for (lang, says) in [
        ("de", "Partner von"),
        ("fr", "Devenez partenaire"),
        ("ja", "Devenez partenaire"),
        ("en", "Devenez partenaire"),
    ] {
        browser
            .goto(&world.page(&format!("<div lang=\"{lang}\"><goodword-join></goodword-join></div>")))
            .await;
        browser.see("goodword-join >>> h2", says).await;
        if lang != "de" {
            browser.see("goodword-join >>> button[type=submit]", "Allons-y").await;
        }
        let found = objections(&browser, "goodword-join", lang).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
    browser.assert_quiet().await;
}
