//! Parsing of the part of an address behind its 市区町村: 町名, the chain of numbers, and what follows it.

use super::number::Counter;
use super::premises::read_premises;
use super::reader::UnitReader;
use super::street::{AzaMarker, DroppedWord, StreetAddress, push_digits};
use super::words::{LOT_KANJI, is_joining_katakana};
use crate::compare::char_class::{is_hiragana, is_katakana};
use crate::compare::mark;
use crate::compare::unit::Unit;

/// Parses the part of an address behind its 市区町村.
pub(crate) fn parse_street(units: &[Unit]) -> StreetAddress {
    let reader = UnitReader { units };
    let mut street = StreetAddress { town: Vec::with_capacity(units.len().min(16)), ..StreetAddress::default() };
    let mut i = 0;
    let mut behind_dropped = false;
    while i < units.len() {
        // What a dropped word parted stays parted: 町5第3地割 is not 町53地割.
        let parted = units[i].spaced || std::mem::take(&mut behind_dropped);
        if let Some((number, end)) = reader.first_number(i) {
            let Some((numbers, after)) = reader.chain(i) else { break };
            if numbers.len() == 1 && reader.belongs_to_town(end) {
                push_digits(&mut street.town, &number, parted);
                i = end;
                continue;
            }
            street.chain = (number.start, units[after - 1].end as usize);
            street.numbers = numbers;
            read_premises(&mut street, &units[after..]);
            // 201号室 is a room wherever it stands.
            if let [_, .., last] = street.numbers.as_slice()
                && last.counter == Some(Counter::Room)
            {
                street.chain.1 = last.start;
                street.rooms.insert(0, *last);
                street.numbers.pop();
            }
            break;
        }
        let run = reader.digits_end(i);
        if run > i {
            street.town.extend_from_slice(&units[i..run]);
            i = run;
            continue;
        }
        if let Some(word) = dropped_word(&reader, i) {
            street.dropped.push((word, units[i].range()));
            behind_dropped = true;
            i += 1;
            continue;
        }
        if let Some(skip) = aza_marker_len(&reader, i) {
            street.aza_markers.push(AzaMarker {
                first: units[i].c,
                at: street.town.len(),
                start: units[i].start as usize,
                end: units[i + skip - 1].end as usize,
            });
            i += skip;
            continue;
        }
        // A block with a letter for its number: 上町Ａ番６号.
        let lettered = i > 0 && units[i - 1].c.is_ascii_uppercase();
        if units[i].c == '番' && lettered && !reader.is_boundary(i) && reader.digits_end(i + 1) > i + 1 {
            i += 1;
            continue;
        }
        // 南郷通1-北22 is 南郷通1丁目北22.
        let numbered = street.town.last().is_some_and(|u| u.marks & mark::NUMERAL != 0);
        if units[i].c == '-' && numbered && is_side_with_number(&reader, i + 1) {
            street.town.extend("丁目".chars().map(|c| Unit { c, plain: c, marks: mark::NUMERAL, ..units[i] }));
            i += 1;
            continue;
        }
        // A hyphen between 町名 and number has no meaning.
        if units[i].c == '-' && i > 0 && reader.numerals_end(i + 1) > i + 1 {
            i += 1;
            continue;
        }
        street.town.push(units[i]);
        i += 1;
    }
    street
}

/// Returns the number of units of 大字, 小字 or 字 at `i`; `None` when it is part of a name such as 十文字.
fn aza_marker_len(reader: &UnitReader<'_>, i: usize) -> Option<usize> {
    let named = |at: usize| reader.at(at).is_some() && reader.digits_end(at) == at && reader.at(at) != Some('-');
    if (reader.word(i, "大字") || reader.word(i, "小字")) && (i == 0 || named(i + 2)) {
        return Some(2);
    }
    let before = i.checked_sub(1).and_then(|b| reader.at(b));
    let part_of_name = matches!(before, Some('文' | '名' | '苗' | '赤' | '数' | '漢' | '十' | '田'));
    (reader.at(i) == Some('字') && !part_of_name && (i == 0 || named(i + 1))).then_some(1)
}

/// Returns the word without meaning at `i`: 第 before the number of a 地割, or の between the letter of a lot and its number.
fn dropped_word(reader: &UnitReader<'_>, i: usize) -> Option<DroppedWord> {
    match reader.at(i)? {
        '第' if reader.is_chiwari_number(i) => Some(DroppedWord::Dai),
        'ノ' if i > 0 && !reader.is_boundary(i) && !reader.is_boundary(i + 1) => {
            let is_kana = |c: Option<char>| c.is_some_and(|c| is_katakana(c) || is_hiragana(c));
            let letter =
                reader.at(i - 1).filter(|c| is_katakana(*c) && !is_joining_katakana(*c) || LOT_KANJI.contains(*c));
            let is_single = !letter.is_some_and(is_katakana) || i == 1 || !is_kana(reader.at(i - 2));
            (letter.is_some() && is_single && reader.first_number(i + 1).is_some()).then_some(DroppedWord::No)
        }
        _ => None,
    }
}

/// Returns whether 東, 西, 南 or 北 stands at `i` with a number behind it.
fn is_side_with_number(reader: &UnitReader<'_>, i: usize) -> bool {
    let side = reader.at(i).is_some_and(|c| "東西南北".contains(c)) && !reader.is_boundary(i);
    side && reader.digits_end(i + 1) > i + 1 && !reader.is_boundary(i + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::address::number::Number;

    fn read(text: &str) -> String {
        let line = crate::compare::address::fold::units(text);
        let p = parse_street(&line.units);
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
            ("第三十地割6", "30地割|6||||"),
            ("ロの5番地", "ロ|5||||"),
            ("鳳至町イの四の六コーポ", "鳳至町イ|4-6|コーポ|||"),
            ("桜木十ノ三コーポ201", "桜木|10-3|コーポ||201|"),
            ("ハイロノ5", "ハイロノ|5||||"),
            ("10番地の甲桜荘2 6", "|10|桜荘2||6|"),
            ("5-1-Aコーポ201", "|5-1|コーポ||201|"),
            ("5丁コーポ201", "|5|コーポ||201|"),
            ("10番地イの5", "|10|||5|"),
            ("1-2 コーポA1", "|1-2|コーポA||1|"),
            ("1-2 A-1", "|1-2|A||1|"),
            ("1-2 BOX1", "|1-2|BOX1|||"),
            ("1-2 鈴木気付", "|1-2||||鈴木"),
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
            ("東十二丁目第19地割10-54", "東12丁目19地割|10-54||||"),
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
