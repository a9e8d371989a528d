//! Every rule, section and title that the code cites exists in `src/domain/RULES.md` or `src/ARCHITECTURE.md`.
//!
//! Forms of a citation: `RULES §4`, `RULES §5 N2`, `RULES §7, §8`, `RULES A7`, `ARCHITECTURE "The store"`. In the rooms of
//! the rules a bare id in a comment (`G3`, `F1`, `②b`) counts as a citation too.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What can be cited.
struct Known {
    /// Numbers of the sections of RULES.md.
    sections: BTreeSet<String>,
    /// Ids of single rules: N1 … A7, G1 …, F1 …, and the classes ① … ○.
    ids: BTreeSet<String>,
    /// Section titles of ARCHITECTURE.md.
    titles: BTreeSet<String>,
}

impl Known {
    fn read(rules: &str, architecture: &str) -> Self {
        let headings = |text: &str| -> Vec<String> {
            text.lines().filter_map(|line| line.strip_prefix("## ")).map(str::to_owned).collect()
        };
        let number = |title: String| title.split_once(". ").map(|(number, _)| number.to_owned());
        Self {
            sections: headings(rules).into_iter().filter_map(number).collect(),
            ids: table_ids(rules),
            titles: headings(architecture).into_iter().collect(),
        }
    }
}

/// The first cells of the tables whose first column is called `id` or `class`.
fn table_ids(markdown: &str) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    let mut inside = false;
    for line in markdown.lines() {
        let Some(cell) = line.strip_prefix("| ").and_then(|row| row.split(" |").next()) else {
            inside &= line.starts_with('|');
            continue;
        };
        match cell {
            "id" | "class" => inside = true,
            id if inside => {
                ids.insert(id.to_owned());
            }
            _ => {}
        }
    }
    ids
}

/// The text of a file with every comment that runs over several lines on one line.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines() {
        let comment = comment_text(line);
        let (separator, line) = if in_comment { (" ", comment.unwrap_or(line)) } else { ("\n", line) };
        out.push_str(if in_comment && comment.is_none() { "\n" } else { separator });
        out.push_str(line);
        in_comment = comment.is_some();
    }
    out
}

/// What a line that is a comment says.
fn comment_text(line: &str) -> Option<&str> {
    let rest = line.trim_start().strip_prefix("//")?;
    Some(rest.trim_start_matches(['/', '!']).trim())
}

/// Whether a word has the form of a rule id: one capital of the tables and a number.
fn is_id(word: &str) -> bool {
    let digits = word.strip_prefix(['N', 'K', 'A', 'D', 'S', 'G', 'F']).unwrap_or_default();
    matches!(digits.len(), 1..=2) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The words of a text: ASCII letters and digits; a class (`②b`) is a word of its own.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in text.chars() {
        match c {
            '①' | '②' | '③' => words.push(c.to_string()),
            'a'..='z' | 'A'..='Z' | '0'..='9' | '_' => words.last_mut().expect("never empty").push(c),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A class with a letter behind it, which must be one of the table.
fn is_class(word: &str) -> bool {
    word.starts_with(['①', '②', '③'])
        && matches!(word.chars().nth(1), None | Some('a'..='z'))
        && word.chars().count() <= 2
}

/// Every citation of a text that leads nowhere.
fn faults(text: &str, known: &Known, bare_ids: bool) -> Vec<String> {
    let text = joined(text);
    let mut faults = Vec::new();
    let mut fault = |what: &str, at: usize| {
        let excerpt: String = text[at..].chars().take(40).collect();
        faults.push(format!("{what}: {}", excerpt.replace('\n', " ")));
    };
    for old in ["DOMAIN", "DESIGN"] {
        for (at, _) in text.match_indices(old) {
            let rest = &text[at + old.len()..];
            if rest.starts_with(" §") || rest.starts_with(".md") || words(rest).first().is_some_and(|word| is_id(word))
            {
                fault("a document outside the repository", at);
            }
        }
    }
    for (at, sign) in text.match_indices('§') {
        let number: String = text[at + sign.len()..].chars().take_while(char::is_ascii_digit).collect();
        if !known.sections.contains(&number) {
            fault("no such section in RULES.md", at);
        }
    }
    for (at, name) in text.match_indices("RULES ") {
        let line = text[at + name.len()..].lines().next().unwrap_or_default();
        let cited = line.split(['.', ';', ':', ')']).next().unwrap_or_default();
        let ids = words(cited);
        if !cited.starts_with('§') && !ids.first().is_some_and(|word| is_id(word)) {
            fault("a citation without section or id", at);
        }
        if ids.iter().any(|word| is_id(word) && !known.ids.contains(word)) {
            fault("no such rule in RULES.md", at);
        }
    }
    for (at, name) in text.match_indices("ARCHITECTURE ") {
        let rest = &text[at + name.len()..];
        let title = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(title, _)| title);
        if !title.is_some_and(|title| known.titles.contains(title)) {
            fault("no such section in ARCHITECTURE.md", at);
        }
    }
    if bare_ids {
        for comment in text.lines().filter_map(comment_text) {
            for word in words(comment).into_iter().filter(|word| is_class(word) || is_id(word) && word.len() == 2) {
                if !known.ids.contains(&word) && !known.ids.iter().any(|id| id.starts_with(&word)) {
                    faults.push(format!("no such rule in RULES.md: {word} in {comment}"));
                }
            }
        }
    }
    faults
}

/// Every file that may cite, with the path inside the repository.
fn citing_files() -> Vec<(PathBuf, String)> {
    fn walk(dir: &Path, files: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(dir).expect("a folder of the repository") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                walk(&path, files);
            } else if path
                .extension()
                .is_some_and(|extension| ["rs", "md", "txt"].iter().any(|text| extension == *text))
            {
                files.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md")];
    walk(&root.join("src"), &mut files);
    walk(&root.join("tests"), &mut files);
    let inside = |path: PathBuf| path.strip_prefix(root).expect("inside").to_owned();
    files
        .into_iter()
        .filter(|path| !path.ends_with(file!()) && !path.starts_with(root.join("tests/data")))
        .filter_map(|path| Some((inside(path.clone()), fs::read_to_string(path).ok()?)))
        .collect()
}

#[test]
fn every_citation_leads_to_a_rule_or_section() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |name: &str| fs::read_to_string(root.join(name)).expect(name);
    let known = Known::read(&read("src/domain/RULES.md"), &read("src/ARCHITECTURE.md"));
    assert_eq!(known.sections, (1..=9).map(|n| n.to_string()).collect());
    let mut all = Vec::new();
    for (path, text) in citing_files() {
        let of_the_rules = ["src/domain", "src/compare", "src/sample"].iter().any(|room| path.starts_with(room));
        let found = faults(&text, &known, of_the_rules && path.extension().is_some_and(|extension| extension == "rs"));
        all.extend(found.into_iter().map(|fault| format!("{}: {fault}", path.display())));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

/// Every rule that a table of the code names stands in the text, so that neither is forgotten when one of them grows.
#[test]
fn every_code_and_flag_has_a_rule() {
    let known = table_ids(include_str!("../../src/domain/RULES.md"));
    let numbered = |name: &str| name.ends_with(|c: char| c.is_ascii_digit());
    let codes = meken::compare::Code::ALL.iter().map(|code| code.name()).filter(|name| numbered(name));
    let flags = meken::domain::danger::Danger::ALL.iter().map(|danger| danger.code()).collect::<Vec<_>>();
    let classes = meken::domain::suspension::Class::ALL.map(|class| class.label());
    for id in codes.chain(flags).chain(classes) {
        assert!(known.contains(id), "{id}");
    }
}

#[test]
fn the_reader_of_citations_sees_what_is_missing() {
    let rules = "# R\n| source | document |\n|---|---|\n| N9 | x |\n## 1. One\n## 5. Five\n| id | rule |\n|---|---|\n| N1 | a |\n\
                 | A7 | b |\n\n| class | condition |\n|---|---|\n| ②b | c |\n";
    let known = Known::read(rules, "# A\n## The store\n## Rooms\n");
    assert_eq!(known.ids.iter().map(String::as_str).collect::<Vec<_>>(), ["A7", "N1", "②b"]);
    for good in [
        "//! Rows (RULES §1, §5).",
        "/// A step (RULES §5 N1; see below).",
        "// RULES A7: a room",
        "/// A wrapped one (RULES\n/// §5 N1).",
        "/// Kept there (ARCHITECTURE \"The\n/// store\").",
        "let x = \"RULES §5\"; // class ②b",
        "/// Class ② as a whole, in 2023-09-15, S60.12.3 and U+00A1.",
    ] {
        assert_eq!(faults(good, &known, true), Vec::<String>::new(), "{good}");
    }
    for bad in [
        "//! (DOMAIN §5)",
        "// DESIGN\n// §5",
        "// DOMAIN A7",
        "/// RULES §2",
        "/// RULES §",
        "/// RULES §5 N2",
        "/// RULES §5 N1, A8",
        "/// RULES of the job",
        "/// ARCHITECTURE \"Rooms of old\"",
        "/// ARCHITECTURE §2",
        "/// The class ②d.",
        "/// G3 refuses.",
    ] {
        assert!(!faults(bad, &known, true).is_empty(), "{bad}");
    }
    assert!(faults("/// G3 refuses.", &known, false).is_empty());
}
