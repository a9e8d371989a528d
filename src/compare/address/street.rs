//! The street address: the part of an address behind its 市区町村.

use super::number::{Counter, Number};
use crate::compare::mark;
use crate::compare::unit::Unit;

/// 大字, 小字 or 字 that was dropped from a 町名.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AzaMarker {
    /// Its first character: 大, 小 or 字.
    pub(crate) first: char,
    /// Number of units of the 町名 before it.
    pub(crate) at: usize,
    /// First byte in the original.
    pub(crate) start: usize,
    /// Byte behind it in the original.
    pub(crate) end: usize,
}

/// Word without meaning that was dropped from a 町名.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DroppedWord {
    /// 第 before the number of a 地割.
    Dai,
    /// の between the letter of a lot and its number.
    No,
}

/// Part of an address behind its 市区町村, parsed.
#[derive(Debug, Default)]
pub(crate) struct StreetAddress {
    /// 町名 with inner numbers as digits, without 大字 and 字.
    pub(crate) town: Vec<Unit>,
    /// 大字, 小字 and 字 that were dropped from the 町名.
    pub(crate) aza_markers: Vec<AzaMarker>,
    /// Bytes of 第 before the number of a 地割 and of の behind a lot letter (ロの1), which were dropped from the 町名.
    pub(crate) dropped: Vec<(DroppedWord, std::ops::Range<usize>)>,
    /// What a lone number without a counter counts.
    pub(crate) bare_number: BareNumber,
    /// Chain of numbers: 丁目, 番地, 号 and branch numbers.
    pub(crate) numbers: Vec<Number>,
    /// Start and end byte of the chain in the original.
    pub(crate) chain: (usize, usize),
    /// Letter behind the last number that tells one lot from the next: 10番地イ, 10-A, 5番地乙.
    pub(crate) lot_letter: Vec<Unit>,
    /// Whether a numeral follows the hyphen or の behind the last number, so that the building may begin with a branch number: 1-2-三桜荘.
    pub(crate) number_behind_joint: bool,
    /// Name behind 丁目 where a building could stand: 7丁目北町.
    pub(crate) quarter: Vec<Unit>,
    /// Building name with its 棟.
    pub(crate) building: Vec<Unit>,
    /// 階.
    pub(crate) floor: Option<Number>,
    /// Whether the floor is below ground: 地下1階, B1F.
    pub(crate) basement: bool,
    /// 部屋番号, in several parts where hyphens divide it.
    pub(crate) rooms: Vec<Number>,
    /// Whether the room follows the building without a space: コーポＡ１０１.
    pub(crate) room_attached: bool,
    /// Whether the number read as the room follows the letter of the lot without a space, so that it may be a branch number: 10番地イ5.
    pub(crate) room_behind_letter: bool,
    /// 方書: the name before 方.
    pub(crate) care_of: Vec<Unit>,
}

impl StreetAddress {
    /// Returns whether a room, a floor or a 方書 is written.
    pub(crate) fn is_located(&self) -> bool {
        !self.rooms.is_empty() || self.floor.is_some() || !self.care_of.is_empty()
    }
}

/// Moves the first number of the chain into the 町名, as a 丁目 with a name behind it.
pub(crate) fn move_first_number_into_town(street: &mut StreetAddress) {
    let number = street.numbers.remove(0);
    push_digits(&mut street.town, &number, false);
    let (start, end) = (number.start as u32, number.end as u32);
    let chome = |c| Unit { c, plain: c, start, end, marks: mark::NUMERAL, spaced: false };
    street.town.extend("丁目".chars().map(chome));
    street.chain.0 = street.numbers.first().map_or(street.chain.1, |next| next.start);
}

/// Appends a number to a 町名 as digits.
pub(super) fn push_digits(town: &mut Vec<Unit>, number: &Number, spaced: bool) {
    let digits = format!("{:0>width$}", number.value, width = number.zeros + digit_count(number.value));
    for (at, c) in digits.chars().enumerate() {
        town.push(Unit {
            c,
            plain: c,
            start: number.start as u32,
            end: number.end as u32,
            marks: mark::NUMERAL,
            spaced: spaced && at == 0,
        });
    }
}

fn digit_count(value: u64) -> usize {
    value.checked_ilog10().map_or(1, |n| n as usize + 1)
}

/// What a lone number without a counter counts, by the 町名 before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum BareNumber {
    /// The 番地, as everywhere else.
    #[default]
    Lot,
    /// The 丁目: behind a 条 of Hokkaido nothing else can stand (北5条西4, 5条通4).
    Chome,
    /// The 番地, or the 号 behind a block with a letter for its 番 (上町A番6号).
    LotOrGo,
}

impl BareNumber {
    /// Returns what a bare number behind a 町名 counts. `jo_has_chome` says that the 条 of the 市区町村 are divided into 丁目.
    pub(super) fn behind(town: &[Unit], jo_has_chome: bool) -> Self {
        let sides = town.iter().rev().take_while(|u| matches!(u.c, '東' | '西' | '南' | '北')).count();
        let is_jo = |town: &[Unit]| matches!(town, [.., digit, jo] if jo.c == '条' && digit.c.is_ascii_digit());
        let behind_jo = is_jo(&town[..town.len() - sides])
            || matches!(town, [before @ .., street] if street.c == '通' && is_jo(before));
        match town.last() {
            _ if behind_jo && jo_has_chome => Self::Chome,
            Some(last) if last.c.is_ascii_uppercase() => Self::LotOrGo,
            _ => Self::Lot,
        }
    }

    /// Returns whether two counters of a lone number, of which one may be missing, cannot mean two different things.
    pub(super) fn agree(self, left: Option<Counter>, right: Option<Counter>) -> bool {
        match (left, right) {
            (Some(one), None) | (None, Some(one)) => match self {
                Self::Lot => one == Counter::Ban,
                Self::Chome => one == Counter::Chome,
                Self::LotOrGo => matches!(one, Counter::Ban | Counter::Go),
            },
            // Two counters that are written conflict or are the same.
            _ => true,
        }
    }
}
