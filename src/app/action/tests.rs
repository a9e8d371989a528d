//! Actions, and the keymaps over them: shipped ones, faulty ones, and what a lookup finds.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::config::diagnostic::{Diagnostics, expected};
use crate::config::embedded::{self, KEYMAPS};
use crate::config::keymap::{Binding, Keymap, Lookup};
use crate::config::keys::{Key, spell};

const BAD: &str = "tests/data/bad/keymaps";

/// Reads a keymap whose ancestors are the shipped keymaps and the faulty files.
fn parse(file: &str, text: &str) -> Result<Keymap<Action>, Diagnostics> {
    let base = |name: &str| embedded::find(KEYMAPS, name).or_else(|| expected::read(&format!("{BAD}/{name}.toml")));
    Keymap::parse(file, text, base, Action::from_run, Action::ESSENTIAL)
}

/// Counts the keys of an action over all layers.
fn keys_anywhere(keymap: &Keymap<Action>, action: Action) -> usize {
    Layer::ALL.into_iter().map(|layer| keymap.keys_for(layer, &action).len()).sum()
}

fn default_keymap() -> Keymap<Action> {
    parse("default.toml", &embedded::find(KEYMAPS, "default").unwrap()).unwrap_or_else(|found| panic!("{found}"))
}

fn keys(text: &str) -> Vec<Key> {
    text.split(' ').map(|word| word.parse().unwrap()).collect()
}

#[test]
fn every_shipped_keymap_is_free_of_faults_and_described_in_japanese() {
    for (name, text) in KEYMAPS {
        let keymap = parse(name, text).unwrap_or_else(|found| panic!("{found}"));
        assert_eq!(keymap.name(), *name);
        for layer in Layer::ALL {
            for binding in keymap.bindings(layer) {
                assert!(!binding.desc.is_ascii(), "{name} [{}] {}", layer.name(), spell(&binding.keys));
            }
        }
        // No shipped map leaves anything to the palette. A new action needs a key in the default map; the others inherit it.
        let missing: Vec<String> = Action::all()
            .filter(|action| keys_anywhere(&keymap, *action) == 0)
            .map(|action| format!("\"?\" = {{ run = \"{action}\", desc = \"{}\" }}", action.describe()))
            .collect();
        assert!(missing.is_empty(), "keymaps/{name}.toml needs keys for:\n{}", missing.join("\n"));
        let lost: Vec<String> = keys_of(&default_keymap())
            .into_iter()
            .filter(|(layer, action)| !reachable(&keymap, *layer).contains(action))
            .map(|(layer, action)| format!("[{}] {action}", layer.name()))
            .collect();
        assert!(lost.is_empty(), "keymaps/{name}.toml hides what the default map reaches:\n{}", lost.join("\n"));
    }
}

/// The layers and actions that a keymap binds.
fn keys_of(keymap: &Keymap<Action>) -> Vec<(Layer, Action)> {
    let mut all: Vec<(Layer, Action)> = Layer::ALL
        .into_iter()
        .flat_map(|layer| keymap.bindings(layer).map(move |binding| (layer, binding.action)))
        .filter(|(layer, _)| *layer != Layer::Global)
        .collect();
    all.dedup();
    all
}

/// The actions that some key runs while a layer is innermost.
fn reachable(keymap: &Keymap<Action>, layer: Layer) -> HashSet<Action> {
    reachable_with(keymap, layer, |_| true)
}

fn reachable_with(keymap: &Keymap<Action>, layer: Layer, may: impl Fn(&Key) -> bool) -> HashSet<Action> {
    layer
        .stack()
        .iter()
        .flat_map(|outer| keymap.bindings(*outer))
        .filter(|binding| binding.keys.iter().all(&may))
        .filter(
            |binding| matches!(keymap.lookup(layer.stack(), &binding.keys), Lookup::Run(found) if found == *binding),
        )
        .map(|binding| binding.action)
        .collect()
}

fn shipped(name: &str) -> Keymap<Action> {
    parse(name, &embedded::find(KEYMAPS, name).unwrap()).unwrap_or_else(|found| panic!("{found}"))
}

/// The whole job on the numeric pad: whatever the default map does to a record, on a list, in the help and to a question
/// can be done with the keys of the pad, and no single key next to another decides but those two that mean to.
#[test]
fn the_numeric_pad_is_enough() {
    let keymap = shipped("tenkey");
    let pad = |key: &Key| {
        matches!(key.to_string().as_str(), "+" | "-" | "*" | "/" | "." | "enter")
            || key.to_string().bytes().all(|b| b.is_ascii_digit())
    };
    // Texts are typed on a keyboard; these edit them. A program is not sent to the shell from a pad.
    let typing = [
        Action::ChoosePrev,
        Action::DeleteWord,
        Action::ClearLine,
        Action::CursorLeft,
        Action::CursorRight,
        Action::CursorHome,
        Action::CursorEnd,
        Action::Suspend,
        Action::Redraw,
        Action::First,
        Action::Last,
        Action::FocusNext,
        // While digits are text, the record is scrolled by PgUp and PgDn of the pad without NumLock.
        Action::ScrollDown,
        Action::ScrollUp,
    ];
    for layer in [Layer::Review, Layer::List, Layer::Answer, Layer::Help, Layer::Confirm] {
        let by_pad = reachable_with(&keymap, layer, pad);
        let missing: Vec<String> = reachable(&default_keymap(), layer)
            .into_iter()
            .filter(|action| {
                !by_pad.contains(action)
                    && (layer == Layer::Review && *action != Action::Suspend || !typing.contains(action))
            })
            .map(|action| action.to_string())
            .collect();
        assert!(missing.is_empty(), "tenkey [{}] cannot: {}", layer.name(), missing.join(", "));
    }
    let single: Vec<&Binding<Action>> = keymap
        .bindings(Layer::Review)
        .filter(|binding| binding.keys.len() == 1 && pad(&binding.keys[0]) && binding.action.decides())
        .collect();
    let single: Vec<String> = single.iter().map(|binding| spell(&binding.keys)).collect();
    assert_eq!(single, ["+", "."]);
    for category in Category::ALL {
        let digits = category.code().replace('-', " ");
        let Lookup::Run(found) = keymap.lookup(Layer::Review.stack(), &keys(&digits)) else { panic!("{digits}") };
        assert_eq!(found.action, Action::Decide(category));
    }
    assert!(keymap.about().contains("NumLock"));
}

/// What is printed can be saved, edited and read again: the same keys run the same actions.
#[test]
fn a_printed_keymap_is_the_same_keymap() {
    for (name, _) in KEYMAPS {
        let keymap = shipped(name);
        let printed = keymap.to_toml();
        let again = Keymap::parse("printed.toml", &printed, |_| None, Action::from_run, Action::ESSENTIAL)
            .unwrap_or_else(|found| panic!("{found}"));
        assert_eq!((again.name(), again.about()), (keymap.name(), keymap.about()));
        for layer in Layer::ALL {
            let (before, after): (Vec<_>, Vec<_>) = (keymap.bindings(layer).collect(), again.bindings(layer).collect());
            assert_eq!(before, after, "{name} [{}]", layer.name());
        }
    }
}

#[test]
fn vim_moves_with_hjkl() {
    let keymap = shipped("vim");
    for (pressed, run) in [
        ("h", "focus queue"),
        ("j", "next"),
        ("k", "prev"),
        ("l", "focus record"),
        ("g g", "first"),
        ("G", "last"),
        ("ctrl-d", "page-down"),
        ("ctrl-u", "page-up"),
        ("H", "hold"),
        ("L", "quick lost"),
        ("Z Z", "quit"),
        ("2 3", "decide 2-3"),
        ("u", "undo"),
    ] {
        let Lookup::Run(found) = keymap.lookup(Layer::Review.stack(), &keys(pressed)) else { panic!("{pressed}") };
        assert_eq!(found.action.to_string(), run, "{pressed}");
    }
}

/// Keys are a contract (ARCHITECTURE "Workstation"): operators have them in their fingers.
#[test]
fn the_default_keys_are_those_of_the_design() {
    let keymap = default_keymap();
    for (layer, pressed, run) in [
        (Layer::Review, "2 1", "decide 2-1"),
        (Layer::Review, "2 2", "decide 2-2"),
        (Layer::Review, "2 3", "decide 2-3"),
        (Layer::Review, "2 4", "decide 2-4"),
        (Layer::Review, "3 1", "decide 3-1"),
        (Layer::Review, "3 2", "decide 3-2"),
        (Layer::Review, "3 3", "decide employer"),
        (Layer::Review, "4 1", "decide 4-1"),
        (Layer::Review, "4 2", "decide 4-2"),
        (Layer::Review, "4 3", "decide 4-3"),
        (Layer::Review, "4 4", "decide 4-4"),
        (Layer::Review, "4 5", "decide 4-5"),
        (Layer::Review, "4 6", "decide 4-6"),
        (Layer::Review, "4 7", "decide 4-7"),
        (Layer::Review, "4 8", "decide 4-8"),
        (Layer::Review, "v", "quick variant"),
        (Layer::Review, "s", "quick address"),
        (Layer::Review, "y", "quick kana"),
        (Layer::Review, "d", "quick todokede"),
        (Layer::Review, "r", "quick jlis"),
        (Layer::Review, "p", "quick past"),
        (Layer::Review, "l", "quick lost"),
        (Layer::Review, "x", "quick wrong"),
        (Layer::Review, "m", "quick letter"),
        (Layer::Review, "h", "hold"),
        (Layer::Review, "a", "adopt"),
        (Layer::Review, ".", "repeat"),
        (Layer::Review, "j", "next"),
        (Layer::Review, "down", "next"),
        (Layer::Review, "k", "prev"),
        (Layer::Review, "up", "prev"),
        (Layer::Review, "pgdn", "page-down"),
        (Layer::Review, "pgup", "page-up"),
        (Layer::Review, "g g", "first"),
        (Layer::Review, "G", "last"),
        (Layer::Review, "]", "next-undecided"),
        (Layer::Review, "[", "prev-undecided"),
        (Layer::Review, "n", "next-hit"),
        (Layer::Review, "N", "prev-hit"),
        (Layer::Review, "tab", "focus-next"),
        (Layer::Review, "u", "undo"),
        (Layer::Review, "ctrl-r", "redo"),
        (Layer::Review, "e", "note"),
        (Layer::Review, "w", "cycle-fields"),
        (Layer::Review, "i", "inspect"),
        (Layer::Review, "o", "related"),
        (Layer::Review, "z", "zoom"),
        (Layer::Review, "W", "withdraw"),
        (Layer::Confirm, "pgdn", "scroll-down"),
        (Layer::Answer, "pgup", "scroll-up"),
        (Layer::Review, "c", "copy-key"),
        (Layer::Review, "/", "search"),
        (Layer::Review, "f", "filter"),
        (Layer::Review, "esc", "clear"),
        (Layer::Review, "ctrl-l", "redraw"),
        (Layer::Review, "ctrl-z", "suspend"),
        (Layer::Review, ":", "palette"),
        (Layer::Review, "?", "help"),
        (Layer::Review, "F1", "help"),
        (Layer::Review, "F2", "screen review"),
        (Layer::Review, "F3", "screen groups"),
        (Layer::List, "F4", "screen status"),
        (Layer::Review, "F5", "screen output"),
        (Layer::Review, "F6", "screen history"),
        (Layer::Review, "F7", "screen quarantine"),
        (Layer::List, "q", "quit"),
        (Layer::List, "k", "prev"),
        (Layer::Help, "q", "cancel"),
        (Layer::Help, "F1", "help"),
        (Layer::Prompt, "enter", "accept"),
        (Layer::Prompt, "esc", "cancel"),
        (Layer::Prompt, "tab", "choose-next"),
        (Layer::Prompt, "ctrl-w", "delete-word"),
        (Layer::Palette, "up", "choose-prev"),
        (Layer::Palette, "ctrl-u", "clear-line"),
        (Layer::Confirm, "enter", "yes"),
        (Layer::Confirm, "n", "no"),
        (Layer::Confirm, "esc", "no"),
    ] {
        match keymap.lookup(layer.stack(), &keys(pressed)) {
            Lookup::Run(binding) => assert_eq!(binding.action.to_string(), run, "{pressed}"),
            other => panic!("{pressed}: {other:?}"),
        }
    }
    for (layer, pressed) in [(Layer::Prompt, "q"), (Layer::Prompt, "2"), (Layer::Palette, "u"), (Layer::Confirm, "q")] {
        assert_eq!(keymap.lookup(layer.stack(), &keys(pressed)), Lookup::Unbound, "{pressed}");
    }
}

/// What is typed ahead to answer a question that never opened must not decide something else: no key that answers is a key,
/// or the first key of a chord, with which 確認 changes a record.
#[test]
fn no_answer_shares_a_key_with_a_decision() {
    for (name, _) in KEYMAPS {
        let keymap = shipped(name);
        let changes = |action: Action| action.decides() || matches!(action, Action::Undo | Action::Redo);
        let deciding: HashSet<Key> = Layer::Review
            .stack()
            .iter()
            .flat_map(|layer| keymap.bindings(*layer))
            .filter(|binding| changes(binding.action))
            .map(|binding| binding.keys[0])
            .collect();
        assert!(deciding.len() >= 10, "{name}");
        let confirm = keymap.bindings(Layer::Confirm).map(|binding| (Layer::Confirm, binding));
        let accept = [Layer::Answer, Layer::Prompt, Layer::Palette]
            .into_iter()
            .flat_map(|layer| keymap.bindings(layer).map(move |binding| (layer, binding)))
            .filter(|(_, binding)| binding.action == Action::Accept);
        for (layer, binding) in confirm.chain(accept) {
            let shared = binding.keys.iter().find(|key| deciding.contains(key));
            assert_eq!(shared, None, "{name} [{}] {}", layer.name(), spell(&binding.keys));
        }
        assert!(
            !keymap.keys_for(Layer::Confirm, &Action::Yes).is_empty()
                && !keymap.keys_for(Layer::Confirm, &Action::No).is_empty()
        );
    }
}

/// Outside the record no key decides: a decision needs a record that is drawn.
#[test]
fn only_the_review_layer_decides() {
    let keymap = default_keymap();
    let deciding = |layer| -> Vec<&Binding<Action>> {
        keymap.bindings(layer).filter(|binding| binding.action.decides() && binding.action != Action::Yes).collect()
    };
    for layer in Layer::ALL {
        assert_eq!(deciding(layer).is_empty(), layer != Layer::Review, "{}", layer.name());
    }
}

#[test]
fn a_chord_shows_what_may_follow() {
    let keymap = default_keymap();
    let Lookup::Pending(next) = keymap.lookup(Layer::Review.stack(), &keys("2")) else { panic!("2 is no chord") };
    let shown: Vec<String> = next.iter().map(|binding| binding.action.to_string()).collect();
    assert_eq!(shown, ["decide 2-1", "decide 2-2", "decide 2-3", "decide 2-4"]);
}

#[test]
fn every_faulty_keymap_is_refused_with_every_fault_named() {
    let checked = expected::check_folder(BAD, |file, text| parse(file, text).map(drop));
    assert!(checked >= 20);
}

#[test]
fn every_action_once_with_name_and_description() {
    let all: Vec<Action> = Action::all().collect();
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    assert_eq!(all.iter().map(Action::to_string).collect::<HashSet<_>>().len(), all.len());
    for action in all {
        assert_eq!(action.to_string().parse(), Ok(action));
        assert!(!action.describe().is_ascii(), "{action} has no Japanese description");
    }
}

/// A variant left out of `TABLE` would have neither name nor description. The match makes the compiler
/// ask for every new variant here.
#[test]
fn the_table_is_complete() {
    use Action::*;
    let count = |action: Action| match action {
        Decide(_) => Category::ALL.len(),
        Quick(_) => 9,
        Screen(_) => 6,
        Quit | Help | Palette | DecideEmployer | Hold | Adopt | Repeat | Next | Prev | PageDown | PageUp | First
        | Last | NextUndecided | PrevUndecided | NextHit | PrevHit | FocusNext | FocusQueue | FocusRecord
        | ScrollDown | ScrollUp | Zoom | Undo | Redo | Note | Protect | CycleFields | Inspect | Related | CopyKey
        | Search | Filter | Clear | Reload | Refresh | Advance | Views | Import | Open | Jump | Write | Withdraw
        | Freeze | Dismiss | Redraw | Back | Forward | Suspend | Accept | Cancel | ChooseNext | ChoosePrev
        | DeleteBack | DeleteWord | ClearLine | CursorLeft | CursorRight | CursorHome | CursorEnd | Yes | No => 1,
    };
    // 62 single actions; each kind with a payload is counted as often as it has values.
    assert_eq!(Action::all().filter(|action| count(*action) == 1).count(), 62);
    assert_eq!(Action::all().filter(|action| count(*action) == 9).count(), 9);
    assert_eq!(Action::all().filter(|action| count(*action) == 6).count(), 6);
    assert_eq!(Action::all().filter(|action| matches!(action, Decide(_))).count(), 14);
}

#[test]
fn the_codes_of_the_domain() {
    let codes: Vec<&str> = Category::ALL.iter().map(|category| category.code()).collect();
    assert_eq!(
        codes,
        ["2-1", "2-2", "2-3", "2-4", "3-1", "3-2", "4-1", "4-2", "4-3", "4-4", "4-5", "4-6", "4-7", "4-8"]
    );
    assert_eq!("decide  2-3 ".parse(), Ok(Action::Decide(Category::C23)));
    for wrong in ["decide 1", "decide 2-5", "decide 3-3", "decide 4-9", "decide", "decide 2-3 now", "Decide 2-3"] {
        assert!(wrong.parse::<Action>().is_err(), "{wrong}");
    }
}

#[test]
fn the_nearest_action_is_named() {
    for (run, expected) in [
        ("quti", Some("quit")),
        ("decide 2-9", Some("decide 2-1")),
        ("quick varient", Some("quick variant")),
        ("scren status", Some("screen status")),
        ("fly to the moon", None),
        ("", None),
    ] {
        assert_eq!(Action::from_run(run), Err(expected.map(str::to_owned)), "{run}");
    }
}

#[test]
fn stray_input_is_kept_from_every_decision() {
    for action in Action::all() {
        let name = action.to_string();
        let expected = name.starts_with("decide ")
            || name.starts_with("quick ")
            || ["hold", "adopt", "repeat", "yes"].contains(&name.as_str());
        assert_eq!(action.decides(), expected, "{name}");
    }
}

proptest! {
    #[test]
    fn any_text_is_an_action_or_refused(run in ".{0,40}") {
        if let Ok(action) = run.parse::<Action>() {
            prop_assert_eq!(action.to_string().parse(), Ok(action));
        }
    }
}
