//! Completion of the line that names a file to import: what is wanted at its end, and what to make of the candidates.

use super::job::ImportSource;

/// What can stand at the end of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// One of these whole lines.
    Lines(Vec<String>),
    /// A path that begins with `part`, behind `head`.
    Path {
        /// What stands before the path.
        head: String,
        /// The path so far.
        part: String,
    },
}

/// Candidates that a key goes round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Candidates {
    /// Whole lines.
    pub lines: Vec<String>,
    /// The one that stands in the prompt.
    pub at: usize,
}

/// What is wanted at the end of a line: a path, an option behind it, or the value of an option.
pub fn wanted(text: &str) -> Wanted {
    let begins = |head: &str, part: &str, words: &mut dyn Iterator<Item = String>| {
        Wanted::Lines(words.filter(|word| word.starts_with(part)).map(|word| format!("{head}{word}")).collect())
    };
    let options = || ImportSource::OPTIONS.iter().map(|(name, _)| *name);
    // A known option, or the last word on its way to one: other ` --` stand in paths.
    let begun = text.rfind(" --").filter(|at| {
        let part = text.get(at + 3..).unwrap_or_default();
        options().any(|name| name.starts_with(part))
    });
    let Some((before, last)) =
        ImportSource::options_in(text).last().max(begun).and_then(|at| Some((text.get(..at)?, text.get(at + 3..)?)))
    else {
        return match text.strip_suffix(' ').filter(|path| !path.trim().is_empty()) {
            Some(_) => begins(text, "", &mut options().map(|name| format!("--{name}"))),
            None => Wanted::Path { head: String::new(), part: text.to_owned() },
        };
    };
    let head = format!("{before} --");
    match last.split_once(' ') {
        None => begins(&head, last, &mut options().map(str::to_owned)),
        Some(("layout", part)) => Wanted::Path { head: format!("{head}layout "), part: part.trim_start().to_owned() },
        Some((name, part)) => {
            let values =
                ImportSource::OPTIONS.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, values)| values);
            if values.is_empty() || part.ends_with(' ') {
                return begins(&format!("{} ", text.trim_end()), "", &mut options().map(|name| format!("--{name}")));
            }
            begins(&format!("{head}{name} "), part.trim_start(), &mut values.iter().map(|word| (*word).to_owned()))
        }
    }
}

/// The longest text that all of these begin with.
pub fn common(lines: &[String]) -> &str {
    let Some(first) = lines.first() else { return "" };
    let shared = |other: &String| {
        let same = first.char_indices().zip(other.chars()).find(|((_, a), b)| a != b).map(|((at, _), _)| at);
        same.unwrap_or(first.len().min(other.len()))
    };
    &first[..lines.iter().map(shared).min().unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_then_options_then_their_values_are_wanted() {
        let path = |head: &str, part: &str| Wanted::Path { head: head.into(), part: part.into() };
        let lines = |lines: &[&str]| Wanted::Lines(lines.iter().map(|line| (*line).to_owned()).collect());
        for (text, expected) in [
            ("", path("", "")),
            ("/tmp/突", path("", "/tmp/突")),
            ("/tmp/a b", path("", "/tmp/a b")),
            ("a.csv --r", lines(&["a.csv --run", "a.csv --recompute-marks", "a.csv --recompute-facts"])),
            ("a.csv --run ", lines(&["a.csv --run full", "a.csv --run delta", "a.csv --run new-check"])),
            ("a.csv --run d", lines(&["a.csv --run delta"])),
            ("a.csv --layout /tmp/p", path("a.csv --layout ", "/tmp/p")),
            ("a --b.csv", path("", "a --b.csv")),
            ("a --b.csv --l", lines(&["a --b.csv --layout"])),
            ("a --b.csv --run d", lines(&["a --b.csv --run delta"])),
            ("a.csv --layout b --c", path("a.csv --layout ", "b --c")),
        ] {
            assert_eq!(wanted(text), expected, "{text}");
        }
        for text in ["a.csv ", "a.csv --run delta ", "a.csv --allow-vanish "] {
            let Wanted::Lines(found) = wanted(text) else { panic!("{text}") };
            assert_eq!(found.len(), ImportSource::OPTIONS.len(), "{text}");
            assert!(found[0].starts_with(text) && found[0].ends_with("--run"), "{found:?}");
        }
    }

    #[test]
    fn what_all_candidates_begin_with() {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        assert_eq!(common(&lines(&["/tmp/突合1.csv", "/tmp/突合2.csv"])), "/tmp/突合");
        assert_eq!(common(&lines(&["a", "ab"])), "a");
        assert_eq!(common(&lines(&["突", "合"])), "");
        assert_eq!(common(&[]), "");
    }
}
