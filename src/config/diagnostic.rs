//! Diagnostics of configuration files: position, message and the word that was probably meant.

use std::fmt;

/// An error in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file as the user knows it.
    pub file: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The message, in Japanese.
    pub message: String,
    /// The source line, with control characters replaced one for one.
    pub text: String,
    /// The nearest valid word.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Creates a diagnostic at a byte offset of `source`; an offset beyond the end means the end.
    pub fn at(file: &str, source: &str, offset: usize, message: impl Into<String>, help: Option<String>) -> Self {
        let offset = source.floor_char_boundary(offset);
        let before = &source[..offset];
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = source[start..].split('\n').next().unwrap_or_default();
        Self {
            file: file.chars().map(visible).collect(),
            line: before.matches('\n').count() + 1,
            column: before[start..].chars().count() + 1,
            message: message.into(),
            text: line.strip_suffix('\r').unwrap_or(line).chars().map(visible).collect(),
            help,
        }
    }
}

/// Replaces a character that could control the terminal by another one, so that columns stay the same.
fn visible(c: char) -> char {
    match c {
        '\t' => ' ',
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' => '\u{fffd}',
        c if c.is_control() => '\u{fffd}',
        c => c,
    }
}

/// Quotes a word of the file for a message: 「…」, truncated, with invisible characters escaped.
pub fn quote(word: &str) -> String {
    /// Maximum number of characters shown.
    const MAX_CHARS: usize = 40;
    let mut quoted = String::from("「");
    for c in word.chars().take(MAX_CHARS) {
        match c {
            '"' | '\'' | '\\' => quoted.push(c),
            c => quoted.extend(c.escape_debug()),
        }
    }
    quoted.push_str(if word.chars().nth(MAX_CHARS).is_some() { "…」" } else { "」" });
    quoted
}

impl fmt::Display for Diagnostic {
    /// Formats `file:line:column: message`, the line with a caret under the position, and the nearest word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        let number = self.line.to_string();
        writeln!(f, "  {number} | {}", self.text)?;
        let gutter = " ".repeat(number.len());
        let before: String = self.text.chars().take(self.column.saturating_sub(1)).map(blank).collect();
        write!(f, "  {gutter} | {before}^")?;
        if let Some(help) = &self.help {
            write!(f, "\n  {gutter} = もしかして: {help}")?;
        }
        Ok(())
    }
}

/// Returns a space as wide as `c`, so that the caret is under its column in a fixed-width font.
fn blank(c: char) -> char {
    match c {
        '\t' => '\t',
        '\0'..='\u{7f}' | '\u{ff61}'..='\u{ff9f}' => ' ',
        _ => '\u{3000}',
    }
}

/// All diagnostics of a file in the order of their lines; never empty when returned as an error.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, diagnostic) in self.0.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            diagnostic.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}

/// Maximum number of characters of a word for which a candidate is looked for; bounds the work on hostile input.
const MAX_WORD_CHARS: usize = 64;

/// Returns the candidate nearest to `word` in edit distance, with at most a third of the characters wrong, missing,
/// added or swapped. The first of equally near ones is returned.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let letters = word.chars().take(MAX_WORD_CHARS + 1).count();
    if letters == 0 || letters > MAX_WORD_CHARS {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let other = candidate.to_lowercase();
        let distance = strsim::osa_distance(&word, &other);
        let allowed = (letters.max(other.chars().count()) / 3).max(1);
        if distance <= allowed && distance < other.chars().count() && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_diagnostic_shows_place_line_and_word() {
        let diagnostic = Diagnostic {
            file: "mine.toml".to_owned(),
            line: 12,
            column: 7,
            message: "操作「quti」はありません".to_owned(),
            text: "氏ﾀ\t\"q\" quti".to_owned(),
            help: Some("quit".to_owned()),
        };
        let expected = "mine.toml:12:7: 操作「quti」はありません\n  12 | 氏ﾀ\t\"q\" quti\n     | \u{3000} \t   ^\n     = もしかして: quit";
        assert_eq!(diagnostic.to_string(), expected);
        let twice = Diagnostics(vec![diagnostic.clone(), diagnostic]);
        assert_eq!(twice.to_string(), format!("{expected}\n{expected}"));
    }

    #[test]
    fn the_nearest_word() {
        let words = ["quit", "help", "undo", "redo", "decide 2-1", "decide 2-3"];
        for (word, expected) in [
            ("quti", Some("quit")),
            ("QUIT", Some("quit")),
            ("hlp", Some("help")),
            ("undoo", Some("undo")),
            ("decide 2-3x", Some("decide 2-3")),
            ("decide 2-9", Some("decide 2-1")),
            ("x", None),
            ("", None),
            ("something else", None),
        ] {
            assert_eq!(nearest(word, words), expected, "{word}");
        }
    }

    #[test]
    fn places_are_counted_in_characters() {
        let source = "a\r\n氏名 = \u{1b}1\t2\n";
        for (offset, line, column, text) in [
            (0, 1, 1, "a"),
            (1, 1, 2, "a"),
            (3, 2, 1, "氏名 = \u{fffd}1 2"),
            (4, 2, 1, "氏名 = \u{fffd}1 2"),
            (9, 2, 3, "氏名 = \u{fffd}1 2"),
            (source.len(), 3, 1, ""),
            (999, 3, 1, ""),
        ] {
            let found = Diagnostic::at("f", source, offset, "", None);
            assert_eq!((found.line, found.column, found.text.as_str()), (line, column, text), "{offset}");
        }
        assert_eq!(Diagnostic::at("f", "", 0, "", None).line, 1);
    }

    #[test]
    fn quoted_words_cannot_steer_the_terminal() {
        assert_eq!(quote("目検 \"q\""), "「目検 \"q\"」");
        assert_eq!(quote("\u{1b}[2J\u{202e}"), "「\\u{1b}[2J\\u{202e}」");
        assert_eq!(quote(&"あ".repeat(41)), format!("「{}…」", "あ".repeat(40)));
    }

    proptest! {
        #[test]
        fn any_offset_has_a_place(source in "[\\x00-\\x7f氏ﾀ\u{1f600}]{0,40}", offset in 0_usize..200) {
            let found = Diagnostic::at("f", &source, offset, "", None);
            prop_assert!(found.column <= found.text.chars().count() + 2);
            prop_assert!(!found.text.chars().any(char::is_control));
        }

        #[test]
        fn nearest_answers_with_a_candidate(word in ".{0,80}", words in prop::collection::vec("[a-z-]{0,8}", 0..6)) {
            let found = nearest(&word, words.iter().map(String::as_str));
            prop_assert!(found.is_none_or(|found| words.iter().any(|word| word == found)));
        }

        #[test]
        fn display_never_panics(line in any::<usize>(), column in any::<usize>(), text in ".{0,40}") {
            let diagnostic = Diagnostic { file: String::new(), line, column, message: String::new(), text, help: None };
            prop_assert!(diagnostic.to_string().contains('^'));
        }
    }
}

/// Expectations that the faulty files under `tests/data/bad` state themselves, for the tests of every parser.
#[cfg(test)]
pub(crate) mod expected {
    use std::path::Path;

    use super::Diagnostics;

    /// Reads a file of the package; `None` if it does not exist.
    pub(crate) fn read(path: &str) -> Option<String> {
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).ok()
    }

    /// Runs `parse(file name, text)` over every `.toml` in a folder and compares the diagnostics with the
    /// `# expect: line:column: words [=> help]` comments at the top of the file: all of them, in order, and no other.
    pub(crate) fn check_folder(folder: &str, parse: impl Fn(&str, &str) -> Result<(), Diagnostics>) -> usize {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        let mut names: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        names.sort();
        for path in &names {
            let name = path.file_name().unwrap().to_str().unwrap();
            let text = std::fs::read_to_string(path).unwrap();
            let found = parse(name, &text).expect_err(name);
            let wanted: Vec<&str> =
                text.trim_start_matches('\u{feff}').lines().map_while(|line| line.strip_prefix("# expect: ")).collect();
            assert_eq!(wanted.len(), found.0.len(), "{name}: expected {wanted:#?}, found\n{found}");
            for (wanted, found) in wanted.iter().zip(&found.0) {
                let (wanted, help) = match wanted.split_once(" => ") {
                    Some((wanted, help)) => (wanted, Some(help)),
                    None => (*wanted, None),
                };
                let mut parts = wanted.splitn(3, ':');
                let mut number = || parts.next().unwrap().trim().parse::<usize>().expect(name);
                assert_eq!((number(), number()), (found.line, found.column), "{name}: {wanted}\n{found}");
                let words = parts.next().unwrap().trim();
                assert!(!words.is_empty() && found.message.contains(words), "{name}: {words}\n{found}");
                assert_eq!(found.help.as_deref(), help, "{name}: {wanted}\n{found}");
            }
        }
        names.len()
    }
}
