//! The people who were referred.

use super::partners::of_tenant;
use super::sales::country;
use super::{find, listed};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::erasing;
use crate::error::Error;
use crate::http::{Body, Paging, Query, Turning};
use crate::shared::{Record, Words};
use crate::store::{Customer, CustomerFilter, CustomerProfile, Tx};
use axum::Json;
use axum::extract::{Path, State};
use goodword_domain::id::{CustomerId, LinkId, PartnerId, ProgramId, VendorId};
use goodword_domain::person::Email;
use goodword_wire::{CustomerChange, ErrorBody, ListedCustomer, Named};
use serde_json::Value;

/// Which customers to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CustomerQuery {
    /// The vendor's own id of the person.
    external_id: Option<String>,
    /// The person's e-mail address.
    email: Option<String>,
    /// A part of the name, the address or the vendor's own id.
    search: Option<String>,
    /// Only of this program.
    program_id: Option<String>,
    /// Only those bound to this partner.
    partner_id: Option<String>,
    /// The same by the vendor's own id of the partner.
    tenant_id: Option<String>,
    /// Only those bound by this link.
    link_id: Option<String>,
}

/// List customers
///
/// Sorted by `createdAt`.
#[utoipa::path(get, path = "/v1/customers", tag = "customers", params(CustomerQuery, Paging, Turning),
    responses((status = 200, body = Vec<ListedCustomer>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Query(query): Query<CustomerQuery>,
    Query(paging): Query<Paging>,
    Query(turning): Query<Turning>,
) -> Result<Json<Vec<Value>>, Error> {
    let limit = paging.limit()?;
    turning.sorted_by(&["createdAt"])?;
    let folded = |text: &Option<String>| text.as_ref().map(|t| t.trim().to_lowercase());
    let filter = CustomerFilter {
        external_id: query.external_id.clone(),
        email: folded(&query.email),
        search: folded(&query.search).filter(|s| !s.is_empty()),
        program: query.program_id.as_deref().map(ProgramId::parse).transpose()?,
        partner: query.partner_id.as_deref().map(PartnerId::parse).transpose()?,
        link: query.link_id.as_deref().map(LinkId::parse).transpose()?,
        oldest_first: turning.is_ascending()?,
        after: paging.after(CustomerId::parse)?,
        skip: turning.skip(&paging, limit)?,
        limit,
    };
    let public_url = app.public_url.clone();
    let customers = app.store.read(move |tx| {
        let tenant = query.tenant_id.as_deref().map(|id| of_tenant(tx, &caller.vendor, id)).transpose()?;
        let partner = filter.partner.clone().or(tenant);
        let rows = tx.customers(&caller.vendor, &CustomerFilter { partner, ..filter.clone() })?;
        Record::Customer.all(words, &listed::customers(tx, &public_url, &rows)?)
    });
    Ok(Json(customers.await?))
}

/// One customer
#[utoipa::path(get, path = "/v1/customers/{id}", tag = "customers",
    params(("id" = String, Path, description = "`cus_…`, or `ext_` and the vendor's own id of the person")),
    responses((status = 200, body = ListedCustomer), (status = "4XX", body = ErrorBody)))]
pub async fn one(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Path(id): Path<String>,
) -> Result<Json<Value>, Error> {
    let public_url = app.public_url.clone();
    let customer = app.store.read(move |tx| {
        let customer = meant(tx, &caller.vendor, &id)?;
        Record::Customer.full(words, &listed::customer(tx, &public_url, &customer)?)
    });
    Ok(Json(customer.await?))
}

/// Change what is known of a customer
///
/// To whom he or she is bound, and what was bought, is not in anybody's hand.
#[utoipa::path(patch, path = "/v1/customers/{id}", tag = "customers", request_body = CustomerChange,
    params(("id" = String, Path, description = "`cus_…`, or `ext_` and the vendor's own id of the person")),
    responses((status = 200, body = ListedCustomer), (status = "4XX", body = ErrorBody)))]
pub async fn change(
    State(app): State<Shared>,
    caller: VendorCaller,
    words: Words,
    Path(id): Path<String>,
    Body(input): Body<CustomerChange>,
) -> Result<Json<Value>, Error> {
    let change = Change::parse(&input)?;
    let public_url = app.public_url.clone();
    let customer = app.store.write(move |tx| {
        let known = meant(tx, &caller.vendor, &id)?;
        let customer = change.apply(tx, known)?;
        Record::Customer.full(words, &listed::customer(tx, &public_url, &customer)?)
    });
    Ok(Json(customer.await?))
}

/// Erase a customer
///
/// The name, the address, the vendor's own id and what was attached to his or her events are forgotten, also in the first answers
/// that are kept, in what webhooks were told, and in what providers have told. Sales and commissions stay, as nobody's in particular. A later report about the same person is about somebody new.
#[utoipa::path(delete, path = "/v1/customers/{id}", tag = "customers",
    params(("id" = String, Path, description = "`cus_…`, or `ext_` and the vendor's own id of the person")),
    responses((status = 200, body = Named), (status = "4XX", body = ErrorBody)))]
pub async fn erase(
    State(app): State<Shared>,
    caller: VendorCaller,
    Path(id): Path<String>,
) -> Result<Json<Named>, Error> {
    let erased = app.store.write(move |tx| {
        let customer = meant(tx, &caller.vendor, &id)?;
        erasing::customer(tx, &customer)?;
        Ok(Named { id: customer.id.to_string() })
    });
    Ok(Json(erased.await?))
}

/// The customer of an id of ours, or of the vendor's own after `ext_`.
pub fn meant(tx: &mut Tx<'_>, vendor: &VendorId, id: &str) -> Result<Customer, Error> {
    let found = match id.strip_prefix("ext_") {
        Some(own) => {
            let named = CustomerFilter { external_id: Some(own.to_owned()), limit: 1, ..Default::default() };
            tx.customers(vendor, &named)?.pop()
        }
        None => tx.customer(vendor, &CustomerId::parse(id)?)?,
    };
    let found = found.filter(|c| c.external_id.is_some() || c.email.is_some());
    found.ok_or_else(|| {
        Error::NotFound("There is no such customer in this mode: see GET /v1/customers.".into())
    })
}

/// What to change; of a text within, none forgets it.
#[expect(
    clippy::option_option,
    reason = "the outer says whether it was told, the inner what: as the body of a PATCH does"
)]
struct Change {
    name: Option<Option<String>>,
    email: Option<Option<Email>>,
    external_id: Option<String>,
    avatar: Option<Option<String>>,
    country: Option<String>,
    stripe_customer: Option<Option<String>>,
}

impl Change {
    fn parse(input: &CustomerChange) -> Result<Self, Error> {
        let text = |field, told: &Option<String>, most| {
            let text = find::text(field, told.as_ref(), most)?;
            Ok::<_, Error>(told.as_ref().map(|_| text))
        };
        let email = text("email", &input.email, 254)?;
        let parse = |email: Option<String>| email.map(|e| Email::parse("email", &e)).transpose();
        Ok(Self {
            name: text("name", &input.name, 100)?,
            email: email.map(parse).transpose()?,
            external_id: find::text("externalId", input.external_id.as_ref(), 100)?,
            avatar: text("avatar", &input.avatar, 2048)?,
            country: input.country.as_deref().map(country).transpose()?,
            stripe_customer: text("stripeCustomerId", &input.stripe_customer_id, 255)?,
        })
    }

    fn apply(&self, tx: &mut Tx<'_>, known: Customer) -> Result<Customer, Error> {
        let email = match &self.email {
            Some(email) => email.as_ref().map(|e| e.as_str().to_owned()),
            None => known.email.clone(),
        };
        let external_id = self.external_id.clone().or(known.external_id.clone());
        if external_id.is_none() && email.is_none() {
            return Err(Error::field("email", "is all this person is known by: tell an `externalId` first."));
        }
        self.check_free(tx, &known)?;
        let customer =
            Customer { name: self.name.clone().unwrap_or(known.name.clone()), email, external_id, ..known };
        tx.save_customers(std::slice::from_ref(&customer))?;
        let ids = std::slice::from_ref(&customer.id);
        let before = tx.customer_profiles(ids)?.remove(&customer.id).unwrap_or_default();
        let profile = CustomerProfile {
            avatar: self.avatar.clone().unwrap_or(before.avatar.clone()),
            country: self.country.clone().or(before.country.clone()),
            stripe_customer: self.stripe_customer.clone().unwrap_or(before.stripe_customer.clone()),
        };
        if profile != before {
            tx.save_customer_profile(&customer.vendor, &customer.id, &profile)?;
        }
        Ok(customer)
    }

    /// Refuses the vendor's own id of somebody else.
    fn check_free(&self, tx: &mut Tx<'_>, known: &Customer) -> Result<(), Error> {
        let Some(wanted) = self.external_id.as_ref().filter(|id| known.external_id.as_ref() != Some(id))
        else {
            return Ok(());
        };
        let others = tx.customers_by_external_id(&[[known.vendor.as_str(), wanted]])?;
        match others.iter().find(|c| c.id != known.id) {
            Some(other) => {
                Err(Error::Conflict(format!("`externalId` {wanted} is another customer's: {}.", other.id)))
            }
            None => Ok(()),
        }
    }
}
