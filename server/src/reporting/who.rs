//! Who a report is about.

use crate::error::Error;
use crate::routes::find;
use crate::store::Customer;
use goodword_domain::person::Email;

/// A person as a report names him or her.
#[derive(Clone, Debug)]
pub struct Named {
    pub external_id: Option<String>,
    pub name: Option<String>,
    pub email: Option<Email>,
    /// Everything by which the person may be found.
    names: Vec<String>,
}

impl Named {
    /// From the fields of a report: at least an id or an address.
    pub fn parse(
        external_id: Option<&String>,
        name: Option<&String>,
        email: Option<&String>,
    ) -> Result<Self, Error> {
        let external_id = find::text("customerExternalId", external_id, 100)?;
        let name = find::text("customerName", name, 100)?;
        let email = match find::text("customerEmail", email, 254)? {
            Some(email) => Some(Email::parse("customerEmail", &email)?),
            None => None,
        };
        let by_id = external_id.as_ref().map(|id| format!("customer:{id}"));
        let by_email = email.as_ref().map(|email| mailto(&email.folded()));
        let names: Vec<String> = by_id.into_iter().chain(by_email).collect();
        if names.is_empty() {
            return Err(Error::field(
                "customerExternalId",
                "is needed: send your own id of the person, or `customerEmail`.",
            ));
        }
        Ok(Self { external_id, name, email, names })
    }

    /// What tells this person from others: the vendor's id, or the address.
    pub fn key(&self) -> String {
        self.external_id.clone().unwrap_or_else(|| mailto(&self.folded().unwrap_or_default()))
    }

    /// Everything by which the person may be found.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The address, as it is compared.
    pub(super) fn folded(&self) -> Option<String> {
        self.email.as_ref().map(Email::folded)
    }

    /// Fills in what was not known of the person; what was known stays.
    pub(super) fn complete(&self, known: Customer) -> Customer {
        let email = self.email.as_ref().map(|e| e.as_str().to_owned());
        Customer {
            external_id: known.external_id.or_else(|| self.external_id.clone()),
            name: known.name.or_else(|| self.name.clone()),
            email: known.email.or(email),
            ..known
        }
    }
}

fn mailto(folded: &str) -> String {
    format!("mailto:{folded}")
}
