//! What the records of lists hold besides, so that the public SDKs of Dub can read them: those check every answer against a
//! schema of their own. Where an SDK insists on a field that has no meaning here it is there, and null, and not listed.

use crate::{Analytics, Commission, Customer, Event, Link, Metadata, Partner, Payout};
use serde::{Deserialize, Serialize};

/// A partner, where he or she stands beside an amount.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerCard {
    /// `ptn_…`.
    pub id: String,
    /// The name he or she joined under.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// An address of a picture, as the vendor told it.
    pub image: Option<String>,
    /// Two letters, as the vendor told them.
    pub country: Option<String>,
    /// The vendor's own id of the partner.
    pub tenant_id: Option<String>,
    /// The group whose terms apply.
    pub group_id: Option<String>,
    /// `paypal` or `tremendous`, where that is how the partner is paid.
    pub default_payout_method: Option<String>,
    /// Since when the partner can be paid.
    pub payouts_enabled_at: Option<String>,
}

/// A link in a list, with its figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedLink {
    /// The link.
    #[serde(flatten)]
    pub link: Link,
    /// The rest.
    #[serde(flatten)]
    pub more: LinkMore,
}

/// What a link in a list holds besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LinkMore {
    /// The host of the short address.
    pub domain: String,
    /// Where its QR code is.
    pub qr_code: String,
    /// The vendor's own id of the link.
    pub external_id: Option<String>,
    /// The vendor's own id of the partner.
    pub tenant_id: Option<String>,
    /// What the vendor noted.
    pub comments: Option<String>,
    /// The vendor.
    pub workspace_id: String,
    /// The same, under its older name.
    pub project_id: String,
    /// Clicks counted.
    pub clicks: i64,
    /// Sign-ups credited.
    pub leads: i64,
    /// People bound by this link who have earned somebody a commission.
    pub conversions: i64,
    /// Sales credited.
    pub sales: i64,
    /// What those sales came to, minor units, refunds taken off.
    pub sale_amount: i64,
    /// When it was made, or its target changed.
    pub updated_at: String,
}

/// A partner in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedPartner {
    /// The partner.
    #[serde(flatten)]
    pub partner: Partner,
    /// The rest.
    #[serde(flatten)]
    pub more: PartnerMore,
}

/// What a partner in a list holds besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PartnerMore {
    /// `ptn_…` once more.
    pub partner_id: String,
    /// The vendor's own id of the partner.
    pub tenant_id: Option<String>,
    /// An address of a picture, as the vendor told it.
    pub image: Option<String>,
    /// Two letters, as the vendor told them.
    pub country: Option<String>,
    /// What the vendor told of the partner.
    pub description: Option<String>,
    /// The links, with their figures.
    pub links: Vec<ListedLink>,
    /// People bound to the partner who have earned somebody a commission.
    pub total_conversions: i64,
    /// What the sales came to less the commissions, minor units.
    pub net_revenue: i64,
    /// `approved`: there is no network of partners here that would look at anybody.
    pub network_status: String,
    /// `paypal` or `tremendous`, where that is how the partner is paid.
    pub default_payout_method: Option<String>,
    /// Since when the partner can be paid.
    pub payouts_enabled_at: Option<String>,
}

/// A person known to the vendor, in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedCustomer {
    /// The person.
    #[serde(flatten)]
    pub customer: Customer,
    /// The rest.
    #[serde(flatten)]
    pub more: CustomerMore,
}

/// What a person in a list is told of besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CustomerMore {
    /// The vendor's own id of the person; empty where he or she is known by an e-mail address alone.
    pub external_id: String,
    /// An address of a picture, as the vendor told it.
    pub avatar: Option<String>,
    /// Two letters, as the vendor told them.
    pub country: Option<String>,
    /// The person's id at Stripe, as the vendor told it.
    pub stripe_customer_id: Option<String>,
    /// How many sales.
    pub sales: i64,
    /// What they came to in the program's currency, minor units, refunds taken off.
    pub sale_amount: i64,
    /// When the first was.
    pub first_sale_at: Option<String>,
    /// The program.
    pub program_id: String,
    /// The partner this person is bound to, if any.
    pub partner: Option<PartnerCard>,
    /// The link this person is bound by, if any.
    pub link: Option<LeadLink>,
}

/// A person's fields to change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CustomerChange {
    /// The person's e-mail address; empty to forget it.
    pub email: Option<String>,
    /// The person's name; empty to forget it.
    pub name: Option<String>,
    /// The vendor's own id of the person.
    pub external_id: Option<String>,
    /// An address of a picture; empty to forget it.
    pub avatar: Option<String>,
    /// Two letters of ISO 3166.
    pub country: Option<String>,
    /// The person's id at Stripe; empty to forget it.
    pub stripe_customer_id: Option<String>,
}

/// The link somebody came by, in brief.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct LeadLink {
    /// `lnk_…`.
    pub id: String,
    /// The code typed or spoken.
    pub code: String,
    /// The host of the short address.
    pub domain: String,
    /// The key in `/r/KEY`.
    pub key: String,
    /// The whole short address, `https://HOST/r/KEY`.
    pub short_link: String,
    /// Where the link leads.
    pub url: String,
    /// Whose it is.
    pub partner_id: String,
    /// The program.
    pub program_id: String,
    /// Null: see `GET /v1/links/info`.
    pub external_id: Option<String>,
    /// Null: see `GET /v1/partners/{id}`.
    pub tenant_id: Option<String>,
}

/// A commission in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedCommission {
    /// The commission.
    #[serde(flatten)]
    pub commission: Commission,
    /// The rest.
    #[serde(flatten)]
    pub more: CommissionMore,
}

/// What a commission in a list holds besides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CommissionMore {
    /// Who gets it.
    pub partner: PartnerCard,
    /// The buyer.
    pub customer: Option<ListedCustomer>,
    /// What was said with it, where it was given or voided by hand.
    pub description: Option<String>,
    /// How many units it was earned on.
    pub quantity: i64,
    /// What the vendor attached to the sale or lead.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    pub metadata: Option<Metadata>,
    /// When something last moved in the ledger because of it.
    pub updated_at: String,
    /// When its payout was marked paid.
    pub paid_at: Option<String>,
}

impl Eq for CommissionMore {}

/// A change of a commission. One of `status`, and `saleAmount`, `amount`, `modifySaleAmount` and `modifyAmount`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CommissionChange {
    /// `canceled` or `duplicate` (both cancel it), `fraud` (rejects one that is in review), `refunded` (refunds what is left of
    /// its sale), or `pending` (ends the review of one that is in review).
    pub status: Option<String>,
    /// What the sale came to after all, minor units: at most what is left of it. The difference is a refund.
    pub sale_amount: Option<i64>,
    /// By how much the sale is less, a negative number of minor units.
    pub modify_sale_amount: Option<i64>,
    /// `saleAmount` under its older name.
    pub amount: Option<i64>,
    /// `modifySaleAmount` under its older name.
    pub modify_amount: Option<i64>,
    /// Refused: what was earned follows from the sale and the reward. Give a bonus, or cancel.
    pub earnings: Option<i64>,
    /// The sale's currency, where an amount is told. Default: that.
    pub currency: Option<String>,
}

/// Several commissions to change alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CommissionsChange {
    /// `com_…`, 1 to 100. All are changed, or none.
    pub commission_ids: Vec<String>,
    /// As of one.
    pub status: Option<String>,
}

/// What became of one of several commissions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CommissionState {
    /// `com_…`.
    pub id: String,
    /// As of a commission.
    pub status: String,
}

/// A payout in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedPayout {
    /// The payout.
    #[serde(flatten)]
    pub payout: Payout,
    /// The rest.
    #[serde(flatten)]
    pub more: PayoutMore,
}

/// What a payout in a list holds besides.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PayoutMore {
    /// Who is paid.
    pub partner: PartnerCard,
    /// What was said when it was marked.
    pub description: Option<String>,
    /// The same, where it failed or came back.
    pub failure_reason: Option<String>,
    /// When it last changed.
    pub updated_at: String,
}

/// A partner of whom something was decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Named {
    /// The id.
    pub id: String,
}

/// An application that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// `enr_…`.
    pub id: String,
    /// When he or she asked.
    pub created_at: String,
    /// Who.
    pub partner: ListedPartner,
}

/// A link to make or change, by the field names of links.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct LinkChange {
    /// Where it leads; must be on an allowed origin or the program's.
    pub url: Option<String>,
    /// The code wished for. Default: made from the partner's name.
    pub key: Option<String>,
    /// The partner whose it is; or `tenantId`.
    pub partner_id: Option<String>,
    /// The vendor's own id of the partner.
    pub tenant_id: Option<String>,
    /// The program. Default: the vendor's default program.
    pub program_id: Option<String>,
    /// The vendor's own id of the link, unique. At most 255 characters.
    pub external_id: Option<String>,
    /// What the vendor notes. At most 500 characters.
    pub comments: Option<String>,
    /// More of the same: `externalId` and `comments` are read from it.
    #[serde(deserialize_with = "crate::object")]
    pub link_props: Option<LinkProps>,
}

/// What an SDK tells of a link beside its address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct LinkProps {
    /// The vendor's own id of the link, unique. At most 255 characters.
    pub external_id: Option<String>,
    /// What the vendor notes. At most 500 characters.
    pub comments: Option<String>,
}

/// Figures: the overview of a program, or in the shape that public SDKs read one row, or a list of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum AnalyticsAnswer {
    /// The overview.
    Overview(Box<Analytics>),
    /// The whole range.
    Total(Box<FigureRow>),
    /// Item by item.
    Rows(Vec<FigureRow>),
}

/// Figures of a range of time, in total or of one item. What does not fit the item is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct FigureRow {
    /// When the day, hour or month begins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start: Option<String>,
    /// Two letters; `Unknown` where no proxy told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// `Desktop`, `Mobile`, `Tablet` or `Unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// The referring site; `(direct)` for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referer: Option<String>,
    /// Where the links lead, or the link does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The link's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// The same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The host of the short address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub domain: Option<String>,
    /// The key in `/r/KEY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The short address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_link: Option<String>,
    /// When the link was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// The partner.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_id: Option<String>,
    /// The partner's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner_name: Option<String>,
    /// Clicks.
    pub clicks: i64,
    /// Sign-ups; like the rest left out where clicks alone are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leads: Option<i64>,
    /// Sales.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales: Option<i64>,
    /// What the sales came to, minor units of the program's currency, refunds taken off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale_amount: Option<i64>,
    /// Commissions earned, minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earnings: Option<i64>,
}

/// An event, in brief or in full.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum AnyEvent {
    /// In brief.
    Brief(Box<Event>),
    /// As public SDKs read it.
    Full(Box<ListedEvent>),
}

/// A click, lead or sale with everything known of it. Beside these stand the flat fields of the SDKs (`click_id`, `link_id`,
/// `domain`, `key`, `url`, `country` and so on).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct ListedEvent {
    /// `click`, `lead` or `sale`.
    pub event: String,
    /// The event's id.
    pub event_id: String,
    /// What the event is called.
    pub event_name: String,
    /// When it happened.
    pub timestamp: String,
    /// The click that led to it; its id is empty where none did.
    pub click: EventClick,
    /// The link that led to it; its id is empty where none did.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub link: serde_json::Value,
    /// The person, of a lead or a sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<ListedCustomer>,
    /// The payment, of a sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale: Option<EventSale>,
    /// What the vendor attached.
    #[cfg_attr(feature = "openapi", schema(value_type = Option<Object>))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

/// A click as it is told with an event. What is not kept is empty or `Unknown`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EventClick {
    /// `clk_…`.
    pub id: String,
    /// When it was.
    pub timestamp: String,
    /// The page the visitor landed on, or the link leads to.
    pub url: String,
    /// Two letters; `Unknown` where no proxy told.
    pub country: String,
    /// `Unknown`.
    pub city: String,
    /// `Unknown`.
    pub region: String,
    /// `Unknown`.
    pub continent: String,
    /// `Desktop`, `Mobile`, `Tablet` or `Unknown`.
    pub device: String,
    /// `Unknown`.
    pub browser: String,
    /// `Unknown`.
    pub os: String,
    /// The referring site; `(direct)` for none.
    pub referer: String,
    /// The page the visitor came from; `(direct)` for none.
    pub referer_url: String,
    /// False: a QR code is not told from other ways to a link.
    pub qr: bool,
    /// Empty: addresses are not kept.
    pub ip: String,
}

/// A payment as it is told with an event.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct EventSale {
    /// Minor units.
    pub amount: i64,
    /// ISO 4217, lower case.
    pub currency: String,
    /// The invoice number.
    pub invoice_id: Option<String>,
    /// Where it was paid.
    pub payment_processor: String,
}
