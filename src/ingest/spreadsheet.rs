//! Recognises what a spreadsheet does to a file that was opened and saved in it (tried with LibreOffice, Japanese locale): `0001` → `1`,
//! `1-2-3` → `2001-02-03`, `1-2` → `1月2日`, `2021/07/16` → `7月16日`, long numbers → `1.23E+11`.

use crate::domain::insurer::insurer_number_ok;
use crate::domain::person::MyNumber;
use crate::domain::record::Column;

/// Code of a 個人番号 that has lost its leading zeros.
pub(super) const NUMBER_ZEROS: &str = "my-number-zeros";

/// Code of a 保険者番号 that has lost its leading zeros.
pub(super) const INSURER_ZEROS: &str = "zeros-lost";

/// Whether a text is a date as a spreadsheet shows it; none of what stands in an input file as a date is meant, only cells
/// that hold none (記号, 番号, 住所).
pub(super) fn is_date(text: &str) -> bool {
    fn number(text: &str, most: u32) -> bool {
        text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit()) && (1..=most).contains(&text.parse().unwrap_or(0))
    }
    fn year(text: &str) -> bool {
        // Numbers of four digits are common in 記号 and 番号; a spreadsheet makes only years of our time of them.
        text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit()) && ("1900"..="2100").contains(&text)
    }
    // Nearly every cell ends here: digits alone, a short 記号, an address.
    if !(5..=17).contains(&text.len()) || text.bytes().all(|b| b.is_ascii_digit()) {
        return false;
    }
    let text = text.trim();
    if let Some(text) = text.strip_suffix('日') {
        let text = text.split_once('年').filter(|(before, _)| year(before)).map_or(text, |(_, rest)| rest);
        return text.split_once('月').is_some_and(|(month, day)| number(month, 12) && number(day, 31));
    }
    if text.starts_with(|c: char| c.is_ascii_digit())
        && let Some(sign @ (b'-' | b'/')) = text.as_bytes().get(4)
    {
        let (before, rest) = text.split_at(4);
        return year(before)
            && rest[1..].split_once(char::from(*sign)).is_some_and(|(m, d)| number(m, 12) && number(d, 31));
    }
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Some((first, second)) = text.split_once([' ', '-']) else { return false };
    MONTHS.contains(&first) && number(second, 31) || MONTHS.contains(&second) && number(first, 31)
}

/// Whether a key cell is a date: what stood there is lost. A 整理番号 may be written like a full date.
pub(super) fn is_date_in_key(column: Column, text: &str) -> bool {
    is_date(text) && (column != Column::Id || !text.starts_with(|c: char| c.is_ascii_digit()) || text.contains('月'))
}

/// Whether an address is nothing but a date: a 番地 alone that was taken for one.
pub(super) fn is_date_for_address(text: &str) -> bool {
    text.len() <= 17 && is_date(text)
}

/// Whether a 個人番号 has lost leading zeros: with them it has twelve digits and the right check digit.
pub(super) fn is_number_without_zeros(text: &str) -> bool {
    let text = text.trim();
    text.len() < 12
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.bytes().next().is_some_and(|first| first != b'0')
        && MyNumber::parse(&format!("{text:0>12}")).is_some_and(|number| number.check_digit_ok() == Some(true))
}

/// Whether a 保険者番号 has lost its leading zero: with it, the check digit is right.
pub(super) fn is_insurer_without_zero(text: &str) -> bool {
    let text = text.trim();
    matches!(text.len(), 5 | 7) && insurer_number_ok(&format!("0{text}")) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_spreadsheets_show_them() {
        for date in
            ["2001-02-03", "2001/2/3", "1月2日", "12月31日", "2001年2月3日", "Jan 13", "13-Jan", "Oct-08", " 3月4日 "]
        {
            assert!(is_date(date) && is_date_in_key(Column::Number, date), "{date}");
        }
        for none in [
            "",
            "20010203",
            "1-2-3",
            "2-5",
            "2001-13-03",
            "0月1日",
            "1月32日",
            "1月",
            "茅",
            "建１０",
            "一月二日",
            "123-45-6",
            "2001",
            "May",
            "May 0",
            "Mayor-1",
            "2001-02",
            "1024-1-2",
            "0012/3/4",
            "平成1年1月1日",
            "1丁目2番",
        ] {
            assert!(!is_date(none), "{none}");
        }
        assert!(!is_date_in_key(Column::Id, "2023-10-01") && is_date_in_key(Column::Id, "1月2日"));
    }

    #[test]
    fn zeros_that_are_lost() {
        assert!(is_number_without_zeros("12345674") && is_number_without_zeros(" 12345674"));
        for none in ["12345675", "000012345674", "0012345674", "", "1234567A", "123456789018"] {
            assert!(!is_number_without_zeros(none), "{none}");
        }
        assert!(is_insurer_without_zero("6429914") == (insurer_number_ok("06429914") == Some(true)));
        assert!(!is_insurer_without_zero("169854") && !is_insurer_without_zero(""));
        let lost = (10_000..100_000).map(|n: u32| n.to_string()).find(|text| is_insurer_without_zero(text)).unwrap();
        assert_eq!(insurer_number_ok(&format!("0{lost}")), Some(true));
    }
}
