//! What touchpoints are called: partners by their names, links by their codes.

use crate::error::Error;
use crate::store::Tx;
use rustc_hash::FxHashMap;
use std::collections::HashMap;

/// What is credited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Partner,
    Channel,
    Link,
    Site,
}

/// Texts, each once, by their places.
#[derive(Default)]
pub struct Names {
    places: FxHashMap<String, usize>,
    all: Vec<String>,
}

/// What a touchpoint is called, by the places in the lists of [`Naming`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Called {
    pub partner: usize,
    pub link: usize,
    pub channel: usize,
    pub site: usize,
}

/// The names of all touchpoints.
#[derive(Default)]
pub struct Naming {
    /// The places of what touchpoints are called in all, and all of it: far fewer than touchpoints.
    places: FxHashMap<Called, usize>,
    called: Vec<Called>,
    /// Ids.
    pub partners: Names,
    /// Ids; empty for a touchpoint without a link.
    pub links: Names,
    pub channels: Names,
    pub sites: Names,
    /// What partners are called, by their places.
    partner_labels: Vec<String>,
    link_labels: Vec<String>,
    /// What partners are called, by their ids, as far as that is known.
    pub known: FxHashMap<String, String>,
}

impl By {
    /// From its word; partners unless told.
    pub fn parse(word: Option<&str>) -> Result<Self, Error> {
        match word {
            None | Some("partner") => Ok(Self::Partner),
            Some("channel") => Ok(Self::Channel),
            Some("link") => Ok(Self::Link),
            Some("site") => Ok(Self::Site),
            Some(_) => Err(Error::field("by", "must be `partner`, `channel`, `link` or `site`.")),
        }
    }

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Partner => "partner",
            Self::Channel => "channel",
            Self::Link => "link",
            Self::Site => "site",
        }
    }
}

impl Names {
    /// All of them, by their places.
    pub fn all(&self) -> &[String] {
        &self.all
    }

    /// The place of a text, new or not.
    pub fn place(&mut self, text: &str) -> usize {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        self.places.insert(text.to_owned(), self.all.len());
        self.all.push(text.to_owned());
        self.all.len() - 1
    }
}

impl Naming {
    /// The place of what a touchpoint is called, new or not.
    pub fn place(&mut self, called: Called) -> usize {
        *self.places.entry(called).or_insert_with(|| {
            self.called.push(called);
            self.called.len() - 1
        })
    }

    /// All of it, by its places.
    pub fn all_called(&self) -> &[Called] {
        &self.called
    }

    /// What is credited, of what stands in this place; two may be called the same.
    pub fn name(&self, by: By, place: usize) -> &str {
        let called = self.called[place];
        match by {
            By::Partner => &self.partner_labels[called.partner],
            By::Link => &self.link_labels[called.link],
            By::Channel => &self.channels.all[called.channel],
            By::Site => &self.sites.all[called.site],
        }
    }

    /// The ids behind what is called so.
    pub fn ids(&self, by: By) -> HashMap<&str, &str> {
        let (labels, ids) = match by {
            By::Partner => (&self.partner_labels, &self.partners.all),
            By::Link => (&self.link_labels, &self.links.all),
            By::Channel | By::Site => return HashMap::new(),
        };
        let pairs = labels.iter().zip(ids).filter(|(_, id)| !id.is_empty());
        pairs.map(|(label, id)| (label.as_str(), id.as_str())).collect()
    }

    /// Finds out what everything met is called. Two partners of one name are told apart by their ids.
    pub fn label(&mut self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let mut codes = HashMap::new();
        for label in tx.labels_of_links(&self.links.all)? {
            codes.insert(label.link, label.code);
            self.known.insert(label.partner, label.name);
        }
        let code = |id: &String| codes.get(id).cloned().unwrap_or_else(|| "none".into());
        self.link_labels = self.links.all.iter().map(code).collect();
        let called = |id: &String| self.known.get(id).map_or(id.as_str(), |name| name.trim()).to_owned();
        let names: Vec<String> = self.partners.all.iter().map(called).collect();
        let mut how_often: HashMap<&str, usize> = HashMap::new();
        for name in &names {
            *how_often.entry(name).or_default() += 1;
        }
        let unique = |(name, id): (&String, &String)| {
            if how_often[name.as_str()] == 1 { name.clone() } else { format!("{name} ({id})") }
        };
        self.partner_labels = names.iter().zip(&self.partners.all).map(unique).collect();
        Ok(())
    }
}
