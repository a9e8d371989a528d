//! Lookup over layers, merging, and what no text can break. The shipped and the faulty files are tested with the
//! actions of the program, in `app::action`.

use proptest::prelude::*;

use super::*;
use crate::config::keys::{KeyCode, spell};

const BASE: &str = r#"
[meta]
name = "base"
[global]
"q" = { run = "quit", desc = "終了" }
"F1" = { run = "help", desc = "説明" }
"g t" = { run = "tab", desc = "切替" }
"x y" = { run = "xy", desc = "二つ" }
[review]
"2 1" = { run = "two-one", desc = "二一" }
"2 3" = { run = "two-three", desc = "二三" }
"g g" = { run = "first", desc = "先頭" }
"j" = { run = "next", desc = "次" }
"down" = { run = "next", desc = "次" }
"x" = { run = "wrong", desc = "誤り" }
[prompt]
"esc" = { run = "cancel", desc = "やめる" }
"ctrl-x a" = { run = "all", desc = "全部" }
"#;

fn parse(text: &str) -> Result<Keymap<String>, Diagnostics> {
    let base = |name: &str| (name == "base").then(|| BASE.to_owned());
    Keymap::parse("mine.toml", text, base, |run| Ok(run.to_owned()), &[(Layer::Global, "quit".to_owned())])
}

fn keys(text: &str) -> Vec<Key> {
    text.split(' ').map(|word| word.parse().unwrap()).collect()
}

/// Shows a lookup as `action`, `action|action…` while more is needed, or `-`.
fn look(keymap: &Keymap<String>, layers: &[Layer], pressed: &str) -> String {
    match keymap.lookup(layers, &keys(pressed)) {
        Lookup::Run(binding) => binding.action.clone(),
        Lookup::Pending(next) => next.iter().map(|binding| binding.action.as_str()).collect::<Vec<_>>().join("|") + "…",
        Lookup::Unbound => "-".to_owned(),
    }
}

#[test]
fn the_innermost_layer_wins_and_pending_keys_are_told() {
    let keymap = parse(BASE).unwrap();
    assert_eq!(keymap.name(), "base");
    let review = Layer::Review.stack();
    for (pressed, expected) in [
        ("q", "quit"),
        ("2", "two-one|two-three…"),
        ("2 3", "two-three"),
        ("2 9", "-"),
        ("2 3 3", "-"),
        ("g", "first|tab…"),
        ("g t", "tab"),
        ("g g", "first"),
        ("x", "wrong"),
        ("x y", "xy"),
        ("z", "-"),
        ("ctrl-q", "-"),
    ] {
        assert_eq!(look(&keymap, review, pressed), expected, "{pressed}");
    }
    assert_eq!(look(&keymap, &[Layer::Global], "x"), "xy…");
    assert_eq!(look(&keymap, &[], "q"), "-");
    assert_eq!(keymap.lookup(review, &[]), Lookup::Unbound);
}

#[test]
fn an_outer_binding_inside_a_pending_chord_waits() {
    let keymap = parse(
        "[meta]\nname = \"m\"\ninherits = \"base\"\n[global]\n\"j\" = { run = \"outer\", desc = \"外\" }\n\
         [review]\n\"j\" = \"none\"\n\"j k\" = { run = \"inner\", desc = \"内\" }",
    )
    .unwrap();
    assert_eq!(look(&keymap, Layer::Review.stack(), "j"), "inner…");
    assert_eq!(look(&keymap, Layer::List.stack(), "j"), "outer");
}

#[test]
fn characters_are_text_in_a_prompt_whatever_stands_outside() {
    let keymap = parse(BASE).unwrap();
    let careless = [Layer::Prompt, Layer::Global];
    assert_eq!(look(&keymap, &careless, "q"), "-");
    assert_eq!(look(&keymap, &careless, "g"), "-");
    assert_eq!(look(&keymap, &careless, "F1"), "help");
    assert_eq!(look(&keymap, &careless, "ctrl-x"), "all…");
    assert_eq!(look(&keymap, &careless, "ctrl-x a"), "all");
    // A question with a short answer may have characters as keys; the rest is text.
    let text = "[meta]\nname = \"m\"\ninherits = \"base\"\n[answer]\n\"+\" = { run = \"more\", desc = \"候補\" }";
    let asking = parse(text).unwrap();
    assert_eq!(look(&asking, Layer::Answer.stack(), "+"), "more");
    assert_eq!(look(&asking, Layer::Answer.stack(), "1"), "-");
    assert_eq!(look(&asking, Layer::Answer.stack(), "esc"), "cancel");
    assert_eq!(look(&asking, Layer::Prompt.stack(), "+"), "-");
    // A line of text is left by a character where the keymap says so; nothing else is done by one.
    let with = |run: &str, key: &str| {
        let entry = format!("\"{key}\" = {{ run = \"{run}\", desc = \"やめる\" }}");
        parse(&format!("[meta]\nname = \"m\"\ninherits = \"base\"\n[prompt]\n{entry}"))
    };
    let pad = with("cancel", "*").unwrap();
    assert_eq!(look(&pad, Layer::Prompt.stack(), "*"), "cancel");
    assert_eq!(look(&pad, Layer::Prompt.stack(), "a"), "-");
    assert!(with("more", "*").is_err() && with("cancel", "* *").is_err());
    for layer in Layer::ALL {
        assert_eq!(layer.stack()[0], layer);
        let above_all = layer.takes_text() || matches!(layer, Layer::Confirm | Layer::Answer);
        assert_eq!(layer.stack().contains(&Layer::Global), !above_all, "{layer:?}");
    }
}

#[test]
fn a_file_is_merged_over_what_it_inherits() {
    let keymap = parse(
        r#"
[meta]
name = "mine"
inherits = "base"
[review]
"z" = "none"
"2" = "none"
"j" = { run = "note", desc = " メモ " }
"2 4" = { run = "two-four", desc = "二四" }
"#,
    )
    .unwrap();
    let shown: Vec<String> =
        keymap.bindings(Layer::Review).map(|b| format!("{}={}:{}", spell(&b.keys), b.action, b.desc)).collect();
    assert_eq!(shown, ["j=note:メモ", "2 4=two-four:二四", "g g=first:先頭", "down=next:次", "x=wrong:誤り"]);
    assert_eq!(keymap.keys_for(Layer::Review, &"next".to_owned()), [&[Key::plain(KeyCode::Down)][..]]);
    assert!(keymap.keys_for(Layer::Review, &"two-one".to_owned()).is_empty());
    assert_eq!(keymap.bindings(Layer::Global).count(), 4);
}

/// An essential action may have its key in any layer that holds there, as long as no inner key hides it.
#[test]
fn an_essential_action_must_be_within_reach() {
    let essential = [(Layer::Global, "quit".to_owned()), (Layer::Review, "undo".to_owned())];
    let bind = |key: &str, run: &str| format!("\"{key}\" = {{ run = \"{run}\", desc = \"説明\" }}\n");
    let refused = |global: &str, review: &str| -> Vec<usize> {
        let text = format!("[meta]\nname = \"m\"\n[global]\n{global}[review]\n{review}");
        let found = Keymap::parse("m.toml", &text, |_| None, |run| Ok(run.to_owned()), &essential);
        found.err().map(|found| found.0.iter().map(|found| found.line).collect()).unwrap_or_default()
    };
    let (quit, undo) = (bind("q", "quit"), bind("u", "undo"));
    assert_eq!(refused(&quit, &undo), [0usize; 0]);
    assert_eq!(refused(&(quit.clone() + &undo), ""), [0usize; 0]);
    assert_eq!(refused(&(quit.clone() + &undo), &bind("u", "next")), [7]);
    assert_eq!(refused(&(quit.clone() + &undo), &bind("u u", "next")), [7]);
    assert_eq!(refused(&(quit.clone() + &bind("Q", "quit")), &(undo.clone() + &bind("q", "next"))), [0usize; 0]);
    assert_eq!(refused(&quit, &(undo.clone() + &bind("q", "next"))), [7]);
    assert_eq!(refused(&quit, ""), [5]);
    assert_eq!(refused("", &undo), [3]);
}

#[test]
fn faults_of_an_inherited_file_are_told_under_its_name() {
    let base = |name: &str| (name == "base").then(|| "[meta]\nname = \"base\"\n[reviw]\n".to_owned());
    let text = "[meta]\nname = \"m\"\ninherits = \"base\"\n[lst]\n";
    let found = Keymap::parse("m.toml", text, base, |run| Ok(run.to_owned()), &[]).unwrap_err();
    let places: Vec<(&str, usize)> = found.0.iter().map(|found| (found.file.as_str(), found.line)).collect();
    assert_eq!(places, [("base.toml", 3), ("m.toml", 4)]);
}

#[test]
fn an_endless_chain_of_files_ends() {
    let base = |name: &str| Some(format!("[meta]\nname = \"{name}\"\ninherits = \"{name}x\"\n"));
    let text = "[meta]\nname = \"m\"\ninherits = \"mx\"\n";
    let found = Keymap::parse("m.toml", text, base, |run| Ok(run.to_owned()), &[]).unwrap_err();
    assert_eq!(found.0.len(), 1);
    assert!(found.0[0].message.contains("深すぎ"), "{found}");
}

#[test]
fn one_broken_line_hides_no_other_and_a_long_value_is_no_fault() {
    let long = "[review]\n\"z\" = { run = \"note\",\n  desc = \"メモ\" }\n";
    let text = format!("[meta]\nname = \"m\"\ninherits = \"base\"\n{long}\"Z\" = {{ run = \"note\"\n[lst]\n");
    let found = parse(&text).unwrap_err();
    let places: Vec<(usize, usize)> = found.0.iter().map(|found| (found.line, found.column)).collect();
    assert_eq!(places, [(7, 21), (8, 2)], "{found}");
}

/// Text that is nearly a keymap, so that every branch of the reader is met.
fn nearly() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "[meta]\n",
        "name",
        " = ",
        "\"m\"",
        "\n",
        "inherits = \"base\"\n",
        "[review]\n",
        "[prompt]\n",
        "[x]\n",
        "\"2 1\"",
        "\"2\"",
        "\"ｚ\"",
        "\"ctrl-i\"",
        "\"none\"",
        "{",
        "}",
        "run = \"note\"",
        ", ",
        "desc = \"メモ\"",
        "\"",
        "'",
        "\"\"\"",
        "[[",
        "]",
        "#",
        "1",
        "\r\n",
        "\u{feff}",
        "a.b.c",
        "\\u001b",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_text_panics_the_reader(text in prop_oneof![nearly(), any::<String>()]) {
        if let Err(found) = parse(&text) {
            prop_assert!(!found.0.is_empty());
            let control = found.to_string().chars().any(|c| c.is_control() && c != '\n');
            prop_assert!(!control, "a fault shows a control character");
        }
    }

    /// What may follow really follows: every binding offered runs once its keys are pressed.
    #[test]
    fn offered_keys_lead_where_they_say(
        inner in prop::collection::vec("[abc]( [abc]){0,2}", 0..6),
        outer in prop::collection::vec("[abc]( [abc]){0,2}", 0..6),
    ) {
        let table = |name: &str, keys: &[String]| {
            let lines: Vec<String> =
                keys.iter().map(|k| format!("\"{k}\" = {{ run = \"{name} {k}\", desc = \"説明\" }}\n")).collect();
            format!("[{name}]\n{}", lines.concat())
        };
        let text = format!(
            "[meta]\nname = \"m\"\n{}\"q\" = {{ run = \"quit\", desc = \"終了\" }}\n{}",
            table("global", &outer),
            table("review", &inner)
        );
        let Ok(keymap) = parse(&text) else { return Ok(()) };
        for first in ["a", "b", "c"] {
            if let Lookup::Pending(offered) = keymap.lookup(Layer::Review.stack(), &keys(first)) {
                prop_assert!(!offered.is_empty());
                for binding in offered {
                    prop_assert_eq!(keymap.lookup(Layer::Review.stack(), &binding.keys), Lookup::Run(binding));
                }
            }
        }
    }
}
