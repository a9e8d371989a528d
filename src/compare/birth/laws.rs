//! Properties of dates with a time, an era code or a day number, tested over all days and with random text.

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::{Era, birth_serial, parse_date};
use crate::compare::{FieldKind, Verdict, compare, judge, plainly_same};

const FIRST: Date = date(1873, 1, 1);

fn verdict(left: &str, right: &str) -> Verdict {
    let found = judge(FieldKind::Birth, left, right).verdict;
    assert_eq!(judge(FieldKind::Birth, right, left).verdict, found, "{left} / {right}");
    assert!(found.is_same() || left == right || !plainly_same(FieldKind::Birth, left, right), "{left} / {right}");
    found
}

fn any_day() -> impl Strategy<Value = Date> {
    (0i32..60_000).prop_map(|days| FIRST.checked_add(jiff::Span::new().days(days)).expect("a day"))
}

fn digits(day: Date) -> String {
    day.strftime("%Y%m%d").to_string()
}

/// The codes of an era in both numberings.
const CODES: [(Era, [&str; 2]); 5] = [
    (Era::Meiji, ["1", "1"]),
    (Era::Taisho, ["2", "3"]),
    (Era::Showa, ["3", "5"]),
    (Era::Heisei, ["4", "7"]),
    (Era::Reiwa, ["5", "9"]),
];

/// Every seventh day in every code of its eras is 要確認 with the day, and never the same as any text of another form.
#[test]
fn era_codes_are_always_asked_about() {
    let (mut day, mut asked) = (FIRST, 0);
    while day < date(2040, 1, 1) {
        let common = digits(day);
        for (era, codes) in CODES {
            let year = day.year() - era.offset();
            if year < 1
                || day < date_of(era.first_day())
                || Era::ALL.iter().any(|next| *next > era && day >= date_of(next.first_day()))
            {
                continue;
            }
            for code in codes {
                let rest = &common[4..];
                for text in [format!("{code}{year:02}{rest}"), format!("{code}-{year}-{}-{}", day.month(), day.day())] {
                    assert_eq!(verdict(&text, &common), Verdict::Uncertain, "{text} / {common}");
                    assert!(parse_date(&text).is_none_or(|parsed| parsed.doubtful), "{text}");
                    asked += 1;
                }
            }
        }
        day = day.checked_add(jiff::Span::new().days(7)).expect("a day");
    }
    assert!(asked > 30_000, "{asked}");
}

fn date_of((year, month, day): (i16, u8, u8)) -> Date {
    Date::new(year, month as i8, day as i8).expect("the first day of an era")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever time stands behind a date, the date is never the same as another day, and the same as its own only at midnight.
    #[test]
    fn a_time_never_moves_a_date(
        day in any_day(),
        by in prop::sample::select(&[-30i32, -11, -10, -3, -2, -1, 0, 1, 2, 3, 10, 11, 27, 270][..]),
        form in 0usize..5,
        between in prop::sample::select(&[" ", "T", "\u{3000}", "  ", " 午前", " 午後", "\t"][..]),
        (hour, minute, second) in (0u32..25, prop::sample::select(&[0u32, 0, 0, 30, 59][..]), prop::sample::select(&[0u32, 0, 0, 1][..])),
        clock in 0usize..4,
        behind in prop::sample::select(&["", "", "", ".000", ".001", " AM", " PM", "Z", "+09:00", " +0900", "-05:00", " JST", "x"][..]),
    ) {
        let written = match form {
            0 => digits(day),
            1 => day.strftime("%Y/%-m/%-d").to_string(),
            2 => day.strftime("%Y-%m-%d").to_string(),
            3 => day.strftime("%Y.%m.%d").to_string(),
            _ => day.strftime("%Y年%-m月%-d日").to_string(),
        };
        let time = match clock {
            0 => format!("{hour}:{minute:02}:{second:02}"),
            1 => format!("{hour:02}:{minute:02}"),
            2 => format!("{hour:02}{minute:02}{second:02}"),
            _ => format!("{hour}時{minute}分{second}秒"),
        };
        let text = format!("{written}{between}{time}{behind}");
        let other = day.checked_add(jiff::Span::new().days(by)).expect("a day");
        let found = verdict(&text, &digits(other));
        let is_midnight = minute == 0
            && (second == 0 || clock == 1)
            && (hour == 0 || (hour == 12 && (behind == " AM" || between == " 午前")))
            && matches!(behind, "" | ".000" | " AM")
            && between != " 午後";
        prop_assert!(!found.is_same() || (by == 0 && is_midnight), "{:?} / {}: {}", text, digits(other), found);
        if (2..=300).contains(&by.abs()) && parse_date(&text).is_some() {
            prop_assert_eq!(found, Verdict::Different, "{:?} / {}", text, digits(other));
        }
    }

    /// No text of digits, separators and spaces that has other digits than a date is the same as that date.
    #[test]
    fn other_digits_are_another_date(day in any_day(), text in "[0-9]{1,4}([-/. :T年月日]|[0-9 ]){1,12}") {
        let common = digits(day);
        let found = verdict(&text, &common);
        let read = parse_date(&text).filter(|parsed| !parsed.doubtful).map(|parsed| parsed.date.digits());
        prop_assert_eq!(found.is_same(), read.as_deref() == Some(common.as_str()), "{:?} / {}", text, common);
    }

    /// A day number is no date, and never the same as one.
    #[test]
    fn a_day_number_is_never_read_silently(number in 1_000u32..73_051, common in any::<bool>()) {
        let text = number.to_string();
        let day = birth_serial(&text).expect("a day");
        prop_assert!(parse_date(&text).is_none());
        let found = compare(FieldKind::Birth, &text, &if common { day.digits() } else { format!("{text}.0") });
        prop_assert_eq!(found.verdict, Verdict::Uncertain);
    }
}
