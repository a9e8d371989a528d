//! 都道府県 and 市区町村: finding them at the start of an address (RULES §5 A2, A6).

use std::collections::HashMap;
use std::sync::LazyLock;

use super::unit::Unit;

/// One 市区町村 (or a 区 of a large city) of the table.
#[derive(Debug)]
pub(crate) struct Municipality {
    /// 都道府県.
    pub(crate) prefecture: &'static str,
    /// 郡, or the city a 区 belongs to; may be empty.
    pub(crate) upper: &'static str,
    /// 市区町村, or 区.
    pub(crate) name: &'static str,
}

impl Municipality {
    fn is_ward(&self) -> bool {
        self.upper.ends_with('市')
    }

    /// The full name.
    pub(crate) fn full(&self) -> String {
        [self.prefecture, self.upper, self.name].concat()
    }

    /// The 市区町村 itself: for a 区 the city.
    fn city(&self) -> (&'static str, &'static str) {
        if self.is_ward() { (self.prefecture, self.upper) } else { (self.prefecture, self.name) }
    }
}

impl Found {
    /// Tells whether it is a 区 of 京都市, where addresses may name streets.
    pub(crate) fn in_kyoto(&self) -> bool {
        self.ids.iter().any(|(id, _)| entry(*id).upper == "京都市")
    }

    /// The only 市区町村 of that name, when it is one (a 区 of a large city is none).
    pub(crate) fn only(&self) -> Option<u16> {
        let mut whole = self.ids.iter().filter(|(_, left)| *left <= Left::County);
        match (whole.next(), whole.next()) {
            (Some((id, _)), None) => Some(*id),
            _ => None,
        }
    }
}

/// What of the full name was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Left {
    /// Nothing, or 郡.
    Nothing,
    /// 郡.
    County,
    /// The city before a 区.
    City,
    /// The 区 after a city.
    Ward,
}

/// The 市区町村 found at the start of an address.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Which entries of the table it can be, and what is left out of their names.
    pub(crate) ids: Vec<(u16, Left)>,
    /// Whether the 都道府県 is written.
    pub(crate) prefecture: bool,
    /// How many units it takes up.
    pub(crate) len: usize,
}

struct Table {
    all: Vec<Municipality>,
    prefectures: Vec<(&'static str, Vec<char>)>,
    names: HashMap<String, Vec<(u16, Left)>>,
    longest: usize,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        all: Vec::with_capacity(1900),
        prefectures: Vec::new(),
        names: HashMap::with_capacity(5000),
        longest: 0,
    };
    for line in include_str!("tables/municipalities.txt").lines().filter(|l| !l.starts_with('#')) {
        let mut words = line.split(' ');
        let Some(prefecture) = words.next() else { continue };
        table.prefectures.push((prefecture, fold(prefecture).chars().collect()));
        for word in words {
            let (upper, name) = word.split_once('/').unwrap_or(("", word));
            let entry = Municipality { prefecture, upper, name };
            // The table has fewer than 65,536 lines.
            let id = table.all.len() as u16;
            let mut keys = vec![(format!("{upper}{name}"), Left::Nothing)];
            if entry.is_ward() {
                keys.push((name.to_owned(), Left::City));
                keys.push((upper.to_owned(), Left::Ward));
            } else if !upper.is_empty() {
                keys.push((name.to_owned(), Left::County));
            }
            for (key, left) in keys {
                let key = fold(&key);
                table.longest = table.longest.max(key.chars().count());
                table.names.entry(key).or_default().push((id, left));
            }
            table.all.push(entry);
        }
    }
    table
});

fn fold(name: &str) -> String {
    super::address::units(name).text()
}

/// Gives an entry of the table.
pub(crate) fn entry(id: u16) -> &'static Municipality {
    &TABLE.all[id as usize]
}

/// Finds the 市区町村 at the start of an address.
pub(crate) fn find(units: &[Unit]) -> Option<Found> {
    let table = &*TABLE;
    let starts = |name: &[char]| units.len() >= name.len() && name.iter().zip(units).all(|(c, u)| *c == u.c);
    let prefecture = table.prefectures.iter().find(|(_, folded)| starts(folded));
    let skip = prefecture.map_or(0, |(_, folded)| folded.len());
    let mut key = String::with_capacity(64);
    let mut best: Option<Found> = None;
    for (at, unit) in units[skip..].iter().take(table.longest).enumerate() {
        key.push(unit.c);
        if !matches!(unit.c, '市' | '区' | '町' | '村') {
            continue;
        }
        let Some(entries) = table.names.get(&key) else { continue };
        let inside = |id: u16| prefecture.is_none_or(|(name, _)| entry(id).prefecture == *name);
        let ids: Vec<(u16, Left)> = entries.iter().copied().filter(|(id, _)| inside(*id)).collect();
        if !ids.is_empty() {
            best = Some(Found { ids, prefecture: prefecture.is_some(), len: skip + at + 1 });
        }
    }
    best
}

/// Counts the units of a 都道府県 at the start.
pub(crate) fn prefecture_len(units: &[Unit]) -> usize {
    let starts = |name: &[char]| units.len() >= name.len() && name.iter().zip(units).all(|(c, u)| *c == u.c);
    TABLE.prefectures.iter().find(|(_, folded)| starts(folded)).map_or(0, |(_, folded)| folded.len())
}

/// Gives the full name of the 市区町村 of an address: the city for a 区 whose city is left out; without it the text up to the first 市区町村.
pub(crate) fn municipality(text: &str) -> Option<String> {
    // No name holds a digit, so the start of the text nearly always tells; the digit itself says what stands before it.
    let digit = |c: char| c.is_ascii_digit() || matches!(c, '０'..='９');
    let start = text.split_inclusive(digit).next()?;
    municipality_in(start).or_else(|| municipality_in(text))
}

fn municipality_in(text: &str) -> Option<String> {
    let line = super::address::units(text);
    let units = &line.units[super::postal::len(&line.units)..];
    match find(units) {
        Some(found) => {
            if let Some(id) = found.only() {
                return Some(entry(id).full());
            }
            let (first, left) = *found.ids.first()?;
            if found.ids.len() == 1 {
                return Some(entry(first).full());
            }
            let one = left == Left::Ward && found.ids.iter().all(|(id, _)| entry(*id).city() == entry(first).city());
            one.then(|| [entry(first).prefecture, entry(first).upper].concat())
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
        let line = super::super::address::units(text);
        let found = find(&line.units).expect("known municipality");
        (found.only().map(|id| entry(id).full()), found.ids.len(), found.len)
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
        for (id, entry) in TABLE.all.iter().enumerate() {
            let line = super::super::address::units(&entry.full());
            let found = find(&line.units).expect("an entry of the table");
            assert_eq!(found.ids, [(id as u16, Left::Nothing)], "{}", entry.full());
            assert_eq!(found.len, line.units.len());
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
        assert_eq!(prefecture_len(&super::super::unit::line("東京都港区").units), 3);
        assert_eq!(municipality("東京都港区赤坂1-11").as_deref(), Some("東京都港区"));
        assert_eq!(municipality("港区赤坂").as_deref(), Some("東京都港区"));
        assert_eq!(municipality("相模原市田名").as_deref(), Some("神奈川県相模原市"));
        assert_eq!(municipality("東京都存在町1-1").as_deref(), Some("東京都存在町"));
        assert_eq!(municipality("〒106-0044 港区赤坂").as_deref(), Some("東京都港区"));
        assert_eq!(municipality("不明"), None);
    }
}
