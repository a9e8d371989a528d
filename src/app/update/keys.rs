//! What a key means: the trie of the keymap, the IME, and the watch over stray input.

use super::{decide, find, job, lists, prompt, review};
use crate::app::action::{Action, Screen};
use crate::app::command::{Command, Entry};
use crate::app::effect::Effect;
use crate::app::guard::{Held, REPEAT, Stroke, Waiting, fold_ime};
use crate::app::job::{ImportSource, Job};
use crate::app::line::Line;
use crate::app::modal::{InfoBody, Modal, Palette, Purpose};
use crate::app::model::{Model, Weight};
use crate::config::keymap::{Layer, Lookup};
use crate::config::keys::{Key, KeyCode, label};
use crate::domain::record::Column;

/// Takes a key press in.
pub(super) fn key(model: &mut Model, key: Key, at: u64, repeat: bool, effects: &mut Vec<Effect>) {
    quiet(model, at, effects);
    if model.lock.swallows(Some(key), at) {
        // A chord that was begun before is not gone on with.
        model.pressed.clear();
        model.guard.disturb(at);
        return;
    }
    let stroke = model.guard.observe(key, at, repeat);
    if let Some(held) = model.guard.held {
        // The same key before it was quiet is a key held down; another key shows that it was not.
        model.guard.held = None;
        if held.key == key {
            return model.refuse("キーの押しっぱなしでは決定しません");
        }
        fire(model, held, effects);
    }
    let waiting = Waiting { key, stroke, scene: model.scene(), at };
    if !model.guard.waiting.is_empty() || could_change(model, key) {
        return model.guard.waiting.push(waiting);
    }
    press(model, waiting, at, effects);
}

/// Something came in that nobody typed: a chord it stands in, and keys right around it, decide nothing.
pub(super) fn stray(model: &mut Model, at: u64) {
    if !model.guard.waiting.is_empty() || model.guard.held.is_some() {
        model.refuse("端末からの信号と重なったため、決定しませんでした。もう一度押してください");
    }
    model.guard.disturb(at);
    model.pressed.clear();
}

/// Lets go on what has waited long enough.
pub(super) fn quiet(model: &mut Model, at: u64, effects: &mut Vec<Effect>) {
    model.guard.pass(at);
    if !model.guard.waiting.is_empty() && model.guard.run_is_over(at) {
        for waiting in std::mem::take(&mut model.guard.waiting) {
            press(model, waiting, at, effects);
        }
    }
    if let Some(held) = model.guard.held.filter(|held| at >= held.due) {
        model.guard.held = None;
        fire(model, held, effects);
    }
}

/// Does what was held back, unless the screen shows something else by now.
fn fire(model: &mut Model, held: Held, effects: &mut Vec<Effect>) {
    if model.scene() == held.scene && model.is_drawn() {
        run(model, held.action, effects);
    } else {
        model.guard.refuse();
    }
}

/// Whether a key could change a record, so that it has to wait for the end of its run.
fn could_change(model: &Model, key: Key) -> bool {
    let mut pressed = model.pressed.clone();
    pressed.push(folded(model, key).unwrap_or(key));
    match model.keymap.lookup(model.layer().stack(), &pressed) {
        Lookup::Run(binding) => changes(model, binding.action),
        Lookup::Pending(list) => list.iter().any(|binding| changes(model, binding.action)),
        Lookup::Unbound => matches!(model.modal, Some(Modal::Choice(_))) && key.typed().is_some(),
    }
}

/// Whether an action changes a record as things stand.
fn changes(model: &Model, action: Action) -> bool {
    match action {
        Action::Undo | Action::Redo => true,
        Action::Accept => match &model.modal {
            // Everything else asks once more before anything changes.
            Some(Modal::Prompt(prompt)) => {
                matches!(prompt.purpose, Purpose::Note(_) | Purpose::ProtectReason { .. } | Purpose::Ask(..))
            }
            Some(Modal::Palette(palette)) => {
                matches!(palette.entry(), Some(Entry::Action(action)) if changes(model, *action))
            }
            Some(Modal::Choice(_)) => true,
            _ => false,
        },
        action => action.decides(),
    }
}

/// Folds what an IME left on types where letters are commands.
fn folded(model: &Model, key: Key) -> Option<Key> {
    let text_field = matches!(model.modal, Some(Modal::Prompt(_) | Modal::Palette(_)));
    match key.typed() {
        Some(c) if !text_field => fold_ime(c).map(Key::char),
        // A character that is a key in this question is meant as one, full-width or not.
        Some(c) if model.layer() == Layer::Answer => {
            let folded = fold_ime(c)
                .map(Key::char)
                .filter(|folded| matches!(model.keymap.lookup(Layer::Answer.stack(), &[*folded]), Lookup::Run(_)));
            Some(folded.unwrap_or(key))
        }
        _ => Some(key),
    }
}

/// Looks a key up and does what it stands for.
fn press(model: &mut Model, waiting: Waiting, at: u64, effects: &mut Vec<Effect>) {
    let Some(key) = folded(model, waiting.key) else {
        model.pressed.clear();
        return model.refuse("IMEがオンです。半角英数に切り替えてください");
    };
    model.pressed.push(key);
    let layer = model.layer();
    let found = match model.keymap.lookup(layer.stack(), &model.pressed) {
        Lookup::Run(binding) => Some((binding.action, binding.keys.clone())),
        Lookup::Pending(list) => {
            if model.guard.pauses() && list.iter().any(|binding| binding.action.decides()) {
                model.pressed.clear();
                pause(model);
            }
            return;
        }
        Lookup::Unbound => None,
    };
    // Half a code is a decision that was begun.
    let begun = model.pressed.split_last().is_some_and(|(_, before)| {
        matches!(model.keymap.lookup(layer.stack(), before),
            Lookup::Pending(list) if list.iter().any(|binding| binding.action.decides()))
    });
    if found.is_none() && begun {
        model.guard.refuse();
    }
    let pressed = std::mem::take(&mut model.pressed);
    match found {
        Some((action, keys)) => {
            // `2 2` is the same key twice; a third would be one too many.
            let meant = keys.iter().rev().take_while(|other| **other == key).count();
            act(model, action, waiting, meant, at, effects);
        }
        None if key == Key::new(KeyCode::Char('c'), true, false, false) => {
            let quit = model.keymap.keys_for(Layer::Global, &Action::Quit).first().map(|keys| label(keys));
            model.say(Weight::Info, format!("終了するには {} を押してください", quit.unwrap_or_default()));
        }
        None if matches!(layer, Layer::Prompt | Layer::Answer | Layer::Palette) => {
            typed(model, key, waiting, at, effects)
        }
        None if pressed.len() > 1 && !model.leaves(key) => {
            let keys = label(&pressed);
            model.say(Weight::Warning, format!("「{keys}」というキーはありません"));
        }
        None => {}
    }
}

/// A plain character where text is taken.
fn typed(model: &mut Model, key: Key, waiting: Waiting, at: u64, effects: &mut Vec<Effect>) {
    let Some(c) = key.typed() else { return };
    if let Some(Modal::Choice(choice)) = &mut model.modal {
        if let Some(place) = choice.place(c) {
            choice.chosen = Some(place);
            if choice.careful {
                return;
            }
            act(model, Action::Accept, waiting, 1, at, effects);
        } else if c.is_ascii_digit() {
            let digits = choice.digits();
            model.say(Weight::Warning, format!("この記録では選べない番号です。{digits} から選んでください"));
        }
        return;
    }
    prompt::type_char(model, c, effects);
}

/// Said of keys that come too soon after a refusal.
const PAUSED: &str = "決定しなかった直後のキーのため、決定しませんでした。画面を見て、ひと呼吸おいてから押してください";

/// Refuses a key that comes too soon after a refusal, whose words stay to be read.
fn pause(model: &mut Model) {
    let before = model.message.take().filter(|(weight, _)| *weight == Weight::Warning).map(|(_, words)| words);
    let before =
        before.map(|words| words.strip_prefix(PAUSED).map(str::to_owned).unwrap_or(format!("。先の知らせ: {words}")));
    model.refuse(format!("{PAUSED}{}", before.unwrap_or_default()));
}

/// Does an action now, holds it back, or refuses stray input.
fn act(model: &mut Model, action: Action, waiting: Waiting, meant: usize, at: u64, effects: &mut Vec<Effect>) {
    if !changes(model, action) {
        return run(model, action, effects);
    }
    let Stroke { same, repeats } = waiting.stroke;
    if model.guard.in_burst(waiting.at) {
        return model.refuse("一度に多くのキーが届いたため、決定しませんでした");
    }
    if repeats && same > meant {
        return model.refuse("キーの押しっぱなしでは決定しません");
    }
    if waiting.scene != model.scene() || !model.is_drawn() {
        return model.refuse("画面に出る前のキーのため、決定しませんでした。画面を見てから、もう一度押してください");
    }
    // What stands above the screen has keys of its own, which decide nothing elsewhere.
    if model.guard.pauses() && model.modal.is_none() {
        return pause(model);
    }
    if same > 1 {
        let due = at + REPEAT;
        model.guard.held = Some(Held { action, key: waiting.key, scene: waiting.scene, due });
        return;
    }
    run(model, action, effects);
}

/// Does an action.
pub(super) fn run(model: &mut Model, action: Action, effects: &mut Vec<Effect>) {
    if !matches!(action, Action::Redraw | Action::Suspend) {
        model.message = None;
    }
    let finds = crate::app::find::looks(action) && crate::app::find::is_here(model);
    if action.is_review() && model.screen != Screen::Review && !finds {
        // What is about a record is done where the record is seen; a decision only once it was seen there.
        model.screen = Screen::Review;
        model.set_modal(None);
        model.above += 1;
        if action.decides() {
            return model.refuse("確認画面に移りました。記録を見てから、もう一度押してください");
        }
    }
    if action != Action::Clear {
        model.dropping = false;
    }
    match action {
        Action::NextHit | Action::PrevHit if finds => find::step(model, action == Action::NextHit),
        Action::Quit => quit(model, effects),
        Action::Jump => jump(model),
        Action::Back => review::leap(model, false),
        Action::Forward => review::leap(model, true),
        Action::Help => {
            let open = matches!(model.modal, Some(Modal::Help { .. }));
            model.set_modal((!open).then_some(Modal::Help { top: 0 }));
            model.find.query.clear();
        }
        Action::Screen(screen) => lists::go(model, screen, effects),
        Action::Advance => {
            model.stay = !model.stay;
            model.say(
                Weight::Info,
                if model.stay {
                    "決定した後もその記録に留まります"
                } else {
                    "決定したら次の未決定へ進みます"
                },
            );
        }
        Action::Views => {
            model.set_modal(Some(Modal::Palette(Palette { line: Line::of("view "), ..Palette::default() })));
            prompt::edited(model, effects);
        }
        Action::Import => job::ask_file(model, ""),
        Action::FocusNext if matches!(model.screen, Screen::History | Screen::Quarantine) && model.modal.is_none() => {
            lists::run(model, action, effects)
        }
        Action::Open | Action::Write | Action::Withdraw | Action::Freeze | Action::Dismiss | Action::Refresh => {
            lists::run(model, action, effects);
        }
        Action::Palette => {
            model.set_modal(Some(Modal::Palette(Palette::default())));
            prompt::edited(model, effects);
        }
        Action::Reload => effects.push(Effect::Reload),
        Action::Redraw => effects.push(Effect::Redraw),
        Action::Suspend => effects.push(Effect::Suspend),
        Action::Decide(_)
        | Action::DecideEmployer
        | Action::Quick(_)
        | Action::Hold
        | Action::Adopt
        | Action::Repeat
        | Action::Undo
        | Action::Redo
        | Action::Yes
        | Action::No => decide::run(model, action, effects),
        Action::Accept
        | Action::Cancel
        | Action::ChooseNext
        | Action::ChoosePrev
        | Action::DeleteBack
        | Action::DeleteWord
        | Action::ClearLine
        | Action::CursorLeft
        | Action::CursorRight
        | Action::CursorHome
        | Action::CursorEnd
        | Action::Search
        | Action::Filter
        | Action::Note
        | Action::Protect => prompt::run(model, action, effects),
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
        | Action::CycleFields => review::run(model, action),
        Action::Clear => {
            if !job::stop(model, effects) {
                review::run(model, action);
            }
        }
        Action::Inspect => info(model, "文字を調べる", InfoBody::Characters),
        Action::Related => {
            info(model, "関連する行", |no| InfoBody::Related(no, None));
            if let (Some(no), Some(Modal::Info { .. })) = (model.record(), &model.modal) {
                effects.push(Effect::Related(no));
            }
        }
        Action::CopyKey => {
            let id = model.view().map(|view| view.record.row.cell(Column::Id).trim().to_owned());
            match id {
                // Without a number of its own the key of a record is made of 記号・番号, which belong to the person.
                Some(id) if id.is_empty() => {
                    model.say(Weight::Warning, "整理番号のない記録のため、写しません");
                }
                Some(id) => {
                    let id = crate::compare::visible(&id).into_owned();
                    model.say(Weight::Info, format!("整理番号 {id} を写しました"));
                    effects.push(Effect::Copy(id));
                }
                None => {}
            }
        }
    }
}

/// Goes to the record that the selected line is about; a window of mere text is closed.
fn jump(model: &mut Model) {
    let no = match (&model.modal, model.screen) {
        (Some(Modal::Info { body: InfoBody::Related(_, Some(kin)), top, .. }), _) => {
            // The key may have gone on past the last row, which the view stops at.
            kin.rows.get((*top).min(kin.rows.len().saturating_sub(1))).map(|row| row.no)
        }
        (Some(_), _) => return model.set_modal(None),
        (None, Screen::History) => model.history.here().and_then(|step| step.event.record()),
        (None, _) => None,
    };
    let Some(no) = no else { return model.say(Weight::Info, "移る先の記録がありません") };
    let before = model.record();
    if review::go_to_record(model, no) {
        review::remember(model, before);
        model.screen = Screen::Review;
        model.set_modal(None);
        model.above += 1;
    } else {
        model.say(Weight::Info, "確認の対象でない行のため、確認画面には出ません");
    }
}

fn info(model: &mut Model, title: &'static str, body: impl Fn(crate::domain::record::RecordNo) -> InfoBody) {
    if let Some(no) = model.record().filter(|no| model.records.contains_key(no)) {
        model.set_modal(Some(Modal::Info { title, top: 0, body: body(no) }));
    }
}

/// Does a command of the palette.
pub(super) fn command(model: &mut Model, command: Command, effects: &mut Vec<Effect>) {
    model.message = None;
    let name = |text: &str| crate::compare::visible(text).into_owned();
    match command {
        Command::Go(id) => effects.push(Effect::Find(id)),
        Command::UndoStep(seq) => effects.push(Effect::Step(seq)),
        Command::Import(text) => match ImportSource::parse(&text) {
            Ok(source) => job::begin(model, Job::Check(source), effects),
            Err(fault) => model.say(Weight::Warning, fault),
        },
        Command::SaveView(view) => {
            if model.filter.is_empty() {
                let key = model.key_for(Layer::Review, Action::Filter);
                let words = format!("絞込がありません。先に {key} で絞り込んでから保存してください");
                return model.say(Weight::Warning, words);
            }
            let key = model.key_for(Layer::Review, Action::Views);
            let message = format!("今の絞込を「{}」として保存しました ({key} で選べます)", name(&view));
            model.views.insert(view, model.filter.clone());
            super::keep_session(model, effects);
            model.say(Weight::Info, message);
        }
        Command::DropView(view) => {
            let message = match model.views.remove(&view) {
                Some(_) => format!("保存した絞込「{}」を消しました", name(&view)),
                None => format!("保存した絞込「{}」はありません", name(&view)),
            };
            super::keep_session(model, effects);
            model.say(Weight::Info, message);
        }
        Command::View(view) => {
            if let Some(filter) = model.views.get(&view).cloned() {
                model.screen = Screen::Review;
                model.say(Weight::Info, "絞り込んでいます…");
                model.filtering = Some(filter.clone());
                effects.push(Effect::Filter(filter));
            }
        }
    }
}

fn quit(model: &mut Model, effects: &mut Vec<Effect>) {
    super::keep_session(model, effects);
    model.quitting = true;
    effects.push(Effect::Quit);
}
