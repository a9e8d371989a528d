use super::FieldKind;
pub fn fold(_f: FieldKind, t: &str) -> String {
    t.to_owned()
}
pub fn search_fold(t: &str) -> String {
    t.to_owned()
}
pub fn split_name(t: &str) -> Option<(&str, &str)> {
    t.split_once([' ', '　'])
}
pub fn municipality(_t: &str) -> Option<String> {
    None
}
