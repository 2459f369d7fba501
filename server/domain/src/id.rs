//! Ids: a type prefix and a UUID (version 7, so they sort by age) in 32 hexadecimal digits.

use crate::Invalid;
use crate::time::Instant;
use std::fmt;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal, $field:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The prefix that tells what it is the id of.
            pub const PREFIX: &'static str = $prefix;

            /// From the 128 bits of a UUID.
            pub fn from_bits(bits: u128) -> Self {
                Self(hexadecimal(concat!($prefix, "_"), &bits.to_be_bytes()))
            }

            /// From text that came from outside.
            pub fn parse(text: &str) -> Result<Self, Invalid> {
                if well_formed(text, $prefix) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(Invalid::new($field, concat!("must be an id that begins with `", $prefix, "_`, as the API gave it.")))
                }
            }

            /// As text.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// When it was made: the first 48 bits are milliseconds since 1970.
            pub fn made_at(&self) -> Instant {
                let hex = self.0.get($prefix.len() + 1..$prefix.len() + 13).unwrap_or_default();
                Instant(i64::from_str_radix(hex, 16).unwrap_or_default())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

/// A prefix and two digits for each byte. An id is made for every click that is answered, and a format text would take most of the
/// time of it.
pub fn hexadecimal(prefix: &str, bytes: &[u8]) -> String {
    let digit = |n: u8| b"0123456789abcdef"[usize::from(n)];
    let mut text = Vec::with_capacity(prefix.len() + bytes.len() * 2);
    text.extend_from_slice(prefix.as_bytes());
    for byte in bytes {
        text.extend_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
    String::from_utf8(text).expect("a prefix and digits are text")
}

fn well_formed(text: &str, prefix: &str) -> bool {
    text.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('_')).is_some_and(|hex| {
        hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    })
}

ids! {
    /// The tenant; its sandbox is a vendor of its own.
    VendorId = "ven", "vendorId";
    /// A person who logs in to the console.
    UserId = "usr", "userId";
    /// An API key.
    KeyId = "key", "keyId";
    /// A vendor's offer to partners.
    ProgramId = "prg", "programId";
    /// Partners that share terms.
    GroupId = "grp", "groupId";
    /// A reward rule.
    RewardId = "rwd", "rewardId";
    /// Who refers.
    PartnerId = "ptn", "partnerId";
    /// A partner in a program.
    EnrollmentId = "enr", "enrollmentId";
    /// A partner's link.
    LinkId = "lnk", "linkId";
    /// A visit through a link.
    ClickId = "clk", "clickId";
    /// A sign-up.
    LeadId = "led", "leadId";
    /// A person known to the vendor.
    CustomerId = "cus", "customerId";
    /// A payment.
    SaleId = "sal", "saleId";
    /// Money given back.
    RefundId = "rfd", "refundId";
    /// An amount credited to one partner for one event.
    CommissionId = "com", "commissionId";
    /// A ledger account.
    AccountId = "acc", "accountId";
    /// A movement between two accounts.
    TransferId = "trf", "transferId";
    /// A payout to one partner.
    PayoutId = "po", "payoutId";
    /// Payouts that go out together.
    BatchId = "bat", "batchId";
    /// A change of a program's budget.
    BudgetId = "bud", "budgetId";
    /// An amount that came in at one instant.
    LotId = "lot", "lotId";
    /// A fund of a program.
    FundId = "fnd", "fundId";
    /// A partner's request to a fund.
    FundRequestId = "frq", "fundRequestId";
    /// A partner's claim on what a fund has committed.
    FundClaimId = "fcl", "fundClaimId";
    /// A file that proves something to a fund.
    FundFileId = "ffl", "fundFileId";
    /// A partner's points on their way to what they are redeemed for.
    RedemptionId = "rdm", "redemptionId";
    /// Something a partner has completed.
    CompletionId = "cpl", "completionId";
    /// A complaint to the bank about a sale.
    DisputeId = "dsp", "disputeId";
    /// A deal a partner registered.
    RegistrationId = "reg", "registrationId";
    /// A proposal of how a sale is shared.
    SplitId = "spl", "splitId";
    /// A period that was settled.
    SettlementId = "stl", "settlementId";
    /// A claim on an order.
    ClaimId = "clm", "claimId";
    /// A vendor's account at a payment provider.
    IntegrationId = "itg", "integrationId";
    /// What a payment provider sent.
    InboundId = "inb", "eventId";
    /// A mail to send.
    MailId = "mai", "mailId";
    /// Something that happened, as webhooks tell it.
    EventId = "evt", "eventId";
    /// An endpoint that hears of events.
    WebhookId = "whk", "webhookId";
    /// An event on its way to an endpoint.
    DeliveryId = "dlv", "deliveryId";
    /// A developer's terminal that hears of events for a while.
    ListenerId = "lsn", "listenerId";
    /// A rule that acts on events.
    TriggerId = "trg", "triggerId";
    /// What a trigger did about one event.
    TriggerRunId = "run", "triggerRunId";
    /// Somebody who was asked to join the vendor's people.
    InvitationId = "inv", "invitationId";
    /// A session of the console.
    SessionId = "ses", "sessionId";
    /// A line of the audit log.
    AuditId = "aud", "auditId";
    /// What the vendor's people say of a partner.
    NoteId = "nte", "noteId";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_when_it_was_made() {
        let id = EventId::parse("evt_01a2278015d37a6a98ce8d4fd55bba21").unwrap();
        assert_eq!(id.made_at(), Instant(0x01a2_2780_15d3));
        assert_eq!(PartnerId::from_bits(7).made_at(), Instant(0));
    }

    #[test]
    fn what_is_made_parses_and_nothing_else() {
        let id = PartnerId::from_bits(0x0192_f0c1);
        assert_eq!(PartnerId::parse(id.as_str()), Ok(id.clone()));
        for bad in [
            "",
            "ptn_",
            "ptn_12",
            "clk_0000000000000000000000000192f0c1",
            "ptn_0000000000000000000000000192F0C1",
        ] {
            assert!(PartnerId::parse(bad).is_err(), "{bad}");
        }
    }
}
