//! Words of addresses, shared by every reader: counters, building words, 方書 and the kana that connect them.
//!
//! The full reader asks for them one by one; the quick path ([`super::quick`]) declines an address in which they stand where it does not
//! expect them. A word that is added here is known to both.

use super::number::Counter;
use crate::compare::kana_chars::large;
use crate::compare::kanji_set::KanjiSet;
use crate::compare::unit::Unit;

/// Word behind a number that says what the number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CounterWord {
    /// First character.
    pub(super) first: char,
    /// Second character, if there is one.
    pub(super) second: Option<char>,
    /// What the number counts.
    pub(super) counter: Counter,
}

impl CounterWord {
    const fn new(first: char, second: Option<char>, counter: Counter) -> Self {
        Self { first, second, counter }
    }

    /// Number of characters.
    pub(super) fn len(self) -> usize {
        1 + usize::from(self.second.is_some())
    }

    /// Returns the text behind the word when a text starts with it.
    pub(super) fn strip(self, text: &str) -> Option<&str> {
        let rest = text.strip_prefix(self.first)?;
        match self.second {
            Some(second) => rest.strip_prefix(second),
            None => Some(rest),
        }
    }
}

pub(super) const AZA: CounterWord = CounterWord::new('字', None, Counter::Aza);
pub(super) const CHOME: CounterWord = CounterWord::new('丁', Some('目'), Counter::Chome);
pub(super) const BANCHO: CounterWord = CounterWord::new('番', Some('丁'), Counter::Bancho);
pub(super) const CHO: CounterWord = CounterWord::new('丁', None, Counter::Chome);
pub(super) const BANCHI: CounterWord = CounterWord::new('番', Some('地'), Counter::Ban);
pub(super) const BAN: CounterWord = CounterWord::new('番', None, Counter::Ban);
pub(super) const ROOM: CounterWord = CounterWord::new('号', Some('室'), Counter::Room);
pub(super) const GO: CounterWord = CounterWord::new('号', None, Counter::Go);

/// All counters, a word before every shorter one that it starts with.
pub(super) const COUNTER_WORDS: [CounterWord; 8] = [AZA, CHOME, BANCHO, CHO, BANCHI, BAN, ROOM, GO];

/// Words behind kanji numerals that make a number of them whatever follows.
pub(super) const NUMERAL_WORDS: [&str; 12] =
    ["丁目", "番地", "条", "線", "号線", "番丁", "番町", "番通", "号地", "地割", "街区", "ノ通"];

/// Words behind a number that belongs to the 町名.
pub(super) const TOWN_NUMBER_WORDS: [&str; 13] =
    ["条", "線", "号線", "番町", "番丁", "番通", "号地", "地割", "街区", "町内", "ノ通", "ノ町", "ノ丁"];

/// Last characters of a 町名 with a number in it.
pub(super) const TOWN_ENDINGS: &str = "町村字東西南北条線通区割甲乙丙丁入";

/// Characters that make a name of 番 and a number: 一番町, 八番館, 三番割.
pub(super) const NAME_AFTER_BAN: &str = "町丁街館棟目組割外通線地室札所場匠屋田原堀堰沢領江条甲乙丙";

/// Characters that make another word of 号: 2号棟, 3号線.
pub(super) const WORD_AFTER_GO: &str = "棟館線車地";

/// Words behind a number of a building or a floor.
pub(super) const BUILDING_WORDS: [&str; 5] = ["階", "棟", "F", "号棟", "号館"];

/// Characters behind the number of one of several buildings: 二号館, Ⅱ番館, 第Ⅱ期.
pub(super) const NUMBERED_PARTS: &str = "棟館号塔期番";

/// Words behind the number of a room, with their number of characters.
pub(super) const ROOM_WORDS: [(&str, usize); 3] = [("号室", 2), ("号", 1), ("室", 1)];

/// Words behind the name of a 方書.
pub(super) const CARE_OF_WORDS: [&str; 5] = ["様方", "方", "様", "気付", "宅"];

/// Kanji that count lots: 十干 and 十二支.
pub(super) const LOT_KANJI: &str = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥";

/// First letters of the order イロハ, by which lots are told apart: 10番地イ.
pub(super) const LOT_KATAKANA: &str = "イロハニホヘトチリヌルヲ";

/// Kanji of 十干 that tell lots apart with a name right behind them: 10番地の甲桜荘.
pub(super) const LOT_KANJI_BEFORE_NAME: &str = "甲乙丙丁";

/// Words that begin building names, with large kana.
const BUILDING_NAME_WORDS: [&str; 9] =
    ["ハイツ", "ハイム", "コーポ", "メゾン", "アパート", "マンシヨン", "ビル", "レジデンス", "サン"];

/// Returns whether units begin with a word that begins building names.
pub(super) fn begins_building_name(units: &[Unit]) -> bool {
    let begins = |word: &&str| word.chars().count() <= units.len() && word.chars().zip(units).all(|(c, u)| c == u.c);
    BUILDING_NAME_WORDS.iter().any(begins)
}

/// Kanji that count or name a part of a building.
pub(super) const BUILDING_COUNTERS: &str = "棟館号塔側階室組班期区街番第地";

/// Kanji of the words above that say something about a number beside them. Left out are those that end most 町名 (町, 通, 街): they need a
/// number before them.
static NUMBER_KANJI: KanjiSet = {
    let mut set = KanjiSet::EMPTY
        .with_words(&NUMERAL_WORDS)
        .with_words(&TOWN_NUMBER_WORDS)
        .with_words(&BUILDING_WORDS)
        .with_words(&CARE_OF_WORDS)
        .with_words(&[WORD_AFTER_GO, BUILDING_COUNTERS]);
    let mut at = 0;
    while at < COUNTER_WORDS.len() {
        set = set.with(COUNTER_WORDS[at].first);
        if let Some(second) = COUNTER_WORDS[at].second {
            set = set.with(second);
        }
        at += 1;
    }
    set.without('町').without('通').without('街')
};

/// Returns whether a kanji beside a number may be a word about it.
pub(super) fn is_number_kanji(c: char) -> bool {
    NUMBER_KANJI.contains(c)
}

/// Returns whether a katakana connects words, so that it is neither the letter of a lot nor a designator of a building.
pub(super) fn is_joining_katakana(c: char) -> bool {
    matches!(c, 'ケ' | 'ツ' | 'ノ' | 'ガ' | 'ー')
}

/// Returns whether a katakana behind a kanji numeral does not begin a building name: 八ケ岳, 三ノ宮.
pub(super) fn is_numeral_katakana(c: char) -> bool {
    matches!(c, 'ケ' | 'ツ' | 'ノ' | 'カ' | 'ー')
}

/// Returns whether a katakana can stand in a 町名 that is otherwise written in kanji: 上ル, 通リ.
pub(super) fn is_town_katakana(c: char) -> bool {
    matches!(c, 'ケ' | 'ツ' | 'ノ' | 'ル' | 'リ')
}

/// Returns whether a katakana, small or large, may be a word of an address and not the beginning of a name.
pub(super) fn is_word_katakana(c: char) -> bool {
    let c = large(c).unwrap_or(c);
    is_joining_katakana(c) || is_numeral_katakana(c) || is_town_katakana(c)
}
