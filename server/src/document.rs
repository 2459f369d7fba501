//! Terms as documents, which the console shares, and what of a program's documents is the server's alone: its widget.

mod widget;

pub use goodword_document::*;
pub use widget::{answers as read_answers, read as read_widget};
