//! 郵便番号 in front of an address. It is a part of its own, never a number of the chain.

use crate::compare::char_class::is_kanji;
use crate::compare::unit::Unit;

/// Returns the number of units of the postal code at the start: 〒106-0044, 〒1060044, or 106-0044 before a place name. 0 without one.
///
/// Without 〒, three and four digits may be a lot with its branch number, so a space or a place name must follow.
pub(super) fn len(units: &[Unit]) -> usize {
    let open = usize::from(units.first().is_some_and(|u| u.c == '('));
    let marked = units.get(open).is_some_and(|u| matches!(u.c, '〒' | '〠'));
    let start = open + usize::from(marked);
    let digits = |from: usize| {
        let run = units.get(from..).unwrap_or_default();
        run.iter().enumerate().take_while(|(at, u)| u.c.is_ascii_digit() && (*at == 0 || !u.spaced)).count()
    };
    let bar = |at: usize| units.get(at).is_some_and(|u| u.c == '-');
    let end = match digits(start) {
        7 => start + 7,
        3 if bar(start + 3) && digits(start + 4) == 4 => start + 8,
        _ => return 0,
    };
    let close = open > 0 && units.get(end).is_some_and(|u| u.c == ')');
    let place = units.get(end).is_some_and(|u| u.spaced || is_kanji(u.c) && !"番丁号条線区".contains(u.c));
    if marked || close || place { end + usize::from(close) } else { 0 }
}

/// Returns the digits of a postal code.
pub(super) fn digits(units: &[Unit]) -> impl Iterator<Item = char> + '_ {
    units.iter().map(|u| u.c).filter(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_postal_codes_and_no_lots() {
        for (text, code) in [
            ("〒106-0044東京都港区", "1060044"),
            ("〒 106－0044 東京都港区", "1060044"),
            ("〒１０６００４４東京都港区", "1060044"),
            ("〒106-0044", "1060044"),
            ("(〒106-0044)東京都港区", "1060044"),
            ("106-0044 東京都港区", "1060044"),
            ("9500000 新潟県", "9500000"),
            ("950-0000新潟県", "9500000"),
            ("950-0000", ""),
            ("950-0000番地", ""),
            ("950-00001 新潟県", ""),
            ("95-0000 新潟県", ""),
            ("新潟県950-0000", ""),
            ("", ""),
            ("〒", ""),
        ] {
            let line = crate::compare::address::fold::units(text);
            let len = len(&line.units);
            assert_eq!(digits(&line.units[..len]).collect::<String>(), code, "{text}");
        }
    }
}
