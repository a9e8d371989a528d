//! Relations between single kana: hiragana and katakana, small and large, vowels, sound marks.

use super::char_class::is_hiragana;

/// Returns a hiragana or its iteration mark as katakana, and any other character unchanged.
pub(crate) fn katakana(c: char) -> char {
    if is_hiragana(c) || matches!(c, 'ゝ' | 'ゞ') { char::from_u32(c as u32 + 0x60).unwrap_or(c) } else { c }
}

/// Returns the large form of a small kana.
pub(crate) fn large(c: char) -> Option<char> {
    match c {
        // The code of most is one below that of their large form.
        'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' => char::from_u32(c as u32 + 1),
        'ヵ' => Some('カ'),
        'ヶ' => Some('ケ'),
        _ => None,
    }
}

/// Returns the vowel of a kana as its column in the kana table: アイウエオ = 0…4.
pub(crate) fn vowel(c: char) -> Option<usize> {
    match c {
        'ア' | 'カ' | 'サ' | 'タ' | 'ナ' | 'ハ' | 'マ' | 'ヤ' | 'ラ' | 'ワ' | 'ガ' | 'ザ' | 'ダ' | 'バ' | 'パ' => {
            Some(0)
        }
        'イ' | 'キ' | 'シ' | 'チ' | 'ニ' | 'ヒ' | 'ミ' | 'リ' | 'ギ' | 'ジ' | 'ビ' | 'ピ' | 'ヰ' => {
            Some(1)
        }
        'ウ' | 'ク' | 'ス' | 'ツ' | 'ヌ' | 'フ' | 'ム' | 'ユ' | 'ル' | 'グ' | 'ズ' | 'ブ' | 'プ' | 'ヴ' => {
            Some(2)
        }
        'エ' | 'ケ' | 'セ' | 'テ' | 'ネ' | 'ヘ' | 'メ' | 'レ' | 'ゲ' | 'ゼ' | 'デ' | 'ベ' | 'ペ' | 'ヱ' => {
            Some(3)
        }
        'オ' | 'コ' | 'ソ' | 'ト' | 'ノ' | 'ホ' | 'モ' | 'ヨ' | 'ロ' | 'ヲ' | 'ゴ' | 'ゾ' | 'ド' | 'ボ' | 'ポ' => {
            Some(4)
        }
        _ => None,
    }
}

/// Returns a kana without its sound mark.
pub(crate) fn unvoiced(c: char) -> char {
    let before = match c {
        // The code of voiced kana is one above that of the plain ones, of half-voiced kana two.
        'ガ' | 'ギ' | 'グ' | 'ゲ' | 'ゴ' | 'ザ' | 'ジ' | 'ズ' | 'ゼ' | 'ゾ' | 'ダ' | 'デ' | 'ド' | 'バ' | 'ビ'
        | 'ブ' | 'ベ' | 'ボ' | 'ヂ' | 'ヅ' => 1,
        'パ' | 'ピ' | 'プ' | 'ペ' | 'ポ' => 2,
        _ => 0,
    };
    char::from_u32(c as u32 - before).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_small_kana_has_its_large_form() {
        for (small, expect) in "ァィゥェォッャュョヮヵヶ".chars().zip("アイウエオツヤユヨワカケ".chars())
        {
            assert_eq!(large(small), Some(expect));
        }
        assert_eq!(('ア'..='ヺ').filter(|c| large(*c).is_some()).count(), 11);
    }
}
