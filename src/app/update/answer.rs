//! What the world answers: records read, changes saved, refused or failed, filters and counts.

use std::sync::Arc;

use super::{decide, job, lists, prompt, review};
use crate::app::action::{Action, Screen};
use crate::app::effect::Effect;
use crate::app::line;
use crate::app::modal::{Attempt, InfoBody, Modal, Prompt, Purpose};
use crate::app::model::{Asked, Model, Weight};
use crate::app::msg::{Msg, Opened};
use crate::app::queue::Queue;
use crate::app::search::Search;
use crate::app::session::Session;
use crate::config::keymap::Layer;
use crate::domain::case::{Case, Target};
use crate::domain::event::{Event, EventKind};
use crate::domain::guard::Refusal;
use crate::domain::record::RecordNo;
use crate::view::trail::change_words;
use crate::view::{QueueLine, RecordView};

/// Lines and records kept in memory before those out of sight are dropped.
const KEPT_LINES: usize = 4_096;
const KEPT_SHEETS: usize = 64;

/// Takes an answer in.
pub(super) fn answer(model: &mut Model, msg: Msg, effects: &mut Vec<Effect>) {
    match msg {
        Msg::Opened(opened) => open(model, *opened, effects),
        Msg::Loaded { lines, records, faults } => {
            loaded(model, lines, records);
            unreadable(model, faults);
        }
        Msg::Saved { request, event } => {
            saved(model, request, &event);
            if model.screen == Screen::History {
                lists::refresh(model, effects);
            }
        }
        Msg::History { record, below, steps, next } => {
            let asked = model.history.next.is_none() && below.is_none() && !model.history.read;
            if model.history.record == record && (asked || (below.is_some() && model.history.next == below)) {
                model.history.add(steps, next);
            }
        }
        Msg::Found { id, found } => review::found(model, &id, found),
        Msg::Step(step, refused) => lists::found(model, &step, refused),
        Msg::Outputs(all) => model.output.all = Some(*all),
        Msg::Contradictions(found) => model.output.contradictions = Some(found),
        Msg::Held(rows) => model.held.rows = Some(rows),
        Msg::Unmapped(mapping) => {
            model.mapping = *mapping;
            model.mapping.go_to_open(0);
            model.screen = Screen::Mapping;
            model.set_modal(None);
            model.above += 1;
            model.detail_top = 0;
        }
        Msg::Completed { text, lines } => job::completed(model, &text, lines),
        Msg::Progress { done, total, rows } => job::progress(model, done, total, rows),
        Msg::Done(done, result) => job::done(model, done, result, effects),
        Msg::Renewed(opened) => job::renewed(model, *opened, effects),
        Msg::Refused { request, refusal } => refused(model, request, &refusal),
        Msg::Failed { request, message, fatal } => failed(model, request, message, fatal),
        Msg::Filtered { expression, nos } => filtered(model, expression, &nos),
        Msg::Texts(texts) => {
            model.texts = Some(texts);
            if !model.search.query.is_empty() {
                let query = model.search.query.clone();
                let typing = match &model.modal {
                    Some(Modal::Prompt(Prompt { purpose: Purpose::Search { from }, .. })) => Some(*from),
                    _ => None,
                };
                let cursor = model.window.cursor;
                // Places in the texts of before mean nothing here.
                model.search = Search::default();
                prompt::look(model, &query, typing.unwrap_or(cursor));
                if typing.is_none() {
                    // A search that was restored must not move the cursor.
                    review::go_to(model, cursor);
                }
            }
        }
        Msg::Status(status_view) => {
            model.cutoff = Some(status_view.cutoff);
            model.today = crate::domain::calendar::japan_time(status_view.as_of).date();
            model.status_view = Some(*status_view);
        }
        Msg::Appearance { keymap, weight, said } => {
            if let Some(keymap) = keymap {
                model.keymap = keymap;
                model.pressed.clear();
            }
            if !said.is_empty() {
                model.say(weight, said);
            }
        }
        Msg::Related(no, kin) => {
            if let Some(Modal::Info { body: InfoBody::Related(shown, found), .. }) = &mut model.modal
                && *shown == no
            {
                *found = Some(kin);
            }
        }
        Msg::Reopened { words } => {
            model.broken = None;
            model.say(Weight::Error, words);
            // What was asked and not answered is asked again; what is shown is read anew.
            model.asked_lines.clear();
            model.asked_records.clear();
            model.loading = false;
            model.asked_texts = model.texts.is_some();
            model.lines.clear();
            model.records.clear();
        }
        Msg::Key { .. }
        | Msg::Paste { .. }
        | Msg::Stray { .. }
        | Msg::Resize(..)
        | Msg::Quiet { .. }
        | Msg::Idle
        | Msg::Drawn => {}
    }
}

fn open(model: &mut Model, opened: Opened, effects: &mut Vec<Effect>) {
    model.queue = Queue::new(opened.entries, &opened.touched);
    model.workspace = opened.workspace;
    model.today = opened.today;
    model.cutoff = opened.cutoff;
    model.opened = true;
    let Some(session) = opened.session.map(|bytes| Session::from_bytes(&bytes)) else {
        // A first start begins with the first record that is open.
        let first =
            (0..model.queue.len()).find(|row| model.queue.no(*row).is_some_and(|no| model.queue.state(no).is_open()));
        return review::go_to(model, first.unwrap_or(0));
    };
    model.kept = session.clone();
    model.views.clone_from(&session.views);
    model.stay = session.stay;
    if !session.search.is_empty() {
        model.search.query.clone_from(&session.search);
        model.asked_texts = true;
        effects.push(Effect::SearchTexts);
    }
    if !session.filter.is_empty() {
        model.filtering = Some(session.filter.clone());
        effects.push(Effect::Filter(session.filter.clone()));
    }
    let row = session.record.map_or(0, |no| model.queue.row_near(no));
    review::go_to(model, row);
    if let Some((no, text)) = &session.note
        && model.queue.entry_of(*no).is_some()
    {
        let purpose = Purpose::Note(*no);
        let line = line::Line::of(text.clone());
        model.set_modal(Some(Modal::Prompt(Prompt { purpose, line, fault: None })));
    }
    if model.filtering.is_some() {
        model.restoring = Some(session);
    }
}

fn loaded(model: &mut Model, lines: Vec<QueueLine>, records: Vec<RecordView>) {
    model.loading = false;
    if model.lines.len() > KEPT_LINES {
        let height = model.queue_height();
        let near = model.window.visible(model.queue.len(), height);
        let keep: std::collections::HashSet<RecordNo> = near.filter_map(|row| model.queue.no(row)).collect();
        model.lines.retain(|no, _| keep.contains(no));
    }
    if model.records.len() > KEPT_SHEETS {
        let row = model.window.cursor;
        let near = [Some(row), model.queue.next_open(row), Some(row + 1), row.checked_sub(1)];
        let keep: Vec<RecordNo> = near.into_iter().flatten().filter_map(|row| model.queue.no(row)).collect();
        model.records.retain(|no, _| keep.contains(no));
    }
    for line in lines {
        model.asked_lines.remove(&line.no);
        model.lines.insert(line.no, line);
    }
    for mut view in records {
        let no = view.record.no;
        model.asked_records.remove(&no);
        // Read before a change of ours arrived: the case on screen is the newer one.
        if model.is_unsaved(no)
            && let Some(known) = model.records.get(&no)
        {
            view.case = known.case.clone();
        } else {
            model.queue.set_state(no, view.case.state);
        }
        model.today = model.today.max(crate::domain::calendar::japan_time(view.now).date());
        if model.unreadable.remove(&no).is_some() {
            // A key that was pressed before it could be seen is not about it.
            model.drawn = None;
            model.above += 1;
        }
        model.records.insert(no, Arc::new(view));
    }
}

/// Notes records that cannot be read. They stay asked for, so that they are not asked for with every key; each is named
/// once, however often it is read in vain.
fn unreadable(model: &mut Model, faults: Vec<(RecordNo, String)>) {
    let mut said = None;
    let mut named = Vec::new();
    for (no, words) in faults {
        if model.unreadable.insert(no, words.clone()).is_none() {
            named.push(model.id_of(no));
            said.get_or_insert(words);
        }
    }
    let Some(words) = said else { return };
    let more = named.len().saturating_sub(MOST_NAMED);
    named.truncate(MOST_NAMED);
    let more = if more > 0 { format!(" ほか {more} 件") } else { String::new() };
    let mut words = format!("読み出せない記録があります: {}{more}。{words}", named.join(" "));
    // What was to be read before stays readable.
    if let Some((Weight::Warning | Weight::Error, before)) = &model.message {
        words = format!("{before}。{words}");
    }
    model.say(Weight::Warning, words);
}

/// So many records that cannot be read are named in one message.
const MOST_NAMED: usize = 3;

fn saved(model: &mut Model, request: u64, event: &Event) {
    let unsaved = model.unsaved.remove(&request);
    let (Some(no), Some(after)) = (event.record, &event.after) else { return };
    // A later change of the same record may be on its way; its case is the newer one.
    if !model.is_unsaved(no) {
        model.set_case(no, after);
    }
    if let Some(view) = model.records.get_mut(&no) {
        let view = Arc::make_mut(view);
        view.recent.insert(0, event.clone());
        view.recent.truncate(3);
    }
    // The suggestion and the history belong to the new case: read it again when it is next shown.
    if model.record() != Some(no) {
        model.records.remove(&no);
    }
    match unsaved.map(|unsaved| unsaved.asked) {
        Some(Asked::History) => {
            if model.modal.is_none()
                && model.screen == Screen::Review
                && let Some(row) = model.queue.row_of(no)
            {
                let before = model.record();
                review::go_to(model, row);
                review::remember(model, before);
            }
            model.records.remove(&no);
            let words = change_words(event);
            let id = model.id_of(no);
            model.say(Weight::Info, format!("{}: {id} {words}", event.kind.label()));
        }
        Some(Asked::Note) => model.say(Weight::Info, "メモを保存しました"),
        Some(Asked::Protection) => {
            let id = model.id_of(no);
            model.say(Weight::Info, format!("保存済: {id} {}", change_words(event)));
        }
        // What was said since the key is newer, and may be a refusal.
        Some(Asked::Decision(decision)) if model.message.is_none() => {
            let words = change_words(event);
            let id = model.id_of(no);
            let undo = model.key_in(Layer::Review, Action::Undo).unwrap_or_default();
            let dangers = model.queue.entry_of(no).map(|entry| entry.facts.dangers).unwrap_or_default();
            // A record with such a flag may still be the wrong one: its decision is the newest step.
            let all =
                if model.queue.open_shown() == 0 { "。表示中の記録はすべて決定しました" } else { "" };
            match decide::doubts(&decision, dangers) {
                doubts if doubts.is_empty() => model.say(Weight::Info, format!("保存済: {id} {words}{all}")),
                doubts => model.say(
                    Weight::Warning,
                    format!("保存済: {id} {words}。別人の注意があります({doubts})。違うときは {undo} で取消{all}"),
                ),
            }
        }
        _ => {}
    }
}

fn refused(model: &mut Model, request: u64, refusal: &Refusal) {
    let Some(unsaved) = model.unsaved.remove(&request) else { return };
    let Some(no) = unsaved.record else { return model.say(Weight::Warning, refusal.to_string()) };
    take_back(model, no, unsaved.before.as_ref());
    match unsaved.asked {
        Asked::Decision(decision) if model.modal.is_none() => {
            if let Some(row) = model.queue.row_of(no) {
                review::go_to(model, row);
            }
            let attempt = Attempt { record: no, decision: *decision, confirmed: false, refused: None };
            decide::refused(model, attempt, refusal);
        }
        _ => {
            let id = model.id_of(no);
            model.refuse(format!("{id} は決定していません: {refusal}"));
        }
    }
}

fn failed(model: &mut Model, request: Option<u64>, message: String, fatal: bool) {
    let unsaved = request.and_then(|request| model.unsaved.remove(&request));
    if fatal {
        model.broken = Some(message.clone());
    }
    if let Some(filter) = model.filtering.take()
        && request.is_none()
    {
        model.restoring = None;
        let _ = filter;
    }
    let message = match unsaved.as_ref().map(|unsaved| (&unsaved.asked, unsaved.record)) {
        Some((asked, Some(no))) => {
            let id = model.id_of(no);
            let what = match asked {
                Asked::Decision(decision) => match decision.target {
                    Target::Category(category) => category.code().to_owned(),
                    target => target.label().to_owned(),
                },
                Asked::Note => "メモ".to_owned(),
                Asked::Protection => EventKind::Protect.label().to_owned(),
                Asked::History => EventKind::Undo.label().to_owned(),
            };
            format!("{id} の {what} は保存されていません: {message}")
        }
        _ => message,
    };
    if let Some(unsaved) = unsaved
        && let Some(no) = unsaved.record
    {
        take_back(model, no, unsaved.before.as_ref());
    }
    model.say(if fatal { Weight::Error } else { Weight::Warning }, message);
}

/// Shows a record again as it was before a change that did not happen, and reads it anew.
fn take_back(model: &mut Model, no: RecordNo, before: Option<&Case>) {
    if let Some(before) = before {
        model.set_case(no, before);
    }
    model.last = None;
    model.guard.refuse();
    model.asked_records.remove(&no);
}

fn filtered(model: &mut Model, expression: String, nos: &[RecordNo]) {
    if model.filtering.as_deref() != Some(expression.as_str()) {
        return;
    }
    model.filtering = None;
    let restoring = model.restoring.take();
    if nos.is_empty() && restoring.is_none() {
        let fault = format!("「{}」に当てはまる記録はありません", crate::compare::visible(&expression));
        model.say(Weight::Warning, fault.clone());
        if model.modal.is_none() && model.screen == Screen::Review {
            // One word of it is to be changed, most often.
            let prompt = Prompt { purpose: Purpose::Filter, line: line::Line::of(expression), fault: Some(fault) };
            model.set_modal(Some(Modal::Prompt(prompt)));
        }
        return;
    }
    let fresh = restoring.is_none();
    if fresh && model.filter.is_empty() {
        model.unfiltered = model.record();
    }
    let record = restoring.and_then(|session| session.record).or(model.record());
    model.filter = expression;
    model.queue.narrow(nos);
    if model.queue.is_empty() {
        // A restored filter that lets nothing through any more would look like an empty workspace.
        model.filter.clear();
        model.queue.widen();
    }
    let near = record.map_or(0, |no| model.queue.row_near(no));
    let is_open = model.queue.no(near).is_some_and(|no| model.queue.state(no).is_open());
    // Another record than the one before is to be worked on.
    let row = if fresh && !is_open && model.queue.no(near) != record {
        model.queue.next_open(near).unwrap_or(near)
    } else {
        near
    };
    review::go_to(model, row);
    if fresh {
        review::remember(model, record);
    }
    let n = model.queue.len();
    model.message = None;
    if model.queue.is_narrowed() {
        let key = model.key_in(Layer::Review, Action::Clear).map(|key| format!(" ({key} 2回で解除)"));
        model.say(Weight::Info, format!("{n} 件に絞り込みました{}", key.unwrap_or_default()));
    }
}
