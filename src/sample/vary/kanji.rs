//! Variations of 漢字氏名 (RULES §5, N1–N8).

use std::borrow::Cow;

use super::super::SampleEncoding;
use super::super::draft::Draft;
use super::super::random::Random;
use super::super::tables::{GivenNeed, SurnameNeed, TABLES};
use super::super::truth::Distance::{Different, Notation, Placeholder, Uncertain};
use super::super::truth::Field;
use super::super::variants;
use super::{Change, replace_first};

/// Placeholders of unreadable characters, weighted by frequency.
const PLACEHOLDERS: [char; 10] = ['●', '●', '●', '●', '●', '〓', '〓', '■', '□', '?'];

impl Change {
    pub(super) fn apply_kanji(self, draft: &mut Draft, random: &mut Random, encoding: SampleEncoding) -> bool {
        let (code, distance) = match self {
            Self::N1 => {
                match random.below(4) {
                    0 if draft.person.foreign => draft.left.gap = "  ",
                    0 | 1 if !draft.person.foreign => draft.left.gap = "",
                    2 => draft.left.gap = "\u{3000}\u{3000}",
                    _ => draft.left.lead = " ",
                }
                ("N1", Notation)
            }
            Self::N2 => {
                let Some(surname) = replace_first(&draft.right.surname, variants::formal) else { return false };
                if random.chance(150) {
                    draft.left.surname = Cow::Owned(surname);
                } else {
                    draft.right.surname = Cow::Owned(surname);
                }
                ("N2", Notation)
            }
            Self::N2Own => {
                let Some(surname) = replace_first(&draft.right.surname, variants::own) else { return false };
                draft.right.surname = Cow::Owned(surname);
                ("N2", Uncertain)
            }
            Self::N2Yoshi => {
                // Real systems write a substitute where the character set lacks 𠮷 (U+20BB7).
                let utf8 = encoding == SampleEncoding::Utf8;
                let other = if utf8 { '\u{20BB7}' } else { *random.pick(&['●', '〓']) };
                let Some(surname) = replace_first(&draft.right.surname, |c| (c == '吉').then_some(other)) else {
                    return false;
                };
                draft.right.surname = Cow::Owned(surname);
                if utf8 { ("N2", Notation) } else { ("N3", Placeholder) }
            }
            Self::N2Selector if encoding == SampleEncoding::Cp932 => {
                return Self::N2.apply_kanji(draft, random, encoding);
            }
            Self::N2Selector => {
                let Some((at, c)) = draft.right.surname.char_indices().find(|&(_, c)| variants::takes_selector(c))
                else {
                    return false;
                };
                draft.right.surname.to_mut().insert(at + c.len_utf8(), '\u{E0100}');
                ("N2", Notation)
            }
            Self::N3 | Self::N3Private => {
                let placeholder = match self {
                    Self::N3 if random.chance(900) => *random.pick(&PLACEHOLDERS),
                    // The first three lead bytes of the user-defined area (F040–F2FC).
                    _ => char::from_u32(0xE000 + random.below(3 * 188)).unwrap_or('●'),
                };
                if !put_placeholder(draft, placeholder, random) {
                    return false;
                }
                ("N3", Placeholder)
            }
            Self::N4 => {
                if draft.person.foreign {
                    return false;
                }
                if random.chance(700) {
                    draft.left.surname = Cow::Borrowed(draft.person.surname.kana);
                } else {
                    draft.left.given = Cow::Borrowed(draft.person.given.kana);
                }
                ("N4", Uncertain)
            }
            Self::N5 => {
                let own = draft.person.surname;
                let other = loop {
                    let s = TABLES.surname(random, SurnameNeed::Any);
                    if s.kana != own.kana && s.voiced != Some(own.kana) && s.kanji != own.text {
                        break s;
                    }
                };
                draft.right.surname = Cow::Borrowed(other.kanji);
                draft.right.kana_surname = Cow::Borrowed(other.kana);
                draft.surname_differs = true;
                draft.differ(Field::Kana, "N5", Different);
                ("N5", Different)
            }
            Self::N6 => {
                let family = random.pick(&TABLES.family);
                let given = random.pick(&TABLES.latin_given[draft.person.sex]);
                draft.right.surname = Cow::Borrowed(family.letters);
                draft.right.given = Cow::Borrowed(given.letters);
                draft.right.kana_surname = Cow::Borrowed(family.kana);
                draft.right.kana_given = Cow::Borrowed(given.kana);
                draft.right.wide_letters = true;
                draft.surname_differs = true;
                draft.given_differs = true;
                draft.differ(Field::Kana, "N6", Different);
                ("N6", Different)
            }
            Self::N7Case => {
                draft.left.surname = Cow::Owned(capitalised(&draft.left.surname));
                draft.left.given = Cow::Owned(capitalised(&draft.left.given));
                ("N7", Notation)
            }
            Self::N7Order => {
                draft.left.given_first = true;
                ("N7", Uncertain)
            }
            Self::N7Middle => {
                let middle = random.pick(&TABLES.middle);
                draft.right.given = Cow::Owned(format!("{}_{}", draft.right.given, middle.letters));
                ("N7", Uncertain)
            }
            Self::N7Cut => {
                let keep = draft.left.given.find('_').unwrap_or(draft.left.given.len()).min(3);
                if keep >= draft.left.given.len() || !draft.person.foreign {
                    return false;
                }
                draft.left.given.to_mut().truncate(keep);
                ("N7", Uncertain)
            }
            Self::N8Ke => {
                let Some(surname) = replace_first(&draft.left.surname, |c| (c == 'ヶ').then_some('ケ')) else {
                    return false;
                };
                draft.left.surname = Cow::Owned(surname);
                ("N8", Notation)
            }
            Self::N8Repeat => {
                let surname = without_iteration_marks(&draft.left.surname);
                if surname == draft.left.surname {
                    return false;
                }
                draft.left.surname = Cow::Owned(surname);
                ("N8", Uncertain)
            }
            Self::N8No => {
                let Some(surname) = replace_first(&draft.left.surname, |c| (c == 'ノ').then_some('之')) else {
                    return false;
                };
                draft.left.surname = Cow::Owned(surname);
                ("N8", Uncertain)
            }
            Self::Nx => {
                let own = draft.person.given;
                let other = loop {
                    let generation = random.index(3);
                    let g = TABLES.given(random, draft.person.sex, generation, GivenNeed::Any);
                    if g.kanji != own.text && g.kana != own.kana && g.other != Some(own.kana) {
                        break g;
                    }
                };
                draft.right.given = Cow::Borrowed(other.kanji);
                draft.right.kana_given = Cow::Borrowed(other.kana);
                draft.given_differs = true;
                draft.differ(Field::Kana, "KX", Different);
                draft.danger.push("F1");
                ("NX", Different)
            }
            _ => return false,
        };
        draft.differ(Field::Kanji, code, distance);
        true
    }
}

/// Returns the text with each 々 replaced by the character before it.
fn without_iteration_marks(text: &str) -> String {
    let mut last = '々';
    text.chars()
        .map(|c| {
            let c = if c == '々' { last } else { c };
            last = c;
            c
        })
        .collect()
}

fn capitalised(letters: &str) -> String {
    let mut start = true;
    letters
        .chars()
        .map(|c| {
            let c = if start { c } else { c.to_ascii_lowercase() };
            start = c == '_';
            c
        })
        .collect()
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
}

/// Replaces one kanji of the name by `placeholder`, mostly on the insurer's side.
fn put_placeholder(draft: &mut Draft, placeholder: char, random: &mut Random) -> bool {
    let side = if random.chance(850) { &mut draft.left } else { &mut draft.right };
    let part = if random.chance(500) { &mut side.surname } else { &mut side.given };
    let part = if part.chars().any(is_kanji) { part } else { &mut side.surname };
    let count = part.chars().filter(|&c| is_kanji(c)).count();
    if count == 0 {
        return false;
    }
    let nth = random.index(count);
    let Some((at, c)) = part.char_indices().filter(|&(_, c)| is_kanji(c)).nth(nth) else { return false };
    let end = at + c.len_utf8();
    part.to_mut().replace_range(at..end, placeholder.encode_utf8(&mut [0; 4]));
    true
}
