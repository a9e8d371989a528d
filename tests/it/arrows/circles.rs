//! No circles: files that import each other, directly or through others, are one idea cut into pieces or two ideas that
//! know too much of each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::tree::Tree;

/// The circles that are left, each sorted. The list only shrinks; the goal is at most three.
const LEFT: &[&[&str]] = &[
    &["config/keymap.rs", "config/keymap/draft.rs"],
    &["desk/mod.rs", "desk/view.rs"],
    &[
        "sample/cases.rs",
        "sample/draft.rs",
        "sample/generator.rs",
        "sample/mod.rs",
        "sample/recipe.rs",
        "sample/stream.rs",
        "sample/vary/mod.rs",
    ],
];

/// The circles of a graph: sets of nodes that reach each other.
fn circles(needs: &[BTreeMap<usize, BTreeSet<String>>]) -> Vec<Vec<usize>> {
    let reached: Vec<BTreeSet<usize>> = (0..needs.len())
        .map(|start| {
            let mut seen = BTreeSet::new();
            let mut waiting: Vec<usize> = needs[start].keys().copied().collect();
            while let Some(next) = waiting.pop() {
                if seen.insert(next) {
                    waiting.extend(needs[next].keys());
                }
            }
            seen
        })
        .collect();
    let mut found = BTreeSet::new();
    for (n, from) in reached.iter().enumerate() {
        if from.contains(&n) {
            found.insert(from.iter().copied().filter(|other| reached[*other].contains(&n)).collect::<Vec<_>>());
        }
    }
    found.into_iter().collect()
}

/// The circles of a tree: their files, and every arrow inside with the names that it takes.
fn circles_of(tree: &Tree) -> Vec<(Vec<&str>, String)> {
    let needs = tree.needs();
    let name = |n: usize| tree.files[n].name.as_str();
    let described = circles(&needs).into_iter().map(|circle| {
        let mut arrows = String::new();
        for from in &circle {
            for (to, names) in needs[*from].iter().filter(|(to, _)| circle.contains(to)) {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                writeln!(arrows, "    {} -> {}: {}", name(*from), name(*to), names.join(", ")).unwrap();
            }
        }
        (circle.into_iter().map(name).collect(), arrows)
    });
    described.collect()
}

#[test]
fn no_circles_of_files_beyond_the_list() {
    let tree = Tree::of_src();
    let found = circles_of(&tree);
    let files: BTreeSet<Vec<&str>> = found.iter().map(|(files, _)| files.clone()).collect();
    let left: BTreeSet<Vec<&str>> = LEFT.iter().map(|files| files.to_vec()).collect();
    let mut report = String::new();
    for (files, arrows) in found.iter().filter(|(files, _)| !left.contains(files)) {
        let grew = !left.iter().any(|known| files.iter().all(|file| known.contains(file)));
        let advice = if grew { "take one of its arrows out" } else { "smaller than before: shrink the list" };
        writeln!(report, "circle {files:?}; {advice}\n{arrows}").unwrap();
    }
    for files in left.difference(&files) {
        writeln!(report, "no longer a circle; take it off the list: {files:?}").unwrap();
    }
    assert!(report.is_empty(), "{report}");
}

fn of_files(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let tree = Tree::read(&|name| files.iter().find(|(file, _)| *file == name).map(|(_, text)| (*text).to_owned()));
    let owned = |files: Vec<&str>| files.into_iter().map(str::to_owned).collect();
    circles_of(&tree).into_iter().map(|(files, _)| owned(files)).collect()
}

#[test]
fn circles_are_found_through_every_kind_of_path() {
    let library = ("lib.rs", "mod a; mod b;");
    for (one, other) in [
        ("use crate::b::B; pub struct A;", "use crate::a::A; pub struct B;"),
        ("use super::b::B; pub struct A;", "pub struct B(super::a::A);"),
        ("use crate::b; pub struct A(b::B);", "use crate::{a::{self as other}}; pub struct B(other::A);"),
        ("use crate::b::*; pub struct A;", "mod inside { use super::super::a::A; } pub struct B;"),
    ] {
        assert_eq!(of_files(&[library, ("a.rs", one), ("b.rs", other)]), [["a.rs", "b.rs"]], "{one} {other}");
    }
    for (one, other) in [
        ("pub struct A;", "use crate::a::A;"),
        ("use crate::b::B; pub struct A;", "#[cfg(test)] mod tests { use crate::a::A; } pub struct B;"),
        ("use crate::b::B; pub struct A;", "#[cfg(test)] use crate::a::A; pub struct B;"),
        ("use crate::b::B; pub struct A;", "/// See [`crate::a::A`].\npub struct B; const C: &str = \"crate::a::A\";"),
    ] {
        assert_eq!(of_files(&[library, ("a.rs", one), ("b.rs", other)]), Vec::<Vec<String>>::new(), "{one} {other}");
    }
}

/// A name that `mod.rs` only exports again is that of the file it comes from; one that it uses ties it to that file.
#[test]
fn exports_of_a_module_are_seen_through() {
    let library = ("lib.rs", "mod room;");
    let one = ("room/one.rs", "use super::Two; pub struct One;");
    let two = ("room/two.rs", "pub struct Two;");
    let module = |text| ("room/mod.rs", text);
    assert!(of_files(&[library, module("mod one; mod two; pub use one::One; pub use two::Two;"), one, two]).is_empty());
    let uses = "mod one; mod two; use one::One; pub use two::Two; fn f(_: One) {}";
    assert!(of_files(&[library, module(uses), one, two]).is_empty(), "one.rs takes nothing that mod.rs itself holds");
    let holds = "mod one; mod two; pub struct Two; fn f() { one::One }";
    assert_eq!(of_files(&[library, module(holds), one, two]), [["room/mod.rs", "room/one.rs"]]);
    let back = ("room/two.rs", "use crate::room::One; pub struct Two;");
    let found = of_files(&[library, module("mod one; mod two; pub use one::One; pub use two::Two;"), one, back]);
    assert_eq!(found, [["room/one.rs", "room/two.rs"]]);
}
