//! What can stand above a screen: a prompt, a question, the palette, the help, a list.

pub mod palette;
pub mod prompt;
pub mod question;

use self::palette::Palette;
use self::prompt::Prompt;
use self::question::{Choice, Question};
use super::text_input::TextInput;
use crate::domain::record::RecordNo;
use crate::view::RelatedRecords;

/// One thing above the screen; it takes the keys.
#[derive(Clone, Debug, PartialEq)]
pub enum Modal {
    /// The help, scrolled.
    Help {
        /// First visible line.
        top: usize,
    },
    /// Every action.
    Palette(Palette),
    /// A line of text is asked for.
    Prompt(Prompt),
    /// One of several pieces of evidence is asked for.
    Choice(Choice),
    /// Yes or no is asked for.
    Confirm(Box<Question>),
    /// Lines to read: characters of a record, related rows.
    Info {
        /// What they are.
        title: &'static str,
        /// First visible line.
        top: usize,
        /// What is shown.
        body: InfoBody,
    },
}

impl Modal {
    /// The line of text being typed, where there is one.
    pub fn line(&mut self) -> Option<&mut TextInput> {
        match self {
            Self::Prompt(prompt) => Some(&mut prompt.line),
            Self::Palette(palette) => Some(&mut palette.line),
            _ => None,
        }
    }
}

/// What an information window shows.
#[derive(Clone, Debug, PartialEq)]
pub enum InfoBody {
    /// The characters of a record, computed when drawn.
    Characters(RecordNo),
    /// Related rows, of which the window's first line is the selected one; `None` while they are read.
    Related(RecordNo, Option<RelatedRecords>),
    /// Text as it stands.
    Text(Vec<String>),
}
