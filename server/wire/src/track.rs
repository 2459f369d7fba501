//! Events reported to us: clicks, leads, sales and refunds.

use crate::{Commission, LeadLink, Metadata, Referred};
use serde::{Deserialize, Serialize};

/// A visit through a partner's link. `key` (or `code`) names the link.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct ClickInput {
    /// A click a redirect has stored already (`gw_id`), to be joined with `visitorId`; no other click is stored.
    pub click_id: Option<String>,
    /// The link's key, as in `/r/KEY` or `?via=KEY`. Case-insensitive.
    pub key: Option<String>,
    /// The partner's code; an alternative to `key`.
    pub code: Option<String>,
    /// The link's domain. Accepted for compatibility and not needed: keys are unique on a server.
    pub domain: Option<String>,
    /// The address of the page the visitor landed on. At most 2,048 characters.
    pub url: Option<String>,
    /// The address of the page the visitor came from.
    pub referrer: Option<String>,
    /// The vendor's own first-party id of this browser, if consent was given. At most 64 of `[A-Za-z0-9_-]`.
    pub visitor_id: Option<String>,
    /// A mark by which the partner tells posts apart. At most 64 characters.
    pub sub_id: Option<String>,
    /// When it happened, for back-filling; needs a secret key. Default: now.
    pub timestamp: Option<String>,
    /// The program, when the vendor has several. Default: the vendor's default program.
    pub program_id: Option<String>,
}

/// A stored click.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClickOutput {
    /// The id to hand on with the lead. The same visitor on the same link within one hour gets the same id.
    pub click_id: String,
    /// Whether this click had been stored before.
    pub duplicate: bool,
    /// Whose link it was.
    pub partner: PartnerRef,
    /// Which link it was.
    pub link: LinkRef,
}

/// A partner, in brief.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerRef {
    /// `ptn_…`.
    pub id: String,
    /// The name he or she joined under.
    pub name: String,
}

/// A link, in brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LinkRef {
    /// `lnk_…`.
    pub id: String,
    /// The code typed or spoken.
    pub code: String,
    /// The key in `/r/KEY`.
    pub key: String,
    /// The whole short address, `https://HOST/r/KEY`.
    pub short_link: String,
}

/// A sign-up. Name the person by `customerExternalId`, or by e-mail from a page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct LeadInput {
    /// The click that led here. May be empty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click_id: Option<String>,
    /// The partner's code, if the person typed one. Comes before the click.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// How the code came: `code` (default) or `form`, a form on the partner's own site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub touch: Option<String>,
    /// What the event is called. Default `Sign up`. At most 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    /// The vendor's own id of the person. At most 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_external_id: Option<String>,
    /// The person's name. At most 100 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The person's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
    /// An address of a picture; accepted for compatibility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_avatar: Option<String>,
    /// `async`, `wait` or `deferred`; accepted for compatibility, every answer here is durable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Free data, at most 10,000 characters of JSON.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// When it happened, for back-filling; needs a secret key. Default: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// The program, when the vendor has several. Default: the vendor's default program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_id: Option<String>,
}

/// A stored sign-up and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LeadOutput {
    /// `led_…`. A page hears only a receipt: its own words back, ids empty, `reason` `received`.
    pub id: String,
    /// The click it was credited by; its id is empty where there is none.
    pub click: ClickRef,
    /// The link it was credited by, if any.
    pub link: Option<LeadLink>,
    /// The person.
    pub customer: Customer,
    /// Who is credited, if anybody.
    pub partner: Option<PartnerRef>,
    /// Whether a partner is credited.
    pub credited: bool,
    /// Why it was decided so; one of the words listed under *Reasons* in the API guide.
    pub reason: String,
    /// The commission for the sign-up itself, if the program pays one.
    pub commission: Option<Commission>,
    /// What the person gets for having been referred, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred: Option<Referred>,
}

/// A click, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ClickRef {
    /// `clk_…`; or empty.
    pub id: String,
}

/// A person known to the vendor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// `cus_…`; empty in a receipt.
    pub id: String,
    /// The vendor's own id of the person.
    pub external_id: Option<String>,
    /// The person's name.
    pub name: Option<String>,
    /// The person's e-mail address.
    pub email: Option<String>,
    /// An address of a picture; null where a report is answered, see `GET /v1/customers/{id}`.
    #[serde(default)]
    pub avatar: Option<String>,
    /// When first heard of.
    pub created_at: String,
    /// The partner this person is bound to, if any.
    pub partner: Option<PartnerRef>,
}

/// A payment. The pair of `paymentProcessor` and `invoiceId` makes a repeated report harmless.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SaleInput {
    /// The vendor's own id of the buyer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_external_id: Option<String>,
    /// What was paid, in minor units: 0 to 1,000,000,000,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// ISO 4217. Default: the program's currency. In another one the commission waits until there is an exchange rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The part of `amount` that is tax, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax: Option<i64>,
    /// The part of `amount` that is shipping, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shipping: Option<i64>,
    /// What was taken off before, minor units; it is not part of `amount`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount: Option<i64>,
    /// The articles, at most 100. Their amounts are after discount, before tax and shipping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<Vec<SaleItem>>,
    /// The buyer's country, ISO 3166 (two letters).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Several partners who sold this together, at most 20; takes the place of attribution. See `split` of the reward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partners: Option<Vec<SalePartner>>,
    /// Where it was paid (`stripe`, `shopify`, `paddle`, `polar`, `custom`). Default `custom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_processor: Option<String>,
    /// The invoice or order number; unique per processor. Without it (and without an `Idempotency-Key` header) each report is a new sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_id: Option<String>,
    /// What the event is called. Default `Purchase`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event_name: Option<String>,
    /// The lead event this sale follows; accepted for compatibility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead_event_name: Option<String>,
    /// The click that led here, for a buyer who never signed up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub click_id: Option<String>,
    /// The partner's code typed at the checkout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The buyer's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The buyer's e-mail address; also finds a lead that was captured by e-mail only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<String>,
    /// An address of a picture; accepted for compatibility.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_avatar: Option<String>,
    /// Free data, at most 10,000 characters of JSON.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
    /// When it happened, for back-filling. Default: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// The program, when the vendor has several. Default: the customer's, else the vendor's default program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_id: Option<String>,
}

/// One article of an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SaleItem {
    /// Which product. At most 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Which plan. At most 255 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// How many: 1 (default) to 1,000,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<i64>,
    /// Minor units for all of them.
    pub amount: i64,
}

/// One of several partners who sold something together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SalePartner {
    /// `ptn_…`; or name the partner by `code`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<String>,
    /// The partner's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What the partner did, for a reward split by role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The part in percent, decimal text with at most two decimals, for a reward split by percentage.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percentage: Option<String>,
}

/// A stored sale and what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SaleOutput {
    /// `sal_…`.
    pub id: String,
    /// What the event is called.
    pub event_name: String,
    /// The buyer.
    pub customer: Option<Customer>,
    /// The payment.
    pub sale: SaleDetail,
    /// Who is credited, if anybody.
    pub partner: Option<PartnerRef>,
    /// Whether a partner is credited.
    pub credited: bool,
    /// Why it was decided so; one of the words listed under *Reasons* in the API guide.
    pub reason: String,
    /// The commission, if one was earned; of several the first.
    pub commission: Option<Commission>,
    /// All commissions, where several partners share the credit.
    pub commissions: Vec<Commission>,
    /// Everything that was considered, in order of time.
    pub touchpoints: Vec<Touchpoint>,
    /// What the buyer gets for having been referred, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referred: Option<Referred>,
}

/// The payment as it was reported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SaleDetail {
    /// Minor units.
    pub amount: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// Where it was paid.
    pub payment_processor: String,
    /// The invoice number.
    pub invoice_id: Option<String>,
    /// Minor units taken back so far.
    pub refunded: i64,
    /// Minor units in dispute, or lost in one.
    #[serde(default)]
    pub disputed: i64,
    /// The rate by which it is counted in the program's currency, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exchange: Option<SaleExchange>,
    /// Free data.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub metadata: Option<Metadata>,
    /// When it was paid.
    pub created_at: String,
}

/// The rate between a sale's currency and its program's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct SaleExchange {
    /// Units of the program's currency for one of the sale's, decimal text; null while none is known.
    pub rate: Option<String>,
    /// Who says so.
    pub source: Option<String>,
    /// From when the rate is.
    pub at: Option<String>,
}

/// One contact between a visitor and a partner, and why it counted or not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Touchpoint {
    /// `click`, `form`, `code`, `registration` or `manual`; or `binding` for the partner won at the sign-up.
    pub kind: String,
    /// Whose.
    pub partner: PartnerRef,
    /// When.
    pub at: String,
    /// The click, where it was one.
    pub click_id: Option<String>,
    /// The link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link_id: Option<String>,
    /// `credited`, `later_touch_won`, `earlier_touch_won`, `code_won`, `registration_won`, `named_partner_won`, `faded`,
    /// `binding_won`, `outside_window`, `after_the_event`, `existing_customer`, `partner_not_approved`, `other_program`, `bot`,
    /// `no_consent`, `self_referral`, `blocked`.
    pub verdict: String,
    /// Its weight in the credit; the share is this of the sum of all weights.
    #[serde(skip_serializing_if = "is_default")]
    pub weight: u64,
    /// The mark by which the partner tells posts apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sub_id: Option<String>,
    /// The site the visitor came from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referrer: Option<String>,
    /// The page the visitor landed on: origin and path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landing_page: Option<String>,
    /// The address's UTM fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utm: Option<Utm>,
    /// `mobile`, `tablet`, `desktop` or `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// Two letters, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// The UTM fields of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Utm {
    /// `utm_source`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// `utm_medium`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<String>,
    /// `utm_campaign`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<String>,
    /// `utm_term`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub term: Option<String>,
    /// `utm_content`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
}

/// Money given back to the buyer of a sale reported before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct RefundInput {
    /// The sale's invoice number; or name the sale by `saleId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_id: Option<String>,
    /// `sal_…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale_id: Option<String>,
    /// Where it was paid. Default `custom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_processor: Option<String>,
    /// The processor's id of this refund, which makes a repeated report harmless. Required unless an `Idempotency-Key` header is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_id: Option<String>,
    /// What is given back, in minor units: 1 to what remains of the sale. Default: all that remains.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// ISO 4217. Default: the sale's currency, the only one accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// When it happened, for back-filling. Default: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// The program, when the vendor has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_id: Option<String>,
}

/// A stored refund and what it took back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct RefundOutput {
    /// `rfd_…`.
    pub id: String,
    /// `sal_…`.
    pub sale_id: String,
    /// Minor units given back by this refund.
    pub amount: i64,
    /// Minor units given back so far, this refund included.
    pub refunded: i64,
    /// Minor units of the sale that remain.
    pub remaining: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// The commission as it stands now, if the sale earned one; of several the first.
    pub commission: Option<Commission>,
    /// All of the sale's commissions as they stand now, corrections of sent ones included.
    pub commissions: Vec<Commission>,
}

/// A buyer's complaint to the bank about a sale reported before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct DisputeInput {
    /// The sale's invoice number; or name the sale by `saleId`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice_id: Option<String>,
    /// `sal_…`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale_id: Option<String>,
    /// Where it was paid. Default `custom`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_processor: Option<String>,
    /// The processor's id of the dispute. Required.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dispute_id: Option<String>,
    /// `open` (default), `won` (by the vendor: the commission is given back) or `lost`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What is disputed, in minor units of the sale's currency: 1 to what remains. Default: all that remains.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<i64>,
    /// When it happened, for back-filling. Default: now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timestamp: Option<String>,
    /// The program, when the vendor has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub program_id: Option<String>,
}

/// A stored dispute and what it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct DisputeOutput {
    /// `dsp_…`.
    pub id: String,
    /// `sal_…`.
    pub sale_id: String,
    /// `open`, `won` or `lost`.
    pub status: String,
    /// Minor units disputed.
    pub amount: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// The sale's commissions as they stand now.
    pub commissions: Vec<Commission>,
}
