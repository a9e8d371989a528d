//! Comparison of a reading in kana with Latin letters. The result is only a remark for the person who decides: the verdict stays 要確認.

use super::kana_chars::vowel;
use super::unit::UnitLine;

/// Consonants of the kana rows, in the common spelling of both sides.
const ROWS: [(&str, &str); 15] = [
    ("アイウエオ", ""),
    ("カキクケコ", "K"),
    ("サシスセソ", "S"),
    ("タチツテト", "T"),
    ("ナニヌネノ", "N"),
    ("ハヒフヘホ", "H"),
    ("マミムメモ", "M"),
    ("ヤユヨ", "Y"),
    ("ラリルレロ", "R"),
    ("ワヲ", "W"),
    ("ガギグゲゴ", "G"),
    ("ザジズゼゾ", "Z"),
    ("ダデド", "D"),
    ("バビブベボ", "B"),
    ("パピプペポ", "P"),
];

/// Returns whether a folded reading and a folded name in Latin letters sound alike, in 訓令式 or ヘボン式, with or without long vowels, the
/// words in either order.
pub(crate) fn fits(kana: &UnitLine, latin: &UnitLine) -> bool {
    let words = |line: &UnitLine, spell: fn(&str) -> String| -> Vec<String> {
        let mut words = vec![String::new()];
        for unit in &line.units {
            if unit.spaced {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut().filter(|_| unit.c.is_alphanumeric() || unit.c == 'ー') {
                word.push(unit.c);
            }
        }
        words.iter().map(|word| spell(word)).collect()
    };
    let (mut k, mut l) = (words(kana, from_kana), words(latin, from_latin));
    if k.len() != l.len() {
        return k.concat() == l.concat();
    }
    k.sort_unstable();
    l.sort_unstable();
    k == l
}

/// Returns the common spelling of a reading. Small kana are folded to large ones, so シヨウ may be SHO or SHIYO: the shorter is used.
fn from_kana(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    for c in word.chars() {
        let (Some(column), Some((_, consonant))) = (vowel(c), ROWS.iter().find(|(row, _)| row.contains(c))) else {
            if c == 'ン' {
                out.push('N');
            }
            continue;
        };
        if *consonant == "Y" && out.ends_with('I') {
            out.pop();
        }
        out.push_str(consonant);
        out.push(['A', 'I', 'U', 'E', 'O'][column]);
    }
    without_optional_letters(&out)
}

/// Returns the common spelling of Latin letters.
fn from_latin(word: &str) -> String {
    let mut out = word.to_owned();
    for (from, to) in [
        ("SH", "SY"),
        ("TCH", "TY"),
        ("CH", "TY"),
        ("TSU", "TU"),
        ("J", "ZY"),
        ("F", "H"),
        ("YY", "Y"),
        ("DU", "ZU"),
        ("DI", "ZI"),
        ("SYI", "SI"),
        ("TYI", "TI"),
        ("ZYI", "ZI"),
        ("MB", "NB"),
        ("MP", "NP"),
        ("MM", "NM"),
        ("IYU", "YU"),
        ("IYO", "YO"),
        ("IYA", "YA"),
    ] {
        out = out.replace(from, to);
    }
    without_optional_letters(&out)
}

/// Removes what is written optionally: long vowels, the H of OH, double consonants, the small ツ.
fn without_optional_letters(letters: &str) -> String {
    let mut out = String::with_capacity(letters.len());
    let letters = letters.replace("TUT", "TT").replace("TUK", "KK").replace("TUS", "SS").replace("TUP", "PP");
    let chars: Vec<char> = letters.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let (before, next) = (out.chars().last(), chars.get(at + 1));
        let vowel = |c: char| "AIUEO".contains(c);
        let long = *c == 'U' && matches!(before, Some('O' | 'U'));
        let h = *c == 'H' && matches!(before, Some('O' | 'U')) && next.is_none_or(|n| !vowel(*n));
        if before == Some(*c) || long || h {
            continue;
        }
        out.push(*c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::kana::units;

    #[test]
    fn spells_names() {
        for (kana, latin, fit) in [
            ("サトウ　ショウタ", "SATO SHOTA", true),
            ("サトウ　シヨウタ", "SATOH SHOUTA", true),
            ("サトウ　ショウタ", "SHOTA SATO", true),
            ("フジイ　ジュンコ", "FUJII JUNKO", true),
            ("フジイ　ジュンコ", "HUZII ZYUNKO", true),
            ("チバ　ツネオ", "CHIBA TSUNEO", true),
            ("ホンマ　ユウキ", "HOMMA YUKI", true),
            ("ハットリ　ケン", "HATTORI KEN", true),
            ("オオタ　ケン", "OTA KEN", true),
            ("サトウ　ショウタ", "SATO SHUTA", false),
            ("サトウ　ショウタ", "KATO SHOTA", false),
            ("チバ　ツネオ", "CHIBA TSUNEKO", false),
        ] {
            assert_eq!(fits(&units(kana), &units(latin)), fit, "{kana} {latin}");
        }
    }
}
