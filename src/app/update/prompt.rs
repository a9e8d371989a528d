//! What stands above the screen takes text and choices: typed, completed, accepted and left.

use super::find;
use crate::app::action::Action;
use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::palette::{Entry, Palette};
use crate::app::modal::prompt::{Prompt, Purpose, edit};
use crate::app::modal::question::{Attempt, Choice, Then, date_text};
use crate::app::model::Model;
use crate::app::next::Next;
use crate::app::screen::history::History;
use crate::app::screen::import::Import;
use crate::app::screen::output::Output;
use crate::app::screen::quarantine::Quarantine;
use crate::app::text_input::TextInput;
use crate::compare::visible;
use crate::config::keymap::Layer;
use crate::domain::case::Evidence;

/// Does an action of what stands above the screen.
pub(super) fn run(model: &mut Model, action: Action) -> Next {
    match action {
        Action::Accept => return accept(model),
        Action::ChooseNext => return choose(model, 1),
        Action::ChoosePrev => return choose(model, -1),
        Action::Yes => return yes(model),
        Action::No => no(model),
        Action::Cancel => cancel(model),
        _ => {
            if model.shared.modal.as_mut().and_then(Modal::line).is_some_and(|line| edit(line, action)) {
                edited(model);
            }
        }
    }
    Next::Stay
}

/// The question is answered with yes.
fn yes(model: &mut Model) -> Next {
    let question = match model.shared.modal.take() {
        Some(Modal::Confirm(question)) => question,
        other => {
            model.shared.modal = other;
            return Next::Stay;
        }
    };
    model.shared.set_modal(None);
    model.shared.mark_changed();
    match question.then {
        Then::Decide(attempt) => Next::Decide(Attempt { confirmed: true, ..attempt }),
        Then::UndoStep(seq) => Next::UndoStep(seq),
        Then::Do(job) => Next::Begin(job),
        Then::AskWhole(source) => Next::AskWhole(source),
    }
}

/// The question is answered with no.
fn no(model: &mut Model) {
    let Some(Modal::Confirm(question)) = &model.shared.modal else { return };
    let words = match question.then {
        Then::Decide(_) => "決定しませんでした",
        Then::UndoStep(_) => "取り消しませんでした",
        Then::Do(_) | Then::AskWhole(_) => "やめました。何も変わっていません",
    };
    model.shared.set_modal(None);
    model.shared.input.guard.refuse();
    model.shared.say(Weight::Info, words);
}

/// Takes a character; `t` stands for today where a date is asked for.
pub(super) fn type_char(model: &mut Model, c: char) {
    let today = date_text(model.shared.today);
    if let Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(_, ask), line, .. })) = &mut model.shared.modal
        && ask.is_date()
        && matches!(c, 't' | 'ｔ')
    {
        *line = TextInput::offered(today);
        return edited(model);
    }
    insert(model, c.encode_utf8(&mut [0; 4]));
}

/// Takes text in; false where nothing takes text.
pub(super) fn insert(model: &mut Model, text: &str) -> bool {
    let Some(line) = model.shared.modal.as_mut().and_then(Modal::line) else { return false };
    line.insert(text);
    edited(model);
    true
}

/// Follows a change of the text: searches as one types, ranks the palette, forgets the fault.
pub(super) fn edited(model: &mut Model) {
    match &mut model.shared.modal {
        Some(Modal::Prompt(Prompt { purpose: Purpose::Search { from }, line, .. })) => {
            let (from, query) = (*from, line.text().to_owned());
            model.review.look(&mut model.shared, &query, from);
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::Find { help, from }, line, .. })) => {
            let (help, from, query) = (*help, *from, line.text().to_owned());
            find::edited(model, help, from, &query);
        }
        Some(Modal::Prompt(prompt)) => prompt.fault = None,
        Some(Modal::Palette(palette)) => palette.rank(&model.review.filter.saved, &model.mapping.missing()),
        _ => {}
    }
}

fn choose(model: &mut Model, by: isize) -> Next {
    let round = |chosen: Option<usize>, len: usize| match chosen {
        _ if len == 0 => None,
        Some(chosen) => Some((chosen as isize + by).rem_euclid(len as isize) as usize),
        None if by > 0 => Some(0),
        None => Some(len - 1),
    };
    let today = model.shared.today;
    match &mut model.shared.modal {
        Some(Modal::Choice(choice)) => choice.chosen = round(choice.chosen, choice.codes.len()),
        Some(Modal::Palette(palette)) => palette.chosen = round(palette.chosen, palette.found.len()),
        Some(Modal::Prompt(Prompt { purpose: Purpose::Import, .. })) => {
            return model.import.complete(&mut model.shared, by);
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::Search { .. }, .. })) => {
            model.review.choose_hit(&mut model.shared, by > 0);
        }
        Some(Modal::Prompt(prompt)) => prompt.offer(by, today, &model.review.filter.dropped),
        _ => {}
    }
    Next::Stay
}

fn cancel(model: &mut Model) {
    match model.shared.modal.take() {
        Some(Modal::Prompt(Prompt { purpose: Purpose::Search { from }, .. })) => {
            model.review.cancel_search(&mut model.shared, from);
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::Find { help, from }, .. })) => find::cancel(model, help, from),
        Some(Modal::Prompt(Prompt { purpose: Purpose::Ask(..), .. }) | Modal::Choice(_)) => {
            model.shared.input.guard.refuse();
            model.shared.say(Weight::Info, "決定しませんでした");
        }
        Some(Modal::Prompt(Prompt { purpose: Purpose::Whole(_), .. })) => {
            model.shared.say(Weight::Info, "やめました。何も変わっていません");
        }
        _ => {}
    }
    model.shared.mark_changed();
    model.shared.input.pressed.clear();
}

fn accept(model: &mut Model) -> Next {
    let next = match model.shared.modal.take() {
        Some(Modal::Prompt(prompt)) => accept_prompt(model, prompt),
        Some(Modal::Choice(choice)) => match accept_choice(model, choice) {
            Some(next) => next,
            None => return Next::Stay,
        },
        Some(Modal::Palette(palette)) => match accept_entry(model, palette) {
            Some(next) => next,
            None => return Next::Stay,
        },
        other => {
            model.shared.modal = other;
            Next::Stay
        }
    };
    model.shared.mark_changed();
    model.shared.input.pressed.clear();
    next
}

/// Sends an answer to the screen that asked.
fn accept_prompt(model: &mut Model, prompt: Prompt) -> Next {
    match prompt.purpose {
        Purpose::Find { help, from } => {
            find::accept(model, help, from);
            Next::Stay
        }
        Purpose::Import | Purpose::Whole(_) => Import::on_prompt(&model.shared, prompt),
        Purpose::WithdrawId(_) | Purpose::WithdrawReason { .. } => Output::on_prompt(prompt),
        Purpose::HeldReason { .. } => Quarantine::on_prompt(prompt),
        Purpose::UndoReason { seq, .. } => History::on_reason(&mut model.shared, seq, prompt),
        Purpose::Search { .. }
        | Purpose::Filter
        | Purpose::Note(_)
        | Purpose::ProtectReason { .. }
        | Purpose::Ask(..) => model.review.on_prompt(&mut model.shared, prompt),
    }
}

/// Takes the chosen evidence; `None` while none is chosen.
fn accept_choice(model: &mut Model, choice: Choice) -> Option<Next> {
    let Some(code) = choice.chosen.and_then(|chosen| choice.codes.get(chosen)).copied() else {
        model.shared.modal = Some(Modal::Choice(choice));
        let accept = model.shared.key_of(Action::Accept).unwrap_or_default();
        model.shared.say(Weight::Warning, format!("番号で選んでから {accept} で決めます"));
        return None;
    };
    let mut attempt = *choice.attempt;
    attempt.decision.evidence.push(Evidence::plain(code));
    Some(Next::Decide(attempt))
}

/// Takes the chosen line of the palette; `None` while none is meant.
fn accept_entry(model: &mut Model, palette: Palette) -> Option<Next> {
    let Some(entry) = palette.entry().cloned() else {
        // The best guess is not what was asked for; the list stays so that one can be chosen.
        let text = visible(palette.line.text().trim()).into_owned();
        let next = model.shared.key_for(Layer::Palette, Action::ChooseNext);
        let words = if text.is_empty() {
            format!("命令を入力するか、{next} で選んでください")
        } else if palette.found.is_empty() {
            format!("「{text}」という命令はありません")
        } else {
            format!("「{text}」という命令はありません。近いものは {next} で選べます")
        };
        model.shared.modal = Some(Modal::Palette(palette));
        model.shared.say(Weight::Warning, words);
        return None;
    };
    Some(match entry {
        Entry::Action(action) => Next::Run(action),
        Entry::Command(command) => Next::Command(command),
        Entry::Column(column) => Next::TakeColumn(column),
        Entry::Usage(usage) => Next::say(Weight::Info, format!("使い方: {usage}")),
    })
}
