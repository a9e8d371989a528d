//! Kanji numerals.

/// Returns whether a character is a kanji numeral.
pub(crate) fn is_kanji_digit(c: char) -> bool {
    matches!(
        c,
        '〇' | '零'
            | '一'
            | '二'
            | '三'
            | '四'
            | '五'
            | '六'
            | '七'
            | '八'
            | '九'
            | '十'
            | '百'
            | '千'
            | '壱'
            | '弐'
            | '参'
            | '拾'
    )
}

fn digit(c: char) -> Option<u64> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '壱' => 1,
        '二' | '弐' => 2,
        '三' | '参' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// Reads a number in kanji numerals, positional (二〇一) or with 十百千; `None` when it is not written as a number.
pub(crate) fn kanji_number(digits: impl Iterator<Item = char> + Clone) -> Option<u64> {
    let count = digits.clone().count();
    if count == 0 || count > 8 {
        return None;
    }
    if digits.clone().all(|c| digit(c).is_some()) {
        return Some(digits.filter_map(digit).fold(0, |n, d| n * 10 + d));
    }
    let (mut total, mut current, mut last) = (0u64, None, u64::MAX);
    for c in digits {
        if let Some(d) = digit(c) {
            if current.is_some() || d == 0 {
                return None;
            }
            current = Some(d);
            continue;
        }
        let unit = match c {
            '十' | '拾' => 10,
            '百' => 100,
            '千' => 1000,
            _ => return None,
        };
        // 一十 is not a way to write 10: 与一十番地 is 与一 and 十番地.
        if unit >= last || (c == '十' && current == Some(1)) {
            return None;
        }
        last = unit;
        total += current.take().unwrap_or(1) * unit;
    }
    Some(total + current.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_numerals() {
        for (text, number) in [
            ("一", Some(1)),
            ("十", Some(10)),
            ("二十三", Some(23)),
            ("二三", Some(23)),
            ("千九十七", Some(1097)),
            ("二千七百六十七", Some(2767)),
            ("八百六", Some(806)),
            ("二〇一", Some(201)),
            ("十十", None),
            ("一十一", None),
            ("二百一十", None),
            ("一千百十", Some(1110)),
            ("壱拾", Some(10)),
            ("十百", None),
            ("二三十", None),
            ("", None),
        ] {
            assert_eq!(kanji_number(text.chars()), number, "{text}");
        }
    }
}
