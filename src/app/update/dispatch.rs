//! Sends each action to the screen it is about, and carries out what screens say is to be done next.

use super::{find, movement, prompt};
use crate::app::action::{Action, Screen};
use crate::app::effect::Effect;
use crate::app::find::looks;
use crate::app::message::Weight;
use crate::app::modal::palette::{Command, Palette};
use crate::app::modal::{InfoBody, Modal};
use crate::app::model::Model;
use crate::app::next::Next;
use crate::app::screen::history::History;
use crate::app::screen::import::Import;
use crate::config::keymap::Layer;
use crate::domain::record::RecordNo;

/// Does an action.
pub(super) fn run(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    if !matches!(action, Action::Redraw | Action::Suspend) {
        model.shared.message = None;
    }
    let finds = looks(action) && model.finds_here();
    if action.is_review() && model.shared.screen != Screen::Review && !finds {
        // What is about a record is done where the record is seen; a decision only once it was seen there.
        model.shared.show(Screen::Review);
        if action.decides() {
            return model.shared.refuse("確認画面に移りました。記録を見てから、もう一度押してください");
        }
    }
    if action != Action::Clear {
        model.review.filter.dropping = false;
    }
    let next = match action {
        Action::Screen(screen) => go(model, screen),
        Action::Quit => {
            effects.extend(model.keep_session());
            model.shared.quitting = true;
            Next::send(Effect::Quit)
        }
        _ => next(model, action, finds),
    };
    apply(model, next, effects);
}

/// Asks whose action it is what it means.
fn next(model: &mut Model, action: Action, finds: bool) -> Next {
    match action {
        Action::Search if finds => find::ask(model),
        Action::NextHit | Action::PrevHit if finds => find::step(model, action == Action::NextHit),
        Action::Search if matches!(model.shared.modal, Some(Modal::Info { .. })) => {
            return Next::say(Weight::Info, "この窓では検索できません");
        }
        Action::Jump => return jump(model),
        Action::Help => {
            let open = matches!(model.shared.modal, Some(Modal::Help { .. }));
            model.shared.set_modal((!open).then_some(Modal::Help { top: 0 }));
            model.find.query.clear();
        }
        Action::Views => return Next::Open(Modal::Palette(Palette::of("view "))),
        Action::Palette => return Next::Open(Modal::Palette(Palette::default())),
        Action::Import => return Import::ask(&mut model.shared),
        Action::Reload => return Next::send(Effect::Reload),
        Action::Redraw => return Next::send(Effect::Redraw),
        Action::Suspend => return Next::send(Effect::Suspend),
        Action::Yes
        | Action::No
        | Action::Accept
        | Action::Cancel
        | Action::ChooseNext
        | Action::ChoosePrev
        | Action::DeleteBack
        | Action::DeleteWord
        | Action::ClearLine
        | Action::CursorLeft
        | Action::CursorRight
        | Action::CursorHome
        | Action::CursorEnd => return prompt::run(model, action),
        Action::FocusNext
            if matches!(model.shared.screen, Screen::History | Screen::Quarantine) && model.shared.modal.is_none() =>
        {
            return on_screen(model, action);
        }
        Action::Freeze => return model.output.freeze(&model.shared),
        Action::Refresh if model.shared.screen != Screen::Review => return read(model),
        Action::Open | Action::Write | Action::Withdraw | Action::Dismiss | Action::Refresh => {
            return on_screen(model, action);
        }
        Action::Clear if model.shared.stop() => return Next::send(Effect::Stop),
        Action::Next
        | Action::Prev
        | Action::PageDown
        | Action::PageUp
        | Action::First
        | Action::Last
        | Action::NextUndecided
        | Action::PrevUndecided
        | Action::NextHit
        | Action::PrevHit
        | Action::FocusNext
        | Action::FocusQueue
        | Action::FocusRecord
        | Action::ScrollDown
        | Action::ScrollUp
        | Action::Zoom
        | Action::CycleFields
        | Action::Clear => movement::run(model, action),
        _ => return model.review.on_action(&mut model.shared, action),
    }
    Next::Stay
}

/// The screen says what an action means on it.
fn on_screen(model: &mut Model, action: Action) -> Next {
    let Model { shared, review, .. } = model;
    match shared.screen {
        Screen::Review => review.on_action(shared, action),
        Screen::History => model.history.on_action(shared, action, review),
        Screen::Output => model.output.on_action(shared, action, review),
        Screen::Quarantine => model.quarantine.on_action(shared, action),
        Screen::Mapping => model.mapping.on_action(shared, action),
        Screen::Status | Screen::Groups => Next::NotHere,
    }
}

/// Carries out what a screen says is to be done next.
pub(super) fn apply(model: &mut Model, next: Next, effects: &mut Vec<Effect>) {
    let next = match next {
        Next::Stay => return,
        Next::NotHere => {
            let screens = [(Screen::Output, "出力"), (Screen::History, "履歴"), (Screen::Quarantine, "隔離")];
            let keys = screens.map(|(screen, name)| {
                format!("{name}({})", model.shared.key_for(Layer::Global, Action::Screen(screen)))
            });
            let words = format!("この画面では使えません。{}でお使いください", keys.join("・"));
            return model.shared.say(Weight::Info, words);
        }
        Next::Say(weight, text) => return model.shared.say(weight, text),
        Next::Open(modal) => {
            let ranks = matches!(modal, Modal::Palette(_));
            model.shared.set_modal(Some(modal));
            if ranks {
                prompt::edited(model);
            }
            return;
        }
        Next::Reopen(modal) => {
            model.shared.modal = Some(modal);
            return;
        }
        Next::AskAgain(prompt) => {
            model.shared.modal = Some(Modal::Prompt(prompt));
            return;
        }
        Next::Send(more) => return effects.extend(more),
        Next::KeepSession => return effects.extend(model.keep_session()),
        Next::Begin(job) => return effects.extend(model.shared.begin(job).map(Effect::Do)),
        Next::AskWhole(source) => return Import::ask_whole(&mut model.shared, source),
        Next::ShowRecord(no) => return show_record(model, no),
        Next::Run(action) => return run(model, action, effects),
        Next::Command(command) => self::command(model, command),
        Next::Refresh => read(model),
        Next::Decide(attempt) => model.review.go_on(&mut model.shared, attempt),
        Next::UndoStep(seq) => History::undo_step(&mut model.shared, seq),
        Next::TakeColumn(column) => model.mapping.take_for(&mut model.shared, column),
    };
    apply(model, next, effects);
}

/// Goes to a screen and reads what it shows.
fn go(model: &mut Model, screen: Screen) -> Next {
    if screen == Screen::Groups {
        let [filter, repeat] =
            [Action::Filter, Action::Repeat].map(|action| model.shared.key_for(Layer::Review, action));
        let words =
            format!("グループ画面はまだありません。確認画面の絞込({filter})と繰り返し({repeat})をお使いください");
        return Next::say(Weight::Info, words);
    }
    if screen == Screen::History && model.shared.screen != screen {
        model.history = History::of_record(model.record(), &model.review);
    }
    model.shared.show(screen);
    model.shared.detail_top = 0;
    model.find.query.clear();
    read(model)
}

/// Reads what the screen shows, from the start.
fn read(model: &mut Model) -> Next {
    match model.shared.screen {
        Screen::Status => model.status.read(),
        Screen::Output => model.output.read(),
        Screen::Quarantine => model.quarantine.read(),
        Screen::History => model.history.read(),
        Screen::Review | Screen::Groups | Screen::Mapping => Next::Stay,
    }
}

/// Goes to the record that the selected line is about; a window of mere text is closed.
fn jump(model: &mut Model) -> Next {
    let no = match (&model.shared.modal, model.shared.screen) {
        (Some(Modal::Info { body: InfoBody::Related(_, Some(related)), top, .. }), _) => {
            // The key may have gone on past the last row, which the view stops at.
            related.rows.get((*top).min(related.rows.len().saturating_sub(1))).map(|row| row.no)
        }
        (Some(_), _) => {
            model.shared.set_modal(None);
            return Next::Stay;
        }
        (None, Screen::History) => return on_screen(model, Action::Jump),
        (None, _) => None,
    };
    no.map_or_else(|| Next::say(Weight::Info, "移る先の記録がありません"), Next::ShowRecord)
}

/// Shows a record on the review screen.
fn show_record(model: &mut Model, no: RecordNo) {
    let before = model.record();
    if !model.review.go_to_record(&mut model.shared, no) {
        return model.shared.say(Weight::Info, "確認の対象でない行のため、確認画面には出ません");
    }
    model.review.remember(before);
    model.shared.show(Screen::Review);
}

/// Does a command of the palette.
fn command(model: &mut Model, command: Command) -> Next {
    model.shared.message = None;
    let Model { shared, review, .. } = model;
    match command {
        Command::Go(id) => Next::send(Effect::Find(id)),
        Command::UndoStep(seq) => Next::send(Effect::Step(seq)),
        Command::Import(text) => Import::check(&text).unwrap_or_else(|fault| Next::say(Weight::Warning, fault)),
        Command::SaveView(view) => review.save_view(shared, view),
        Command::DropView(view) => review.drop_view(shared, &view),
        Command::View(view) => review.use_view(shared, &view),
    }
}
