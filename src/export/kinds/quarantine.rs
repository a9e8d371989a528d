//! The quarantine: rows rejected at import, as a table that can be corrected and imported again as it is (RULES §7).

use std::collections::BTreeMap;

use crate::desk::Seat;
use crate::domain::export::{ExportKind, ExportRequest};
use crate::domain::quarantine;
use crate::domain::record::Column;
use crate::export::cell::Cell;
use crate::export::csv::Table;
use crate::export::error::ExportError;
use crate::export::plan::Plan;
use crate::store::{ImportRecord, QuarantineRow};
use crate::view::redact::held_cells;

/// The open rows; those that were corrected, replaced or dismissed are left out.
pub(super) fn plan(desk: &Seat) -> Result<Plan, ExportError> {
    let snapshot = desk.snapshot()?;
    let mut rows = Vec::new();
    let mut closed: BTreeMap<&'static str, u64> = BTreeMap::new();
    snapshot.each_held(&mut |row| match row.state.is_open() {
        true => rows.push(row),
        false => *closed.entry(row.state.label()).or_default() += 1,
    })?;
    let table = table(&rows, &snapshot.meta()?.imports);
    let edition = ExportRequest::of(ExportKind::Quarantine);
    Ok(Plan { excluded: closed.into_iter().collect(), ..Plan::new(edition, desk.now(), table) })
}

/// Lays rejected rows out: number, location and reason, then the columns of their file with the values as they stood there.
///
/// A 個人番号 is written with its last four digits; an import puts back what was not touched. Rows of files with different
/// headers come under the canonical names, other columns under their own.
pub fn table(rows: &[QuarantineRow], imports: &[ImportRecord]) -> Table {
    let files: BTreeMap<u32, FileColumns> = rows
        .iter()
        .filter_map(|row| Some((row.import, imports.get((row.import as usize).checked_sub(1)?)?)))
        .map(|(number, import)| (number, FileColumns::of(import)))
        .collect();
    let one = files.values().next().filter(|first| files.values().all(|file| file.names == first.names));
    let header: Vec<String> = match one {
        Some(file) => file.names.clone(),
        None => common_header(files.values()),
    };
    let none = FileColumns::default();
    let mut lines: Vec<(Vec<Cell>, Vec<Cell>)> = Vec::with_capacity(rows.len());
    for row in rows {
        let file = files.get(&row.import).unwrap_or(&none);
        let cells = quarantine::cells(&row.raw);
        let fits = cells.len() == file.width;
        let shown = held_cells(&cells, file.my_number.filter(|_| fits), file.id.filter(|_| fits));
        let twins = row.twins.cut(cells.iter().map(String::as_str));
        let (mut own, mut surplus) = (vec![Cell::default(); header.len()], Vec::new());
        for (at, (cell, twins)) in shown.into_iter().zip(twins).enumerate() {
            let position = match (file.positions.get(at), one) {
                (Some(Some((position, _))), Some(_)) => Some(*position),
                (Some(Some((_, name))), None) => header.iter().position(|known| known == name),
                // A column that was added when the row was written out before.
                (Some(None), _) => continue,
                (None, _) => None,
            };
            match position {
                Some(position) => own[position] = Cell::original(cell, twins),
                None => surplus.push(Cell::original(cell, twins)),
            }
        }
        lines.push((own, surplus));
    }
    let surplus = lines.iter().map(|(_, surplus)| surplus.len()).max().unwrap_or(0);
    let added = quarantine::COLUMNS.iter().map(|&name| name.to_owned());
    let mut table = Table::new(added.chain(header).chain((1..=surplus).map(quarantine::surplus)));
    for (row, (own, surplus)) in rows.iter().zip(lines) {
        let added = [
            row.number.into(),
            row.file.as_str().into(),
            row.line.into(),
            Cell::code(&row.code),
            row.reason.as_str().into(),
            Cell::Empty,
        ];
        table.push(added.into_iter().chain(own).chain(surplus));
    }
    table
}

/// The columns of one imported file.
#[derive(Default)]
struct FileColumns {
    /// Header names of the original columns.
    names: Vec<String>,
    /// For every column of the file: its index among the original ones, and its canonical name where it has one.
    positions: Vec<Option<(usize, String)>>,
    width: usize,
    my_number: Option<usize>,
    id: Option<usize>,
}

impl FileColumns {
    fn of(import: &ImportRecord) -> Self {
        let mut file = Self { width: import.header.len(), ..Self::default() };
        let position = |column: Column| import.columns.get(column.index()).copied().flatten().map(usize::from);
        for (at, name) in import.header.iter().enumerate() {
            if quarantine::is_added(name) {
                file.positions.push(None);
                continue;
            }
            let known = Column::ALL.into_iter().find(|column| position(*column) == Some(at));
            let name = if name.trim().is_empty() { format!("列{}", at + 1) } else { name.clone() };
            let canonical = known.map_or_else(|| name.clone(), |column| column.name().to_owned());
            file.positions.push(Some((file.names.len(), canonical)));
            file.names.push(name);
        }
        (file.my_number, file.id) = (position(Column::MyNumber), position(Column::Id));
        file
    }
}

/// The header for rows of several files: canonical columns in their order, then the others.
fn common_header<'f>(files: impl Iterator<Item = &'f FileColumns> + Clone) -> Vec<String> {
    let names = |file: &'f FileColumns| file.positions.iter().flatten().map(|(_, name)| name.clone());
    let all: Vec<String> = files.flat_map(names).collect();
    let mut header: Vec<String> =
        Column::ALL.iter().map(|column| column.name().to_owned()).filter(|name| all.contains(name)).collect();
    for name in all {
        if !header.contains(&name) {
            header.push(name);
        }
    }
    header
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::TextEncoding;

    fn import(number: u32, header: &[&str], columns: &[(Column, u16)]) -> ImportRecord {
        let mut positions = vec![None; Column::COUNT];
        columns.iter().for_each(|(column, at)| positions[column.index()] = Some(*at));
        let header = header.iter().map(|&name| name.to_owned()).collect();
        ImportRecord { number, header, columns: positions, ..ImportRecord::default() }
    }

    fn row(number: u32, import: u32, raw: &[&str]) -> QuarantineRow {
        QuarantineRow {
            number,
            import,
            file: "zenken.csv".into(),
            line: number + 4,
            code: "columns".into(),
            reason: "列の数が違います".into(),
            raw: raw.iter().map(|&cell| cell.to_owned()).collect(),
            ..QuarantineRow::default()
        }
    }

    fn csv(rows: &[QuarantineRow], imports: &[ImportRecord]) -> String {
        String::from_utf8(table(rows, imports).to_csv(TextEncoding::Utf8).unwrap()).unwrap()
    }

    const ADDED: &str = "隔離番号,隔離ファイル,隔離行,隔離コード,隔離理由,隔離確認";

    #[test]
    fn rows_of_one_file_keep_its_header_and_values() {
        let imports = [import(1, &["番号", "マイナンバー", "氏名"], &[(Column::Id, 0), (Column::MyNumber, 1)])];
        let rows = [
            row(1, 1, &["0001", "0000-1234-567", "=1+1"]),
            row(2, 1, &["0002"]),
            row(3, 1, &["0003", "a", "b", "c"]),
            row(4, 1, &["0004,\"山田,太郎"]),
        ];
        let expected = format!(
            "{ADDED},番号,マイナンバー,氏名,隔離余り1\r\n\
            1,zenken.csv,5,columns,列の数が違います,,0001,****-***4-567,'=1+1,\r\n\
            2,zenken.csv,6,columns,列の数が違います,,0002,,,\r\n\
            3,zenken.csv,7,columns,列の数が違います,,0003,a,b,c\r\n\
            4,zenken.csv,8,columns,列の数が違います,,0004,山田,太郎,\r\n"
        );
        assert_eq!(csv(&rows, &imports), expected);
    }

    #[test]
    fn rows_of_several_files_come_under_canonical_names() {
        let imports = [
            import(1, &["番号", "メモ"], &[(Column::Id, 0)]),
            import(2, &["隔離番号", "隔離行", "別", "No"], &[(Column::Id, 3)]),
        ];
        let text = csv(&[row(1, 1, &["0001", "m"]), row(2, 2, &["1", "5", "b", "0002"])], &imports);
        let expected = format!(
            "{ADDED},整理番号,メモ,別\r\n\
            1,zenken.csv,5,columns,列の数が違います,,0001,m,\r\n\
            2,zenken.csv,6,columns,列の数が違います,,0002,,b\r\n"
        );
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_held_back_is_a_header() {
        assert_eq!(csv(&[], &[]), format!("{ADDED}\r\n"));
    }
}
