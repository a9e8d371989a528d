//! Set of kanji, built at compile time.

/// First and last character of the block of a [`KanjiSet`].
const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;

/// Number of 64-bit words of the bitmap.
const WORDS: usize = ((LAST - FIRST + 1) / 64) as usize;

/// Set of kanji of the block U+4E00–U+9FFF as a bitmap: a lookup is one shift, and the set needs no code of its own.
pub(crate) struct KanjiSet([u64; WORDS]);

impl KanjiSet {
    /// Set without members.
    pub(crate) const EMPTY: Self = Self([0; WORDS]);

    /// Adds a character; one that is no kanji is ignored.
    pub(crate) const fn with(mut self, c: char) -> Self {
        if let Some((word, bit)) = Self::position(c) {
            self.0[word] |= bit;
        }
        self
    }

    /// Removes a character.
    pub(crate) const fn without(mut self, c: char) -> Self {
        if let Some((word, bit)) = Self::position(c) {
            self.0[word] &= !bit;
        }
        self
    }

    /// Adds the kanji of some words.
    pub(crate) const fn with_words(mut self, words: &[&str]) -> Self {
        let mut at = 0;
        while at < words.len() {
            let bytes = words[at].as_bytes();
            let mut byte = 0;
            while byte < bytes.len() {
                // All kanji of the block have three bytes in UTF-8.
                if bytes[byte] & 0xF0 == 0xE0 {
                    let [high, middle, low] = [bytes[byte], bytes[byte + 1], bytes[byte + 2]];
                    let code = ((high as u32 & 0xF) << 12) | ((middle as u32 & 0x3F) << 6) | (low as u32 & 0x3F);
                    if let Some(c) = char::from_u32(code) {
                        self = self.with(c);
                    }
                }
                byte += 1;
            }
            at += 1;
        }
        self
    }

    /// Returns whether a character is in the set.
    pub(crate) const fn contains(&self, c: char) -> bool {
        match Self::position(c) {
            Some((word, bit)) => self.0[word] & bit != 0,
            None => false,
        }
    }

    const fn position(c: char) -> Option<(usize, u64)> {
        let code = c as u32;
        if code < FIRST || code > LAST {
            return None;
        }
        Some((((code - FIRST) / 64) as usize, 1 << ((code - FIRST) % 64)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holds_exactly_the_kanji_it_was_given() {
        const WORDS: [&str; 3] = ["丁目", "F棟ノ", "鿿一"];
        static SET: KanjiSet = KanjiSet::EMPTY.with_words(&WORDS).with('号').with('A').without('目');
        let members: String = ('\0'..=char::MAX).filter(|c| SET.contains(*c)).collect();
        assert_eq!(members, "一丁号棟鿿");
    }
}
