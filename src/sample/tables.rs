//! Word lists of names and municipalities, read once from `tables/*.txt`, with an index of the names that can show a
//! variation.

use std::sync::LazyLock;

use super::random::Random;
use super::variants;

/// A surname with its usual reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Surname {
    pub(super) kanji: &'static str,
    pub(super) kana: &'static str,
    /// Another reading that differs in a 濁点 only.
    pub(super) voiced: Option<&'static str>,
}

/// A given name with its usual reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Given {
    pub(super) kanji: &'static str,
    pub(super) kana: &'static str,
    /// Another reading of the same characters.
    pub(super) other: Option<&'static str>,
}

/// A name in Latin letters; `_` stands for a space inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Latin {
    pub(super) letters: &'static str,
    pub(super) kana: &'static str,
}

/// A municipality.
#[derive(Debug)]
pub(super) struct Municipality {
    /// Whether it can be the insurer of a file: its name is unique in the country, and it has a town for A4.
    pub(super) can_be_insurer: bool,
    pub(super) prefecture_number: u8,
    pub(super) prefecture: &'static str,
    /// 郡, or empty.
    pub(super) county: &'static str,
    pub(super) name: &'static str,
    pub(super) towns: Vec<Town>,
}

/// A 町丁 or 大字.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Town {
    pub(super) name: &'static str,
    /// 大字, 字 or empty.
    pub(super) prefix: &'static str,
    pub(super) numbering: Numbering,
}

/// System of numbers in a town.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbering {
    /// 丁目, 番, 号, with the number of 丁目.
    Blocks(u16),
    /// 丁目, 番地, with the number of 丁目.
    Lots(u16),
    /// 番地 without 丁目.
    Land,
}

/// Requirement of a variation on a surname.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SurnameNeed {
    Any,
    /// A character with an old or otherwise equal form.
    Variant,
    /// A character whose other form makes a surname of its own.
    OwnVariant,
    /// ヶ.
    SmallKe,
    /// 々.
    Repeat,
    /// ノ.
    No,
    /// A reading that differs in a 濁点 only.
    Voiced,
    /// オオ in the reading.
    LongO,
    /// 吉, written 𠮷 in the register.
    Yoshi,
    /// A character registered with a variation selector.
    Selector,
}

/// Requirement of a variation on a given name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GivenNeed {
    Any,
    /// A small kana.
    Small,
    /// ジ or ズ.
    Ji,
    /// A long vowel written with ウ.
    Long,
    /// カオル, of old カヲル.
    Wo,
    /// Another reading.
    Reading,
}

const SURNAME_NEEDS: usize = 10;
const GIVEN_NEEDS: usize = 6;

/// The word lists.
pub(super) struct Tables {
    pub(super) surnames: Vec<Surname>,
    /// Running totals of the weights.
    totals: Vec<u32>,
    surname_pools: Vec<Vec<usize>>,
    /// Male and female.
    pub(super) given: [Vec<Given>; 2],
    generations: [[Vec<usize>; 3]; 2],
    given_pools: [Vec<Vec<usize>>; 2],
    pub(super) family: Vec<Latin>,
    /// Male and female.
    pub(super) latin_given: [Vec<Latin>; 2],
    pub(super) middle: Vec<Latin>,
    pub(super) municipalities: Vec<Municipality>,
}

/// The word lists, parsed on first use.
pub(super) static TABLES: LazyLock<Tables> = LazyLock::new(Tables::read);

impl Tables {
    fn read() -> Self {
        let mut surnames = Vec::new();
        let mut totals = Vec::new();
        let mut total = 0;
        for line in lines(include_str!("tables/surnames.txt")) {
            let mut words = line.split(' ');
            let (kanji, kana) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
            total += words.next().and_then(|w| w.parse::<u32>().ok()).unwrap_or(0);
            totals.push(total);
            surnames.push(Surname { kanji, kana, voiced: words.next() });
        }
        let surname_pools = (0..SURNAME_NEEDS)
            .map(|need| surnames.iter().enumerate().filter(|(_, s)| offers(s, need)).map(|(i, _)| i).collect())
            .collect();
        let lists = [include_str!("tables/given_male.txt"), include_str!("tables/given_female.txt")].map(|text| {
            lines(text)
                .map(|line| {
                    let mut words = line.split(' ');
                    let generation = words.next().and_then(|w| w.parse::<usize>().ok()).unwrap_or(1);
                    let (kanji, kana) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
                    (generation, Given { kanji, kana, other: words.next() })
                })
                .collect::<Vec<_>>()
        });
        let indices = |list: &[(usize, Given)], want: &dyn Fn(usize, &Given) -> bool| {
            list.iter().enumerate().filter(|(_, (age, g))| want(*age, g)).map(|(i, _)| i).collect::<Vec<_>>()
        };
        let generations = [0, 1].map(|sex: usize| [1, 2, 3].map(|g| indices(&lists[sex], &|age, _| age == g)));
        let given_pools =
            [0, 1].map(|sex: usize| (0..GIVEN_NEEDS).map(|n| indices(&lists[sex], &|_, g| fits(g, n))).collect());
        let latin = |key: &str| {
            lines(include_str!("tables/foreign.txt"))
                .filter_map(|line| {
                    let mut words = line.split(' ');
                    (words.next() == Some(key))
                        .then(|| Latin { letters: words.next().unwrap_or(""), kana: words.next().unwrap_or("") })
                })
                .collect::<Vec<_>>()
        };
        Self {
            surnames,
            totals,
            surname_pools,
            given: lists.each_ref().map(|list| list.iter().map(|(_, g)| *g).collect()),
            generations,
            given_pools,
            family: latin("f"),
            latin_given: [latin("m"), latin("w")],
            middle: latin("i"),
            municipalities: lines(include_str!("tables/municipalities.txt")).map(municipality).collect(),
        }
    }

    /// Returns a random surname by frequency, or evenly among those that meet `need`.
    pub(super) fn surname(&self, random: &mut Random, need: SurnameNeed) -> &Surname {
        if need == SurnameNeed::Any {
            let draw = random.below(self.totals.last().copied().unwrap_or(0));
            return &self.surnames[self.totals.partition_point(|&total| total <= draw)];
        }
        &self.surnames[*random.pick(&self.surname_pools[need as usize])]
    }

    /// Returns a random given name of `sex` (0 male, 1 female) and `generation` (0 to 2), or of any generation if it
    /// meets `need`.
    pub(super) fn given(&self, random: &mut Random, sex: usize, generation: usize, need: GivenNeed) -> &Given {
        let pool = match need {
            GivenNeed::Any => &self.generations[sex][generation],
            _ => &self.given_pools[sex][need as usize],
        };
        &self.given[sex][*random.pick(pool)]
    }

    /// Returns another given name of the same sex and reading, if there is one.
    pub(super) fn homophone(&self, sex: usize, kanji: &str, kana: &str) -> Option<&Given> {
        self.given[sex].iter().find(|g| g.kana == kana && g.kanji != kanji)
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn offers(surname: &Surname, need: usize) -> bool {
    let has = |c: char| surname.kanji.contains(c);
    match need {
        n if n == SurnameNeed::Variant as usize => surname.kanji.chars().any(|c| variants::formal(c).is_some()),
        n if n == SurnameNeed::OwnVariant as usize => surname.kanji.chars().any(|c| variants::own(c).is_some()),
        n if n == SurnameNeed::SmallKe as usize => has('ヶ'),
        n if n == SurnameNeed::Repeat as usize => has('々'),
        n if n == SurnameNeed::No as usize => has('ノ'),
        n if n == SurnameNeed::Voiced as usize => surname.voiced.is_some(),
        n if n == SurnameNeed::LongO as usize => surname.kana.starts_with("オオ"),
        n if n == SurnameNeed::Yoshi as usize => has('吉'),
        n if n == SurnameNeed::Selector as usize => surname.kanji.chars().any(variants::takes_selector),
        _ => true,
    }
}

fn fits(given: &Given, need: usize) -> bool {
    match need {
        n if n == GivenNeed::Small as usize => given.kana.chars().any(|c| variants::large(c).is_some()),
        n if n == GivenNeed::Ji as usize => given.kana.chars().any(|c| matches!(c, 'ジ' | 'ズ')),
        n if n == GivenNeed::Long as usize => variants::long_vowel(given.kana).is_some(),
        n if n == GivenNeed::Wo as usize => given.kana == "カオル",
        n if n == GivenNeed::Reading as usize => given.other.is_some(),
        _ => true,
    }
}

fn municipality(line: &'static str) -> Municipality {
    let mut words = line.split(' ');
    let can_be_insurer = words.next() == Some("home");
    let prefecture_number = words.next().and_then(|w| w.parse().ok()).unwrap_or(0);
    let prefecture = words.next().unwrap_or("");
    let county = words.next().filter(|&w| w != "-").unwrap_or("");
    let name = words.next().unwrap_or("");
    let towns = words
        .map(|word| {
            let (name, kind) = word.split_once(':').unwrap_or((word, "b"));
            let (prefix, name) = name.split_once('/').unwrap_or(("", name));
            let count = kind.get(1..).and_then(|n| n.parse().ok()).unwrap_or(1);
            let numbering = match kind.as_bytes().first() {
                Some(b'c') => Numbering::Blocks(count),
                Some(b'd') => Numbering::Lots(count),
                _ => Numbering::Land,
            };
            Town { name, prefix, numbering }
        })
        .collect();
    Municipality { can_be_insurer, prefecture_number, prefecture, county, name, towns }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn katakana(text: &str) -> bool {
        !text.is_empty() && text.chars().all(|c| ('ァ'..='ヴ').contains(&c) || c == 'ー' || c == '_')
    }

    #[test]
    fn lists_are_long_enough_and_well_formed() {
        let t = &*TABLES;
        assert!(t.surnames.len() >= 200 && t.given.iter().all(|g| g.len() >= 200) && t.municipalities.len() >= 40);
        let mut seen = HashSet::new();
        for (i, s) in t.surnames.iter().enumerate() {
            assert!(katakana(s.kana) && seen.insert((s.kanji, s.kana)), "{s:?}");
            assert!(i == 0 || t.totals[i] > t.totals[i - 1], "{s:?} has a weight");
        }
        for g in t.given.iter().flatten() {
            assert!(katakana(g.kana) && g.other.is_none_or(katakana) && !g.kanji.is_empty(), "{g:?}");
        }
        for l in t.family.iter().chain(t.latin_given.iter().flatten()).chain(&t.middle) {
            assert!(katakana(l.kana) && l.letters.chars().all(|c| c.is_ascii_uppercase() || c == '_'), "{l:?}");
        }
        let names: HashSet<_> = t.municipalities.iter().map(|p| p.name).collect();
        assert_eq!(names.len(), t.municipalities.len());
        assert!(t.municipalities.iter().map(|p| p.towns.len()).sum::<usize>() >= 200);
    }

    #[test]
    fn every_need_can_be_met() {
        let t = &*TABLES;
        for pool in &t.surname_pools {
            assert!(!pool.is_empty());
        }
        for sex in 0..2 {
            assert!(t.given_pools[sex].iter().all(|pool| !pool.is_empty()));
            assert!(t.generations[sex].iter().all(|pool| pool.len() >= 20));
        }
        for municipality in t.municipalities.iter().filter(|p| p.can_be_insurer) {
            assert!(
                municipality.towns.iter().any(|town| variants::respelled(town.name).is_some()),
                "{}",
                municipality.name
            );
        }
    }

    #[test]
    fn everything_can_be_written_in_cp932() {
        for text in [
            include_str!("tables/surnames.txt"),
            include_str!("tables/given_male.txt"),
            include_str!("tables/given_female.txt"),
            include_str!("tables/foreign.txt"),
            include_str!("tables/municipalities.txt"),
        ] {
            for line in lines(text) {
                assert!(!encoding_rs::SHIFT_JIS.encode(line).2, "{line}");
            }
        }
    }
}
