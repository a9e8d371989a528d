//! Variations of 漢字氏名 (RULES §5, N1–N8).

use std::borrow::Cow;

use super::super::SampleEncoding;
use super::super::dice::Dice;
use super::super::draft::Draft;
use super::super::tables::{GivenNeed, SurnameNeed, TABLES};
use super::super::truth::Distance::{Bullet, Different, Doubtful, Notation};
use super::super::truth::Field;
use super::super::variants;
use super::{Change, swapped};

/// Symbols that stand for a character nobody could write, more or less as often as they are met.
const BLOTS: [char; 10] = ['●', '●', '●', '●', '●', '〓', '〓', '■', '□', '?'];

impl Change {
    pub(super) fn apply_kanji(self, draft: &mut Draft, dice: &mut Dice, encoding: SampleEncoding) -> bool {
        let (code, distance) = match self {
            Self::N1 => {
                match dice.below(4) {
                    0 if draft.person.foreign => draft.left.gap = "  ",
                    0 | 1 if !draft.person.foreign => draft.left.gap = "",
                    2 => draft.left.gap = "\u{3000}\u{3000}",
                    _ => draft.left.lead = " ",
                }
                ("N1", Notation)
            }
            Self::N2 => {
                let Some(surname) = swapped(&draft.right.surname, variants::formal) else { return false };
                if dice.chance(150) {
                    draft.left.surname = Cow::Owned(surname);
                } else {
                    draft.right.surname = Cow::Owned(surname);
                }
                ("N2", Notation)
            }
            Self::N2Own => {
                let Some(surname) = swapped(&draft.right.surname, variants::own) else { return false };
                draft.right.surname = Cow::Owned(surname);
                ("N2", Doubtful)
            }
            Self::N2Yoshi => {
                // Real systems put a substitute where the code set has no 𠮷 (U+20BB7).
                let utf8 = encoding == SampleEncoding::Utf8;
                let other = if utf8 { '\u{20BB7}' } else { *dice.pick(&['●', '〓']) };
                let Some(surname) = swapped(&draft.right.surname, |c| (c == '吉').then_some(other)) else {
                    return false;
                };
                draft.right.surname = Cow::Owned(surname);
                if utf8 { ("N2", Notation) } else { ("N3", Bullet) }
            }
            Self::N2Selector if encoding == SampleEncoding::Cp932 => {
                return Self::N2.apply_kanji(draft, dice, encoding);
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
                let blot = match self {
                    Self::N3 if dice.chance(900) => *dice.pick(&BLOTS),
                    // The first three lead bytes of the user-defined area (F040–F2FC).
                    _ => char::from_u32(0xE000 + dice.below(3 * 188)).unwrap_or('●'),
                };
                if !blotted(draft, blot, dice) {
                    return false;
                }
                ("N3", Bullet)
            }
            Self::N4 => {
                if draft.person.foreign {
                    return false;
                }
                if dice.chance(700) {
                    draft.left.surname = Cow::Borrowed(draft.person.surname.kana);
                } else {
                    draft.left.given = Cow::Borrowed(draft.person.given.kana);
                }
                ("N4", Doubtful)
            }
            Self::N5 => {
                let own = draft.person.surname;
                let other = loop {
                    let s = TABLES.surname(dice, SurnameNeed::Any);
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
                let family = dice.pick(&TABLES.family);
                let given = dice.pick(&TABLES.latin_given[draft.person.sex]);
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
                ("N7", Doubtful)
            }
            Self::N7Middle => {
                let middle = dice.pick(&TABLES.middle);
                draft.right.given = Cow::Owned(format!("{}_{}", draft.right.given, middle.letters));
                ("N7", Doubtful)
            }
            Self::N7Cut => {
                let keep = draft.left.given.find('_').unwrap_or(draft.left.given.len()).min(3);
                if keep >= draft.left.given.len() || !draft.person.foreign {
                    return false;
                }
                draft.left.given.to_mut().truncate(keep);
                ("N7", Doubtful)
            }
            Self::N8Ke => {
                let Some(surname) = swapped(&draft.left.surname, |c| (c == 'ヶ').then_some('ケ')) else {
                    return false;
                };
                draft.left.surname = Cow::Owned(surname);
                ("N8", Notation)
            }
            Self::N8Repeat => {
                let surname = repeated(&draft.left.surname);
                if surname == draft.left.surname {
                    return false;
                }
                draft.left.surname = Cow::Owned(surname);
                ("N8", Doubtful)
            }
            Self::N8No => {
                let Some(surname) = swapped(&draft.left.surname, |c| (c == 'ノ').then_some('之')) else {
                    return false;
                };
                draft.left.surname = Cow::Owned(surname);
                ("N8", Doubtful)
            }
            Self::Nx => {
                let own = draft.person.given;
                let other = loop {
                    let generation = dice.index(3);
                    let g = TABLES.given(dice, draft.person.sex, generation, GivenNeed::Any);
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

/// Writes 々 out.
fn repeated(text: &str) -> String {
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

/// Puts `blot` in the place of one kanji of the name, mostly on the insurer's side.
fn blotted(draft: &mut Draft, blot: char, dice: &mut Dice) -> bool {
    let side = if dice.chance(850) { &mut draft.left } else { &mut draft.right };
    let part = if dice.chance(500) { &mut side.surname } else { &mut side.given };
    let part = if part.chars().any(is_kanji) { part } else { &mut side.surname };
    let count = part.chars().filter(|&c| is_kanji(c)).count();
    if count == 0 {
        return false;
    }
    let nth = dice.index(count);
    let Some((at, c)) = part.char_indices().filter(|&(_, c)| is_kanji(c)).nth(nth) else { return false };
    let end = at + c.len_utf8();
    part.to_mut().replace_range(at..end, blot.encode_utf8(&mut [0; 4]));
    true
}
