//! Variations of カナ氏名 (RULES §5, K1–K6).

use std::borrow::Cow;

use super::super::draft::Draft;
use super::super::person::Kana;
use super::super::random::Random;
use super::super::tables::TABLES;
use super::super::truth::Distance::{Different, Notation, Uncertain};
use super::super::truth::Field;
use super::super::variants;
use super::{Change, replace_first};

impl Change {
    pub(super) fn apply_kana(self, draft: &mut Draft, random: &mut Random) -> bool {
        let left = &mut draft.left;
        let (code, distance) = match self {
            Self::K1 => {
                left.kana = if random.chance(800) { Kana::Half } else { Kana::Hiragana };
                left.kana_gap = " ";
                ("K1", Notation)
            }
            Self::K2 => {
                let large = variants::enlarged(&left.kana_given);
                if large == left.kana_given {
                    return false;
                }
                left.kana_given = Cow::Owned(large);
                ("K2", Notation)
            }
            Self::K3Ji => {
                let Some(kana) = replace_first(&left.kana_given, |c| match c {
                    'ジ' => Some('ヂ'),
                    'ズ' => Some('ヅ'),
                    _ => None,
                }) else {
                    return false;
                };
                left.kana_given = Cow::Owned(kana);
                ("K3", Notation)
            }
            Self::K3Bar => {
                let dash = *random.pick(&['－', '‐']);
                let change = |kana: &str| replace_first(kana, |c| (c == 'ー').then_some(dash));
                if let Some(kana) = change(&left.kana_surname) {
                    left.kana_surname = Cow::Owned(kana);
                } else if let Some(kana) = change(&left.kana_given) {
                    left.kana_given = Cow::Owned(kana);
                } else {
                    return false;
                }
                ("K3", Notation)
            }
            Self::K3Vu => {
                let plain = |kana: &str| {
                    kana.replace("ヴァ", "バ")
                        .replace("ヴィ", "ビ")
                        .replace("ヴェ", "ベ")
                        .replace("ヴォ", "ボ")
                        .replace('ヴ', "ブ")
                };
                let (surname, given) = (plain(&left.kana_surname), plain(&left.kana_given));
                if surname == left.kana_surname && given == left.kana_given {
                    return false;
                }
                left.kana_surname = Cow::Owned(surname);
                left.kana_given = Cow::Owned(given);
                ("K3", Uncertain)
            }
            Self::K3Wo => {
                let Some(kana) = replace_first(&left.kana_given, |c| (c == 'オ').then_some('ヲ')) else {
                    return false;
                };
                left.kana_given = Cow::Owned(kana);
                ("K3", Uncertain)
            }
            Self::K4Bar | Self::K4Short => {
                let Some(at) = variants::long_vowel(&left.kana_given) else { return false };
                let end = at + 'ウ'.len_utf8();
                let by = if self == Self::K4Bar { "ー" } else { "" };
                left.kana_given.to_mut().replace_range(at..end, by);
                ("K4", if self == Self::K4Bar { Notation } else { Different })
            }
            Self::K4Oo => {
                let Some(rest) = left.kana_surname.strip_prefix("オオ") else { return false };
                left.kana_surname = Cow::Owned(format!("オウ{rest}"));
                ("K4", Uncertain)
            }
            Self::K5 => {
                let own = draft.person.surname;
                let voiced = TABLES.surnames.iter().find(|s| s.kanji == own.text && s.kana == own.kana);
                let Some(voiced) = voiced.and_then(|s| s.voiced) else { return false };
                left.kana_surname = Cow::Borrowed(voiced);
                ("K5", Uncertain)
            }
            Self::K6 => {
                let own = draft.person.given;
                let mut list = TABLES.given[draft.person.sex].iter();
                let other = list.find(|g| g.kanji == own.text && g.kana == own.kana).and_then(|g| g.other);
                let Some(other) = other else { return false };
                left.kana_given = Cow::Borrowed(other);
                ("K6", Different)
            }
            Self::KMissing => {
                draft.right.kana_surname = Cow::Borrowed("");
                draft.right.kana_given = Cow::Borrowed("");
                ("KM", Different)
            }
            _ => return false,
        };
        draft.differ(Field::Kana, code, distance);
        true
    }
}
