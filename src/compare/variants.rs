//! 異体字: tables of kanji that are forms of one character, with their sources (RULES §5 N2).
//!
//! There are three tables, from firm to weak. `variants.txt` contains the official pairs of old and new forms, which are folded before
//! the comparison. `notices.txt` contains the forms that the notices on the family register relate to a standard form: such a form is
//! equal to its standard form when CP932 cannot write it, and to nothing else, so that there are no chains. `weak.txt` contains forms that
//! are often names of their own: a person decides, whatever the other tables say.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::char_class::is_kanji;
use super::reason::StepClass;

/// Source of a relation between two kanji.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VariantSource {
    /// 常用漢字表: the form in brackets after the standard form.
    Joyo,
    /// 人名用漢字別表 and 表外漢字字体表.
    NamesList,
    /// Forms that changed places between the editions of JIS X 0208.
    JisEditions,
    /// Forms united in JIS X 0208, and 俗字 accepted for the family register.
    Common,
    /// Notices on the family register, as listed in MJ縮退マップ.
    Notice,
    /// Use in names and places only.
    Usage,
}

impl VariantSource {
    /// Returns the name of the source for the operator.
    pub fn label(self) -> &'static str {
        match self {
            Self::Joyo => "常用漢字表",
            Self::NamesList => "人名用漢字・表外漢字字体表",
            Self::JisEditions => "JISの版による字体の違い",
            Self::Common => "JISの包摂・戸籍の俗字",
            Self::Notice => "戸籍の通達・通知 (MJ縮退マップ)",
            Self::Usage => "慣用 (氏名では別の字のことがある)",
        }
    }

    /// Section headings of `variants.txt` in order.
    const SECTIONS: [(&'static str, Self); 4] = [
        ("@常用漢字表", Self::Joyo),
        ("@人名用漢字", Self::NamesList),
        ("@JISの版", Self::JisEditions),
        ("@包摂・俗字", Self::Common),
    ];
}

/// Form related to a kanji.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Variant {
    /// Other form.
    pub form: char,
    /// A: equal by rule; B: a person decides.
    pub class: StepClass,
    /// Source of the relation.
    pub source: VariantSource,
}

/// Returns the lines of a table without comments.
fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().filter(|l| !l.is_empty() && !l.starts_with('#'))
}

/// Returns the standard form, which is the first character of a line, and the other forms.
fn forms(line: &'static str) -> (char, std::str::Chars<'static>) {
    let mut chars = line.chars();
    (chars.next().unwrap_or_default(), chars)
}

/// Bitmap that rejects most characters that are in no table, by the low 16 bits of their code.
struct CharBitmap(Box<[u64; 1024]>);

impl CharBitmap {
    fn of(chars: impl Iterator<Item = char>) -> Self {
        let mut bits = Box::new([0; 1024]);
        for c in chars {
            bits[(c as usize & 0xFFFF) >> 6] |= 1 << (c as u32 & 63);
        }
        Self(bits)
    }

    fn may_contain(&self, c: char) -> bool {
        self.0[(c as usize & 0xFFFF) >> 6] >> (c as u32 & 63) & 1 == 1
    }
}

/// Contents of the tables.
struct Tables {
    /// Filter for the forms of [`Tables::standard`].
    folded: CharBitmap,
    /// Filter for the forms of [`Tables::pairs`] and [`Tables::notices`].
    related: CharBitmap,
    /// Filter for the characters of [`Tables::weak`].
    uncertain: CharBitmap,
    /// Kanji that CP932 can write; all of them are in the basic plane, so this is exact.
    writable: CharBitmap,
    /// Form → standard form, sorted; all forms of one standard form are equal.
    standard: Vec<(char, char, VariantSource)>,
    /// Form → standard form, sorted; the form is equal to its standard form only.
    pairs: Vec<(char, char, VariantSource)>,
    /// Form → standard form by notice with the class of the relation, sorted.
    notices: Vec<(char, char, StepClass)>,
    /// Character → line number in the table of forms that a person decides about.
    weak: BTreeMap<char, usize>,
    /// Character of [`Tables::weak`] → first character of its line, for lines whose characters are equal in place names.
    places: BTreeMap<char, char>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let (mut standard, mut pairs) = (Vec::with_capacity(600), Vec::new());
    let mut source = VariantSource::Joyo;
    for line in lines(include_str!("tables/variants.txt")) {
        if let Some((_, section)) = VariantSource::SECTIONS.into_iter().find(|(heading, _)| *heading == line) {
            source = section;
        } else if let Some(line) = line.strip_prefix('=') {
            let (first, others) = forms(line);
            pairs.extend(others.map(|form| (form, first, source)));
        } else {
            let (first, others) = forms(line);
            standard.extend(others.map(|form| (form, first, source)));
        }
    }
    let mut notices = Vec::with_capacity(12_000);
    for line in lines(include_str!("tables/notices.txt")) {
        let asked = line.strip_prefix('?');
        let class = if asked.is_some() { StepClass::B } else { StepClass::A };
        let (first, others) = forms(asked.unwrap_or(line));
        notices.extend(others.map(|form| (form, first, class)));
    }
    standard.sort_unstable();
    pairs.sort_unstable();
    notices.sort_unstable();
    let (mut weak, mut places) = (BTreeMap::new(), BTreeMap::new());
    for (no, line) in lines(include_str!("tables/weak.txt")).enumerate() {
        let in_places = line.strip_prefix('+');
        for c in in_places.unwrap_or(line).chars() {
            weak.insert(c, no);
            if let Some(first) = in_places.and_then(|l| l.chars().next()) {
                places.insert(c, first);
            }
        }
    }
    Tables {
        folded: CharBitmap::of(standard.iter().map(|entry| entry.0)),
        related: CharBitmap::of(pairs.iter().map(|entry| entry.0).chain(notices.iter().map(|entry| entry.0))),
        uncertain: CharBitmap::of(weak.keys().copied()),
        writable: CharBitmap::of(double_bytes().chars().filter(|c| is_kanji(*c))),
        standard,
        pairs,
        notices,
        weak,
        places,
    }
});

/// Returns every character that CP932 writes in two bytes.
fn double_bytes() -> String {
    let codes: Vec<u8> = (0x81..=0xFC)
        .filter(|lead| !matches!(lead, 0xA0..=0xDF))
        .flat_map(|lead| (0x40..=0xFC).filter(|trail| *trail != 0x7F).flat_map(move |trail| [lead, trail]))
        .collect();
    encoding_rs::SHIFT_JIS.decode_without_bom_handling(&codes).0.into_owned()
}

/// Returns the standard form of an old or variant form.
pub(crate) fn standard(c: char) -> char {
    if !is_kanji(c) || !TABLES.folded.may_contain(c) {
        return c;
    }
    let table = &TABLES.standard;
    match table.binary_search_by_key(&c, |p| p.0) {
        Ok(at) => table[at].1,
        Err(_) => c,
    }
}

/// Returns the form that replaces a character in standard form in place names.
pub(crate) fn in_places(c: char) -> char {
    let tables = &*TABLES;
    if is_kanji(c) && tables.uncertain.may_contain(c) { tables.places.get(&c).copied().unwrap_or(c) } else { c }
}

/// Returns class and source of the relation of two different kanji in standard form; `None` when no table relates them.
pub(crate) fn relation(l: char, r: char) -> Option<(StepClass, VariantSource)> {
    let tables = &*TABLES;
    let asked = tables.uncertain.may_contain(l) && tables.uncertain.may_contain(r);
    if asked && tables.weak.get(&l).is_some_and(|line| tables.weak.get(&r) == Some(line)) {
        return Some((StepClass::B, VariantSource::Usage));
    }
    [(l, r), (r, l)].into_iter().filter(|(form, _)| tables.related.may_contain(*form)).find_map(|(form, first)| {
        let pair = tables.pairs.binary_search_by_key(&(form, first), |p| (p.0, p.1));
        let notice = tables.notices.binary_search_by_key(&(form, first), |p| (p.0, p.1));
        match (pair, notice) {
            (Ok(at), _) => Some((StepClass::A, tables.pairs[at].2)),
            (_, Ok(at)) => Some((tables.notices[at].2, VariantSource::Notice)),
            _ => None,
        }
    })
}

/// Returns the forms related to a kanji, firm relations first.
pub fn variants(c: char) -> Vec<Variant> {
    let tables = &*TABLES;
    let own = standard(c);
    let mut found = Vec::new();
    let mut add = |form: char, class, source| {
        if form != c {
            found.push(Variant { form, class, source });
        }
    };
    let mine = tables.standard.binary_search_by_key(&c, |p| p.0).ok().map(|at| tables.standard[at].2);
    for &(form, _, source) in tables.standard.iter().filter(|(_, first, _)| *first == own) {
        add(form, StepClass::A, mine.unwrap_or(source));
    }
    if let Some(source) = mine {
        add(own, StepClass::A, source);
    }
    for &(form, first, source) in &tables.pairs {
        if form == own {
            add(first, StepClass::A, source);
        } else if first == own {
            add(form, StepClass::A, source);
        }
    }
    let weak = tables.weak.get(&own);
    for (&form, _) in tables.weak.iter().filter(|(_, line)| weak == Some(line)) {
        add(form, StepClass::B, VariantSource::Usage);
    }
    for &(form, first, class) in &tables.notices {
        if form == own {
            add(first, class, VariantSource::Notice);
        } else if first == own {
            add(form, class, VariantSource::Notice);
        }
    }
    found.sort_by_key(|v| (v.class, v.source));
    found
}

/// Returns whether CP932 cannot write a kanji, so that systems replace it by another form or a 外字.
pub(crate) fn is_rare(c: char) -> bool {
    is_kanji(c) && (c > '\u{FFFF}' || !TABLES.writable.may_contain(c))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use unicode_normalization::UnicodeNormalization;

    use super::*;
    use crate::compare::{FieldKind, Verdict, compare};

    fn verdict(a: char, b: char) -> Verdict {
        compare(FieldKind::Kanji, &format!("{a}田"), &format!("{b}田")).verdict
    }

    fn official() -> impl Iterator<Item = &'static str> {
        lines(include_str!("tables/variants.txt")).filter(|l| !l.starts_with('@'))
    }

    #[test]
    fn rare_kanji_are_those_that_cp932_cannot_write() {
        let mut buffer = [0; 4];
        for c in ('\0'..=char::MAX).filter(|c| is_kanji(*c)) {
            let unwritable = encoding_rs::SHIFT_JIS.encode(c.encode_utf8(&mut buffer)).2;
            assert_eq!(is_rare(c), unwritable, "{c}");
        }
    }

    /// A character in two lines would make a chain: A~B and B~C must not give A~C.
    #[test]
    fn no_character_stands_in_two_lines() {
        let mut seen = HashSet::new();
        for line in official() {
            assert!(line.chars().filter(|c| *c != '=').count() > 1, "{line}");
            for c in line.chars().filter(|c| *c != '=') {
                assert!(is_kanji(c) && seen.insert(c), "{c} in {line}");
                assert_eq!(std::iter::once(c).nfkc().next(), Some(c), "{c} is a compatibility form");
            }
        }
        let mut weak = HashSet::new();
        for c in lines(include_str!("tables/weak.txt")).flat_map(str::chars).filter(|c| *c != '+') {
            assert!(weak.insert(c), "{c} stands twice");
            assert_eq!(standard(c), c, "{c} is no standard form");
        }
    }

    #[test]
    fn every_section_is_read() {
        let headings: Vec<_> = lines(include_str!("tables/variants.txt")).filter(|l| l.starts_with('@')).collect();
        assert_eq!(headings, VariantSource::SECTIONS.map(|(heading, _)| heading));
        for (form, first, source) in [
            ('髙', '高', VariantSource::Common),
            ('澤', '沢', VariantSource::Joyo),
            ('凜', '凛', VariantSource::NamesList),
            ('籔', '薮', VariantSource::JisEditions),
        ] {
            let found = variants(form);
            assert!(found.contains(&Variant { form: first, class: StepClass::A, source }), "{form}: {found:?}");
        }
    }

    #[test]
    fn every_official_line_does_what_it_says() {
        for line in official() {
            let related = line.strip_prefix('=');
            let forms: Vec<char> = related.unwrap_or(line).chars().collect();
            for (at, a) in forms.iter().enumerate() {
                for b in &forms[at + 1..] {
                    let expect = if related.is_some() && at > 0 { Verdict::Different } else { Verdict::Notation };
                    assert_eq!(verdict(*a, *b), expect, "{a}/{b}");
                }
            }
        }
        for line in lines(include_str!("tables/weak.txt")) {
            let forms: Vec<char> = line.chars().filter(|c| *c != '+').collect();
            assert!(forms.windows(2).all(|w| verdict(w[0], w[1]) == Verdict::Uncertain), "{line}");
        }
    }

    /// A notice relates a form to its standard form only; two such forms are not related through it.
    #[test]
    fn every_notice_does_what_it_says_and_forms_no_chain() {
        for line in lines(include_str!("tables/notices.txt")) {
            let asked = line.strip_prefix('?');
            let (first, others) = forms(asked.unwrap_or(line));
            assert_eq!(standard(first), first, "{line}");
            let mut before = None;
            for form in others {
                assert_eq!(standard(form), form, "{form} has a standard form already");
                let expect = if asked.is_some() { Verdict::Uncertain } else { Verdict::Notation };
                assert_eq!(verdict(form, first), expect, "{form}/{first}");
                if let Some(before) = before.replace(form) {
                    assert_ne!(verdict(before, form), Verdict::Notation, "{before}/{form} through {first}");
                }
            }
        }
    }

    #[test]
    fn what_no_reader_takes_for_the_same_is_different() {
        for (a, b) in [
            ('玉', '王'),
            ('智', '知'),
            ('宏', '広'),
            ('太', '大'),
            ('花', '華'),
            ('中', '仲'),
            ('沙', '砂'),
            ('荻', '萩'),
            ('上', '二'),
            ('修', '脩'),
            ('輝', '暉'),
            ('希', '稀'),
            ('彩', '采'),
            ('唯', '惟'),
            ('琉', '瑠'),
        ] {
            assert_eq!(verdict(a, b), Verdict::Different, "{a}/{b}");
            assert!(variants(a).iter().all(|v| v.form != b), "{a}/{b}");
        }
    }

    #[test]
    fn an_inspected_character_names_its_forms_and_their_source() {
        let of = |c| variants(c).into_iter().map(|v| (v.form, v.class, v.source)).collect::<Vec<_>>();
        assert!(of('崎').contains(&('﨑', StepClass::A, VariantSource::Common)));
        assert!(of('島').contains(&('嶋', StepClass::B, VariantSource::Usage)));
        assert!(of('枀').contains(&('松', StepClass::A, VariantSource::Notice)));
        assert_eq!(of('あ'), []);
    }
}
