//! The main job, end to end, as people do it: join, share, refer, buy, see it held, see it payable.

use super::role::{Influencer, Marketer, Visitor, fill_join_form};
use super::world::World;
use std::time::Duration;
use tokio::time::Instant;

/// How soon everybody must see a sale.
const SOON: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_sale_through_the_link_is_seen_by_partner_and_marketer_and_becomes_payable() {
    let world = World::alone().await;
    let mara = Influencer::new(&world).await;
    let given = mara.joins("Ines Hartl", "ines@hartl.example").await;
    assert!(given.link.starts_with(&format!("{}/r/", world.server.base)), "{}", given.link);
    assert!(
        given.link.to_lowercase().ends_with(&given.code.to_lowercase()),
        "{} and {}",
        given.link,
        given.code
    );
    mara.confirms_the_address("ines@hartl.example").await;
    mara.visits_the_partner_page().await;
    mara.browser.see("goodword-share >>> [part~=figures]", "Held").await;
    let owner = Marketer::logged_in(&world).await;
    owner.goes_to("Commissions").await;

    // One friend takes the short link, another the direct one.
    let direct = format!("{}/?via={}", world.shop, given.link.rsplit('/').next().unwrap_or_default());
    for (link, name, tea) in
        [(given.link.as_str(), "Ben Moreau", "glacier-white"), (direct.as_str(), "Iris Holm", "larch-smoke")]
    {
        let friend = Visitor::new(&world).await;
        friend.follows(link).await;
        friend.signs_up(name, &format!("{}@friends.example", name.to_lowercase().replace(' ', "."))).await;
        let (earned, placed) = friend.buys(tea).await;
        let amount = dollars(earned);
        let left = |start: Instant| SOON.saturating_sub(start.elapsed());
        tokio::join!(
            mara.sees_earned(left(placed), &amount, "pending"),
            owner.sees_earned(left(placed), &amount, "Held"),
        );
        friend.browser.assert_quiet().await;
    }

    owner.lets_a_month_pass().await;
    let amount = dollars(500);
    tokio::join!(
        mara.sees_earned(SOON * 2, &amount, "processed"),
        owner.sees_earned(SOON * 2, &amount, "Payable"),
    );
    let held = async || mara.browser.sees("goodword-share >>> li[data-status=pending]", "").await;
    mara.browser.until("nothing is held any more", async || (!held().await).then_some(())).await;
    mara.browser.assert_quiet().await;
    owner.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_partner_copies_the_code_leaves_and_comes_back_by_mail() {
    let world = World::open().await;
    let ines = Influencer::new(&world).await;
    let given = ines.joins("Ines Hartl", "ines@hartl.example").await;
    ines.browser.click("goodword-join >>> [data-gw=copy-code]", "Copy").await;
    ines.browser.see("goodword-join >>> [role=status]", "Code copied.").await;
    assert!(ines.browser.event("goodword-join copied").await.contains(&given.code));
    ines.browser.click("goodword-share >>> button", "Sign out").await;
    ines.browser.see("goodword-join >>> form", "").await;

    ines.comes_back_by_mail("ines@hartl.example").await;
    ines.browser.see("goodword-share >>> bdi.code", &given.code).await;
    // The link in a mail has proved the address too.
    ines.browser.see("goodword-share >>> [part~=figures]", "Held").await;
    let address = ines.browser.address().await;
    assert_eq!(address, format!("{}/partners", world.shop), "the ticket stayed in the address");
    ines.browser.assert_quiet().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_a_partners_already_learns_nothing_but_gets_a_mail() {
    let world = World::open().await;
    let ines = Influencer::new(&world).await;
    ines.joins("Ines Hartl", "ines@hartl.example").await;
    let other = Influencer::new(&world).await;
    other.visits_the_partner_page().await;
    fill_join_form(&other.browser, "goodword-join >>> ", "Somebody Else", "ines@hartl.example").await;
    // As for a newcomer: a code, which earns for its owner, and nothing of who that is.
    other.browser.see("goodword-join >>> h2", "Somebody Else").await;
    other.browser.see("goodword-join >>> bdi.code", "").await;
    assert!(!other.browser.sees("goodword-share >>> [part~=money]", "").await);
    assert_eq!(world.server.links_mailed("ines@hartl.example", "/p/open", 1).len(), 1);
    other.browser.assert_quiet().await;
}

fn dollars(minor: i64) -> String {
    format!("${}.{:02}", minor / 100, minor % 100)
}
