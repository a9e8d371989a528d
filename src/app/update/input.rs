//! What a key means: the trie of the keymap, the IME, and the watch over stray input.

use super::{dispatch, prompt};
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::guard::{HeldKey, REPEAT, Stroke, Waiting, fold_ime};
use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::palette::Entry;
use crate::app::modal::prompt::Purpose;
use crate::app::model::Model;
use crate::config::keymap::{Layer, Lookup};
use crate::config::keys::{Key, KeyCode, label};

/// Takes a key press in.
pub(super) fn key(model: &mut Model, key: Key, at: u64, repeat: bool, effects: &mut Vec<Effect>) {
    quiet(model, at, effects);
    // Whoever presses another key does not wait any more.
    model.review.awaited = None;
    if model.shared.input.lock.swallows(Some(key), at) {
        // A chord that was begun before is not gone on with.
        model.shared.input.pressed.clear();
        model.shared.input.guard.disturb(at);
        return;
    }
    let stroke = model.shared.input.guard.observe(key, at, repeat);
    if let Some(held) = model.shared.input.guard.held {
        // The same key before it was quiet is a key held down; another key shows that it was not.
        model.shared.input.guard.held = None;
        if held.key == key {
            return model.shared.refuse("キーの押しっぱなしでは決定しません");
        }
        fire(model, held, effects);
    }
    let waiting = Waiting { key, stroke, scene: model.scene(), at };
    if !model.shared.input.guard.waiting.is_empty() || could_change(model, key) {
        return model.shared.input.guard.waiting.push(waiting);
    }
    press(model, waiting, at, effects);
}

/// Something came in that nobody typed: a chord it stands in, and keys right around it, decide nothing.
pub(super) fn stray(model: &mut Model, at: u64) {
    if !model.shared.input.guard.waiting.is_empty() || model.shared.input.guard.held.is_some() {
        model.shared.refuse("端末からの信号と重なったため、決定しませんでした。もう一度押してください");
    }
    model.shared.input.guard.disturb(at);
    model.shared.input.pressed.clear();
}

/// Lets go on what has waited long enough.
pub(super) fn quiet(model: &mut Model, at: u64, effects: &mut Vec<Effect>) {
    model.shared.input.guard.pass(at);
    if !model.shared.input.guard.waiting.is_empty() && model.shared.input.guard.run_is_over(at) {
        for waiting in std::mem::take(&mut model.shared.input.guard.waiting) {
            press(model, waiting, at, effects);
        }
    }
    if let Some(held) = model.shared.input.guard.held.filter(|held| at >= held.due) {
        model.shared.input.guard.held = None;
        fire(model, held, effects);
    }
}

/// Does what was held back, unless the screen shows something else by now.
fn fire(model: &mut Model, held: HeldKey, effects: &mut Vec<Effect>) {
    if model.scene() == held.scene && model.is_drawn() {
        dispatch::run(model, held.action, effects);
    } else {
        model.shared.input.guard.refuse();
    }
}

/// Whether a key could change a record, so that it has to wait for the end of its run.
fn could_change(model: &Model, key: Key) -> bool {
    let mut pressed = model.shared.input.pressed.clone();
    pressed.push(folded(model, key).unwrap_or(key));
    match model.shared.keymap.lookup(model.shared.layer().stack(), &pressed) {
        Lookup::Run(binding) => changes(model, binding.action),
        Lookup::Pending(list) => list.iter().any(|binding| changes(model, binding.action)),
        Lookup::Unbound => matches!(model.shared.modal, Some(Modal::Choice(_))) && key.typed().is_some(),
    }
}

/// Whether an action changes a record as things stand.
fn changes(model: &Model, action: Action) -> bool {
    match action {
        Action::Undo | Action::Redo => true,
        Action::Accept => match &model.shared.modal {
            // Everything else asks once more before anything changes.
            Some(Modal::Prompt(prompt)) => {
                matches!(
                    prompt.purpose,
                    Purpose::Note(_) | Purpose::ProtectReason { .. } | Purpose::UndoReason { .. } | Purpose::Ask(..)
                )
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
    let text_field = matches!(model.shared.modal, Some(Modal::Prompt(_) | Modal::Palette(_)));
    match key.typed() {
        Some(c) if !text_field => fold_ime(c).map(Key::char),
        // A character that is a key in this question is meant as one, full-width or not.
        Some(c) if model.shared.layer() == Layer::Answer => {
            let folded = fold_ime(c).map(Key::char).filter(|folded| {
                matches!(model.shared.keymap.lookup(Layer::Answer.stack(), &[*folded]), Lookup::Run(_))
            });
            Some(folded.unwrap_or(key))
        }
        _ => Some(key),
    }
}

/// Looks a key up and does what it stands for.
fn press(model: &mut Model, waiting: Waiting, at: u64, effects: &mut Vec<Effect>) {
    let Some(key) = folded(model, waiting.key) else {
        model.shared.input.pressed.clear();
        return model.shared.refuse("IMEがオンです。半角英数に切り替えてください");
    };
    model.shared.input.pressed.push(key);
    let layer = model.shared.layer();
    let found = match model.shared.keymap.lookup(layer.stack(), &model.shared.input.pressed) {
        Lookup::Run(binding) => Some((binding.action, binding.keys.clone())),
        Lookup::Pending(list) => {
            if model.shared.input.guard.pauses() && list.iter().any(|binding| binding.action.decides()) {
                model.shared.input.pressed.clear();
                pause(model);
            }
            return;
        }
        Lookup::Unbound => None,
    };
    // Half a code is a decision that was begun.
    let begun = model.shared.input.pressed.split_last().is_some_and(|(_, before)| {
        matches!(model.shared.keymap.lookup(layer.stack(), before),
            Lookup::Pending(list) if list.iter().any(|binding| binding.action.decides()))
    });
    if found.is_none() && begun {
        model.shared.input.guard.refuse();
    }
    let pressed = std::mem::take(&mut model.shared.input.pressed);
    match found {
        Some((action, keys)) => {
            // `2 2` is the same key twice; a third would be one too many.
            let meant = keys.iter().rev().take_while(|other| **other == key).count();
            act(model, action, waiting, meant, at, effects);
        }
        None if key == Key::new(KeyCode::Char('c'), true, false, false) => {
            let quit = model.shared.keymap.keys_for(Layer::Global, &Action::Quit).first().map(|keys| label(keys));
            model.shared.say(Weight::Info, format!("終了するには {} を押してください", quit.unwrap_or_default()));
        }
        None if matches!(layer, Layer::Prompt | Layer::Answer | Layer::Palette) => {
            typed(model, key, waiting, at, effects)
        }
        None if pressed.len() > 1 && !model.shared.leaves(key) => {
            let keys = label(&pressed);
            model.shared.say(Weight::Warning, format!("「{keys}」というキーはありません"));
        }
        None => {}
    }
}

/// A plain character where text is taken.
fn typed(model: &mut Model, key: Key, waiting: Waiting, at: u64, effects: &mut Vec<Effect>) {
    let Some(c) = key.typed() else { return };
    if let Some(Modal::Choice(choice)) = &mut model.shared.modal {
        if let Some(place) = choice.place(c) {
            choice.chosen = Some(place);
            if choice.careful {
                return;
            }
            act(model, Action::Accept, waiting, 1, at, effects);
        } else if c.is_ascii_digit() {
            let digits = choice.digits();
            model.shared.say(Weight::Warning, format!("この記録では選べない番号です。{digits} から選んでください"));
        }
        return;
    }
    prompt::type_char(model, c);
}

/// Said of keys that come too soon after a refusal.
const PAUSED: &str = "決定しなかった直後のキーのため、決定しませんでした。画面を見て、ひと呼吸おいてから押してください";

/// Refuses a key that comes too soon after a refusal, whose words stay to be read.
fn pause(model: &mut Model) {
    let before = model.shared.message.take().filter(|(weight, _)| *weight == Weight::Warning).map(|(_, words)| words);
    let before =
        before.map(|words| words.strip_prefix(PAUSED).map(str::to_owned).unwrap_or(format!("。先の知らせ: {words}")));
    model.shared.refuse(format!("{PAUSED}{}", before.unwrap_or_default()));
}

/// Does an action now, holds it back, or refuses stray input.
fn act(model: &mut Model, action: Action, waiting: Waiting, meant: usize, at: u64, effects: &mut Vec<Effect>) {
    if !changes(model, action) {
        return dispatch::run(model, action, effects);
    }
    let Stroke { same, repeats } = waiting.stroke;
    if model.shared.input.guard.in_burst(waiting.at) {
        return model.shared.refuse("一度に多くのキーが届いたため、決定しませんでした");
    }
    if repeats && same > meant {
        return model.shared.refuse("キーの押しっぱなしでは決定しません");
    }
    if waiting.scene != model.scene() || !model.is_drawn() {
        return model
            .shared
            .refuse("画面に出る前のキーのため、決定しませんでした。画面を見てから、もう一度押してください");
    }
    // What stands above the screen has keys of its own, which decide nothing elsewhere.
    if model.shared.input.guard.pauses() && model.shared.modal.is_none() {
        return pause(model);
    }
    if same > 1 {
        let due = at + REPEAT;
        model.shared.input.guard.held = Some(HeldKey { action, key: waiting.key, scene: waiting.scene, due });
        return;
    }
    dispatch::run(model, action, effects);
}
