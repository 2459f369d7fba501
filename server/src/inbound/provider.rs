//! The providers that are known, and what each is set to.

use super::generic;
use super::said::Said;
use super::signature::Scheme;
use super::tree::Tree;
use super::{paddle, shopify, stripe};
use crate::error::Error;
use crate::store::Integration;
use goodword_wire::InboundMapping;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Who sends events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provider {
    Stripe,
    Shopify,
    Paddle,
    /// Anybody else, as a mapping says.
    Generic,
}

/// What is set besides secrets and program.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Options {
    /// The provider's codes that name a partner, folded, and the partner's code.
    pub codes: BTreeMap<String, String>,
    pub shop: Option<String>,
    pub money: Option<String>,
    pub mapping: Option<InboundMapping>,
}

/// Headers that are part of what an event says, their names in lower case.
pub type Headers = BTreeMap<String, String>;

/// An event as it came.
pub struct Envelope<'a> {
    pub tree: &'a Tree,
    pub headers: &'a Headers,
    pub options: &'a Options,
    /// Whether it came to a sandbox.
    pub test: bool,
    /// A name for an event that has none.
    pub hash: &'a str,
}

impl Provider {
    /// From its word.
    pub fn parse(word: &str) -> Result<Self, Error> {
        match word {
            "stripe" => Ok(Self::Stripe),
            "shopify" => Ok(Self::Shopify),
            "paddle" => Ok(Self::Paddle),
            "generic" => Ok(Self::Generic),
            _ => Err(Error::NotFound(
                "There is no such provider: it is `stripe`, `shopify`, `paddle` or `generic`.".into(),
            )),
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Stripe => "stripe",
            Self::Shopify => "shopify",
            Self::Paddle => "paddle",
            Self::Generic => "generic",
        }
    }

    /// The header of its signature and how that is made.
    pub fn signature(self, options: &Options) -> Result<(String, Scheme), Error> {
        Ok(match self {
            Self::Stripe => ("stripe-signature".into(), Scheme::Stripe),
            Self::Shopify => ("x-shopify-hmac-sha256".into(), Scheme::Base64),
            Self::Paddle => ("paddle-signature".into(), Scheme::Paddle),
            Self::Generic => {
                generic::signature(options.mapping.as_ref().unwrap_or(&InboundMapping::default()))?
            }
        })
    }

    /// The headers that are part of what it says.
    pub fn headers(self, options: &Options) -> Vec<String> {
        match self {
            Self::Stripe | Self::Paddle => Vec::new(),
            Self::Shopify => shopify::HEADERS.map(str::to_owned).to_vec(),
            Self::Generic => options.mapping.as_ref().map(generic::headers).unwrap_or_default(),
        }
    }

    /// What `paymentProcessor` its sales have.
    pub fn processor(self, options: &Options) -> String {
        let told = options.mapping.as_ref().and_then(|mapping| mapping.payment_processor.clone());
        told.filter(|_| self == Self::Generic).unwrap_or_else(|| self.word().to_owned())
    }

    /// Reads an event.
    pub fn read(self, event: &Envelope<'_>) -> Result<Said, Error> {
        let said = match self {
            Self::Stripe => stripe::read(event),
            Self::Shopify => shopify::read(event),
            Self::Paddle => paddle::read(event),
            Self::Generic => generic::read(event),
        }?;
        let short = |text: &str| (1..=255).contains(&text.chars().count());
        if short(&said.event_id) && said.kind.chars().count() <= 100 {
            Ok(said)
        } else {
            Err(Error::BadRequest("The event has no id and type of at most 255 and 100 characters.".into()))
        }
    }
}

impl Options {
    /// What an integration is set to.
    pub fn of(integration: &Integration) -> Result<Self, Error> {
        let read = serde_json::from_str(&integration.options);
        read.map_err(|e| Error::internal(format!("a stored integration is broken: {e}")))
    }
}

/// The secrets of an integration.
pub fn secrets(integration: &Integration) -> Result<Vec<String>, Error> {
    // The text of the failure would hold a secret.
    serde_json::from_str(&integration.secrets)
        .map_err(|_| Error::internal("the secrets of a stored integration are broken"))
}
