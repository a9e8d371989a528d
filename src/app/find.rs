//! Finding words in 履歴, 出力 and ヘルプ: which lines hold them, and where in a line.

use std::cell::RefCell;
use std::ops::Range;

use super::action::{Action, Screen};
use super::modal::{Modal, Prompt, Purpose};
use super::model::Model;
use super::output::Entry;
use crate::compare::{search_fold, visible_units};
use crate::domain::batch::protected_words;
use crate::domain::calendar::japan_time;
use crate::view::{NAMED, trail};

/// What is looked for on a screen other than 確認.
#[derive(Clone, Debug, Default)]
pub struct Find {
    /// As typed; empty when nothing is looked for.
    pub query: String,
    /// The line of the help that was gone to last.
    pub(super) line: Option<usize>,
    /// Whether older pages of the trail are read until a line is found.
    pub(super) seeking: bool,
    /// The lines of the help as they were drawn last: only the view knows how they fall.
    pub help: RefCell<Vec<String>>,
}

impl Find {
    /// The line of the help that was gone to last.
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

/// Whether words are looked for in what stands on the screen now, and not in the queue.
pub fn is_here(model: &Model) -> bool {
    match &model.modal {
        Some(Modal::Help { .. } | Modal::Prompt(Prompt { purpose: Purpose::Find { .. }, .. })) => true,
        Some(_) => false,
        None => matches!(model.screen, Screen::History | Screen::Output),
    }
}

/// Whether an action looks for words.
pub(super) fn looks(action: Action) -> bool {
    matches!(action, Action::Search | Action::NextHit | Action::PrevHit)
}

/// Where a text holds what is looked for, whatever the width, kana and variant; nothing for an empty query.
pub fn occurrences(text: &str, query: &str) -> Vec<Range<usize>> {
    let needle: Vec<char> = search_fold(query.trim()).chars().collect();
    if needle.is_empty() {
        return Vec::new();
    }
    let units = visible_units(text);
    let folded: Vec<(char, Range<usize>)> = units
        .iter()
        .flat_map(|unit| {
            search_fold(&text[unit.range.clone()]).chars().map(|c| (c, unit.range.clone())).collect::<Vec<_>>()
        })
        .collect();
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at + needle.len() <= folded.len() {
        if folded[at..at + needle.len()].iter().map(|(c, _)| c).eq(&needle) {
            found.push(folded[at].1.start..folded[at + needle.len() - 1].1.end);
            at += needle.len();
        } else {
            at += 1;
        }
    }
    found
}

/// Everything that a line of 履歴 or 出力 and its detail say, for finding.
fn row_text(model: &Model, row: usize) -> String {
    let moment = |at| japan_time(at).strftime("%m/%d %H:%M %Y-%m-%d").to_string();
    match model.screen {
        Screen::History => model.history.steps.get(row).map_or_else(String::new, |step| {
            let event = &step.event;
            let change = trail::change_words(event);
            let note = event.after.as_ref().map_or("", |case| case.note.as_str());
            let words = [
                &moment(event.at),
                &event.operator,
                &step.id,
                event.kind.label(),
                &change,
                &event.reason,
                trail::detail(event),
                note,
            ];
            words.join(" ")
        }),
        Screen::Output => match model.output.entry(row) {
            Some(Entry::Next(next)) => {
                let said = [next.doubts(usize::MAX), protected_words(next.protected), next.changes()];
                let said: Vec<String> = said.into_iter().flatten().chain(next.came_back.words(NAMED)).collect();
                format!("解除 第{}回 これから作成 {} {}", next.number, next.cutoff.at.date(), said.join(" "))
            }
            Some(Entry::Sent(sent)) => {
                let withdrawn =
                    sent.withdrawn.iter().map(|one| format!("取下げ {} {} {}", one.id, one.reason, one.operator));
                let withdrawn: Vec<String> = withdrawn.collect();
                format!(
                    "解除 第{}回 作成 {} {} {} {}",
                    sent.number,
                    moment(sent.made_at),
                    sent.operator,
                    protected_words(sent.protected).unwrap_or_default(),
                    withdrawn.join(" ")
                )
            }
            Some(Entry::Count(count)) => {
                let name = count
                    .number
                    .map_or_else(|| "件数報告 今の件数".to_owned(), |n| format!("件数報告 報告 第{n}号 確定"));
                format!("{name} {} {}", moment(count.as_of), count.operator)
            }
            None => String::new(),
        },
        _ => String::new(),
    }
}

/// Whether a line of the list on the screen holds what is looked for.
pub fn holds(model: &Model, row: usize) -> bool {
    !model.find.query.is_empty() && !occurrences(&row_text(model, row), &model.find.query).is_empty()
}

/// The lines that hold it, of what is read.
pub(super) fn hits(model: &Model) -> Vec<usize> {
    if let Some(Modal::Help { .. }) = &model.modal {
        let lines = model.find.help.borrow();
        let holds = |at: &usize| !occurrences(&lines[*at], &model.find.query).is_empty();
        return (0..lines.len()).filter(holds).collect();
    }
    let rows = match model.screen {
        Screen::History => model.history.steps.len(),
        Screen::Output => model.output.len(),
        _ => 0,
    };
    (0..rows).filter(|row| holds(model, *row)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_whatever_their_width_and_kana() {
        for (text, query, found) in [
            ("佐藤 決定 2-3", "決定", vec!["決定"]),
            ("たかはし ﾀｶﾊｼ 高橋", "タカハシ", vec!["たかはし", "ﾀｶﾊｼ"]),
            ("ｶﾞ ガ", "が", vec!["ｶﾞ", "ガ"]),
            ("ABC ａｂｃ", "abc", vec!["ABC", "ａｂｃ"]),
            ("aaa", "aa", vec!["aa"]),
            ("決定", "", vec![]),
            ("決定", "取消", vec![]),
        ] {
            let ranges = occurrences(text, query);
            assert_eq!(ranges.into_iter().map(|range| &text[range]).collect::<Vec<_>>(), found, "{query}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_found_lies_in_the_text(text in "\\PC{0,20}", query in "\\PC{0,3}") {
            let mut end = 0;
            for range in occurrences(&text, &query) {
                proptest::prop_assert!(range.start >= end && text.get(range.clone()).is_some());
                end = range.end;
            }
        }
    }
}
