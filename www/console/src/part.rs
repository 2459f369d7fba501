//! Shared parts of the pages.

pub mod badge;
pub mod changes;
pub mod chart;
pub mod choice;
pub mod copy;
pub mod csv;
pub mod dialog;
pub mod edit;
pub mod facts;
pub mod filters;
pub mod first;
pub mod form;
pub mod head;
pub mod icon;
pub mod language;
pub mod link;
pub mod palette;
pub mod picks;
pub mod ranked;
pub mod rows;
pub mod sandbox;
pub mod state;
pub mod table;
