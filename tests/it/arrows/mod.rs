//! Reads `src/` and fails on any import that ARCHITECTURE "Rooms" does not allow: rules stay pure, arrows between rooms
//! go one way, and files inside a room do not import each other in circles.

mod circles;
mod source;
mod tree;

use std::collections::BTreeMap;

use self::source::Reference;
use self::tree::Tree;

/// Each room with the rooms it may use. `lib.rs`, `main.rs`, `error.rs` and `clock.rs` stand outside; `error` is used by
/// `cli` alone, `clock` by whoever measures or waits.
const ALLOWED: [(&str, &[&str]); 18] = [
    ("compare", &[]),
    ("domain", &["compare"]),
    ("clock", &[]),
    ("config", &["domain"]),
    ("sample", &["domain", "compare"]),
    ("spill", &[]),
    ("store", &["domain", "compare", "spill"]),
    ("ingest", &["domain", "compare", "spill", "store", "config", "clock"]),
    ("view", &["domain", "compare"]),
    ("service", &["domain", "compare", "view"]),
    ("desk", &["domain", "compare", "config", "store", "view", "service"]),
    ("export", &["domain", "compare", "config", "store", "view", "service", "desk"]),
    ("app", &["domain", "compare", "config", "view", "service"]),
    ("host", &["domain", "compare", "config", "store", "view", "service", "desk"]),
    ("jobs", &["domain", "compare", "config", "store", "ingest", "view", "service", "desk", "export", "app", "clock"]),
    (
        "tui",
        &[
            "domain", "compare", "config", "store", "ingest", "view", "service", "desk", "export", "app", "host",
            "jobs", "clock",
        ],
    ),
    (
        "cli",
        &[
            "domain", "compare", "config", "sample", "store", "ingest", "view", "service", "desk", "export", "app",
            "host", "jobs", "tui", "error", "clock",
        ],
    ),
    ("error", &["desk", "store"]),
];

/// Rooms that touch nothing outside.
const PURE: [&str; 5] = ["domain", "compare", "view", "service", "app"];

/// Outside crates and modules that the pure rooms must not touch.
const IMPURE: [&str; 11] = [
    "std::fs",
    "std::io",
    "std::env",
    "std::net",
    "std::process",
    "std::time::SystemTime",
    "std::time::Instant",
    "Timestamp::now",
    "Zoned::now",
    "crossterm",
    "ratatui",
];

/// Crates that only one room knows.
const PRIVATE: [(&str, &str); 5] =
    [("redb", "store"), ("crossterm", "tui"), ("ratatui", "tui"), ("clap", "cli"), ("indicatif", "cli")];

/// Whether a path names something: `Timestamp::now` is in `jiff::Timestamp::now`.
fn names(found: &Reference, what: &str) -> bool {
    let what: Vec<&str> = what.split("::").collect();
    let starts_anywhere = what[0].starts_with(char::is_uppercase);
    let mut windows = found.path.windows(what.len());
    if starts_anywhere { windows.any(|part| part == what) } else { windows.next().is_some_and(|part| part == what) }
}

#[test]
fn every_arrow_is_allowed() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let mut faults = Vec::new();
    for file in Tree::of_src().files.iter().filter(|file| file.room() != "lib") {
        let (room, name) = (file.room(), &file.name);
        let Some(may_use) = allowed.get(room) else {
            faults.push(format!("{name}: the room {room} is not in the table"));
            continue;
        };
        for used in file.all.iter().filter_map(|found| file.absolute(found)?.into_iter().next()) {
            if used != room && !may_use.contains(&used.as_str()) {
                faults.push(format!("{name}: {room} must not use {used}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pure_rooms_touch_nothing_outside() {
    let mut faults = Vec::new();
    for file in Tree::of_src().files.iter().filter(|file| file.in_program && PURE.contains(&file.room())) {
        for found in &file.program {
            for impure in IMPURE.iter().filter(|impure| names(found, impure)) {
                faults.push(format!("{}: {} is pure and must not use {impure}", file.name, file.room()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_crate_of_one_room_stays_there() {
    let mut faults = Vec::new();
    for file in &Tree::of_src().files {
        for (name, home) in PRIVATE {
            if file.room() != home && file.all.iter().any(|found| names(found, name)) {
                faults.push(format!("{}: only {home} may know {name}", file.name));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A file with early test modules is read to its end, and grouped imports are seen.
#[test]
fn the_net_catches_what_stands_behind_tests() {
    let text = "#[cfg(test)] mod tests; use std::{collections::BTreeMap, fs}; fn f() { jiff::Timestamp::now(); }";
    let tree = Tree::read(&|name| match name {
        "lib.rs" => Some(text.to_owned()),
        "tests.rs" => Some("use std::env;".to_owned()),
        _ => None,
    });
    let caught = |file: usize| -> Vec<&str> {
        let program = &tree.files[file].program;
        IMPURE.into_iter().filter(|impure| program.iter().any(|found| names(found, impure))).collect()
    };
    assert_eq!((tree.files[0].in_program, caught(0)), (true, vec!["std::fs", "Timestamp::now"]));
    assert!(!tree.files[1].in_program);
}
