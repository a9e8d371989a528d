//! Short words for states and changes, the same in the queue, the record, 履歴 and messages.

use crate::domain::case::{Case, State};
use crate::domain::event::Event;

/// The short word for a state in the queue: `2-3`, `確認中`.
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Untouched => "",
        State::Pending => "確認中",
        State::AwaitingSecond => "承認",
        State::AwaitingEmployer => "照会",
        State::Decided(category) => category.code(),
    }
}

/// What an event changed: `2-3 → 未着手`.
pub fn change_words(event: &Event) -> String {
    let (Some(before), Some(after)) = (&event.before, &event.after) else { return String::new() };
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
