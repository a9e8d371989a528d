pub struct PartialDate {
    pub year: i16,
    pub month: Option<u8>,
    pub day: Option<u8>,
}
pub type ParsedDate = PartialDate;
pub fn parse_date(text: &str) -> Option<PartialDate> {
    let t: String = text.chars().filter(char::is_ascii_digit).collect();
    Some(PartialDate {
        year: t.get(..4)?.parse().ok()?,
        month: t.get(4..6)?.parse().ok(),
        day: t.get(6..8)?.parse().ok(),
    })
}
