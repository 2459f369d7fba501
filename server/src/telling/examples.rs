//! What each event looks like: for the documentation, the console and test events. A test holds them against real events.

use super::broken;
use crate::error::Error;
use goodword_domain::event::EventKind;
use goodword_wire::{EventType, Metadata};
use serde_json::Value;

const EXAMPLES: &str = include_str!("../../data/events.json");

/// The data of an event by way of example.
pub fn example(kind: EventKind) -> Result<Metadata, Error> {
    let mut all: Metadata = serde_json::from_str(EXAMPLES).map_err(|e| broken(&e))?;
    match all.remove(kind.word()) {
        Some(Value::Object(data)) => Ok(data),
        _ => Err(Error::internal(format!("there is no example of {}", kind.word()))),
    }
}

/// Every kind of event there is.
pub fn event_types() -> Result<Vec<EventType>, Error> {
    let one = |(kind, word, means): &(EventKind, &str, &str)| {
        Ok(EventType { event: (*word).into(), explanation: (*means).into(), example: example(*kind)? })
    };
    EventKind::ALL.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_an_example_and_there_are_no_others() {
        assert_eq!(event_types().unwrap().len(), EventKind::ALL.len());
        let all: Metadata = serde_json::from_str(EXAMPLES).unwrap();
        assert_eq!(all.len(), EventKind::ALL.len());
    }
}
