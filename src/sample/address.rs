//! Addresses and their notations.

use super::random::Random;
use super::tables::{Municipality, Numbering, Surname, Town};
use super::variants;

/// Names of buildings.
const BUILDINGS: [&str; 24] = [
    "コーポ松風",
    "メゾンさくら",
    "ハイツみどり",
    "サンハイム若葉",
    "グリーンコート",
    "レジデンス本町",
    "パークサイド富士見",
    "ひばり荘",
    "第二青葉荘",
    "シャトー桜台",
    "ヴィラ中央",
    "エスポワール東",
    "フラワーハイツ",
    "コスモ南",
    "ロイヤルパレス",
    "プレステージ緑",
    "サニーコート",
    "アーバン西口",
    "ドミール朝日",
    "すみれアパート",
    "フォレスト北",
    "カーサ・デ・ソル",
    "ライラックマンション",
    "ベルメゾン川端",
];
/// Names of estates with several 棟.
const ESTATES: [&str; 5] = ["県営松風住宅", "市営若葉団地", "みどり団地", "県営富士見団地", "さくら台住宅"];

/// A residential address.
#[derive(Clone, Copy, Debug)]
pub(super) struct Address {
    pub(super) municipality: &'static Municipality,
    pub(super) town: &'static Town,
    /// 丁目, 0 without.
    pub(super) chome: u16,
    /// 番 or 番地.
    pub(super) ban: u16,
    /// 号 or branch number, 0 without.
    pub(super) go: u16,
    pub(super) building: Option<&'static str>,
    /// 棟, 0 without.
    pub(super) wing: u16,
    /// Room, 0 without.
    pub(super) room: u16,
    /// 方書: surname of the host household.
    pub(super) care_of: Option<&'static str>,
}

/// Notation of the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `３丁目１２番５号`, the notation of the register.
    Formal,
    /// `3丁目12番5号`.
    FormalHalf,
    /// `3-12-5`.
    Hyphen,
    /// `３－１２－５`.
    WideHyphen,
    /// `三丁目１２番５号`.
    KanjiChome,
}

/// Notation of an address: the form of the numbers, and which parts are written.
#[derive(Clone, Debug)]
pub(super) struct AddressStyle {
    pub(super) form: Form,
    pub(super) prefecture: bool,
    pub(super) county: bool,
    pub(super) prefix: bool,
    pub(super) building: bool,
    pub(super) wing: bool,
    pub(super) room: bool,
    /// Another spelling of the town, or one with a placeholder.
    pub(super) town: Option<String>,
}

impl AddressStyle {
    /// Every part, as in the register.
    pub(super) const fn full(form: Form) -> Self {
        Self { form, prefecture: true, county: true, prefix: true, building: true, wing: true, room: true, town: None }
    }
}

impl Address {
    /// Returns a random address in a municipality, in a town that `suits`, or in any if none does.
    pub(super) fn random(
        random: &mut Random,
        municipality: &'static Municipality,
        suits: impl Fn(&Town) -> bool,
    ) -> Self {
        let fitting = municipality.towns.iter().filter(|t| suits(t)).count();
        let town = match fitting {
            0 => random.pick(&municipality.towns),
            n => {
                let nth = random.index(n);
                municipality.towns.iter().filter(|t| suits(t)).nth(nth).unwrap_or(&municipality.towns[0])
            }
        };
        let (chome, ban, go) = match town.numbering {
            Numbering::Blocks(count) => (random.between(1, count.into()), random.between(1, 38), random.between(1, 30)),
            Numbering::Lots(count) => (
                random.between(1, count.into()),
                random.between(1, 900),
                if random.chance(750) { random.between(1, 30) } else { 0 },
            ),
            Numbering::Land => (0, random.between(2, 3200), if random.chance(700) { random.between(1, 38) } else { 0 }),
        };
        let mut address = Self {
            municipality,
            town,
            chome: chome as u16,
            ban: ban as u16,
            go: go as u16,
            building: None,
            wing: 0,
            room: 0,
            care_of: None,
        };
        if random.chance(300) {
            address = address.with_building(random);
        }
        address
    }

    /// Returns the address with a random building and room.
    pub(super) fn with_building(mut self, random: &mut Random) -> Self {
        if random.chance(150) {
            self.building = Some(*random.pick(&ESTATES));
            self.wing = random.between(1, 12) as u16;
        } else {
            self.building = Some(*random.pick(&BUILDINGS));
            self.wing = 0;
        }
        self.room = (random.between(1, 9) * 100 + random.between(1, 12)) as u16;
        self
    }

    /// Returns the address without a building.
    pub(super) fn without_building(self) -> Self {
        Self { building: None, wing: 0, room: 0, ..self }
    }

    /// Returns the address with a 方書.
    pub(super) fn lodging_with(self, surname: &Surname) -> Self {
        Self { care_of: Some(surname.kanji), ..self }
    }

    /// Formats the address.
    pub(super) fn write(&self, how: &AddressStyle) -> String {
        let mut out = String::with_capacity(96);
        if how.prefecture {
            out.push_str(self.municipality.prefecture);
        }
        if how.county {
            out.push_str(self.municipality.county);
        }
        out.push_str(self.municipality.name);
        if how.prefix {
            out.push_str(self.town.prefix);
        }
        out.push_str(how.town.as_deref().unwrap_or(self.town.name));
        self.write_numbers(&mut out, how.form);
        self.write_building(&mut out, how);
        out
    }

    fn write_numbers(&self, out: &mut String, form: Form) {
        let blocks = matches!(self.town.numbering, Numbering::Blocks(_));
        match form {
            Form::Hyphen | Form::WideHyphen => {
                let wide = form == Form::WideHyphen;
                let mut first = true;
                for number in [self.chome, self.ban, self.go] {
                    if number > 0 {
                        if !first {
                            out.push(if wide { '－' } else { '-' });
                        }
                        first = false;
                        push_number(out, number, wide);
                    }
                }
            }
            Form::Formal | Form::FormalHalf | Form::KanjiChome => {
                let wide = form != Form::FormalHalf;
                if self.chome > 0 {
                    if form == Form::KanjiChome {
                        push_kanji(out, self.chome);
                    } else {
                        push_number(out, self.chome, wide);
                    }
                    out.push_str("丁目");
                }
                push_number(out, self.ban, wide);
                out.push_str(if blocks { "番" } else { "番地" });
                if self.go > 0 {
                    push_number(out, self.go, wide);
                    if blocks {
                        out.push('号');
                    }
                }
            }
        }
    }

    fn write_building(&self, out: &mut String, how: &AddressStyle) {
        let half = how.form == Form::Hyphen;
        let wide = !matches!(how.form, Form::Hyphen | Form::FormalHalf);
        let gap = if half { ' ' } else { '\u{3000}' };
        let building = self.building.filter(|_| how.building);
        let wing = if how.wing { self.wing } else { 0 };
        let room = if how.room { self.room } else { 0 };
        if let Some(name) = building {
            out.push(gap);
            out.push_str(name);
        }
        if wing > 0 {
            if building.is_none() {
                out.push(gap);
            }
            push_number(out, wing, wide);
            out.push_str("号棟");
        }
        if room > 0 {
            if half || (building.is_none() && wing == 0) {
                out.push(gap);
            }
            push_number(out, room, wide);
            if !half {
                out.push('号');
            }
        }
        if let Some(host) = self.care_of {
            out.push(gap);
            out.push_str(host);
            out.push('方');
        }
    }
}

fn push_number(out: &mut String, number: u16, wide: bool) {
    let mut digits = [0_u8; 5];
    let mut rest = number;
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    for digit in &digits[at..] {
        let c = char::from(b'0' + digit);
        out.push(if wide { variants::wide(c) } else { c });
    }
}

fn push_kanji(out: &mut String, number: u16) {
    const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let (tens, ones) = (usize::from(number / 10 % 10), usize::from(number % 10));
    if tens > 1 {
        out.push(DIGITS[tens]);
    }
    if tens > 0 {
        out.push('十');
    }
    if ones > 0 {
        out.push(DIGITS[ones]);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tables::TABLES;
    use super::*;

    fn example() -> Address {
        let municipality = TABLES.municipalities.iter().find(|p| p.name == "大磯町").unwrap();
        let town = municipality.towns.iter().find(|t| t.name == "高麗").unwrap();
        Address {
            municipality,
            town,
            chome: 3,
            ban: 12,
            go: 5,
            building: Some("コーポ松風"),
            wing: 0,
            room: 203,
            care_of: None,
        }
    }

    #[test]
    fn forms_of_one_address() {
        let a = example();
        let write = |form| a.write(&AddressStyle::full(form));
        assert_eq!(write(Form::Formal), "神奈川県中郡大磯町高麗３丁目１２番５号　コーポ松風２０３号");
        assert_eq!(write(Form::FormalHalf), "神奈川県中郡大磯町高麗3丁目12番5号　コーポ松風203号");
        assert_eq!(write(Form::Hyphen), "神奈川県中郡大磯町高麗3-12-5 コーポ松風 203");
        assert_eq!(write(Form::WideHyphen), "神奈川県中郡大磯町高麗３－１２－５　コーポ松風２０３号");
        assert_eq!(write(Form::KanjiChome), "神奈川県中郡大磯町高麗三丁目１２番５号　コーポ松風２０３号");
    }

    #[test]
    fn a_room_never_touches_the_number_before_it() {
        let mut how = AddressStyle::full(Form::Hyphen);
        how.building = false;
        assert_eq!(example().write(&how), "神奈川県中郡大磯町高麗3-12-5 203");
        how.form = Form::Formal;
        how.prefecture = false;
        how.county = false;
        assert_eq!(example().write(&how), "大磯町高麗３丁目１２番５号　２０３号");
    }
}
