//! Wording of states, evidence and cases for screens; foreign text in it is made visible.

use jiff::civil::Date;

use crate::compare::visible;
use crate::domain::calendar::japan_time;
use crate::domain::case::{Case, Evidence, State};

/// The short word for a state in the queue: `2-3`, `確認中`; empty where nothing was done yet.
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Untouched => "",
        State::Pending => "確認中",
        State::AwaitingSecond => "承認",
        State::AwaitingEmployer => "照会",
        State::Decided(category) => category.code(),
    }
}

fn evidence_words(evidence: &Evidence) -> String {
    let mut word = evidence.code.label().to_owned();
    if let Some(date) = evidence.date {
        word.push_str(&format!(" {date}"));
    }
    if !evidence.reference.is_empty() {
        word.push_str(&format!("({})", visible(&evidence.reference)));
    }
    word
}

/// Evidence, dates, who and when, reason.
pub fn case_words(case: &Case) -> Vec<String> {
    let evidence: Vec<String> = case.evidence.iter().map(evidence_words).collect();
    let mut words: Vec<String> = Vec::new();
    if !evidence.is_empty() {
        words.push(format!("確認方法 {}", evidence.join("、")));
    }
    let day = |date: Option<Date>| date.map(|date| date.to_string());
    for (word, date) in [("喪失", case.lost), ("送付", case.sent), ("期限", case.due), ("返信", case.replied)] {
        words.extend(day(date).map(|date| format!("{word} {date}")));
    }
    if let Some(at) = case.decided_at {
        words.push(format!("{} {}", japan_time(at).strftime("%m/%d %H:%M"), visible(&case.operator)));
    }
    if !case.safe_way.is_empty() {
        words.push(format!("安全な送付方法 {}", visible(&case.safe_way)));
    }
    if !case.reason.is_empty() {
        words.push(format!("理由 {}", visible(&case.reason)));
    }
    words
}

/// A case in one text: state or category, everything about the decision, 支援措置 by hand, note.
pub fn case_line(case: &Case) -> String {
    let state = match case.state.category() {
        Some(category) => format!("{} {}", category.code(), category.label()),
        None => case.state.kind().label().to_owned(),
    };
    let mut words = vec![state];
    words.extend(case_words(case));
    if let Some(on) = case.protected {
        words.push(if on { "支援措置あり" } else { "支援措置なし(手入力)" }.to_owned());
    }
    if !case.note.is_empty() {
        words.push(format!("メモ {}", visible(&case.note)));
    }
    words.join("  ")
}
