//! The JSON fields of ARCHITECTURE "Commands", the one place that knows them. Invisible characters are escaped; a 個人番号
//! never appears.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use crate::compare::{self, FieldKind};
use crate::domain::batch::{Batch, Withdrawal, is_changed};
use crate::domain::calendar::japan;
use crate::domain::case::{Case, Evidence};
use crate::domain::category::Category;
use crate::domain::event::Event;
use crate::domain::listed;
use crate::domain::pattern::Pattern;
use crate::domain::record::{Column, Facts, Row};
use crate::domain::suspension::Class;
use crate::domain::tally::{Bridge, ITEMS};
use crate::domain::twins::{Twins, is_twin};

use super::held::HeldView;
use super::report::{ReportView, StatusView};
use super::view::RecordView;

/// A moment in Japanese time, to the second: `2023-12-14T09:30:00+09:00`.
pub fn moment(at: Timestamp) -> String {
    at.to_zoned(japan()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn visible(text: &str) -> Value {
    Value::String(compare::visible(text).into_owned())
}

/// The classes that always stand in a status: those of item 1.
const ITEM1_CLASSES: [Class; 5] = [Class::One, Class::TwoA, Class::TwoB, Class::TwoC, Class::Three];

/// `meken status --json`
pub fn status(view: &StatusView) -> Value {
    let status = &view.status;
    let by_class: Map<String, Value> = Class::ALL
        .into_iter()
        .filter(|class| ITEM1_CLASSES.contains(class) || status.by_class.contains_key(class))
        .map(|class| {
            let count = status.by_class.get(&class).copied().unwrap_or_default();
            (class.label().to_owned(), json!({ "total": count.total, "remaining": count.remaining }))
        })
        .collect();
    let by_category: Map<String, Value> = Category::ALL
        .into_iter()
        .map(|category| (category.code().to_owned(), status.by_category.get(&category).copied().unwrap_or(0).into()))
        .collect();
    let by_state: Map<String, Value> =
        status.by_state.iter().map(|(state, count)| (state.label().to_owned(), (*count).into())).collect();
    let operators: Vec<Value> = status
        .operators
        .iter()
        .map(|(name, count)| json!({ "operator": compare::visible(name), "decided": count }))
        .collect();
    json!({
        "as_of": moment(view.as_of),
        "in_item1": status.in_item1,
        "decided": status.decided,
        "waiting": status.waiting,
        "remaining": status.remaining,
        "out_of_scope": status.out_of_scope,
        "quarantined": view.quarantined,
        "by_class": by_class,
        "by_category": by_category,
        "by_state": by_state,
        "release": {
            "reported": status.reported,
            "unreported": status.unreported,
            "changed": status.changed,
            "next": { "batch": view.next.round, "cutoff": view.next.at.strftime("%Y-%m-%dT%H:%M:%S").to_string() },
        },
        "operators": operators,
        "file": compare::visible(&view.file),
    })
}

/// `meken report --json`
pub fn report(view: &ReportView) -> Value {
    let mut out = Map::new();
    out.insert("as_of".into(), moment(view.as_of).into());
    for item in ITEMS {
        out.insert(item.into(), view.report.item(item).into());
    }
    let broken = view.report.broken_identities();
    out.insert("waiting_4_1".into(), view.report.waiting_4_1.into());
    out.insert("waiting_4_2".into(), view.report.waiting_4_2.into());
    out.insert("backlog".into(), view.report.backlog.into());
    out.insert("identities_ok".into(), broken.is_empty().into());
    out.insert("broken".into(), broken.into());
    out.insert("complete".into(), view.report.is_complete().into());
    out.insert("bridge".into(), view.bridge.as_ref().map_or(Value::Null, bridge));
    out.insert("quarantined".into(), view.quarantined.into());
    out.insert("frozen".into(), view.frozen.into());
    Value::Object(out)
}

fn bridge(bridge: &Bridge) -> Value {
    json!({
        "last": bridge.last,
        "new": bridge.new,
        "reopened": bridge.reopened,
        "closed": bridge.closed,
        "vanished": bridge.vanished,
        "this": bridge.this,
    })
}

/// A record of `meken list` and `meken show`.
pub fn record(view: &RecordView) -> Value {
    record_as(view, visible)
}

/// A record for a file: every text as it came, and all columns of its row but the 個人番号. No screen and no JSON output
/// may show it.
pub fn raw_record(view: &RecordView) -> Value {
    let mut value = record_as(view, |text| Value::String(text.to_owned()));
    let columns = Column::ALL.into_iter().filter(|column| *column != Column::MyNumber);
    let cells: Map<String, Value> =
        columns.map(|column| (column.name().to_owned(), view.record.row.cell(column).into())).collect();
    value["cells"] = cells.into();
    // A mark that could not be read is shown as ? on a screen; in a file it is what it was.
    let shown = |column| listed::shown(&view.record, column).unwrap_or_else(|| view.record.row.cell(column).to_owned());
    value["overall"] = shown(Column::Overall).into();
    for field in FieldKind::ALL {
        value["fields"][field.word()]["mark"] = shown(Column::Mark(field)).into();
    }
    value
}

fn record_as(view: &RecordView, visible: fn(&str) -> Value) -> Value {
    let (row, facts, case) = (&view.record.row, &view.record.facts, &view.case);
    let fields: Map<String, Value> = FieldKind::ALL
        .into_iter()
        .map(|field| {
            let comparison = &view.comparisons[field];
            let codes: Vec<String> = comparison.codes().iter().map(ToString::to_string).collect();
            let reasons: Vec<&str> = comparison.reasons.iter().map(|reason| reason.text.as_str()).collect();
            let value = json!({
                "left": visible(row.left(field)),
                "right": visible(row.right(field)),
                "mark": facts.marks.fields[field].label(),
                "verdict": comparison.verdict.label(),
                "codes": codes,
                "reasons": reasons,
                "hint": comparison.hint.map(|hint| hint.label()),
            });
            (field.word().to_owned(), value)
        })
        .collect();
    let suggestion = view.suggestion.as_ref().map(|suggestion| {
        let reasons: Vec<&str> = suggestion.reasons.iter().map(|(_, reason)| reason.text.as_str()).collect();
        json!({ "category": suggestion.category.code(), "evidence": suggestion.evidence.label(), "reasons": reasons })
    });
    let signs: Vec<Value> = view
        .signs
        .iter()
        .map(|sign| {
            let other = sign.other.as_ref().map(|(_, id)| compare::visible(id));
            json!({
                "flag": sign.danger.code(),
                "label": sign.danger.label(),
                "other": other,
                "fields": sign.evidence.fields.iter().map(|field| field.word()).collect::<Vec<_>>(),
                "why": sign.evidence.words,
            })
        })
        .collect();
    let id = row.id();
    let pattern = Pattern::of(&facts.marks, &view.comparisons);
    json!({
        "id": visible(&id),
        "key": visible(&row.key()),
        "line": row.line,
        "class": facts.class.label(),
        "overall": facts.overall.label(),
        "in_item1": facts.in_item1(),
        "scope": facts.scope.label(),
        "state": state(view),
        "category": case.state.category().map(Category::code),
        "suggestion": suggestion,
        "dangers": facts.dangers.iter().map(|danger| danger.code()).collect::<Vec<_>>(),
        "danger_evidence": signs,
        "protected": case.is_protected(facts),
        "protected_by": protected_by(case, facts),
        "fields": fields,
        "evidence": case.evidence.iter().map(|one| evidence_as(one, visible)).collect::<Vec<_>>(),
        "note": visible(&case.note),
        "operator": visible(&case.operator),
        "decided_at": case.decided_at.map(moment),
        "lost": case.lost.map(|day| day.to_string()),
        "sent": case.sent.map(|day| day.to_string()),
        "due": case.due.map(|day| day.to_string()),
        "replied": case.replied.map(|day| day.to_string()),
        "safe_way": visible(&case.safe_way),
        "batch": view.in_batch,
        "changed_in_batch": is_changed(case, view.in_batch),
        "pattern": { "classes": format!("{:016x}", pattern.classes), "exact": format!("{:016x}", pattern.exact) },
        "original_bytes": original_bytes(row),
        "changed": view.previous.as_ref().map(|before| changed(before, row)),
    })
}

/// The characters of a row that had other bytes in its CP932 file than they are written with: the column, the place in
/// its value and the number among the characters there that have two codes, both from 0.
fn original_bytes(row: &Row) -> Vec<Value> {
    if row.twins.is_empty() {
        return Vec::new();
    }
    let columns = Column::ALL.into_iter().zip(row.twins.cut(row.cells.iter().map(String::as_str)));
    let one = |(column, twins): (Column, Twins)| -> Vec<Value> {
        let mut twice = 0..;
        twins
            .of(row.cell(column))
            .enumerate()
            .filter_map(|(at, (c, bytes))| {
                let nth = if is_twin(c) { twice.next() } else { None };
                Some((at, c, nth?, bytes?))
            })
            .map(|(at, c, nth, bytes): (usize, char, u32, [u8; 2])| {
                let bytes = format!("{:04X}", u16::from_be_bytes(bytes));
                json!({ "column": column.name(), "at": at, "nth": nth, "character": c.to_string(), "bytes": bytes })
            })
            .collect()
    };
    columns.filter(|(column, _)| *column != Column::MyNumber).flat_map(one).collect()
}

/// What the last newer file changed in a row, old and new beside each other; never the 個人番号.
fn changed(before: &Row, now: &Row) -> Vec<Value> {
    let columns = Column::ALL.into_iter().filter(|column| before.cell(*column) != now.cell(*column));
    columns
        .map(|column| match column {
            Column::MyNumber => json!({ "column": column.name() }),
            _ => json!({
                "column": column.name(),
                "old": visible(before.cell(column)),
                "new": visible(now.cell(column)),
            }),
        })
        .collect()
}

/// Who said last whether 支援措置 stands: an operator by hand or the file; `null` where nobody said anything.
fn protected_by(case: &Case, facts: &Facts) -> Option<&'static str> {
    match case.protected {
        Some(_) => Some("operator"),
        None => facts.protected.then_some("file"),
    }
}

fn state(view: &RecordView) -> &'static str {
    if view.record.facts.in_item1() { view.case.state.kind().label() } else { "対象外" }
}

fn evidence(evidence: &Evidence) -> Value {
    evidence_as(evidence, visible)
}

fn evidence_as(evidence: &Evidence, visible: fn(&str) -> Value) -> Value {
    json!({
        "code": evidence.code.label(),
        "date": evidence.date.map(|day| day.to_string()),
        "ref": visible(&evidence.reference),
    })
}

/// A row of `meken quarantine`.
pub fn quarantine(view: &HeldView) -> Value {
    let row = &view.row;
    json!({
        "number": row.number,
        "file": visible(&row.file),
        "line": row.line,
        "column": row.column.as_deref().map(visible),
        "code": row.code,
        "reason": visible(&row.reason),
        "import": row.import,
        "id": row.key.as_deref().map(visible),
        "state": row.state.label(),
        "state_words": row.state.words(),
        "closed_at": row.closed.as_ref().map(|end| moment(end.at)),
        "closed_by": row.closed.as_ref().map(|end| visible(&end.operator)),
        "closed_reason": row.closed.as_ref().map(|end| visible(&end.reason)),
        "cells": view.cells,
    })
}

/// An event of `meken log`.
pub fn event(event: &Event, id: Option<&str>) -> Value {
    json!({
        "seq": event.seq,
        "at": moment(event.at),
        "operator": visible(&event.operator),
        "kind": event.kind.label(),
        "id": id.map(visible),
        "before": event.before.as_ref().map(case),
        "after": event.after.as_ref().map(case),
        "reason": visible(&event.reason),
        "refers": event.refers,
        "quarantine": event.held,
        "detail": visible(&event.detail),
    })
}

fn case(case: &Case) -> Value {
    json!({
        "state": case.state.kind().label(),
        "category": case.state.category().map(Category::code),
        "evidence": case.evidence.iter().map(evidence).collect::<Vec<_>>(),
        "note": visible(&case.note),
        "protected": case.protected == Some(true),
        "safe_way": visible(&case.safe_way),
    })
}

/// A batch of `meken batch list` and `show`.
pub fn batch(batch: &Batch, withdrawals: &[Withdrawal]) -> Value {
    let withdrawn: Vec<Value> = withdrawals
        .iter()
        .filter(|withdrawal| withdrawal.batch == batch.number)
        .map(|withdrawal| {
            json!({
                "id": visible(&withdrawal.id),
                "reason": visible(&withdrawal.reason),
                "at": moment(withdrawal.at),
                "operator": visible(&withdrawal.operator),
            })
        })
        .collect();
    json!({
        "batch": batch.number,
        "round": batch.round,
        "cutoff": batch.cutoff.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        "made_at": moment(batch.made_at),
        "operator": visible(&batch.operator),
        "rows": batch.rows.len(),
        "ids": batch.rows.iter().map(|row| visible(&row.id)).collect::<Vec<_>>(),
        "withdrawn": withdrawn,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bytes that belong to another character are left out; the number of the next ones stays theirs.
    #[test]
    fn original_bytes_that_are_left_out_shift_no_other() {
        let mut row = Row { cells: vec![String::new(); Column::COUNT], ..Row::default() };
        row.cells[Column::Remarks.index()] = "甲≒乙∵".to_owned();
        row.twins.push(0, [0x87, 0x9A]);
        row.twins.push(1, [0x87, 0x9A]);
        let one = json!({ "column": Column::Remarks.name(), "at": 3, "nth": 1, "character": "∵", "bytes": "879A" });
        assert_eq!(original_bytes(&row), [one]);
    }
}
