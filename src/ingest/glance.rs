//! Doubtful characters of a row: found by its bytes first, since nearly every row has none, then one by one.

use crate::compare::visible::is_hidden;

/// Bytes that are looked at together.
const LANES: usize = 16;

/// What a row may contain, by its bytes alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Glance {
    /// `E`, `e` or `#`, which damage by a spreadsheet and character references have.
    pub(super) damage: bool,
    /// A question mark.
    pub(super) question: bool,
    /// Bytes of characters that [`CharDoubts`] looks for.
    pub(super) odd: bool,
}

/// Bytes that begin no character of ordinary Japanese text: C1 controls and no-break space (C2), Latin with accents to Ethiopic
/// (C4–E1; C3 holds ×), private use (EE), and what lies beyond the basic plane.
fn is_rare_lead(b: u8) -> bool {
    (b == 0xC2) | (b.wrapping_sub(0xC4) < 0x1E) | (b == 0xEE) | (b >= 0xF0)
}

fn is_odd(b: u8) -> bool {
    (b < 0x20) | (b == 0x7F) | is_rare_lead(b)
}

/// Whether two bytes are part of a doubtful character, or of a few ordinary ones.
fn is_odd_pair(a: u8, b: u8) -> bool {
    // U+2000–20FF and Braille.
    ((a == 0xE2) & (b & 0xDC == 0x80))
        // U+F000–FFFF but for compatibility ideographs and full and half width.
        | ((a == 0xEF) & !((b.wrapping_sub(0xA4) < 0x13) | (b.wrapping_sub(0xBC) < 3)))
        // The ends of U+3164, U+3099, U+309A and U+FFA0.
        | ((a == 0x85) & (b == 0xA4))
        | ((a == 0x82) & (b.wrapping_sub(0x99) < 2))
        | ((a == 0xBE) & (b == 0xA0))
}

fn is_damage(b: u8) -> bool {
    (b | 0x20 == b'e') | (b == b'#')
}

impl Glance {
    /// Scans every byte of text that may hold any character.
    pub(super) fn at(text: &str) -> Self {
        let bytes = text.as_bytes();
        if Self::finds_any(bytes, bytes.get(1..).unwrap_or_default()) { Self::of(bytes) } else { Self::default() }
    }

    /// Scans every byte of text from a CP932 file: of the doubtful characters it can hold only control characters and 外字,
    /// which a single byte tells.
    pub(super) fn at_cp932(text: &str) -> Self {
        let bytes = text.as_bytes();
        if Self::finds_any_of_cp932(bytes) { Self::of(bytes) } else { Self::default() }
    }

    /// Tells what was found.
    fn of(bytes: &[u8]) -> Self {
        let next = bytes.get(1..).unwrap_or_default();
        Self {
            damage: bytes.iter().any(|&b| is_damage(b)),
            question: bytes.contains(&b'?'),
            odd: bytes.iter().any(|&b| is_odd(b)) || bytes.iter().zip(next).any(|(&a, &b)| is_odd_pair(a, b)),
        }
    }

    fn finds_any_of_cp932(bytes: &[u8]) -> bool {
        let any = |b: u8| is_damage(b) | (b == b'?') | (b < 0x20) | (b == 0x7F) | (b == 0xC2) | (b == 0xEE);
        let (chunks, rest) = bytes.as_chunks::<LANES>();
        let mut found = [false; LANES];
        for chunk in chunks {
            for lane in 0..LANES {
                found[lane] |= any(chunk[lane]);
            }
        }
        found.contains(&true) | rest.iter().fold(false, |found, &b| found | any(b))
    }

    /// Sixteen bytes at a time and without an early exit, so that the compiler can vectorise it.
    fn finds_any(bytes: &[u8], next: &[u8]) -> bool {
        let any = |a: u8, b: u8| is_damage(a) | (a == b'?') | is_odd(a) | is_odd_pair(a, b);
        let Some((&last, firsts)) = bytes.split_last() else { return false };
        let (chunks, rest) = firsts.as_chunks::<LANES>();
        let (next_chunks, next_rest) = next.as_chunks::<LANES>();
        let mut found = [false; LANES];
        for (chunk, next) in chunks.iter().zip(next_chunks) {
            for lane in 0..LANES {
                found[lane] |= any(chunk[lane], next[lane]);
            }
        }
        let rest = rest.iter().zip(next_rest).fold(false, |found, (&a, &b)| found | any(a, b));
        rest | any(last, 0) | found.contains(&true)
    }
}

/// Doubtful characters of a cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct CharDoubts {
    /// Characters that nobody sees: control, format, filler and tag characters, spaces of another kind, code points that are no
    /// characters, and variation selectors that follow no kanji.
    pub(super) hidden: bool,
    /// Private use beyond the codes of 外字, so that nothing tells what was meant.
    pub(super) private: bool,
    /// Combining marks.
    pub(super) split: bool,
    /// The sign for a character that was lost in decoding.
    pub(super) lost: bool,
}

impl CharDoubts {
    /// Examines a cell; `multiline` says that it may hold line ends and tabs.
    pub(super) fn of(cell: &str, multiline: bool) -> Self {
        let mut found = Self::default();
        let mut before = ' ';
        for c in cell.chars() {
            match c {
                '\u{FFFD}' => found.lost = true,
                '\r' | '\n' | '\t' if multiline => {}
                _ if is_variation_selector(c) && (is_kanji(before) || before == '々' || is_own_character(before)) => {}
                _ if is_own_character(c) || !is_hidden(c) => {}
                _ if is_private(c) => found.private = true,
                _ if is_combining(c) => found.split = true,
                _ => found.hidden = true,
            }
            before = c;
        }
        found
    }

    /// Adds what another cell has.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            hidden: self.hidden | other.hidden,
            private: self.private | other.private,
            split: self.split | other.split,
            lost: self.lost | other.lost,
        }
    }
}

/// 外字: the characters of the codes F040–F9FC of CP932.
fn is_own_character(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{E757}')
}

fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether a character is a kanji.
pub(super) fn is_kanji(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{34E}' | '\u{350}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}'
        | '\u{20D0}'..='\u{20FF}' | '\u{3099}' | '\u{309A}' | '\u{FE20}'..='\u{FE2F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a screen shows by its code is doubtful in a file, unless it is a 外字; the scan of the bytes misses none of it, wherever
    /// it stands.
    #[test]
    fn every_hidden_character_is_found() {
        for c in '\0'..=char::MAX {
            let found = CharDoubts::of(&c.to_string(), false);
            let doubtful = is_hidden(c) && !is_own_character(c) || c == '\u{FFFD}';
            assert_eq!(found != CharDoubts::default(), doubtful, "{c:?}");
            if doubtful {
                for text in [format!("{c}"), format!("山{c}"), format!("{c}田　太郎,東京都港区赤坂一丁目")]
                {
                    assert!(Glance::at(&text).odd, "{text:?}");
                }
            }
        }
    }

    /// Whatever a CP932 file can hold is found by the scan for such files as well.
    #[test]
    fn the_scan_of_cp932_misses_nothing() {
        let codes = (0..=0xFFu8).flat_map(|a| std::iter::once(vec![a]).chain((0..=0xFFu8).map(move |b| vec![a, b])));
        let mut doubtful = 0;
        for code in codes {
            let (text, _, broken) = encoding_rs::SHIFT_JIS.decode(&code);
            if broken {
                continue;
            }
            for text in [format!("{text}"), format!("山田　太郎,東京都港区{text}赤坂一丁目")] {
                let odd = CharDoubts::of(&text, false) != CharDoubts::default();
                doubtful += usize::from(odd);
                assert!(Glance::at_cp932(&text) == Glance::at(&text) || !odd, "{code:X?}");
                let (quick, full) = (Glance::at_cp932(&text), Glance::at(&text));
                assert_eq!((quick.damage, quick.question), (full.damage, full.question), "{code:X?}");
            }
        }
        assert!(doubtful > 60);
    }

    #[test]
    fn kinds_of_doubtful_characters() {
        let of = |hidden, private, split, lost| CharDoubts { hidden, private, split, lost };
        let hidden = of(true, false, false, false);
        for (text, found) in [
            ("山田　太郎 ○‐―…ｶﾞ×髙﨑𠮷", CharDoubts::default()),
            ("\u{E000}田", CharDoubts::default()),
            ("葛\u{E0100}城", CharDoubts::default()),
            ("﨑\u{FE00}", CharDoubts::default()),
            ("山\u{E0041}\u{E007F}", hidden),
            ("山\u{200B}田", hidden),
            ("\u{202E}山田", hidden),
            ("\u{2067}山田\u{2069}", hidden),
            ("山\u{A0}田", hidden),
            ("山\u{3164}田", hidden),
            ("山\u{FFA0}田", hidden),
            ("山\u{FDD0}", hidden),
            ("山\u{2FFFE}", hidden),
            ("山\u{85}", hidden),
            ("ア\u{E0100}", hidden),
            ("1\u{FE0F}", hidden),
            ("a\tb", hidden),
            ("\u{E758}", of(false, true, false, false)),
            ("\u{F0000}", of(false, true, false, false)),
            ("カ\u{3099}", of(false, false, true, false)),
            ("Ame\u{301}lie", of(false, false, true, false)),
            ("\u{FFFD}", of(false, false, false, true)),
        ] {
            assert_eq!(CharDoubts::of(text, false), found, "{text:?}");
        }
        assert_eq!(CharDoubts::of("一行目\r\n\t二行目", true), CharDoubts::default());
        assert_eq!(CharDoubts::of("一行目\u{B}", true), hidden);
    }

    proptest::proptest! {
        /// The quick scan says no only where there is nothing.
        #[test]
        fn a_glance_misses_nothing(text in "[ -~あアｱ山田○\u{A0}\u{3099}\u{3164}\u{FFA0}\u{E758}\u{E0041}\u{2800}\u{FFFD}]{0,40}") {
            let glance = Glance::at(&text);
            proptest::prop_assert_eq!(glance.question, text.contains('?'));
            proptest::prop_assert_eq!(glance.damage, text.contains(['e', 'E', '#']));
            proptest::prop_assert!(glance.odd || CharDoubts::of(&text, false) == CharDoubts::default());
        }
    }
}
