//! Words looked for in 履歴, 出力 and ヘルプ: as one types, from hit to hit, and through pages of the trail not read yet.

use crate::app::action::Screen;
use crate::app::find::{Find, occurrences};
use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::model::Model;

/// Asks for the words; over the help its text stays in sight.
pub(super) fn ask(model: &mut Model) {
    let (help, from) = match &model.shared.modal {
        Some(Modal::Help { top }) => (true, (*top).min(model.shared.reach.get())),
        _ => (false, model.list().map_or(0, |(viewport, _)| viewport.cursor)),
    };
    let purpose = Purpose::Find { help, from };
    model.find = Find { help: model.find.help.clone(), ..Find::default() };
    model.shared.set_modal(Some(Modal::Prompt(Prompt::of(purpose))));
}

/// Takes the words as they are typed: goes to the first line from where it began.
pub(super) fn edited(model: &mut Model, help: bool, from: usize, query: &str) {
    query.trim().clone_into(&mut model.find.query);
    let hits = over(model, help, from, Model::hits);
    let hit = hits.iter().find(|hit| **hit >= from).or(hits.first()).copied();
    go(model, help, hit.unwrap_or(from), hit.is_some());
}

/// Looks at the help although the prompt stands above it.
fn over<T>(model: &mut Model, help: bool, top: usize, look: impl FnOnce(&Model) -> T) -> T {
    let modal = if help { model.shared.modal.replace(Modal::Help { top }) } else { None };
    let seen = look(model);
    if help {
        model.shared.modal = modal;
    }
    seen
}

/// Goes to a line.
fn go(model: &mut Model, help: bool, line: usize, is_hit: bool) {
    if help {
        model.find.line = is_hit.then_some(line);
        return;
    }
    if let Some((viewport, _)) = model.list() {
        viewport.cursor = line;
    }
    model.shared.detail_top = 0;
}

/// The words are typed: says how many lines hold them.
pub(super) fn accept(model: &mut Model, help: bool, from: usize) {
    if help {
        let top = model.find.line.map_or(from, |line| line.saturating_sub(LEAD));
        model.shared.modal = Some(Modal::Help { top });
    }
    if model.find.query.is_empty() {
        return;
    }
    let found = model.hits().len();
    let more = !help && model.shared.screen == Screen::History && model.history.next.is_some();
    let query = crate::compare::visible(&model.find.query).into_owned();
    match found {
        0 if more => seek(model),
        0 => model.shared.say(Weight::Warning, format!("「{query}」は見つかりません")),
        n => model
            .shared
            .say(Weight::Info, format!("「{query}」 {n} 件{} (n 次 / N 前)", if more { "以上" } else { "" })),
    }
}

/// Leaves the words: back to where it began.
pub(super) fn cancel(model: &mut Model, help: bool, from: usize) {
    model.find.query.clear();
    go(model, help, from, false);
    if help {
        model.shared.modal = Some(Modal::Help { top: from });
    }
}

/// Lines of the help above the one gone to.
const LEAD: usize = 2;

/// Goes to the next or previous line that holds the words, going round; on to older pages of the trail first.
pub(super) fn step(model: &mut Model, forward: bool) {
    if model.find.query.is_empty() {
        return model.shared.say(Weight::Info, "先に「/」で検索してください");
    }
    let hits = model.hits();
    let help = matches!(model.shared.modal, Some(Modal::Help { .. }));
    let here = match &model.shared.modal {
        Some(Modal::Help { top }) => model.find.line.unwrap_or(*top),
        _ => model.list().map_or(0, |(viewport, _)| viewport.cursor),
    };
    let next = if forward {
        hits.iter().find(|hit| **hit > here).copied()
    } else {
        hits.iter().rev().find(|hit| **hit < here).copied()
    };
    if next.is_none() && forward && !help && model.shared.screen == Screen::History && model.history.next.is_some() {
        return seek(model);
    }
    let next = next.or(if forward { hits.first().copied() } else { hits.last().copied() });
    let Some(next) = next else {
        let query = crate::compare::visible(&model.find.query).into_owned();
        return model.shared.say(Weight::Warning, format!("「{query}」は見つかりません"));
    };
    go(model, help, next, true);
    if let Some(Modal::Help { top }) = &mut model.shared.modal {
        *top = next.saturating_sub(LEAD);
    }
}

/// Begins to look through older pages of the trail.
fn seek(model: &mut Model) {
    model.find.seeking = true;
    model.shared.say(Weight::Info, "古い履歴を探しています…");
}

/// A page of the trail has come: goes to what was looked for, or says that there is none.
pub(super) fn came(model: &mut Model) {
    if !model.find.seeking {
        return;
    }
    if model.shared.screen != Screen::History {
        model.find.seeking = false;
        model.history.stop_scan();
        return;
    }
    if model.history.is_scanning() {
        let query = &model.find.query;
        let Some(found) = model.history.look_through(|text| !occurrences(text, query).is_empty()) else { return };
        model.find.seeking = false;
        model.shared.message = None;
        model.shared.detail_top = 0;
        if !found {
            model.shared.say(Weight::Info, "ほかに見つかりません");
        }
        return;
    }
    let here = model.history.viewport.cursor;
    let next = model.hits().into_iter().find(|hit| *hit > here);
    match next {
        Some(next) => {
            model.find.seeking = false;
            model.shared.message = None;
            go(model, false, next, true);
        }
        None if model.history.read && model.history.next.is_none() => {
            model.find.seeking = false;
            model.shared.say(Weight::Info, "ほかに見つかりません");
        }
        None => {}
    }
}
