//! Bits of `Unit::marks`: what folding did to a unit.

/// Full width to half width or the other way.
pub(crate) const WIDTH: u16 = 1;
/// A variation selector was dropped.
pub(crate) const IVS: u16 = 1 << 1;
/// A CJK compatibility ideograph or radical became its unified form.
pub(crate) const COMPAT: u16 = 1 << 2;
/// Combining marks were composed.
pub(crate) const COMPOSED: u16 = 1 << 3;
/// Lower case became upper case.
pub(crate) const CASE: u16 = 1 << 4;
/// Hiragana became katakana.
pub(crate) const HIRAGANA: u16 = 1 << 5;
/// Small kana became large.
pub(crate) const SMALL: u16 = 1 << 6;
/// ヂ or ヅ became ジ or ズ.
pub(crate) const YOTSU: u16 = 1 << 7;
/// A hyphen-like character became ー.
pub(crate) const BAR: u16 = 1 << 8;
/// An old or variant form became the standard one.
pub(crate) const VARIANT: u16 = 1 << 9;
/// Small ヶ became ケ.
pub(crate) const SMALL_KE: u16 = 1 << 10;
/// A Roman numeral such as Ⅱ became letters.
pub(crate) const ROMAN: u16 = 1 << 11;
/// An apostrophe or hyphen of another code became the ASCII one.
pub(crate) const SIGN: u16 = 1 << 13;
/// Digit of a town name that may have been written as a kanji numeral.
pub(crate) const NUMERAL: u16 = 1 << 12;
