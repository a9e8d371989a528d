//! Tables of equivalent notations: forms of kanji and kana, widths, spellings of town names.
//!
//! They hold only undisputed pairs (or, where stated, uncertain ones): they plant variations and judge nothing.

/// Everyday form and the form a register may hold (新字体 and 旧字体, or a common 異体字).
const FORMAL: [(char, char); 17] = [
    ('高', '髙'),
    ('崎', '﨑'),
    ('沢', '澤'),
    ('浜', '濱'),
    ('広', '廣'),
    ('辺', '邊'),
    ('桜', '櫻'),
    ('国', '國'),
    ('真', '眞'),
    ('徳', '德'),
    ('滝', '瀧'),
    ('関', '關'),
    ('条', '條'),
    ('栄', '榮'),
    ('斉', '齊'),
    ('斎', '齋'),
    ('豊', '豐'),
];

/// Pairs where both forms make surnames of their own (RULES §5, N2: 要確認).
const OWN: [(char, char); 6] = [('斎', '斉'), ('斉', '斎'), ('島', '嶋'), ('嶋', '島'), ('富', '冨'), ('冨', '富')];

/// Returns the register's form of a character.
pub(super) fn formal(c: char) -> Option<char> {
    FORMAL.iter().find(|pair| pair.0 == c).map(|pair| pair.1)
}

/// Returns the other form of a character where both are surnames of their own.
pub(super) fn own(c: char) -> Option<char> {
    OWN.iter().find(|pair| pair.0 == c).map(|pair| pair.1)
}

/// Returns whether registers keep a character with a variation selector.
pub(super) fn takes_selector(c: char) -> bool {
    matches!(c, '葛' | '辻' | '榊')
}

/// Returns the large form of a small kana.
pub(super) fn large(c: char) -> Option<char> {
    match c {
        'ャ' => Some('ヤ'),
        'ュ' => Some('ユ'),
        'ョ' => Some('ヨ'),
        'ッ' => Some('ツ'),
        _ => None,
    }
}

/// Returns the text with every small kana large.
pub(super) fn enlarged(kana: &str) -> String {
    kana.chars().map(|c| large(c).unwrap_or(c)).collect()
}

/// Returns the byte position of a ウ that lengthens the kana before it.
pub(super) fn long_vowel(kana: &str) -> Option<usize> {
    const BEFORE: &str = "ウクスツヌフムユルグズブプュオコソトノホモヨロゴゾドボポョ";
    let mut last = None;
    kana.char_indices().find_map(|(at, c)| {
        let long = c == 'ウ' && last.is_some_and(|l| BEFORE.contains(l));
        last = Some(c);
        long.then_some(at)
    })
}

/// Returns the name with another spelling of its ヶ, が, 沢 … (RULES §5, A4); the first that occurs.
pub(super) fn respelled(town: &str) -> Option<(char, &'static [char])> {
    town.chars().find_map(|c| match c {
        'ヶ' => Some((c, &['ケ', 'が'][..])),
        'ケ' => Some((c, &['ヶ', 'が'][..])),
        'が' => Some((c, &['ヶ', 'ケ'][..])),
        'ノ' => Some((c, &['の', '之'][..])),
        '沢' => Some((c, &['澤'][..])),
        '竜' => Some((c, &['龍'][..])),
        _ => None,
    })
}

/// Full-width katakana in the order of U+FF61–U+FF9F.
const WIDE: &str = "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
const VOICED: &str = "ガギグゲゴザジズゼゾダヂヅデドバビブベボヴ";
const UNVOICED: &str = "カキクケコサシスセソタチツテトハヒフヘホウ";
const HALF_VOICED: &str = "パピプペポ";
const HALF_UNVOICED: &str = "ハヒフヘホ";

/// Appends katakana in half width.
pub(super) fn push_half(out: &mut String, c: char) {
    let pair = |from: &str, to: &str| from.chars().position(|x| x == c).and_then(|i| to.chars().nth(i));
    if let Some(at) = WIDE.chars().position(|x| x == c) {
        // The table has 61 entries, all within the block of half-width forms.
        out.push(char::from_u32(0xFF61 + at as u32).unwrap_or(c));
    } else if let Some(base) = pair(VOICED, UNVOICED) {
        push_half(out, base);
        out.push('ﾞ');
    } else if let Some(base) = pair(HALF_VOICED, HALF_UNVOICED) {
        push_half(out, base);
        out.push('ﾟ');
    } else {
        out.push(c);
    }
}

/// Returns the hiragana of a katakana; other characters stay, ヴ too, whose hiragana CP932 lacks.
pub(super) fn hiragana(c: char) -> char {
    match c {
        'ァ'..='ン' => char::from_u32(u32::from(c) - 0x60).unwrap_or(c),
        _ => c,
    }
}

/// Returns the full-width form of an ASCII character.
pub(super) fn wide(c: char) -> char {
    match c {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_width_kana() {
        let mut out = String::new();
        for c in "ヤマダ　パーヴェルン".chars() {
            push_half(&mut out, c);
        }
        assert_eq!(out, "ﾔﾏﾀﾞ　ﾊﾟｰｳﾞｪﾙﾝ");
    }

    #[test]
    fn long_vowels_are_found_after_their_row_only() {
        assert_eq!(long_vowel("ユウキ"), Some(3));
        assert_eq!(long_vowel("コウジ"), Some(3));
        assert_eq!(long_vowel("ミウ"), None);
        assert_eq!(long_vowel("ウメ"), None);
        assert_eq!(enlarged("シュンイチ"), "シユンイチ");
    }

    #[test]
    fn formal_characters_exist_in_cp932() {
        for (plain, formal) in FORMAL.iter().chain(&OWN) {
            for c in [plain, formal] {
                assert!(!encoding_rs::SHIFT_JIS.encode(&c.to_string()).2, "{c}");
            }
        }
    }
}
