//! The shipped themes, the faulty ones, and what no text can break.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;
use crate::config::diagnostic::expected;
use crate::config::embedded::THEMES;

fn parse(file: &str, text: &str) -> Result<Theme, Diagnostics> {
    Theme::parse(file, text, |name| embedded::find(embedded::THEMES, name))
}

fn shipped(name: &str) -> Theme {
    let text = embedded::find(embedded::THEMES, name).expect(name);
    parse(name, &text).unwrap_or_else(|found| panic!("{found}"))
}

#[test]
fn every_faulty_theme_is_refused_with_every_fault_named() {
    let checked = expected::check_folder("tests/data/bad/themes", |file, text| parse(file, text).map(drop));
    assert!(checked >= 10);
}

#[test]
fn every_shipped_theme_is_free_of_faults_and_gives_every_role_a_style() {
    for (name, _) in embedded::THEMES {
        let theme = shipped(name);
        assert_eq!(theme.name, *name);
        for role in Role::ALL {
            assert!(theme.defined(*role).is_some(), "{name}: {}", role.name());
        }
    }
}

#[test]
fn sixteen_colours_are_enough_for_every_theme_and_mono_needs_none() {
    for role in Role::ALL {
        let dark = shipped("dark").style(*role);
        let reduced = THEMES.iter().map(|(name, _)| shipped(name).at(Depth::Sixteen).style(*role));
        let all = reduced.chain([dark]).flat_map(|style| [style.fg, style.bg]);
        for color in all.flatten() {
            assert!(COLORS.iter().any(|(_, named)| *named == color), "{}: {color:?}", role.name());
        }
        let mono = shipped("mono").style(*role);
        assert_eq!((mono.fg, mono.bg), (None, None), "{}", role.name());
    }
}

/// What an operator must not confuse looks different, with colours and without.
#[test]
fn kinds_of_difference_are_told_apart() {
    use Role::*;
    for (name, _) in embedded::THEMES {
        let theme = shipped(name);
        for group in [
            &[DiffEqual, DiffNotation, DiffUncertain, DiffReplace][..],
            &[MarkOk, MarkNg],
            &[ClassOne, ClassTwo, ClassThree],
            &[Saved, Unsaved],
            &[Text, Selection],
            &[Info, Warning, Error],
            &[GaugeFill, GaugeRest],
            &[Border, BorderFocus],
            &[Text, Match],
        ] {
            let looks: HashSet<Style> = group.iter().map(|role| theme.style(*role)).collect();
            assert_eq!(looks.len(), group.len(), "{name}: {group:?}");
        }
    }
}

#[test]
fn roles_have_names_of_their_own_and_fall_back_to_text() {
    let names: HashSet<&str> = Role::ALL.iter().map(|role| role.name()).collect();
    assert_eq!(names.len(), Role::ALL.len());
    for role in Role::ALL {
        let mut steps = 0;
        let mut last = *role;
        while let Some(next) = last.fallback() {
            last = next;
            steps += 1;
            assert!(steps <= Role::ALL.len(), "{} falls back in a circle", role.name());
        }
        assert_eq!(last, Role::Text, "{}", role.name());
    }
}

#[test]
fn a_theme_falls_back_and_inherits() {
    let own = r##"
[meta]
name = "mine"
inherits = "mono"
[styles]
"danger" = { fg = "#ff8000", bg = 0x10, mods = ["bold", "dim", "italic", "underline", "reversed"] }
title = { fg = "default" }
"##;
    let theme = parse("mine.toml", own).unwrap();
    let danger = Style {
        fg: Some(Color::Rgb(255, 128, 0)),
        bg: Some(Color::Indexed(16)),
        bold: true,
        dim: true,
        italic: true,
        underline: true,
        reversed: true,
        ..Style::default()
    };
    assert_eq!(theme.style(Role::Danger), danger);
    assert_eq!(theme.style(Role::Title), Style { fg: Some(Color::Default), ..Style::default() });
    assert_eq!(theme.style(Role::Selection), Style { reversed: true, ..Style::default() });

    let alone = parse("alone.toml", "[meta]\nname = \"alone\"\n[styles]\ndanger = { fg = \"red\" }").unwrap();
    let red = Style { fg: Some(Color::Red), ..Style::default() };
    assert_eq!(alone.style(Role::DiffUncertain), red);
    assert_eq!(alone.style(Role::Error), Style::default());
    assert_eq!(alone.style(Role::Text), Style::default());
}

/// What is printed can be saved, edited and read again: it is the same theme.
#[test]
fn a_printed_theme_is_the_same_theme() {
    for (name, _) in THEMES {
        let theme = shipped(name);
        assert_eq!(parse("printed.toml", &theme.to_toml()).unwrap_or_else(|found| panic!("{found}")), theme);
    }
    let own =
        "[meta]\nname = \"a\\\"\\\\b\"\nabout = \"x\\ny\"\n[styles]\ntext = { fg = 200, bg16 = \"red\" }\ndim = {}";
    let theme = parse("own.toml", own).unwrap();
    assert_eq!(theme.about, "x\ny");
    assert_eq!(parse("printed.toml", &theme.to_toml()).unwrap(), theme);
}

#[test]
fn colours_are_reduced_to_what_the_terminal_has() {
    for (colorterm, term, depth) in [
        ("truecolor", "xterm-256color", Depth::Full),
        ("24bit", "xterm", Depth::Full),
        ("", "xterm-direct", Depth::Full),
        ("", "xterm-256color", Depth::Palette),
        ("yes", "screen", Depth::Sixteen),
        ("", "xterm", Depth::Sixteen),
        ("", "", Depth::Sixteen),
    ] {
        assert_eq!(Depth::of(colorterm, term), depth, "{colorterm} {term}");
    }
    for (color, palette, sixteen) in [
        (Color::Rgb(255, 0, 0), Color::Indexed(196), Color::LightRed),
        (Color::Rgb(0x20, 0x20, 0x20), Color::Indexed(234), Color::Black),
        (Color::Rgb(0, 0, 240), Color::Indexed(21), Color::Blue),
        (Color::Indexed(9), Color::Indexed(9), Color::LightRed),
        (Color::Indexed(0), Color::Indexed(0), Color::Black),
        (Color::Indexed(46), Color::Indexed(46), Color::LightGreen),
        (Color::Indexed(255), Color::Indexed(255), Color::Gray),
        (Color::Default, Color::Default, Color::Default),
        (Color::Cyan, Color::Cyan, Color::Cyan),
    ] {
        assert_eq!(color.at(Depth::Full), color);
        assert_eq!(color.at(Depth::Palette), palette, "{color:?}");
        assert_eq!(color.at(Depth::Sixteen), sixteen, "{color:?}");
    }
    let own =
        "[meta]\nname = \"m\"\n[styles]\ntext = { fg = \"#ff0000\", fg16 = \"white\" }\ndim = { fg = \"#ff0000\" }";
    let theme = parse("m.toml", own).unwrap().at(Depth::Sixteen);
    assert_eq!((theme.style(Role::Text).fg, theme.style(Role::Dim).fg), (Some(Color::White), Some(Color::LightRed)));
    let wrong = "[meta]\nname = \"m\"\n[styles]\ntext = { fg16 = \"#ff0000\" }";
    let found = parse("m.toml", wrong).unwrap_err();
    assert_eq!(found.0[0].help.as_deref(), Some("light-red"), "{found}");
}

#[test]
fn every_colour_name_is_read() {
    for (name, expected) in COLORS {
        assert_eq!(color(name), Some(*expected));
    }
    assert_eq!(color("#00ff7F"), Some(Color::Rgb(0, 255, 127)));
    for wrong in ["#00ff7", "#00ff7ff", "#００ff7f", "00ff7f", "Red", ""] {
        assert_eq!(color(wrong), None, "{wrong}");
    }
}

proptest! {
    #[test]
    fn no_text_panics_the_reader(text in any::<String>()) {
        if let Err(found) = parse("x.toml", &text) {
            prop_assert!(!found.0.is_empty());
        }
    }

    #[test]
    fn nearly_right_text_neither(words in prop::collection::vec(prop::sample::select(vec![
        "[meta]\n", "name = \"m\"\n", "inherits = \"dark\"\n", "[styles]\n", "text", "\"diff.replace\"", "diff.replace",
        " = ", "{", "}", "fg = ", "bg = ", "\"red\"", "\"#12345é\"", "mods = [", "]", "\"bold\"", ", ", "256", "-1", "0x1F",
        "\n", "\"", "1.5",
    ]), 0..40)) {
        if let Err(found) = parse("x.toml", &words.concat()) {
            prop_assert!(!found.0.is_empty());
        }
    }
}
