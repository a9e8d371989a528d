//! One line of text being typed; the cursor moves by grapheme cluster.

use unicode_segmentation::UnicodeSegmentation;

/// Maximum number of characters in a line.
const MAX_CHARS: usize = 500;

/// A line of text with a cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextInput {
    text: String,
    /// The cursor as a byte offset, always between two clusters.
    at: usize,
    /// Whether the text is only offered: typing replaces it, any other edit makes it the user's own.
    offered: bool,
}

impl TextInput {
    /// A line that holds a text, with the cursor at its end.
    pub fn of(text: impl Into<String>) -> Self {
        let text = text.into();
        let at = text.len();
        Self { text, at, offered: false }
    }

    /// A line that offers a text: what is typed next replaces it.
    pub fn offered(text: impl Into<String>) -> Self {
        Self { offered: true, ..Self::of(text) }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text before the cursor.
    pub fn before(&self) -> &str {
        &self.text[..self.at]
    }

    /// Inserts text at the cursor. Line ends become blanks, other control characters are left out.
    pub fn insert(&mut self, text: &str) {
        if self.offered {
            self.clear();
        }
        let room = MAX_CHARS.saturating_sub(self.text.chars().count());
        let clean: String = text
            .replace("\r\n", " ")
            .chars()
            .map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c })
            .filter(|c| !c.is_control())
            .take(room)
            .collect();
        self.text.insert_str(self.at, &clean);
        self.at += clean.len();
        self.settle();
    }

    /// Deletes the cluster before the cursor.
    pub fn delete_back(&mut self) {
        self.offered = false;
        let start = self.before().grapheme_indices(true).next_back().map_or(0, |(start, _)| start);
        self.delete_from(start);
    }

    /// Deletes the word before the cursor with the blanks behind it.
    pub fn delete_word(&mut self) {
        self.offered = false;
        let words = self.before().trim_end_matches([' ', '　']);
        let start =
            words.rfind([' ', '　']).map_or(0, |blank| blank + words[blank..].chars().next().map_or(0, char::len_utf8));
        self.delete_from(start);
    }

    /// Empties the line.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Moves the cursor one cluster to the left.
    pub fn left(&mut self) {
        self.offered = false;
        self.at = self.before().grapheme_indices(true).next_back().map_or(0, |(start, _)| start);
    }

    /// Moves the cursor one cluster to the right.
    pub fn right(&mut self) {
        self.offered = false;
        self.at += self.text[self.at..].graphemes(true).next().map_or(0, str::len);
    }

    /// Moves the cursor to the start.
    pub fn home(&mut self) {
        self.offered = false;
        self.at = 0;
    }

    /// Moves the cursor to the end.
    pub fn end(&mut self) {
        self.offered = false;
        self.at = self.text.len();
    }

    fn delete_from(&mut self, start: usize) {
        self.text.replace_range(start..self.at, "");
        self.at = start;
        self.settle();
    }

    /// Two clusters can become one when text between them goes or a mark arrives.
    fn settle(&mut self) {
        let at = self.at;
        self.at = self
            .text
            .grapheme_indices(true)
            .map(|(start, _)| start)
            .chain([self.text.len()])
            .find(|start| *start >= at)
            .unwrap_or(self.text.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_by_cluster_and_word() {
        let mut line = TextInput::of("山田 葛\u{E0100}城");
        line.left();
        line.delete_back();
        assert_eq!(line.text(), "山田 城");
        line.end();
        line.delete_word();
        assert_eq!(line.text(), "山田 ");
        line.delete_word();
        assert_eq!((line.text(), line.before()), ("", ""));
        line.insert("a\r\nb\u{1b}[31m\tc");
        assert_eq!(line.text(), "a b[31m c");
        line.home();
        line.right();
        line.insert("\u{301}");
        assert_eq!(line.before(), "a\u{301}");
    }

    #[test]
    fn what_is_offered_gives_way_to_what_is_typed() {
        let mut line = TextInput::offered("20261128");
        line.insert("2");
        line.insert("0");
        assert_eq!(line.text(), "20");
        let mut line = TextInput::offered("20261128");
        line.delete_back();
        line.insert("9");
        assert_eq!(line.text(), "20261129");
        let mut line = TextInput::offered("20261128");
        line.left();
        line.insert("0");
        assert_eq!(line.text(), "202611208");
    }

    #[test]
    fn a_line_has_an_end() {
        let mut line = TextInput::default();
        line.insert(&"あ".repeat(10_000));
        assert_eq!(line.text().chars().count(), MAX_CHARS);
    }

    proptest::proptest! {
        #[test]
        fn no_sequence_of_edits_breaks_it(edits in proptest::collection::vec((0u8..8, "\\PC{0,3}"), 0..60)) {
            let mut line = TextInput::default();
            for (edit, text) in edits {
                match edit {
                    0 => line.delete_back(),
                    1 => line.delete_word(),
                    2 => line.left(),
                    3 => line.right(),
                    4 => line.home(),
                    5 => line.end(),
                    _ => line.insert(&text),
                }
                proptest::prop_assert!(line.text().starts_with(line.before()));
            }
        }
    }
}
