//! Reads `src/` and fails on any import that DESIGN §2 does not allow: rules stay pure and arrows go one way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may use. `lib.rs`, `main.rs` and `error.rs` stand outside; `error` is used by `cli` alone.
const ALLOWED: [(&str, &[&str]); 16] = [
    ("compare", &[]),
    ("domain", &["compare"]),
    ("config", &["domain"]),
    ("store", &["domain", "compare"]),
    ("view", &["domain", "compare"]),
    ("service", &["domain", "compare", "view"]),
    ("ingest", &["domain", "compare", "store", "config"]),
    ("export", &["domain", "compare", "store", "config", "view", "desk", "service"]),
    ("sample", &["domain", "compare"]),
    ("desk", &["domain", "compare", "config", "store", "view", "service"]),
    ("app", &["domain", "compare", "config", "view", "service"]),
    ("jobs", &["domain", "compare", "config", "store", "ingest", "export", "desk", "app", "view", "service"]),
    ("host", &["domain", "compare", "config", "store", "desk", "view", "service"]),
    (
        "tui",
        &["domain", "compare", "config", "store", "ingest", "export", "desk", "app", "jobs", "host", "view", "service"],
    ),
    (
        "cli",
        &[
            "domain", "compare", "config", "store", "ingest", "export", "sample", "desk", "app", "jobs", "host", "tui",
            "view", "service", "error",
        ],
    ),
    ("error", &["desk", "store"]),
];

/// Outside crates and modules that the pure rooms must not touch.
const IMPURE: [&str; 10] = [
    "std::fs",
    "std::io",
    "std::env",
    "std::net",
    "std::process",
    "std::time::SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "crossterm::",
    "ratatui::",
];

/// Crates that only one room knows.
const PRIVATE: [(&str, &str); 5] =
    [("redb::", "store"), ("crossterm::", "tui"), ("ratatui::", "tui"), ("clap::", "cli"), ("indicatif::", "cli")];

fn sources() -> Vec<(String, PathBuf, String)> {
    fn walk(dir: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).expect("src can be read") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, files);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&src, &mut files);
    files.sort();
    files
        .into_iter()
        .filter_map(|path| {
            let inside = path.strip_prefix(&src).expect("below src");
            let first = inside.components().next()?.as_os_str().to_str()?.to_owned();
            let room = first.trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(&path).expect("source text");
            Some((room, path, without_comments(&text)))
        })
        .filter(|(room, ..)| !matches!(room.as_str(), "lib" | "main"))
        .collect()
}

/// Leaves out whole-line comments and doc comments: they may name anything.
fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// The rooms named by `crate::…` paths, `use crate::{a, b}` groups included.
fn rooms_used(text: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut item = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        used.insert(word(item.trim()));
                        item.clear();
                        continue;
                    }
                    _ => {}
                }
                item.push(c);
            }
            used.insert(word(item.trim()));
        } else {
            used.insert(word(rest));
        }
    }
    used.remove("");
    used
}

#[test]
fn every_arrow_is_allowed() {
    let allowed: BTreeMap<&str, &[&str]> = ALLOWED.into_iter().collect();
    let mut faults = Vec::new();
    for (room, path, text) in sources() {
        let Some(may_use) = allowed.get(room.as_str()) else {
            faults.push(format!("{}: the room {room} is not in the table", path.display()));
            continue;
        };
        for used in rooms_used(&text) {
            if used != room && !may_use.contains(&used.as_str()) {
                faults.push(format!("{}: {room} must not use {used}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn pure_rooms_touch_nothing_outside() {
    let mut faults = Vec::new();
    for (room, path, text) in sources() {
        if !matches!(room.as_str(), "domain" | "compare" | "app") || path.to_string_lossy().contains("tests") {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for impure in IMPURE.iter().filter(|impure| code.contains(**impure)) {
            faults.push(format!("{}: {room} is pure and must not use {impure}", path.display()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_crate_of_one_room_stays_there() {
    let mut faults = Vec::new();
    for (room, path, text) in sources() {
        for (name, home) in PRIVATE {
            if room != home && text.contains(name) {
                faults.push(format!("{}: only {home} may know {name}", path.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_reader_of_arrows_sees_paths_and_groups() {
    let text = "use crate::{domain::case::{Case, State}, store};\nfn f() -> crate::compare::Verdict { todo() }";
    let rooms: Vec<String> = rooms_used(text).into_iter().collect();
    assert_eq!(rooms, ["compare", "domain", "store"]);
}
