//! The audit trail: its steps with the 整理番号 of their records, and the words for them.
//!
//! The only file that words an event; events themselves hold facts.

use serde::{Deserialize, Serialize};

use super::words::{case_line, state_word};
use crate::domain::case::Case;
use crate::domain::event::{Detail, Event, EventKind, ImportSummary, Subject};

/// An event with the 整理番号 of its record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What happened.
    pub event: Event,
    /// 整理番号, empty for an event without a record.
    pub id: String,
    /// Whether it is a first decision that still waits for a second operator (G10).
    pub awaits_second: bool,
}

/// A page of the trail, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailPage {
    /// The events.
    pub steps: Vec<Step>,
    /// Where the next page ends: events below this number are not read yet; `None` when there are none.
    pub next: Option<u64>,
}

/// What an event changed: `2-3 → 未着手`; empty where it changed no case.
pub fn change_words(event: &Event) -> String {
    let (Some(before), Some(after)) = (&event.before, &event.after) else { return String::new() };
    change_between(before, after)
}

/// What taking an event back would change.
pub fn reversal_words(event: &Event) -> String {
    let (Some(before), Some(after)) = (&event.before, &event.after) else { return String::new() };
    change_between(after, before)
}

fn change_between(before: &Case, after: &Case) -> String {
    let word = |state| if state_word(state).is_empty() { "未着手" } else { state_word(state) };
    if before.state != after.state {
        return format!("{} → {}", word(before.state), word(after.state));
    }
    if before.evidence != after.evidence {
        let words = |case: &Case| {
            let words: Vec<&str> = case.evidence.iter().map(|evidence| evidence.code.label()).collect();
            if words.is_empty() { "なし".to_owned() } else { words.join("・") }
        };
        return format!("{} 確認方法 {} → {}", word(after.state), words(before), words(after));
    }
    if before.note != after.note {
        return "メモの変更".to_owned();
    }
    if before.protected != after.protected {
        let words = match after.protected {
            Some(true) => "支援措置を設定",
            Some(false) => "支援措置を解除",
            None => "支援措置の手入力を取消(ファイルのとおり)",
        };
        return words.to_owned();
    }
    format!("{} のまま", word(after.state))
}

/// What an event is about, as the documented JSON has it: of an import its summary as JSON, else words.
pub fn detail(event: &Event) -> String {
    match (&event.detail, event.subject) {
        (Detail::Words(words) | Detail::OlderHeld { words, .. }, _) => words.clone(),
        // A summary is plain values: nothing in it can fail to be written.
        (Detail::Import(summary), _) => serde_json::to_string(summary).unwrap_or_default(),
        (Detail::Batch { records, .. }, Subject::Batch(number)) => format!("解除 第{number}回 {}件", records.len()),
        (Detail::Withdrawal { batch, .. }, _) => format!("解除 第{batch}回"),
        (Detail::Report { .. }, Subject::Report(number)) => format!("件数報告 第{number}回"),
        (Detail::Held(step), _) => format!("{}:{} [{}] {}", step.file, step.line, step.code, step.state.words()),
        (Detail::None | Detail::Batch { .. } | Detail::Report { .. }, _) => String::new(),
    }
}

/// What an event is about, in words: of an import the file and its counts. Foreign text is not made visible.
pub fn detail_words(event: &Event) -> String {
    match &event.detail {
        Detail::Import(summary) => import_words(summary),
        // A program before store layout 5 kept the summary as JSON in place of words.
        Detail::Words(words) if event.kind == EventKind::Import => {
            serde_json::from_str(words).map_or_else(|_| words.clone(), |summary| import_words(&summary))
        }
        _ => detail(event),
    }
}

fn import_words(summary: &ImportSummary) -> String {
    let mut words = vec![summary.file.clone()];
    for (count, word) in [
        (summary.rows, "読込"),
        (summary.imported, "新規"),
        (summary.updated, "更新"),
        (summary.unchanged, "変更なし"),
        (summary.vanished, "消滅"),
        (summary.reopened, "確認中に戻した決定"),
        (summary.quarantined, "隔離"),
    ] {
        words.extend((count > 0).then(|| format!("{word} {count}")));
    }
    words.join("  ")
}

impl Step {
    /// The cases before and after, each in one text; `None` where the event has none.
    pub fn cases(&self) -> [Option<String>; 2] {
        [&self.event.before, &self.event.after].map(|case| case.as_ref().map(case_line))
    }
}
