//! Table of 都道府県 and 市区町村, and their lookup at the start of an address (RULES §5 A2, A6).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::fold::units;
use super::postal_code;
use crate::compare::unit::Unit;

/// Entry of the table: a 市区町村 or a 区 of a large city.
#[derive(Debug)]
pub(crate) struct Municipality {
    /// 都道府県.
    pub(crate) prefecture: &'static str,
    /// 郡, or the city of a 区; empty for most entries.
    pub(crate) upper: &'static str,
    /// 市区町村, or 区.
    pub(crate) name: &'static str,
}

impl Municipality {
    fn is_ward(&self) -> bool {
        self.upper.ends_with('市')
    }

    /// Returns the full name.
    pub(crate) fn full(&self) -> String {
        [self.prefecture, self.upper, self.name].concat()
    }

    /// Returns the 都道府県 and the 市区町村: for a 区 its city.
    fn city(&self) -> (&'static str, &'static str) {
        if self.is_ward() { (self.prefecture, self.upper) } else { (self.prefecture, self.name) }
    }
}

impl MunicipalityMatch {
    /// Returns whether it may be a 区 of 京都市, where addresses may name streets.
    pub(crate) fn is_in_kyoto(&self) -> bool {
        self.candidates.iter().any(|(id, _)| entry(*id).upper == "京都市")
    }

    /// Returns whether it lies in Hokkaido and divides its 条 into 丁目.
    pub(crate) fn divides_jo_into_chome(&self) -> bool {
        self.candidates.iter().all(|(id, _)| {
            let entry = entry(*id);
            entry.prefecture == "北海道" && !JO_WITHOUT_CHOME.contains(&entry.name)
        })
    }

    /// Returns the only 市区町村 with that name; `None` for several, or for a name without its city or 区.
    pub(crate) fn unique(&self) -> Option<u16> {
        let mut whole = self.candidates.iter().filter(|(_, omitted)| *omitted <= Omitted::County);
        match (whole.next(), whole.next()) {
            (Some((id, _)), None) => Some(*id),
            _ => None,
        }
    }
}

/// 市町 of Hokkaido with 条 that are not divided into 丁目 (深川市二条17番17号): those without a 丁目 of a 条 in the list of Japan Post
/// (KEN_ALL, 2026-10, no copyright asserted).
const JO_WITHOUT_CHOME: [&str; 4] = ["深川市", "秩父別町", "津別町", "浜頓別町"];

/// Part of the full name that is not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Omitted {
    /// Nothing.
    Nothing,
    /// 郡.
    County,
    /// The city before a 区.
    City,
    /// The 区 after a city.
    Ward,
}

/// 市区町村 found at the start of an address.
#[derive(Clone, Debug)]
pub(crate) struct MunicipalityMatch {
    /// Possible entries of the table, each with the part of its name that is not written.
    pub(crate) candidates: Vec<(u16, Omitted)>,
    /// Whether the 都道府県 is written.
    pub(crate) prefecture: bool,
    /// Number of units.
    pub(crate) len: usize,
}

struct Table {
    entries: Vec<Municipality>,
    /// Names of the 都道府県, as written and folded.
    prefectures: Vec<(&'static str, Vec<char>)>,
    /// Indices of the entries by folded name.
    by_name: HashMap<String, Vec<(u16, Omitted)>>,
    /// Maximum number of characters of a name.
    max_len: usize,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        entries: Vec::with_capacity(1900),
        prefectures: Vec::new(),
        by_name: HashMap::with_capacity(5000),
        max_len: 0,
    };
    for line in include_str!("../tables/municipalities.txt").lines().filter(|l| !l.starts_with('#')) {
        let mut words = line.split(' ');
        let Some(prefecture) = words.next() else { continue };
        table.prefectures.push((prefecture, fold(prefecture).chars().collect()));
        for word in words {
            let (upper, name) = word.split_once('/').unwrap_or(("", word));
            let entry = Municipality { prefecture, upper, name };
            // The table has fewer than 65,536 lines.
            let id = table.entries.len() as u16;
            let mut keys = vec![(format!("{upper}{name}"), Omitted::Nothing)];
            if entry.is_ward() {
                keys.push((name.to_owned(), Omitted::City));
                keys.push((upper.to_owned(), Omitted::Ward));
            } else if !upper.is_empty() {
                keys.push((name.to_owned(), Omitted::County));
            }
            for (key, omitted) in keys {
                let key = fold(&key);
                table.max_len = table.max_len.max(key.chars().count());
                table.by_name.entry(key).or_default().push((id, omitted));
            }
            table.entries.push(entry);
        }
    }
    table
});

fn fold(name: &str) -> String {
    units(name).text()
}

/// Returns an entry of the table.
pub(crate) fn entry(id: u16) -> &'static Municipality {
    &TABLE.entries[id as usize]
}

/// Finds the 市区町村 at the start of an address.
pub(crate) fn find(units: &[Unit]) -> Option<MunicipalityMatch> {
    let table = &*TABLE;
    let prefecture = prefecture_at_start(units);
    let skip = prefecture.map_or(0, |(_, folded)| folded.len());
    let mut key = String::with_capacity(64);
    let mut best: Option<MunicipalityMatch> = None;
    for (at, unit) in units[skip..].iter().take(table.max_len).enumerate() {
        key.push(unit.c);
        if !matches!(unit.c, '市' | '区' | '町' | '村') {
            continue;
        }
        let Some(entries) = table.by_name.get(&key) else { continue };
        let in_prefecture = |id: u16| prefecture.is_none_or(|(name, _)| entry(id).prefecture == *name);
        let candidates: Vec<(u16, Omitted)> = entries.iter().copied().filter(|(id, _)| in_prefecture(*id)).collect();
        if !candidates.is_empty() {
            best = Some(MunicipalityMatch { candidates, prefecture: prefecture.is_some(), len: skip + at + 1 });
        }
    }
    best
}

/// Returns the number of units of the 都道府県 at the start.
pub(crate) fn prefecture_len(units: &[Unit]) -> usize {
    prefecture_at_start(units).map_or(0, |(_, folded)| folded.len())
}

fn prefecture_at_start(units: &[Unit]) -> Option<&'static (&'static str, Vec<char>)> {
    let starts = |name: &[char]| units.len() >= name.len() && name.iter().zip(units).all(|(c, u)| *c == u.c);
    TABLE.prefectures.iter().find(|(_, folded)| starts(folded))
}

/// Returns the full name of the 市区町村 of an address: for a city without its 区 the city; for a name that is not in the table the text up to
/// the first 市, 区, 町 or 村.
pub(crate) fn municipality(text: &str) -> Option<String> {
    // No name contains a digit, so the text up to the first one is nearly always enough. The digit itself is needed to fold the character
    // before it.
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    let start = text.split_inclusive(digit).next()?;
    municipality_in(start).or_else(|| municipality_in(text))
}

fn municipality_in(text: &str) -> Option<String> {
    let line = units(text);
    let units = &line.units[postal_code::len(&line.units)..];
    match find(units) {
        Some(found) => {
            if let Some(id) = found.unique() {
                return Some(entry(id).full());
            }
            let (first, omitted) = *found.candidates.first()?;
            if found.candidates.len() == 1 {
                return Some(entry(first).full());
            }
            let same_city = omitted == Omitted::Ward
                && found.candidates.iter().all(|(id, _)| entry(*id).city() == entry(first).city());
            same_city.then(|| [entry(first).prefecture, entry(first).upper].concat())
        }
        None => {
            let skip = prefecture_len(units);
            let rest = &units[skip..];
            let end = rest.iter().skip(1).position(|u| matches!(u.c, '市' | '区' | '町' | '村'))?;
            Some(units[..skip + end + 2].iter().map(|u| u.c).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Option<String>, usize, usize) {
        let line = units(text);
        let found = find(&line.units).expect("known municipality");
        (found.unique().map(|id| entry(id).full()), found.candidates.len(), found.len)
    }

    #[test]
    fn finds_municipalities() {
        let only = |name: &str, len| (Some(name.to_owned()), 1, len);
        assert_eq!(found("東京都港区赤坂1-11"), only("東京都港区", 5));
        assert_eq!(found("北海道ニセコ町字富士見"), only("北海道虻田郡ニセコ町", 7));
        assert_eq!(found("茅が崎市円蔵"), only("神奈川県茅ヶ崎市", 4));
        assert_eq!(found("龍ヶ崎市"), only("茨城県龍ケ崎市", 4));
        assert_eq!(found("府中市府川町"), (None, 2, 3));
        assert_eq!(found("港区赤坂"), (Some("東京都港区".to_owned()), 3, 2));
        assert_eq!(found("相模原市田名"), (None, 3, 4));
    }

    #[test]
    fn every_entry_finds_itself() {
        for (id, entry) in TABLE.entries.iter().enumerate() {
            let line = units(&entry.full());
            let found = find(&line.units).expect("an entry of the table");
            assert_eq!(found.candidates, [(id as u16, Omitted::Nothing)], "{}", entry.full());
            assert_eq!(found.len, line.units.len());
        }
    }

    #[test]
    fn jo_of_hokkaido() {
        let divides = |text: &str| find(&units(text).units).expect("known municipality").divides_jo_into_chome();
        assert!(divides("札幌市中央区北5条西4") && divides("帯広市西5条南4"));
        assert!(!divides("京都府京都市下京区七条5") && !divides("堺市堺区五条4"));
        for name in JO_WITHOUT_CHOME {
            assert!(TABLE.entries.iter().any(|entry| entry.prefecture == "北海道" && entry.name == name), "{name}");
            assert!(!divides(name));
        }
    }

    proptest::proptest! {
        #[test]
        fn the_start_of_a_text_tells_its_municipality(
            town in "(|東京都|奈良県|京都府)(|府中市|港区|四日市市|ヶ崎町|[一-三ケがノのっ]{0,3}[市区町村ー][一市町]?)",
            rest in "[0-9０-９一ケがのノ市区町村ー-]{0,6}[市町]?",
        ) {
            let text = format!("{town}{rest}");
            proptest::prop_assert_eq!(municipality(&text), municipality_in(&text), "{}", text);
        }
    }

    #[test]
    fn units_are_whole() {
        assert_eq!(prefecture_len(&crate::compare::unit::line("東京都港区").units), 3);
        assert_eq!(municipality("東京都港区赤坂1-11").as_deref(), Some("東京都港区"));
        assert_eq!(municipality("港区赤坂").as_deref(), Some("東京都港区"));
        assert_eq!(municipality("相模原市田名").as_deref(), Some("神奈川県相模原市"));
        assert_eq!(municipality("東京都存在町1-1").as_deref(), Some("東京都存在町"));
        assert_eq!(municipality("〒106-0044 港区赤坂").as_deref(), Some("東京都港区"));
        assert_eq!(municipality("不明"), None);
    }
}
