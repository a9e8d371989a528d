//! What can stand above a screen: a prompt, a question, the palette, the help, a list.

use super::command::Entry;
use super::line::Line;
use super::model::Kin;
use super::task::{Source, Task};
use crate::config::keymap::Layer;
use crate::domain::case::Decision;
use crate::domain::category::EvidenceCode;
use crate::domain::record::RecordNo;

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

/// What an information window shows.
#[derive(Clone, Debug, PartialEq)]
pub enum InfoBody {
    /// The characters of a record, computed when drawn.
    Characters(RecordNo),
    /// Related rows, of which the window's first line is the selected one; `None` while they are read.
    Related(RecordNo, Option<Kin>),
    /// Text as it stands.
    Text(Vec<String>),
}

/// The palette.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Palette {
    /// The query.
    pub line: Line,
    /// What fits, best first.
    pub found: Vec<Entry>,
    /// The chosen one; none while the text names nothing and nobody chose.
    pub chosen: Option<usize>,
    /// Whether it offers columns for the selected column of a file instead of actions.
    pub columns: bool,
}

impl Palette {
    /// What the line stands for now.
    pub fn entry(&self) -> Option<&Entry> {
        self.found.get(self.chosen?)
    }
}

/// A line of text that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// What for.
    pub purpose: Purpose,
    /// The text so far.
    pub line: Line,
    /// What is wrong with the text that was accepted last.
    pub fault: Option<String>,
}

/// What a line of text is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Purpose {
    /// A search; the row where it began.
    Search {
        /// The cursor before.
        from: usize,
    },
    /// Words to look for in 履歴, 出力 or ヘルプ.
    Find {
        /// Whether in the help.
        help: bool,
        /// The line where it began.
        from: usize,
    },
    /// A filter expression.
    Filter,
    /// A note for a record.
    Note(RecordNo),
    /// The file to import.
    Import,
    /// The word that says of a file lacking most records that it is a full one all the same.
    Whole(Source),
    /// 整理番号 of the record to take out of a list.
    WithdrawId(u32),
    /// Why a held-back row is dismissed, or open again.
    HeldReason {
        /// Its number.
        number: u32,
        /// Whether it is dismissed.
        dismiss: bool,
    },
    /// Why a record is taken out of a list.
    WithdrawReason {
        /// The list.
        batch: u32,
        /// 整理番号
        id: String,
    },
    /// What a decision still needs.
    Ask(Box<Attempt>, Ask),
}

impl Purpose {
    /// The layer of keys that holds: where an answer has few characters, a keymap may use the others as keys.
    pub fn layer(&self) -> Layer {
        match self {
            Self::Search { .. }
            | Self::Find { .. }
            | Self::Ask(..)
            | Self::WithdrawId(_)
            | Self::WithdrawReason { .. }
            | Self::HeldReason { .. } => Layer::Answer,
            Self::Filter | Self::Note(_) | Self::Import | Self::Whole(_) => Layer::Prompt,
        }
    }
}

/// What a decision still needs and a line of text can give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// 喪失日
    Lost,
    /// The date of one of these pieces of evidence.
    EvidenceDate(Vec<EvidenceCode>),
    /// 送付日
    Sent,
    /// 返信日
    Replied,
    /// 返信期限
    Due,
    /// 期日 of 保留
    HoldUntil,
    /// Why a decided record is changed.
    Reason,
}

impl Ask {
    /// The words before the line.
    pub fn label(&self) -> String {
        match self {
            Self::Lost => "喪失日".to_owned(),
            Self::EvidenceDate(codes) => {
                let words: Vec<&str> = codes.iter().map(|code| code.label()).collect();
                format!("{}の日付", words.join("・"))
            }
            Self::Sent => "送付日".to_owned(),
            Self::Replied => "返信日".to_owned(),
            Self::Due => "返信期限".to_owned(),
            Self::HoldUntil => "保留の期日".to_owned(),
            Self::Reason => "変更の理由".to_owned(),
        }
    }

    /// Whether a date is asked for.
    pub fn is_date(&self) -> bool {
        *self != Self::Reason
    }
}

/// A decision on its way past the guards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// The record.
    pub record: RecordNo,
    /// The decision so far.
    pub decision: Decision,
    /// Whether 誤り was confirmed.
    pub confirmed: bool,
    /// Why it was refused last, with the rule.
    pub refused: Option<String>,
}

/// A question to be answered with yes or no.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What stands above the answers.
    pub lines: Vec<String>,
    /// What yes does.
    pub then: Then,
}

/// What yes does.
#[derive(Clone, Debug, PartialEq)]
pub enum Then {
    /// Decides 誤り.
    Decide(Attempt),
    /// Takes one old step back.
    UndoStep(u64),
    /// Does work that takes a moment.
    Do(Task),
    /// Asks for the word without which a file lacking most records is not taken as a full one.
    AskWhole(Source),
}

/// A choice of evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice {
    /// The decision that needs it.
    pub attempt: Box<Attempt>,
    /// What can be chosen; the n-th by the digit n.
    pub codes: Vec<EvidenceCode>,
    /// The chosen one; none at first where a slip would weigh too much.
    pub chosen: Option<usize>,
    /// Whether a digit only chooses and does not answer, because a slip would weigh too much.
    pub careful: bool,
}
