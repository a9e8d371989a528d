//! Whether a newer row under a known 整理番号 speaks of the person of its record, or of another one.
//!
//! Newer files are matched by 整理番号 (RULES §7). Another insurer's file, or one whose numbers have shifted, holds other
//! people under the same 整理番号: taken for an update, a decision about one person would stand for another one, the worst
//! fault there is (RULES §1). What a person is known by are the registered (加入者) name, the registered 生年月日 and the
//! 個人番号; each of them may be corrected, but not all at once. The J-LIS side says nothing about who was registered: it
//! follows the 個人番号.
//!
//! | 個人番号 | name | 生年月日 | | meaning |
//! |---|---|---|---|---|
//! | kept, or not to be told | same, or different in kanji or kana alone | any | same | a corrected spelling, reading or date |
//! | kept, or not to be told | different | same | same | marriage, 氏の変更, 通称 |
//! | kept, or not to be told | different | different | **another** | nothing of the registered person is left |
//! | new | same | same | corrected | a wrong number was corrected (RULES §4, 訂正) |
//! | new | different, even in kanji or kana alone | any | **another** | homophones and twins have other numbers |
//! | new | same | different | **another** | two people of one name |
//! | that of another record's person | same | same | **another** | numbers have shifted or a household is mixed up |
//! | that of another record's person, and J-LIS now answers with this person | same | same | corrected | a mix-up was undone |
//!
//! "Same" leaves notation and doubt aside (一致, 表記ゆれ, 要確認): only 相違 makes another name or day, and what is blank on
//! one side cannot be told.

use super::record::Cells;
use crate::compare::{FieldKind, Verdict, judge};

/// How the registered name of a row differs from that of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// 漢字氏名 and カナ氏名 agree but for notation, or cannot be told.
    Same,
    /// One of them is another, one agrees.
    Partly,
    /// Whatever can be compared of them is another.
    Other,
}

/// How the 個人番号 of a row differs from that of its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// The same.
    Kept,
    /// Not to be told: missing, unreadable, or masked with the same digits left.
    Unknown,
    /// Another one.
    New,
}

/// Who held the new 個人番号 before, or holds it in the same file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// No other record, or another record of the same person.
    Nobody,
    /// A record of another person.
    Another,
}

/// Who a row speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// The person of the record.
    Same,
    /// The person of the record with a corrected 個人番号.
    Corrected,
    /// Perhaps another person (別人の疑い).
    Another(Why),
}

/// What speaks for another person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Name and 生年月日 are others.
    Person,
    /// The 個人番号 and with it the name or the 生年月日 are others.
    NumberAndPerson,
    /// The 個人番号 is that of another record's person.
    Number,
}

impl Why {
    /// The reason in Japanese, without personal data.
    pub fn words(self) -> &'static str {
        match self {
            Self::Person => "同じ整理番号の記録と、氏名も生年月日も違います",
            Self::NumberAndPerson => "同じ整理番号の記録と、個人番号のほかに氏名か生年月日が違います",
            Self::Number => "個人番号が、別の記録の人の番号に変わっています",
        }
    }
}

/// What is different between a record and a newer row under its 整理番号.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The registered name.
    pub name: Name,
    /// Whether the registered 生年月日 is another.
    pub birth_differs: bool,
    /// The 個人番号.
    pub number: Number,
    /// Whether J-LIS now answers with the registered person and did not before.
    pub register_follows: bool,
}

impl Change {
    /// Compares the row of a record with a newer one.
    pub fn between(before: &impl Cells, now: &impl Cells) -> Self {
        let number = match (before.my_number(), now.my_number()) {
            (Some(old), Some(new)) => match old.agrees(&new) {
                Some(true) => Number::Kept,
                Some(false) => Number::New,
                None => Number::Unknown,
            },
            _ => Number::Unknown,
        };
        let register_follows = number == Number::New && {
            let agrees = name(|field| (now.left(field), now.right(field))) == Name::Same
                && !birth_differs(now.left(FieldKind::Birth), now.right(FieldKind::Birth))
                && !now.right(FieldKind::Birth).trim().is_empty();
            let moved = name(|field| (before.right(field), now.right(field))) != Name::Same
                || birth_differs(before.right(FieldKind::Birth), now.right(FieldKind::Birth));
            agrees && moved
        };
        Self {
            name: name(|field| (before.left(field), now.left(field))),
            birth_differs: birth_differs(before.left(FieldKind::Birth), now.left(FieldKind::Birth)),
            number,
            register_follows,
        }
    }

    /// Who the newer row speaks of: the table of this module.
    pub fn person(self, holder: Holder) -> Person {
        let Self { name, birth_differs, number, register_follows } = self;
        match (number, name, birth_differs) {
            (Number::Kept | Number::Unknown, Name::Other, true) => Person::Another(Why::Person),
            (Number::Kept | Number::Unknown, _, _) => Person::Same,
            (Number::New, Name::Partly | Name::Other, _) | (Number::New, _, true) => {
                Person::Another(Why::NumberAndPerson)
            }
            (Number::New, Name::Same, false) if holder == Holder::Another && !register_follows => {
                Person::Another(Why::Number)
            }
            (Number::New, Name::Same, false) => Person::Corrected,
        }
    }

    /// Whether [`Change::person`] must know who held the new 個人番号.
    pub fn asks_for_holder(self) -> bool {
        self.person(Holder::Nobody) != self.person(Holder::Another)
    }
}

/// Whether two rows are registered for different people, as far as name and 生年月日 tell.
pub fn is_other_person(one: &impl Cells, other: &impl Cells) -> bool {
    name(|field| (one.left(field), other.left(field))) == Name::Other
        || birth_differs(one.left(FieldKind::Birth), other.left(FieldKind::Birth))
}

/// Compares names that a function gives by field.
fn name<'a>(sides: impl Fn(FieldKind) -> (&'a str, &'a str)) -> Name {
    let verdicts = [FieldKind::Kanji, FieldKind::Kana].map(|field| {
        let (one, other) = sides(field);
        verdict(field, one, other)
    });
    let different = verdicts.iter().filter(|&&verdict| verdict == Verdict::Different).count();
    let told = verdicts.iter().filter(|&&verdict| verdict != Verdict::Missing).count();
    match different {
        0 => Name::Same,
        n if n == told => Name::Other,
        _ => Name::Partly,
    }
}

fn birth_differs(one: &str, other: &str) -> bool {
    verdict(FieldKind::Birth, one, other) == Verdict::Different
}

fn verdict(field: FieldKind, one: &str, other: &str) -> Verdict {
    // Most fields of a changed row are as they were.
    if one == other { Verdict::Same } else { judge(field, one, other).verdict }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::record::Column;

    const NAMES: [Name; 3] = [Name::Same, Name::Partly, Name::Other];
    const NUMBERS: [Number; 3] = [Number::Kept, Number::Unknown, Number::New];

    /// Every row of the table, written out: number, name, whether the birth date differs, holder, register, result.
    #[test]
    fn the_table_is_the_rule() {
        use Person::{Another, Corrected, Same};
        let mut seen = 0;
        for number in NUMBERS {
            for name in NAMES {
                for birth_differs in [false, true] {
                    for holder in [Holder::Nobody, Holder::Another] {
                        for register_follows in [false, true] {
                            let expected = match (number, name, birth_differs, holder, register_follows) {
                                (Number::Kept, Name::Same, false, _, _) => Same,
                                (Number::Kept, Name::Same, true, _, _) => Same,
                                (Number::Kept, Name::Partly, false, _, _) => Same,
                                (Number::Kept, Name::Partly, true, _, _) => Same,
                                (Number::Kept, Name::Other, false, _, _) => Same,
                                (Number::Kept, Name::Other, true, _, _) => Another(Why::Person),
                                (Number::Unknown, Name::Same, false, _, _) => Same,
                                (Number::Unknown, Name::Same, true, _, _) => Same,
                                (Number::Unknown, Name::Partly, false, _, _) => Same,
                                (Number::Unknown, Name::Partly, true, _, _) => Same,
                                (Number::Unknown, Name::Other, false, _, _) => Same,
                                (Number::Unknown, Name::Other, true, _, _) => Another(Why::Person),
                                (Number::New, Name::Same, false, Holder::Nobody, _) => Corrected,
                                (Number::New, Name::Same, false, Holder::Another, true) => Corrected,
                                (Number::New, Name::Same, false, Holder::Another, false) => Another(Why::Number),
                                (Number::New, Name::Same, true, _, _) => Another(Why::NumberAndPerson),
                                (Number::New, Name::Partly, false, _, _) => Another(Why::NumberAndPerson),
                                (Number::New, Name::Partly, true, _, _) => Another(Why::NumberAndPerson),
                                (Number::New, Name::Other, false, _, _) => Another(Why::NumberAndPerson),
                                (Number::New, Name::Other, true, _, _) => Another(Why::NumberAndPerson),
                            };
                            let change = Change { name, birth_differs, number, register_follows };
                            assert_eq!(change.person(holder), expected, "{change:?} {holder:?}");
                            let asks = number == Number::New
                                && (name, birth_differs, register_follows) == (Name::Same, false, false);
                            assert_eq!(change.asks_for_holder(), asks, "{change:?}");
                            seen += 1;
                        }
                    }
                }
            }
        }
        assert_eq!(seen, 3 * 3 * 2 * 2 * 2);
    }

    const COLUMNS: [Column; 7] = [
        Column::Left(FieldKind::Kanji),
        Column::Left(FieldKind::Kana),
        Column::Left(FieldKind::Birth),
        Column::MyNumber,
        Column::Right(FieldKind::Kanji),
        Column::Right(FieldKind::Kana),
        Column::Right(FieldKind::Birth),
    ];

    fn row(texts: [&'static str; 7]) -> [&'static str; Column::COUNT] {
        let mut cells = [""; Column::COUNT];
        COLUMNS.into_iter().zip(texts).for_each(|(column, text)| cells[column.index()] = text);
        cells
    }

    const HANAKO: [&str; 7] =
        ["佐藤　花子", "サトウ　ハナコ", "19850203", "000012345674", "佐藤　花子", "サトウ　ハナコ", "19850203"];

    /// The record of [`HANAKO`] with some of its texts replaced.
    fn with(texts: &[(usize, &'static str)]) -> [&'static str; Column::COUNT] {
        let mut all = HANAKO;
        texts.iter().for_each(|&(at, text)| all[at] = text);
        row(all)
    }

    fn person(texts: &[(usize, &'static str)], holder: Holder) -> Person {
        Change::between(&row(HANAKO), &with(texts)).person(holder)
    }

    #[test]
    fn what_corrections_look_like() {
        let another = Person::Another;
        for (what, texts, alone, taken) in [
            ("nothing", &[][..], Person::Same, Person::Same),
            ("notation", &[(0, "佐藤 花子"), (1, "ｻﾄｳ ﾊﾅｺ"), (2, "昭和60年2月3日")], Person::Same, Person::Same),
            ("one character lost", &[(0, "佐●　花子")], Person::Same, Person::Same),
            ("married", &[(0, "鈴木　花子"), (1, "スズキ　ハナコ")], Person::Same, Person::Same),
            ("date corrected", &[(2, "19850230")], Person::Same, Person::Same),
            ("reading corrected, date too", &[(1, "サトウ　カコ"), (2, "19850204")], Person::Same, Person::Same),
            ("name blank", &[(0, ""), (1, ""), (2, "19900101")], Person::Same, Person::Same),
            ("number blank", &[(3, "")], Person::Same, Person::Same),
            ("number masked", &[(3, "********5674")], Person::Same, Person::Same),
            ("number corrected", &[(3, "000012345682")], Person::Corrected, another(Why::Number)),
            (
                "somebody else",
                &[(0, "高橋　健"), (1, "タカハシ　ケン"), (2, "19701111"), (3, "000099998888")],
                another(Why::NumberAndPerson),
                another(Why::NumberAndPerson),
            ),
            (
                "somebody else without a number",
                &[(0, "高橋　健"), (1, "タカハシ　ケン"), (2, "19701111"), (3, "")],
                another(Why::Person),
                another(Why::Person),
            ),
            (
                "a twin",
                &[(0, "佐藤　桃子"), (1, "サトウ　モモコ"), (3, "000012345682")],
                another(Why::NumberAndPerson),
                another(Why::NumberAndPerson),
            ),
            (
                "a homophone",
                &[(0, "佐藤　英子"), (3, "000012345682")],
                another(Why::NumberAndPerson),
                another(Why::NumberAndPerson),
            ),
        ] {
            assert_eq!(person(texts, Holder::Nobody), alone, "{what}");
            assert_eq!(person(texts, Holder::Another), taken, "{what}");
        }
    }

    /// Two numbers of a household were mixed up: J-LIS answered with the brother, and answers with her now.
    #[test]
    fn a_mix_up_that_is_undone_is_a_correction() {
        let brother = [(3, "000012345682"), (4, "佐藤　一郎"), (5, "サトウ　イチロウ"), (6, "19800101")];
        let change = Change::between(&with(&brother), &row(HANAKO));
        assert_eq!(change.person(Holder::Another), Person::Corrected);
        // The other way round the numbers get mixed up.
        let change = Change::between(&row(HANAKO), &with(&brother));
        assert_eq!(change.person(Holder::Another), Person::Another(Why::Number));
        // A number that moves alone moves no answer.
        let change = Change::between(&row(HANAKO), &with(&[(3, "000012345682")]));
        assert!(!change.register_follows && change.person(Holder::Another) == Person::Another(Why::Number));
    }

    #[test]
    fn another_person_has_another_name_or_day() {
        assert!(!is_other_person(&row(HANAKO), &with(&[(0, "佐藤 花子"), (3, "000012345682")])));
        assert!(is_other_person(&row(HANAKO), &with(&[(0, "高橋　健"), (1, "タカハシ　ケン")])));
        assert!(is_other_person(&row(HANAKO), &with(&[(2, "19701111")])));
    }
}
