//! A line of text that is asked for, what for, and what the up and down keys offer for it.

use jiff::civil::Date;

use super::question::{Ask, Attempt, date_text, read_date};
use crate::app::action::Action;
use crate::app::job::ImportSource;
use crate::app::text_input::TextInput;
use crate::config::keymap::Layer;
use crate::domain::request::Seen;

/// A line of text that is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Prompt {
    /// What for.
    pub purpose: Purpose,
    /// The text so far.
    pub line: TextInput,
    /// What is wrong with the text that was accepted last.
    pub fault: Option<String>,
}

impl Prompt {
    /// A prompt with an empty line.
    pub fn of(purpose: Purpose) -> Self {
        Self::with(purpose, TextInput::default())
    }

    /// A prompt with a text to change or to take.
    pub fn with(purpose: Purpose, line: TextInput) -> Self {
        Self { purpose, line, fault: None }
    }

    /// The same prompt, with what is wrong with its text.
    pub fn again(self, fault: impl Into<String>) -> Self {
        Self { fault: Some(fault.into()), ..self }
    }

    /// Offers the next or previous answer that is given most often; `dropped` is the filter dropped last.
    pub fn offer(&mut self, by: isize, today: Date, dropped: &str) {
        let Self { purpose, line, fault } = self;
        match purpose {
            Purpose::Filter if by < 0 && line.text().is_empty() => *line = TextInput::of(dropped),
            Purpose::Filter => complete(line, by > 0),
            Purpose::WithdrawReason { .. } | Purpose::HeldReason { .. } => {
                *line = TextInput::offered(next_of(&LIST_REASONS, line.text(), by));
                *fault = None;
            }
            Purpose::ProtectReason { on, .. } => {
                *line = TextInput::offered(next_of(if *on { &PROTECTED_BY } else { &CLEARED_BY }, line.text(), by));
                *fault = None;
            }
            Purpose::UndoReason { .. } => {
                *line = TextInput::offered(next_of(&CLEARED_BY, line.text(), by));
                *fault = None;
            }
            Purpose::Ask(_, ask) => {
                // No answer comes tomorrow.
                let last = if *ask == Ask::Replied { today } else { Date::MAX };
                *line = TextInput::offered(match ask {
                    Ask::Reason => next_of(&REASONS, line.text(), by),
                    Ask::SafeWay => next_of(&SAFE_WAYS, line.text(), by),
                    _ => next_day(line.text(), today, by, last),
                });
                *fault = None;
            }
            _ => {}
        }
    }
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
    /// A note for a record, as it was shown when the note was begun.
    Note(Seen),
    /// Why 支援措置 is set or cleared.
    ProtectReason {
        /// The record as it was shown.
        seen: Seen,
        /// Whether it is set.
        on: bool,
    },
    /// Why a step is taken back that set 支援措置.
    UndoReason {
        /// 整理番号
        id: String,
        /// The number of the event.
        seq: u64,
    },
    /// The file to import.
    Import,
    /// The word that says of a file lacking most records that it is a full one all the same.
    Whole(ImportSource),
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
            | Self::ProtectReason { .. }
            | Self::UndoReason { .. }
            | Self::HeldReason { .. } => Layer::Answer,
            Self::Filter | Self::Note(_) | Self::Import | Self::Whole(_) => Layer::Prompt,
        }
    }
}

/// Edits a line by an action; gives whether its text may have changed.
pub fn edit(line: &mut TextInput, action: Action) -> bool {
    match action {
        Action::DeleteBack => line.delete_back(),
        Action::DeleteWord => line.delete_word(),
        Action::ClearLine => line.clear(),
        Action::CursorLeft => line.left(),
        Action::CursorRight => line.right(),
        Action::CursorHome => line.home(),
        Action::CursorEnd => line.end(),
        _ => {}
    }
    matches!(action, Action::DeleteBack | Action::DeleteWord | Action::ClearLine)
}

/// Offers days: today first, from there or from what is typed on day by day.
fn next_day(typed: &str, today: jiff::civil::Date, by: isize, last: jiff::civil::Date) -> String {
    use jiff::ToSpan;
    let day = match read_date(typed) {
        Ok(day) => day.saturating_add(i64::try_from(by).unwrap_or(0).days()),
        Err(_) => today,
    };
    date_text(day.min(last))
}

/// Why decisions are changed most often, so that no text need be typed.
const REASONS: [&str; 4] = ["入力の誤り", "新しい確認結果", "返事があったため", "見直し"];

/// Why 支援措置 is set most often.
const PROTECTED_BY: [&str; 3] = ["本人の申出", "市区町村からの連絡", "資格関係書類の記載"];

/// Why 支援措置 is cleared most often.
const CLEARED_BY: [&str; 3] = ["支援措置の終了を確認", "本人の申出", "入力の誤り"];

/// How a letter reaches a person under 支援措置 without going to the address on record.
const SAFE_WAYS: [&str; 3] = ["本人が指定した送付先", "窓口で本人に手渡し", "支援機関・代理人を通じて"];

/// Why rows are taken out of a list or left out for good most often.
const LIST_REASONS: [&str; 4] = ["別人の疑い", "入力の誤り", "資格のない行", "重複した行"];

/// Offers reasons, going round; what is typed otherwise is replaced by the first.
fn next_of(reasons: &[&str], typed: &str, by: isize) -> String {
    let len = reasons.len() as isize;
    let next = match reasons.iter().position(|reason| *reason == typed) {
        Some(at) => (at as isize + by).rem_euclid(len),
        None if by < 0 => len - 1,
        None => 0,
    };
    reasons.get(next.unsigned_abs()).copied().unwrap_or_default().to_owned()
}

/// Completes the word of a filter expression at the end of the line, going round the words that fit.
fn complete(line: &mut TextInput, forward: bool) {
    use crate::domain::filter::{KEYS, words};
    let text = line.text().to_owned();
    let start =
        text.rfind([' ', '　']).map_or(0, |blank| blank + text[blank..].chars().next().map_or(0, char::len_utf8));
    let (head, word) = text.split_at(start);
    let (key, valid): (&str, Vec<&str>) = match word.split_once([':', '：']) {
        Some((key, _)) => (key, words(key.trim_start_matches('-'))),
        None => ("", KEYS.to_vec()),
    };
    let value = if key.is_empty() { word } else { &word[(key.len() + 1).min(word.len())..] };
    let next = match valid.iter().position(|known| *known == value.trim_end_matches(':')) {
        Some(at) => {
            let len = valid.len();
            valid.get(if forward { (at + 1) % len } else { (at + len - 1) % len })
        }
        None => valid.iter().find(|known| known.starts_with(value)),
    };
    let Some(next) = next else { return };
    let done = if key.is_empty() { format!("{head}{next}:") } else { format!("{head}{key}:{next}") };
    *line = TextInput::of(done);
}
