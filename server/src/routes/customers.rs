//! The people who were referred.

use super::{find, view};
use crate::app::Shared;
use crate::auth::VendorCaller;
use crate::error::Error;
use crate::http::{Paging, Query};
use crate::store::{Customer, Program, Tx};
use crate::world::World;
use axum::Json;
use axum::extract::State;
use goodword_domain::id::{CustomerId, VendorId};
use goodword_domain::person::Email;
use goodword_domain::time::Instant;
use goodword_wire::{self as wire, ErrorBody};

/// Which customers to list.
#[derive(Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
pub struct CustomerQuery {
    /// The vendor's own id of the person.
    external_id: Option<String>,
    /// The person's e-mail address.
    email: Option<String>,
}

/// List customers
#[utoipa::path(get, path = "/v1/customers", tag = "customers", params(CustomerQuery, Paging),
    responses((status = 200, body = Vec<wire::Customer>), (status = "4XX", body = ErrorBody)))]
pub async fn list(
    State(app): State<Shared>,
    caller: VendorCaller,
    Query(query): Query<CustomerQuery>,
    Query(paging): Query<Paging>,
) -> Result<Json<Vec<wire::Customer>>, Error> {
    let (limit, after) = (paging.limit()?, paging.after(CustomerId::parse)?);
    let customers = app.store.read(move |tx| {
        let email = query.email.as_ref().map(|e| e.to_lowercase());
        let rows = tx.customers(
            &caller.vendor,
            query.external_id.as_deref(),
            email.as_deref(),
            after.as_ref(),
            limit,
        )?;
        rows.iter().map(|c| view::customer(tx, c)).collect()
    });
    Ok(Json(customers.await?))
}

/// Who a report is about.
#[derive(Clone, Debug)]
pub struct Named {
    pub external_id: Option<String>,
    pub name: Option<String>,
    pub email: Option<Email>,
}

impl Named {
    /// From the fields of a report: at least an id or an address.
    pub fn parse(
        external_id: Option<&String>,
        name: Option<&String>,
        email: Option<&String>,
    ) -> Result<Self, Error> {
        let named = Self {
            external_id: find::text("customerExternalId", external_id, 100)?,
            name: find::text("customerName", name, 100)?,
            email: match find::text("customerEmail", email, 254)? {
                Some(email) => Some(Email::parse("customerEmail", &email)?),
                None => None,
            },
        };
        if named.external_id.is_none() && named.email.is_none() {
            return Err(Error::field(
                "customerExternalId",
                "is needed: send your own id of the person, or `customerEmail`.",
            ));
        }
        Ok(named)
    }

    /// What tells this person from others: the vendor's id, or the address.
    pub fn key(&self) -> String {
        let email = || format!("mailto:{}", self.email.as_ref().map(Email::folded).unwrap_or_default());
        self.external_id.clone().unwrap_or_else(email)
    }

    /// This person, in whichever of the vendor's programs knows him or her.
    pub fn known_to(&self, tx: &mut Tx<'_>, vendor: &VendorId) -> Result<Option<Customer>, Error> {
        if let Some(id) = &self.external_id
            && let Some(customer) = tx.customer_by_external_id(vendor, None, id)?
        {
            return Ok(Some(customer));
        }
        let Some(email) = &self.email else { return Ok(None) };
        Ok(tx.vendor_customer_by_email(vendor, &email.folded(), self.external_id.is_some())?)
    }

    /// The customer of this name in a program, known before or new. A person whom a page reported by address alone is
    /// recognised when the vendor reports the same address with its own id.
    pub fn customer(
        &self,
        tx: &mut Tx<'_>,
        world: World,
        program: &Program,
        at: Instant,
    ) -> Result<Customer, Error> {
        let customer = self.customer_of_page(tx, world, program, at)?;
        self.complete(tx, &customer)
    }

    /// The same for a report of a page, which anybody can forge: it changes nothing that is known.
    pub fn customer_of_page(
        &self,
        tx: &mut Tx<'_>,
        world: World,
        program: &Program,
        at: Instant,
    ) -> Result<Customer, Error> {
        match self.known(tx, program)? {
            Some(known) => Ok(known),
            None => self.create(tx, world, program, at),
        }
    }

    fn known(&self, tx: &mut Tx<'_>, program: &Program) -> Result<Option<Customer>, Error> {
        let folded = self.email.as_ref().map(Email::folded);
        let Some(id) = &self.external_id else {
            return Ok(folded.map(|email| tx.customer_by_email(&program.id, &email)).transpose()?.flatten());
        };
        if let Some(customer) = tx.customer_by_external_id(&program.vendor, Some(&program.id), id)? {
            return Ok(Some(customer));
        }
        Ok(folded.map(|email| tx.unnamed_customer_by_email(&program.id, &email)).transpose()?.flatten())
    }

    /// Fills in what was not known of the person; what was known stays.
    fn complete(&self, tx: &mut Tx<'_>, known: &Customer) -> Result<Customer, Error> {
        let email = self.email.as_ref().map(|e| e.as_str().to_owned());
        let fuller = Customer {
            external_id: known.external_id.clone().or_else(|| self.external_id.clone()),
            name: known.name.clone().or_else(|| self.name.clone()),
            email: known.email.clone().or(email),
            ..known.clone()
        };
        let changed = (&fuller.external_id, &fuller.name, &fuller.email)
            != (&known.external_id, &known.name, &known.email);
        if changed {
            tx.update_customer(&fuller)?;
        }
        Ok(fuller)
    }

    fn create(
        &self,
        tx: &mut Tx<'_>,
        world: World,
        program: &Program,
        at: Instant,
    ) -> Result<Customer, Error> {
        let customer = Customer {
            id: CustomerId::from_bits(world.bits()),
            vendor: program.vendor.clone(),
            program: program.id.clone(),
            external_id: self.external_id.clone(),
            name: self.name.clone(),
            email: self.email.as_ref().map(|e| e.as_str().to_owned()),
            bound: None,
            first_commissioned_at: None,
            created_at: at,
        };
        tx.insert_customer(&customer)?;
        Ok(customer)
    }
}
