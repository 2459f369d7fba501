//! Texts that are made of words of the wire, or come from the domain: what is known here can be translated. What is not is shown
//! in English.

use crate::text::{key, t};

/// Words alone, as [`super::plain`] writes them.
const PLAIN: [&str; 93] = [
    key("Approved"),
    key("Rejected"),
    key("Refunded"),
    key("Banned"),
    key("Pending"),
    key("Open"),
    key("Closed"),
    key("Owner"),
    key("Manager"),
    key("Finance"),
    key("Analyst"),
    key("Secret"),
    key("Publishable"),
    key("Click"),
    key("Lead"),
    key("Sale"),
    key("Custom"),
    key("Renewal"),
    key("Refund"),
    key("Points"),
    key("Credits"),
    key("Months"),
    key("Approved by hand"),
    key("Rejected by hand"),
    key("Banned by hand"),
    key("Bonus"),
    key("Visit"),
    key("Correction"),
    key("Held"),
    key("Payable"),
    key("Paid"),
    key("Sent"),
    key("Won"),
    key("Lost"),
    key("Expired"),
    key("Canceled"),
    key("Disqualified"),
    key("Withdrawn"),
    key("Disputed"),
    key("Credited"),
    key("Unknown"),
    key("Mobile"),
    key("Tablet"),
    key("Desktop"),
    key("Self referral email"),
    key("Self referral address"),
    key("Self referral device"),
    key("Velocity"),
    key("Disposable email"),
    key("Unproven email"),
    key("Same mailbox"),
    key("Shared device"),
    key("Shared address"),
    key("Refused elsewhere"),
    key("No referrer instant"),
    key("Refund rate"),
    key("Prove"),
    key("Sign in"),
    key("Joined again"),
    key("New address"),
    key("Address changed"),
    key("Applied"),
    key("Method changed"),
    key("Digest"),
    key("Payout"),
    key("Payout failed"),
    key("Statement"),
    key("Claim granted"),
    key("Claim refused"),
    key("Fund approved"),
    key("Fund paid"),
    key("Fund refused"),
    key("Redemption fulfilled"),
    key("Redemption refused"),
    key("Level up"),
    key("Level down"),
    key("Registration approved"),
    key("Registration asked"),
    key("Registration refused"),
    key("Split proposed"),
    key("Content granted"),
    key("Content refused"),
    key("Split approved"),
    key("Split refused"),
    key("Active"),
    key("Deactivated"),
    key("Completed"),
    key("Processing"),
    key("Failed"),
    key("Returned"),
    key("Delivered"),
    key("Disabled"),
    key("Enabled"),
];

/// What the audit log tells of.
const ACTIONS: [&str; 79] = [
    key("Batch: created"),
    key("Batch: approved"),
    key("Batch: canceled"),
    key("Budget: changed"),
    key("Claim: filed"),
    key("Claim: decided"),
    key("Clicks: imported"),
    key("Commission: added"),
    key("Commission: canceled"),
    key("Commission: changed"),
    key("Customer: changed"),
    key("Customer: erased"),
    key("Fund: granted"),
    key("Fund: lot ended"),
    key("Fund claim: filed"),
    key("Fund claim: decided"),
    key("Fund claim: scored"),
    key("Fund file: added"),
    key("Fund request: filed"),
    key("Fund request: decided"),
    key("Group: created"),
    key("Import: run"),
    key("Integration: changed"),
    key("Integration: removed"),
    key("Integration: replayed"),
    key("Key: created"),
    key("Key: revoked"),
    key("Key: rotated"),
    key("Link: changed"),
    key("Link: saved"),
    key("Note: added"),
    key("Note: deleted"),
    key("Origins: changed"),
    key("Partner: added"),
    key("Partner: banned"),
    key("Partner: changed"),
    key("Partner: deactivated"),
    key("Partner: decided"),
    key("Partner: payout hold changed"),
    key("Partner: payout method changed"),
    key("Partner: tax changed"),
    key("Partner: viewed as"),
    key("Partner: written to"),
    key("Partners: imported"),
    key("Payout: marked"),
    key("Payout settings: changed"),
    key("Person: authenticator added"),
    key("Person: authenticator removed"),
    key("Person: invitation withdrawn"),
    key("Person: invited"),
    key("Person: joined"),
    key("Person: logged in"),
    key("Person: logged out everywhere"),
    key("Person: password changed"),
    key("Person: password reset"),
    key("Person: removed"),
    key("Person: role changed"),
    key("Person: session ended"),
    key("Program: changed"),
    key("Program: created"),
    key("Program: terms changed"),
    key("Rates: loaded"),
    key("Redemption: asked"),
    key("Redemption: decided"),
    key("Registration: decided"),
    key("Registration: filed"),
    key("Review: decided"),
    key("Sandbox: clock changed"),
    key("Settlement: posted"),
    key("Split: decided"),
    key("Split: proposed"),
    key("Trigger: changed"),
    key("Trigger: created"),
    key("Trigger: deleted"),
    key("Webhook: changed"),
    key("Webhook: created"),
    key("Webhook: deleted"),
    key("Webhook: replayed"),
    key("Webhook: secret rotated"),
];

/// What kinds of events mean.
const MEANINGS: [&str; 32] = [
    key("Somebody asked to join a program and waits for a decision."),
    key("A partner is approved in a program: at joining, or later."),
    key("An application was turned down."),
    key("A partner was put out of a program."),
    key("A partner came into another group."),
    key("A partner rose to a level, or fell from one; `level` says from which to which."),
    key("A partner got a link with its code."),
    key("A visit through a link was counted. Only sent where it is named: `*` leaves it out."),
    key("A sign-up or another event by name was stored, credited or not."),
    key("A sale was stored, credited or not."),
    key("Some or all of a sale was given back."),
    key("A dispute about a sale was opened, won or lost."),
    key("A partner was credited an amount: for an event, as a bonus, or as a correction."),
    key("The status of a commission, or what it earns, has changed; `previous` says from what."),
    key("A payout was made as part of a batch, and waits for approval."),
    key("A payout was approved and goes out."),
    key("A payout was marked as paid."),
    key("A payout did not arrive; what was in it is due again."),
    key("A payout came back after it was paid."),
    key("A payout was called off with its batch."),
    key("A partner says an order was his or hers."),
    key("A claim was granted or refused."),
    key("A partner asked a fund for money."),
    key("A request to a fund was approved, rejected or withdrawn, or has ended."),
    key("A partner claims what a fund has committed, or an instalment is due."),
    key("A claim on a fund was held, paid, rejected or reversed."),
    key("A partner redeems points for an article of the catalogue."),
    key("A redemption was fulfilled, refused or cancelled."),
    key("A deal was registered by a partner or for one."),
    key("A registered deal was decided about, or has moved or ended."),
    key("Somebody proposed how a sale is shared."),
    key("A partner agreed to how a sale is shared or disputed it, or it was decided."),
];

/// What each rule for signals looks for.
const RULES: [&str; 10] = [
    key(
        "The customer's e-mail address leads to the partner's own mailbox, so the partner may have bought with their own link.",
    ),
    key(
        "The click came from a network address that the partner used about the same time; people who share a home or an office share it too.",
    ),
    key(
        "The click came from a browser the partner has used, so the partner or somebody at their device made it.",
    ),
    key(
        "The partner brought more sign-ups and sales in an hour or a day than you expect of one; a script does that, and so does a post that goes viral.",
    ),
    key(
        "The customer or the partner uses an address of throw-away mail, which costs nothing to make up by the hundred.",
    ),
    key(
        "The visitor came from a coupon site, or the partner's code is published on several, so that it is found by people who were about to buy anyway.",
    ),
    key(
        "The sale followed its click at once and no page had led to the click, as with many of the partner's sales; browser extensions that swap the credit at the checkout look like this.",
    ),
    key(
        "The visitor came through a paid ad, perhaps one for your own brand, which your terms may not allow.",
    ),
    key("A larger part of the partner's sales of the last 90 days was refunded than you put up with."),
    key("The visitor came from a site this program has banned."),
];

/// The text in the language chosen, if it is one of those above.
pub fn known(text: &str) -> &str {
    let all = || PLAIN.iter().chain(&ACTIONS).chain(&MEANINGS).chain(&RULES);
    if all().any(|known| *known == text) { t(text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goodword_domain::event::EventKind;
    use goodword_domain::risk::Rule;

    #[test]
    fn every_rule_has_its_explanation_here() {
        for rule in Rule::ALL {
            assert!(RULES.contains(&rule.explanation()), "{}", rule.word());
        }
    }

    #[test]
    fn every_kind_of_event_has_its_meaning_here() {
        for kind in EventKind::ALL.map(|(kind, ..)| kind) {
            assert!(MEANINGS.contains(&kind.means()), "{}", kind.word());
        }
    }
}
