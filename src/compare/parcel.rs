//! Reading an address: 町名, the chain of numbers, and what follows it (RULES §5 A1–A3).
//!
//! Digits are never regrouped: a chain is a list of numbers with the boundaries they were written with. Kanji numerals count as
//! numbers only where a counter (丁目, 番地, 条, …) or the chain says so; 三田, 六本木 and 八丁堀 stay text.

use super::numeral::{is_kanji_digit, kanji_number};
use super::tail::{is_bracket, tail};
use super::unit::{Unit, is_kanji, is_katakana};

/// What a number of the chain was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// 丁目
    Chome,
    /// 番, 番地
    Ban,
    /// 号
    Go,
    /// 号室
    Room,
    /// 番丁
    Bancho,
    /// 字, as in 8字
    Aza,
}

/// Whether kanji numerals may be something else than the number they give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// Figures, or numerals with 十, 百 or 千.
    No,
    /// The name of a 小字 (壱), or a 一 that stands for a hyphen (一一三), unless a counter follows.
    Unnamed,
    /// The name of a 小字 even so: 壱壱壱.
    Always,
}

/// One number, its boundaries kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number {
    pub(crate) value: u64,
    /// Leading zeros it was written with.
    pub(crate) zeros: usize,
    pub(crate) kind: Option<Kind>,
    pub(crate) doubt: Doubt,
    /// Bytes in the original.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// 大字, 小字 or 字 that was dropped from a 町名.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Section {
    /// Its first character: 大, 小 or 字.
    pub(crate) first: char,
    /// How many units of the 町名 stand before it.
    pub(crate) at: usize,
    /// Bytes in the original.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// An address after its 市区町村.
#[derive(Debug, Default)]
pub(crate) struct Parcel {
    /// 町名, inner numbers as digits, 大字 and 字 dropped.
    pub(crate) town: Vec<Unit>,
    /// What was dropped from the 町名.
    pub(crate) dropped: Vec<Section>,
    /// 丁目, 番地, 号 and so on.
    pub(crate) numbers: Vec<Number>,
    /// Bytes of the chain in the original.
    pub(crate) chain: (usize, usize),
    /// A letter behind the last number that tells one lot from the next: 10番地イ, 10-A, 5番地乙.
    pub(crate) lot: Vec<Unit>,
    /// A name that follows 丁目 where a building could stand: 7丁目北町.
    pub(crate) quarter: Vec<Unit>,
    /// 棟 and building name.
    pub(crate) building: Vec<Unit>,
    /// 階.
    pub(crate) floor: Option<Number>,
    /// True when the floor is below ground: 地下1階, B1F.
    pub(crate) basement: bool,
    /// 部屋番号.
    pub(crate) rooms: Vec<Number>,
    /// True when the room stands right behind the building, without a space: コーポＡ１０１.
    pub(crate) attached: bool,
    /// 方書: the name before 方.
    pub(crate) care_of: Vec<Unit>,
}

impl Parcel {
    /// Tells whether a room, a floor or a 方書 is written.
    pub(crate) fn is_located(&self) -> bool {
        !self.rooms.is_empty() || self.floor.is_some() || !self.care_of.is_empty()
    }
}

/// Marks digits of a town that may have been written as kanji numerals.
pub(crate) const NUMERAL: u16 = 1 << 12;

/// What makes a name out of a number with 番: 一番町, 八番館, 三番割.
const PLACES_AFTER_BAN: &str = "町丁街館棟目組割外通線地室札所場匠屋田原堀堰沢領江条甲乙丙";

/// Reads units from a place on.
pub(super) struct Reader<'a> {
    pub(super) units: &'a [Unit],
}

impl Reader<'_> {
    fn at(&self, i: usize) -> Option<char> {
        self.units.get(i).map(|u| u.c)
    }

    /// Tells whether nothing, or a space, stands before `i`.
    pub(super) fn edge(&self, i: usize) -> bool {
        self.units.get(i).is_none_or(|u| u.spaced)
    }

    pub(super) fn word(&self, i: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(k, c)| self.at(i + k) == Some(c) && (k == 0 || !self.edge(i + k)))
    }

    /// The end of a run of Latin digits at `i`.
    fn digits(&self, i: usize) -> usize {
        let mut end = i;
        while self.at(end).is_some_and(|c| c.is_ascii_digit()) && (end == i || !self.edge(end)) {
            end += 1;
        }
        end
    }

    /// The end of a run of kanji numerals at `i`.
    fn kanji_digits(&self, i: usize) -> usize {
        let mut end = i;
        while self.units.get(end).is_some_and(|u| is_kanji_digit(u.plain)) && (end == i || !self.edge(end)) {
            end += 1;
        }
        end
    }

    pub(super) fn number(&self, i: usize, end: usize) -> Option<Number> {
        let run = &self.units[i..end];
        let (first, last) = (run.first()?, run.last()?);
        let value = if first.c.is_ascii_digit() {
            if run.len() > 15 {
                return None;
            }
            run.iter().fold(0, |n, u| n * 10 + u64::from(u.c.to_digit(10).unwrap_or(0)))
        } else {
            kanji_number(run.iter().map(|u| u.plain))?
        };
        let nought = |u: &&Unit| u.c == '0' || matches!(u.plain, '〇' | '零');
        let zeros = run.iter().take(run.len() - 1).take_while(nought).count();
        let named = run.iter().any(|u| matches!(u.plain, '壱' | '弐' | '参' | '拾'));
        let hyphen = matches!(run, [_, inner @ .., _] if inner.iter().any(|u| u.plain == '一'));
        let positional = !run.iter().any(|u| matches!(u.plain, '十' | '百' | '千' | '拾'));
        let doubt = match (named, hyphen && positional) {
            (true, _) if positional && run.len() > 1 => Doubt::Always,
            (false, false) => Doubt::No,
            _ => Doubt::Unnamed,
        };
        Some(Number { value, zeros, kind: None, doubt, start: first.start as usize, end: last.end as usize })
    }

    /// A number that continues a chain at `i`.
    fn next_number(&self, i: usize) -> Option<(Number, usize)> {
        let end = self.digits(i);
        if end > i {
            return self.number(i, end).map(|n| (n, end));
        }
        let end = self.kanji_digits(i);
        // A building name without a space behind 番地の十四: ＡＢＣビル, but not 八ケ岳.
        let name =
            |c: char| c.is_ascii_alphabetic() || (is_katakana(c) && !matches!(c, 'ケ' | 'ツ' | 'ノ' | 'カ' | 'ー'));
        let before_name = !self.edge(i) && self.at(end).is_some_and(name);
        let closed = self.edge(end) || self.counter(end).is_some() || matches!(self.at(end), Some('-' | 'ノ'));
        if end == i || !(closed || before_name) {
            return None;
        }
        self.number(i, end).map(|n| (n, end))
    }

    /// A number that begins a chain at `i`.
    fn first_number(&self, i: usize) -> Option<(Number, usize)> {
        let end = self.digits(i);
        if end > i {
            return self.number(i, end).map(|n| (n, end));
        }
        let end = self.kanji_digits(i);
        if end == i {
            return None;
        }
        let strong = ["丁目", "番地", "条", "線", "号線", "番丁", "番町", "番通", "号地", "地割", "街区", "ノ通"]
            .iter()
            .any(|w| self.word(end, w));
        let strong = strong || (self.at(end) == Some('丁') && self.counter(end).is_some());
        let strong = strong || (self.at(end) == Some('号') && !self.word(end, "号室") && self.counter(end).is_some());
        let strong = strong || (self.at(end) == Some('区') && self.digits_or_kanji(end + 1) > end + 1);
        let strong = strong || (self.at(end) == Some('番') && self.lot(i, end));
        let strong = strong || (self.at(end) == Some('-') && self.digits_or_kanji(end + 1) > end + 1);
        let strong = strong || (self.at(end) == Some('ノ') && !self.edge(end) && self.joined(end + 1));
        if strong { self.number(i, end).map(|n| (n, end)) } else { None }
    }

    /// Tells whether kanji numerals at `i`, behind a numeral and の, are the next number of a chain: 一の二の三, but not 一の宮 or 一の12.
    fn joined(&self, i: usize) -> bool {
        let end = self.kanji_digits(i);
        let closed = self.edge(end) || self.counter(end).is_some() || matches!(self.at(end), Some('-' | 'ノ'));
        end > i && !self.edge(i) && closed
    }

    /// Tells whether the 号 of 住居表示 stands at `i`, behind a 番 and a space: 2番 3号, but not 2番 301号 or 2番地 3号.
    fn spaced_go(&self, i: usize) -> bool {
        let end = self.digits_or_kanji(i);
        self.at(i - 1) == Some('番')
            && self.at(end) == Some('号')
            && matches!(self.counter(end), Some((Kind::Go, _)))
            && self.number(i, end).is_some_and(|number| number.value < 100)
    }

    /// Tells whether a number at `i`, perhaps behind 第, counts 地割.
    fn allotment(&self, i: usize) -> bool {
        let start = if self.at(i) == Some('第') { i + 1 } else { i };
        let end = self.digits_or_kanji(start);
        end > start && self.word(end, "地割")
    }

    /// Tells whether the kanji numerals from `i` to `end`, with 番 behind them, are a number and not part of a name: 麻布十番 and 六番 are
    /// names, 千二百番 and 五番の二 are numbers.
    fn lot(&self, i: usize, end: usize) -> bool {
        let after = end + 1;
        let next = self.digits_or_kanji(after);
        if self.counter(end).is_none() || (next > after && self.at(next) == Some('丁')) {
            return false;
        }
        let numbered = next > after && !self.edge(after);
        let last = |end: usize| self.edge(end) || self.at(end) == Some('号');
        end - i > 1
            || matches!(self.at(i), Some('百' | '千'))
            || (numbered && self.at(next) == Some('号'))
            || (numbered && self.kanji_digits(after) == next && last(next))
            || (self.at(after) == Some('ノ') && self.digits_or_kanji(after + 1) > after + 1)
            || (next == after && !matches!(self.at(after), Some('-' | 'ノ')))
            || (self.edge(after) && self.next_number(after).is_none())
    }

    fn digits_or_kanji(&self, i: usize) -> usize {
        self.digits(i).max(self.kanji_digits(i))
    }

    /// A counter at `i`: what it says and where it ends.
    fn counter(&self, i: usize) -> Option<(Kind, usize)> {
        if self.edge(i) {
            return None;
        }
        let closes = |end: usize| {
            self.edge(end)
                || self.digits_or_kanji(end) > end
                || (matches!(self.at(end), Some('-' | 'ノ')) && self.digits_or_kanji(end + 1) > end + 1)
                || self.at(end).is_some_and(is_bracket)
        };
        if self.at(i) == Some('字') && self.edge(i + 1) {
            return Some((Kind::Aza, i + 1));
        }
        if self.word(i, "丁目") {
            return Some((Kind::Chome, i + 2));
        }
        if self.word(i, "番丁") && closes(i + 2) {
            return Some((Kind::Bancho, i + 2));
        }
        if self.at(i) == Some('丁') && closes(i + 1) {
            return Some((Kind::Chome, i + 1));
        }
        if self.word(i, "番地") {
            return Some((Kind::Ban, i + 2));
        }
        // 番 before a building name without a space: ２５６７番メゾン桜, but not 八番館 or 一番町.
        let name =
            |c: char| is_katakana(c) || c.is_ascii_alphabetic() || (is_kanji(c) && !PLACES_AFTER_BAN.contains(c));
        if self.at(i) == Some('番') && (closes(i + 1) || self.at(i + 1).is_some_and(name)) {
            return Some((Kind::Ban, i + 1));
        }
        if self.word(i, "号室") {
            return Some((Kind::Room, i + 2));
        }
        if self.at(i) == Some('号') && !matches!(self.at(i + 1), Some('棟' | '館' | '線' | '車' | '地')) {
            return Some((Kind::Go, i + 1));
        }
        None
    }

    /// Reads a chain that begins at `i`: its numbers and its end.
    fn chain(&self, i: usize) -> Option<(Vec<Number>, usize)> {
        let (first, mut end) = self.first_number(i)?;
        let mut numbers = vec![first];
        loop {
            let mut next = end;
            let mut spaces = false;
            let mut joined = false;
            if let Some((kind, after)) = self.counter(end) {
                if let Some(last) = numbers.last_mut() {
                    last.kind = Some(kind);
                }
                next = after;
                end = after;
                spaces = matches!(kind, Kind::Chome | Kind::Bancho) || self.spaced_go(after);
                joined = matches!(kind, Kind::Chome | Kind::Bancho | Kind::Ban);
                if kind == Kind::Room {
                    break;
                }
            }
            if self.at(next) == Some('-') {
                while self.at(next) == Some('-') {
                    next += 1;
                }
                spaces = true;
                joined = true;
            } else if self.at(next) == Some('ノ') && !self.edge(next) {
                next += 1;
                spaces = false;
                joined = true;
            }
            if !joined || (self.edge(next) && !spaces) {
                break;
            }
            if self.allotment(next) {
                break;
            }
            let Some((number, after)) = self.next_number(next) else { break };
            // A number that counts buildings or floors belongs to what follows.
            let floor = matches!(self.at(after), Some('階' | '棟' | 'F'))
                || self.word(after, "号棟")
                || self.word(after, "号館");
            if floor && !self.edge(after) {
                break;
            }
            numbers.push(number);
            end = after;
        }
        Some((numbers, end))
    }

    /// Tells whether a single number, ending at `end`, belongs to the 町名: 北24条西6丁目, 3番町, 上る2丁目下天神町.
    fn inner(&self, end: usize) -> bool {
        if self.edge(end) {
            return false;
        }
        let starts =
            ["条", "線", "号線", "番町", "番丁", "番通", "号地", "地割", "街区", "町内", "ノ通", "ノ町", "ノ丁"]
                .iter()
                .any(|w| self.word(end, w));
        if starts && self.counter(end).is_none() {
            return true;
        }
        let kind = self.counter(end);
        if kind.is_some_and(|(kind, after)| kind == Kind::Go && self.next_number(after).is_some() && !self.edge(after))
        {
            return true;
        }
        if kind.is_some_and(|(kind, _)| kind == Kind::Ban) {
            return false;
        }
        if kind.is_some_and(|(kind, after)| kind == Kind::Chome && self.allotment(after)) {
            return true;
        }
        let mut at = end;
        while at < self.units.len()
            && !self.edge(at)
            && self.digits(at) == at
            && !(at > end && self.first_number(at).is_some())
        {
            at += 1;
        }
        if self.units[end..at].iter().any(|u| is_katakana(u.c) && !matches!(u.c, 'ケ' | 'ツ' | 'ノ' | 'ル' | 'リ'))
        {
            return false;
        }
        let place = match self.units[end..at].iter().map(|u| u.c).collect::<Vec<_>>().as_slice() {
            [.., '上' | '下', 'ル'] | [.., '通', 'リ' | 'り'] | ['丁', '目', '上' | '下'] => true,
            [.., last] => "町村字東西南北条線通区割甲乙丙丁入".contains(*last),
            [] => false,
        };
        let district = at == end + 1 && self.at(end) == Some('区');
        place && (district || !self.edge(at)) && kind.is_none_or(|(_, after)| after < at)
    }
}

/// Reads the part of an address after its 市区町村.
pub(crate) fn parcel(units: &[Unit]) -> Parcel {
    let reader = Reader { units };
    let mut parcel = Parcel { town: Vec::with_capacity(units.len().min(16)), ..Parcel::default() };
    let mut i = 0;
    while i < units.len() {
        if let Some((number, end)) = reader.first_number(i) {
            let Some((numbers, after)) = reader.chain(i) else { break };
            if numbers.len() == 1 && reader.inner(end) {
                push_digits(&mut parcel.town, &number, units[i].spaced);
                i = end;
                continue;
            }
            parcel.chain = (number.start, units[after - 1].end as usize);
            parcel.numbers = numbers;
            tail(&mut parcel, &units[after..]);
            // 201号室 is a room wherever it stands.
            if let [_, .., last] = parcel.numbers.as_slice()
                && last.kind == Some(Kind::Room)
            {
                parcel.chain.1 = last.start;
                parcel.rooms.insert(0, *last);
                parcel.numbers.pop();
            }
            break;
        }
        let run = reader.digits(i);
        if run > i {
            parcel.town.extend_from_slice(&units[i..run]);
            i = run;
            continue;
        }
        if let Some(skip) = section(&reader, i) {
            parcel.dropped.push(Section {
                first: units[i].c,
                at: parcel.town.len(),
                start: units[i].start as usize,
                end: units[i + skip - 1].end as usize,
            });
            i += skip;
            continue;
        }
        // A block with a letter for its number: 上町Ａ番６号.
        let lettered = i > 0 && units[i - 1].c.is_ascii_uppercase();
        if units[i].c == '番' && lettered && !reader.edge(i) && reader.digits(i + 1) > i + 1 {
            i += 1;
            continue;
        }
        // 南郷通1-北22 is 南郷通1丁目北22.
        let numbered = parcel.town.last().is_some_and(|u| u.marks & NUMERAL != 0);
        if units[i].c == '-' && numbered && lot_side(&reader, i + 1) {
            parcel.town.extend("丁目".chars().map(|c| Unit { c, plain: c, marks: NUMERAL, ..units[i] }));
            i += 1;
            continue;
        }
        // A hyphen between 町名 and number says nothing.
        if units[i].c == '-' && i > 0 && reader.digits_or_kanji(i + 1) > i + 1 {
            i += 1;
            continue;
        }
        parcel.town.push(units[i]);
        i += 1;
    }
    parcel
}

/// The length of 大字, 小字 or 字 at `i`, when it is one and not part of a name such as 十文字.
fn section(reader: &Reader<'_>, i: usize) -> Option<usize> {
    let named = |at: usize| reader.at(at).is_some() && reader.digits(at) == at && reader.at(at) != Some('-');
    if (reader.word(i, "大字") || reader.word(i, "小字")) && (i == 0 || named(i + 2)) {
        return Some(2);
    }
    let before = i.checked_sub(1).and_then(|b| reader.at(b));
    let part_of_name = matches!(before, Some('文' | '名' | '苗' | '赤' | '数' | '漢' | '十' | '田'));
    (reader.at(i) == Some('字') && !part_of_name && (i == 0 || named(i + 1))).then_some(1)
}

/// Tells whether 東, 西, 南 or 北 stands at `i`, with a number behind it.
fn lot_side(reader: &Reader<'_>, i: usize) -> bool {
    let side = reader.at(i).is_some_and(|c| "東西南北".contains(c)) && !reader.edge(i);
    side && reader.digits(i + 1) > i + 1 && !reader.edge(i + 1)
}

/// Moves the first number of a chain into the 町名, as a 丁目 that a name follows.
pub(crate) fn first_into_town(parcel: &mut Parcel) {
    let number = parcel.numbers.remove(0);
    push_digits(&mut parcel.town, &number, false);
    let (start, end) = (number.start as u32, number.end as u32);
    let chome = |c| Unit { c, plain: c, start, end, marks: NUMERAL, spaced: false };
    parcel.town.extend("丁目".chars().map(chome));
    parcel.chain.0 = parcel.numbers.first().map_or(parcel.chain.1, |next| next.start);
}

fn push_digits(town: &mut Vec<Unit>, number: &Number, spaced: bool) {
    let digits = format!("{:0>width$}", number.value, width = number.zeros + digits_of(number.value));
    for (at, c) in digits.chars().enumerate() {
        town.push(Unit {
            c,
            plain: c,
            start: number.start as u32,
            end: number.end as u32,
            marks: NUMERAL,
            spaced: spaced && at == 0,
        });
    }
}

fn digits_of(value: u64) -> usize {
    value.checked_ilog10().map_or(1, |n| n as usize + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let line = super::super::address::units(text);
        let p = parcel(&line.units);
        let text = |units: &[Unit]| units.iter().map(|u| u.c).collect::<String>();
        let list = |n: &[Number]| n.iter().map(|n| n.value.to_string()).collect::<Vec<_>>().join("-");
        let floor = p.floor.map(|f| format!("{}F", f.value)).unwrap_or_default();
        format!(
            "{}|{}|{}|{floor}|{}|{}",
            text(&p.town),
            list(&p.numbers),
            text(&p.building),
            list(&p.rooms),
            text(&p.care_of)
        )
    }

    #[test]
    fn reads_chains_and_what_follows() {
        for (text, parts) in [
            ("赤坂1-11 山田ビル2 201", "赤坂|1-11|山田ビル2||201|"),
            ("赤坂1-11 201", "赤坂|1-11|||201|"),
            ("赤坂一丁目２番地２号", "赤坂|1-2-2||||"),
            ("北二十四条西六丁目1-1", "北24条西|6-1-1||||"),
            ("三番町７－２", "3番町|7-2||||"),
            ("三田１－４－１", "三田|1-4-1||||"),
            ("八丁堀2-3", "八丁堀|2-3||||"),
            ("六本木1-6-1 泉ガーデンタワー 908", "六本木|1-6-1|泉ガーデンタワー||908|"),
            ("大字松尾２２４７番地　５０４号", "松尾|2247|||504|"),
            ("十二丁目704", "|12-704||||"),
            ("字富士見55番地", "富士見|55||||"),
            ("後楽1丁目2番7号　小山様方", "後楽|1-2-7||||小山"),
            ("西新宿1-6-1-410", "西新宿|1-6-1-410||||"),
            ("錦3-6-29 サウスハウス4F", "錦|3-6-29|サウスハウス|4F||"),
            ("一丁目四十七番四号", "|1-47-4||||"),
            ("上る2丁目下天神町650-1", "上ル2丁目下天神町|650-1||||"),
            ("東３線北189-3", "東3線北|189-3||||"),
            ("千二百五番", "|1205||||"),
            ("五番の二", "|5-2||||"),
            ("五番 八木方", "|5||||八木"),
            ("五百三番十五 三井ビル", "|503-15|三井ビル|||"),
            ("麻布十番５丁目３", "麻布十番|5-3||||"),
            ("麻布十番五丁目三", "麻布十番|5-3||||"),
            ("麻布十番2-3", "麻布十番|2-3||||"),
            ("六番 12-5", "六番|12-5||||"),
            ("一番町12", "1番町|12||||"),
            ("２５番メゾン桜", "|25|メゾン桜|||"),
            ("１番館５", "|1|番館5|||"),
            ("二番地二十一ＡＢＣビル", "|2-21|ABCビル|||"),
            ("二番地八ケ岳荘", "|2|八ケ岳荘|||"),
            ("12号3番地5", "12号|3-5||||"),
            ("12号二千番五", "12号|2000-5||||"),
            ("五号地3-1", "5号地|3-1||||"),
            ("第三十地割6", "第30地割|6||||"),
            ("１区　8番地2", "1区|8-2||||"),
            ("４ノ町　8番地2", "4ノ町|8-2||||"),
            ("25番地セントラル24　3号室", "|25|セントラル24||3|"),
            ("29レジデンス本町8号", "|29|レジデンス本町||8|"),
            ("1-2-3階", "|1-2||3F||"),
            ("1-2-3号棟101", "|1-2|3号棟||101|"),
            ("大字十文字5", "十文字|5||||"),
            ("新田二十番三丁目5", "新田二十番|3-5||||"),
            ("一丁目上5", "1丁目上|5||||"),
            ("南一番通2-3", "南1番通|2-3||||"),
            ("太田五の通り8", "太田5ノ通り|8||||"),
            ("上町Ａ番６号", "上町A|6||||"),
            ("字8号5番地", "8号|5||||"),
            ("1-2 コーポＢ１Ｆ", "|1-2|コーポ|1F||"),
            ("1-2 団地２の301", "|1-2|団地||2-301|"),
            ("1-2 コーポ101・102", "|1-2|コーポ101・||102|"),
            ("一の二の三", "|1-2-3||||"),
            ("一の宮5", "一ノ宮|5||||"),
            ("一の二12", "一ノ二|12||||"),
            ("市ノ瀬町8字", "市ノ瀬町|8||||"),
            ("東十二丁目第19地割10-54", "東12丁目第19地割|10-54||||"),
            ("東十二丁目19地割10-54", "東12丁目19地割|10-54||||"),
            ("南郷通１－北２２－１", "南郷通1丁目北|22-1||||"),
            ("394-1(小野ビル101号)", "|394-1|小野ビル||101|"),
            ("394番（小野ビル101号）", "|394|小野ビル||101|"),
            ("1-2 ハイツ二〇一", "|1-2|ハイツ||201|"),
            ("1-2 ハイツ一二三", "|1-2|ハイツ一二三|||"),
            ("1-2 ハイツ30-1", "|1-2|ハイツ||30-1|"),
            ("1-2 2F-201", "|1-2||2F|201|"),
            ("1丁目 2番 3号", "|1-2-3||||"),
            ("2番 301号", "|2|||301|"),
            ("1234番地201号室", "|1234|||201|"),
            ("1-2-3 コーポ二 三〇一", "|1-2-3|コーポ二||301|"),
            ("1-2-3 コーポ( 1201)", "|1-2-3|コーポ||1201|"),
            ("1-2-3 山田方201", "|1-2-3|||201|山田"),
            ("1-2-3 山田ビル3F鈴木方", "|1-2-3|山田ビル|3F||鈴木"),
            ("1-2-3 社宅201", "|1-2-3|社宅||201|"),
            ("10番地イ5", "|10|||5|"),
            ("10番地甲子園ハイツ", "|10|甲子園ハイツ|||"),
            ("5-29-11-13F", "|5-29-11||13F||"),
        ] {
            assert_eq!(read(text), parts, "{text}");
        }
    }
}
