//! Export templates: which columns a 解除 list has and what stands in them (DOMAIN §8; the official form is not public, so
//! the user can edit it).
//!
//! A template is TOML: `[[column]]` tables with `title` and either `value` (a word of [`ReleaseValue`]) or `text` (the same text in
//! every row), and a `date` form for the whole file. Every fault is named at once with its place and the nearest word.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::cell::DateForm;
use super::error::ExportError;
use crate::config::diagnostic::{Diagnostic, Diagnostics, nearest, quote};

/// The template used when none is given: the columns of DOMAIN §8.
const DEFAULT: &str = include_str!("templates/release.toml");

/// The columns of an exported list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The columns from left to right; at least one.
    pub columns: Vec<TemplateColumn>,
    /// How dates are written.
    pub date: DateForm,
}

/// A column of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateColumn {
    /// The title in the header.
    pub title: String,
    /// Content of its cells.
    pub source: ColumnSource,
}

/// Content of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnSource {
    /// A value of the row.
    Value(ReleaseValue),
    /// The same text in every row.
    Text(String),
}

macro_rules! values {
    ($($(#[doc = $doc:literal])+ $name:ident $word:literal,)*) => {
        /// A value that a column can hold. None of them is or contains a 個人番号.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ReleaseValue {
            $($(#[doc = $doc])+ $name,)*
        }

        impl ReleaseValue {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word of a template.
            pub fn word(self) -> &'static str {
                match self { $(Self::$name => $word,)* }
            }
        }
    };
}

values! {
    /// 報告回次
    Round "round",
    /// 報告締切, Japanese time; the time of day only where the cut-off has one
    Cutoff "cutoff",
    /// Running number of the batch
    Batch "batch",
    /// 整理番号
    Id "id",
    /// 保険者番号
    InsurerNo "insurer_no",
    /// 被保険者証記号
    Symbol "symbol",
    /// 被保険者証番号
    Number "number",
    /// 枝番
    Branch "branch",
    /// ① ②a ②b ②c ③
    Class "class",
    /// 停止区分: what is locked
    Suspension "suspension",
    /// 解除対象: what is to be unlocked
    Release "release",
    /// 確認区分: 2-2 …
    Category "category",
    /// What the 確認区分 means
    CategoryLabel "category_label",
    /// 確認方法
    Evidence "evidence",
    /// 確認方法 with dates and references
    EvidenceDetail "evidence_detail",
    /// 確認年月日 in Japan
    ConfirmedOn "confirmed_on",
    /// 確認者
    Operator "operator",
    /// 承認者
    Approver "approver",
    /// The day the batch was made, in Japan
    MadeOn "made_on",
    /// Nothing
    Blank "blank",
}

impl Default for Template {
    fn default() -> Self {
        Self::parse("release.toml", DEFAULT).expect("the shipped template is read by a test")
    }
}

impl Template {
    /// Reads a template; `file` is its name for messages.
    pub fn parse(file: &str, text: &str) -> Result<Self, ExportError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader { file, text, faults: Vec::new() };
        let template = reader.template();
        let mut faults = reader.faults;
        if faults.is_empty() {
            Ok(template)
        } else {
            faults.sort_by_key(|(offset, _)| *offset);
            Err(ExportError::Template(Diagnostics(faults.into_iter().map(|(_, fault)| fault).collect())))
        }
    }

    /// The text of the default template, for users who want to change it.
    pub fn default_text() -> &'static str {
        DEFAULT
    }
}

/// Parser of a template that collects faults with their offsets.
struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    faults: Vec<(usize, Diagnostic)>,
}

impl Reader<'_> {
    fn fault(&mut self, offset: usize, message: impl Into<String>, help: Option<&str>) {
        let help = help.map(str::to_owned);
        self.faults.push((offset, Diagnostic::at(self.file, self.text, offset, message, help)));
    }

    /// Adds a fault about a word that is none of `valid`.
    fn unknown(&mut self, offset: usize, what: &str, word: &str, valid: &[&str]) {
        let help = nearest(word, valid.iter().copied());
        let all = if help.is_none() { format!("({})", valid.join(" ")) } else { String::new() };
        self.fault(offset, format!("{what}{}はありません{all}", quote(word)), help);
    }

    fn template(&mut self) -> Template {
        let text = self.text;
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let offset = error.span().map_or(0, |span| span.start);
            self.fault(offset, format!("TOMLとして読めません({})", error.message()), None);
        }
        let mut template = Template { columns: Vec::new(), date: DateForm::default() };
        if !errors.is_empty() {
            return template;
        }
        for (key, value) in table.get_ref() {
            match key.get_ref().as_ref() {
                "column" => template.columns = self.columns(value),
                "date" => {
                    let words = DateForm::WORDS.map(|(word, _)| word);
                    if let Some(word) = self.string("date", value) {
                        match DateForm::WORDS.into_iter().find(|(known, _)| *known == word) {
                            Some((_, form)) => template.date = form,
                            None => self.unknown(value.span().start, "日付の形", word, &words),
                        }
                    }
                }
                other => self.unknown(key.span().start, "項目", other, &["column", "date"]),
            }
        }
        if template.columns.is_empty() && self.faults.is_empty() {
            self.fault(0, "列がありません。[[column]] に title と value を書いてください", None);
        }
        template
    }

    fn columns(&mut self, value: &Spanned<DeValue<'_>>) -> Vec<TemplateColumn> {
        let Some(array) = value.get_ref().as_array() else {
            self.fault(value.span().start, "列は [[column]] の形で書いてください", None);
            return Vec::new();
        };
        let mut columns: Vec<TemplateColumn> = Vec::new();
        for item in array {
            let Some(table) = item.get_ref().as_table() else {
                self.fault(item.span().start, "列は [[column]] の形で書いてください", None);
                continue;
            };
            let Some(column) = self.column(item.span().start, table) else { continue };
            if columns.iter().any(|other| other.title == column.title) {
                let at = table.get("title").map_or(item.span().start, |title| title.span().start);
                self.fault(at, format!("title {}はもう書かれています", quote(&column.title)), None);
            }
            columns.push(column);
        }
        columns
    }

    fn column(&mut self, start: usize, table: &DeTable<'_>) -> Option<TemplateColumn> {
        let faults = self.faults.len();
        let (mut title, mut source) = (None, None);
        let mut sources = 0;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "title" => title = self.string("title", value).map(str::to_owned),
                "value" => {
                    sources += 1;
                    let Some(word) = self.string("value", value) else { continue };
                    match ReleaseValue::ALL.iter().find(|known| known.word() == word) {
                        Some(known) => source = Some(ColumnSource::Value(*known)),
                        None => {
                            let words: Vec<_> = ReleaseValue::ALL.iter().map(|known| known.word()).collect();
                            self.unknown(value.span().start, "value の語", word, &words);
                        }
                    }
                }
                "text" => {
                    sources += 1;
                    source = self.string("text", value).map(|text| ColumnSource::Text(text.to_owned()));
                }
                other => self.unknown(key.span().start, "[[column]] の項目", other, &["title", "value", "text"]),
            }
        }
        if self.faults.len() > faults {
            return None;
        }
        match (title, source, sources) {
            (Some(title), _, _) if title.trim().is_empty() => {
                self.fault(start, "title は空でない文字列です", None);
                None
            }
            (Some(title), Some(source), 1) => Some(TemplateColumn { title, source }),
            (None, ..) => {
                self.fault(start, "この列には title がありません", None);
                None
            }
            (_, _, 0) => {
                self.fault(start, "この列には value か text がありません", None);
                None
            }
            _ => {
                self.fault(start, "value と text は、どちらか一つだけ書いてください", None);
                None
            }
        }
    }

    fn string<'v>(&mut self, name: &str, value: &'v Spanned<DeValue<'_>>) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.fault(value.span().start, format!("{name} は文字列です。\" \" で囲んでください"), None);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn faults(text: &str) -> Vec<(usize, usize, String, Option<String>)> {
        match Template::parse("mine.toml", text) {
            Err(ExportError::Template(Diagnostics(faults))) => {
                faults.into_iter().map(|fault| (fault.line, fault.column, fault.message, fault.help)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_default_has_the_columns_of_the_rules() {
        let titles: Vec<_> = Template::default().columns.into_iter().map(|column| column.title).collect();
        let expected = "報告回次, 報告締切, 整理番号, 保険者番号, 被保険者証記号, 被保険者証番号, 枝番, 停止区分, 解除対象, \
                        確認区分, 確認方法, 確認年月日, 確認者, 承認者, 備考";
        assert_eq!(titles.join(", "), expected);
        assert_eq!(Template::default().date, DateForm::Dashes);
    }

    #[test]
    fn the_default_template_lists_every_word() {
        for value in ReleaseValue::ALL {
            assert!(Template::default_text().contains(value.word()), "{}", value.word());
        }
    }

    #[test]
    fn own_columns() {
        let text = "date = \"YYYYMMDD\"\n[[column]]\ntitle = \"番号\"\nvalue = \"id\"\n[[column]]\ntitle=\"様式\"\ntext=\"3-1\"\n";
        let template = Template::parse("mine.toml", text).unwrap();
        assert_eq!(template.date, DateForm::Digits);
        assert_eq!(
            template.columns[0],
            TemplateColumn { title: "番号".into(), source: ColumnSource::Value(ReleaseValue::Id) }
        );
        assert_eq!(
            template.columns[1],
            TemplateColumn { title: "様式".into(), source: ColumnSource::Text("3-1".into()) }
        );
        assert!(Template::parse("mine.toml", &format!("\u{feff}{text}")).is_ok());
    }

    #[test]
    fn every_fault_is_named_at_its_place() {
        let some = |word: &str| Some(word.to_owned());
        let text = "date = \"YYYY-MM-D\"\ncolum = 1\n[[column]]\ntitle = \"a\"\nvalue = \"rond\"\n\n[[column]]\ntitel = \"b\"\nvalue = 1\n";
        let found = faults(text);
        let places: Vec<_> = found.iter().map(|(line, column, ..)| (*line, *column)).collect();
        assert_eq!(places, [(1, 8), (2, 1), (5, 9), (8, 1), (9, 9)], "{found:?}");
        let helps: Vec<_> = found.iter().map(|(.., help)| help.clone()).collect();
        assert_eq!(helps, [some("YYYY-MM-DD"), some("column"), some("round"), some("title"), None]);
        assert!(found[2].2.contains("「rond」"), "{found:?}");
        let words = Template::parse("mine.toml", text).unwrap_err().to_string();
        assert!(words.contains("mine.toml:5:9: ") && words.contains("もしかして: round"), "{words}");
    }

    #[test]
    fn incomplete_columns() {
        for (text, words) in [
            ("", "列がありません"),
            ("date = \"YYYYMMDD\"\n", "列がありません"),
            ("column = 1", "[[column]] の形"),
            ("column = [1]", "[[column]] の形"),
            ("[[column]]\nvalue = \"id\"\n", "title がありません"),
            ("[[column]]\ntitle = \" \"\nvalue = \"id\"\n", "空でない"),
            ("[[column]]\ntitle = \"a\"\n", "value か text"),
            ("[[column]]\ntitle = \"a\"\nvalue = \"id\"\ntext = \"b\"\n", "どちらか一つ"),
            ("[[column]]\ntitle = \"a\"\nvalue = \"id\"\n[[column]]\ntitle = \"a\"\nvalue = \"id\"\n", "もう書かれて"),
            ("[[column]\ntitle = \"a\"\n", "TOMLとして読めません"),
            ("[[column]]\ntitle = \"a\"\nvalue = \"my_number\"\n", "「my_number」はありません"),
        ] {
            let found = faults(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(found[0].2.contains(words), "{text}: {found:?}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(\\[\\[column\\]\\]\n|title = \"a\"\n|value = \"id\"\n|value|text = 1\n|date = |\"|=|[a-z]|\n){0,12}") {
            match Template::parse("mine.toml", &text) {
                Ok(template) => prop_assert!(!template.columns.is_empty()),
                Err(ExportError::Template(faults)) => prop_assert!(!faults.0.is_empty()),
                Err(other) => prop_assert!(false, "{other}"),
            }
        }
    }
}
