//! The audit trail: its steps with the 整理番号 of their records, and the words for them.
//!
//! The only file that words an event; events themselves hold facts.

use serde::{Deserialize, Serialize};

use super::words::{case_line, state_word};
use crate::domain::case::Case;
use crate::domain::event::{Event, EventKind};

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

/// What an event is about, as the documented JSON has it.
pub fn detail(event: &Event) -> &str {
    &event.detail
}

/// What an event is about, in words: of an import the file and its counts. Foreign text is not made visible.
pub fn detail_words(event: &Event) -> String {
    let parsed = serde_json::from_str::<serde_json::Value>(&event.detail);
    let Some(import) = parsed.ok().filter(|value| event.kind == EventKind::Import && value.is_object()) else {
        return event.detail.clone();
    };
    let mut words = vec![import["file"].as_str().unwrap_or_default().to_owned()];
    for (key, word) in [
        ("rows", "読込"),
        ("imported", "新規"),
        ("updated", "更新"),
        ("unchanged", "変更なし"),
        ("vanished", "消滅"),
        ("reopened", "確認中に戻した決定"),
        ("quarantined", "隔離"),
    ] {
        if let Some(count) = import[key].as_u64().filter(|count| *count > 0) {
            words.push(format!("{word} {count}"));
        }
    }
    words.join("  ")
}

impl Step {
    /// The cases before and after, each in one text; `None` where the event has none.
    pub fn cases(&self) -> [Option<String>; 2] {
        [&self.event.before, &self.event.after].map(|case| case.as_ref().map(case_line))
    }
}
