//! Writes views as the documented JSON (ARCHITECTURE "Commands"), the one place that knows its fields. Invisible
//! characters are escaped; a 個人番号 never appears.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::held::HeldView;
use super::record::{CellChange, DangerView, OriginalBytes, RecordView};
use super::release::BatchView;
use super::report::ReportView;
use super::status::StatusView;
use super::trail::{self, Step};
use crate::compare::{self, FieldKind};
use crate::domain::batch::is_changed;
use crate::domain::calendar::japan;
use crate::domain::case::{Case, Evidence};
use crate::domain::category::Category;
use crate::domain::record::{Column, Facts};
use crate::domain::tally::{Bridge, ITEMS};

/// A moment in Japanese time, to the second: `2023-12-14T09:30:00+09:00`.
pub fn moment(at: Timestamp) -> String {
    at.to_zoned(japan()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn visible(text: &str) -> Value {
    Value::String(compare::visible(text).into_owned())
}

/// `meken status --json`
pub fn status(view: &StatusView) -> Value {
    let status = &view.status;
    let by_class: Map<String, Value> = view
        .classes()
        .map(|(class, count)| (class.label().to_owned(), json!({ "total": count.total, "remaining": count.remaining })))
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
            "next": { "batch": view.cutoff.round, "cutoff": view.cutoff.at.strftime("%Y-%m-%dT%H:%M:%S").to_string() },
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
    let broken = view.broken();
    out.insert("waiting_4_1".into(), view.report.waiting_4_1.into());
    out.insert("waiting_4_2".into(), view.report.waiting_4_2.into());
    out.insert("backlog".into(), view.report.backlog.into());
    out.insert("identities_ok".into(), broken.is_empty().into());
    out.insert("broken".into(), broken.into());
    out.insert("complete".into(), view.report.is_complete().into());
    out.insert("bridge".into(), view.bridge.as_ref().map_or(Value::Null, bridge));
    out.insert("quarantined".into(), view.quarantined.into());
    out.insert("frozen".into(), view.number.into());
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
                "previous": previous(view, field),
            });
            (field.word().to_owned(), value)
        })
        .collect();
    let suggestion = view.suggestion.as_ref().map(|suggestion| {
        let reasons: Vec<&str> = suggestion.reasons.iter().map(|(_, reason)| reason.text.as_str()).collect();
        json!({ "category": suggestion.category.code(), "evidence": suggestion.evidence.label(), "reasons": reasons })
    });
    let pattern = view.pattern();
    json!({
        "id": visible(&row.id()),
        "key": visible(&row.key()),
        "line": row.line,
        "class": facts.class.label(),
        "overall": facts.overall.label(),
        "in_item1": facts.in_item1(),
        "scope": facts.scope.label(),
        "state": view.state_label(),
        "category": case.state.category().map(Category::code),
        "suggestion": suggestion,
        "dangers": facts.dangers.iter().map(|danger| danger.code()).collect::<Vec<_>>(),
        "danger_evidence": view.signs.iter().map(danger).collect::<Vec<_>>(),
        "protected": view.is_protected(),
        "protected_by": protected_by(case, facts),
        "fields": fields,
        "evidence": case.evidence.iter().map(evidence).collect::<Vec<_>>(),
        "note": visible(&case.note),
        "operator": visible(&case.operator),
        "decided_at": case.decided_at.map(moment),
        "lost": case.lost.map(|day| day.to_string()),
        "sent": case.sent().map(|day| day.to_string()),
        "due": case.due().map(|day| day.to_string()),
        "replied": case.replied().map(|day| day.to_string()),
        "safe_way": visible(case.safe_way()),
        "batch": case.in_batch,
        "changed_in_batch": is_changed(case),
        "pattern": { "classes": format!("{:016x}", pattern.classes), "exact": format!("{:016x}", pattern.exact) },
        "original_bytes": view.original_bytes().into_iter().map(original_bytes).collect::<Vec<_>>(),
        "changed": view.changed.as_ref().map(|cells| cells.iter().map(changed).collect::<Vec<_>>()),
        "changed_by": view.changed_by.as_ref().map(|import| json!({
            "import": import.number,
            "file": visible(&import.file),
        })),
    })
}

/// What the last newer file replaced in a field, and its import: only the cells that changed; `null` where none did.
fn previous(view: &RecordView, field: FieldKind) -> Value {
    let cells = [("left", Column::Left(field)), ("right", Column::Right(field)), ("mark", Column::Mark(field))];
    let old = cells.into_iter().filter_map(|(key, column)| Some((key.to_owned(), visible(view.previous(column)?))));
    let mut previous: Map<String, Value> = old.collect();
    if previous.is_empty() {
        return Value::Null;
    }
    previous.insert("import".to_owned(), view.changed_by.as_ref().map(|import| import.number).into());
    Value::Object(previous)
}

fn danger(view: &DangerView) -> Value {
    json!({
        "flag": view.danger.code(),
        "label": view.danger.label(),
        "other": view.other.as_deref().map(visible),
        "fields": view.fields.iter().map(|field| field.word()).collect::<Vec<_>>(),
        "why": view.words,
    })
}

fn original_bytes(one: OriginalBytes) -> Value {
    json!({
        "column": one.column.name(),
        "at": one.at,
        "nth": one.nth,
        "character": one.character.to_string(),
        "bytes": format!("{:04X}", u16::from_be_bytes(one.bytes)),
    })
}

fn changed(cell: &CellChange) -> Value {
    match &cell.values {
        None => json!({ "column": cell.column.name() }),
        Some((old, new)) => json!({ "column": cell.column.name(), "old": visible(old), "new": visible(new) }),
    }
}

/// Who said last whether 支援措置 stands: an operator by hand or the file; `null` where nobody said anything.
fn protected_by(case: &Case, facts: &Facts) -> Option<&'static str> {
    match case.protected {
        Some(_) => Some("operator"),
        None => facts.protected.then_some("file"),
    }
}

fn evidence(evidence: &Evidence) -> Value {
    json!({
        "code": evidence.code.label(),
        "date": evidence.date.map(|day| day.to_string()),
        "ref": visible(&evidence.reference),
    })
}

/// A row of `meken quarantine`.
pub fn quarantine(view: &HeldView) -> Value {
    json!({
        "number": view.number,
        "file": visible(&view.file),
        "line": view.line,
        "column": view.column.as_deref().map(visible),
        "code": view.code,
        "reason": visible(&view.reason),
        "import": view.import,
        "id": view.key.as_deref().map(visible),
        "state": view.state.label(),
        "state_words": view.state.words(),
        "closed_at": view.closed.as_ref().map(|end| moment(end.at)),
        "closed_by": view.closed.as_ref().map(|end| visible(&end.operator)),
        "closed_reason": view.closed.as_ref().map(|end| visible(&end.reason)),
        "cells": view.cells,
    })
}

/// An event of `meken log`.
pub fn step(step: &Step) -> Value {
    let event = &step.event;
    json!({
        "seq": event.id.n,
        "at": moment(event.at),
        "operator": visible(event.operator()),
        "kind": event.kind.label(),
        "id": event.record().map(|_| visible(&step.id)),
        "before": event.before.as_ref().map(case),
        "after": event.after.as_ref().map(case),
        "reason": visible(&event.reason),
        "refers": event.refers,
        "quarantine": event.held(),
        "detail": visible(&trail::detail(event)),
    })
}

fn case(case: &Case) -> Value {
    json!({
        "state": case.state.kind().label(),
        "category": case.state.category().map(Category::code),
        "evidence": case.evidence.iter().map(evidence).collect::<Vec<_>>(),
        "note": visible(&case.note),
        "protected": case.protected == Some(true),
        "safe_way": visible(case.safe_way()),
    })
}

/// A batch of `meken batch list` and `show`.
pub fn batch(view: &BatchView) -> Value {
    let batch = &view.batch;
    let withdrawn: Vec<Value> = view
        .withdrawn
        .iter()
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
