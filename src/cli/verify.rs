//! `meken verify`

use std::sync::Arc;

use super::context::Context;
use super::out;
use crate::compare::visible;
use crate::error::{Exit, Failure};
use crate::export::Manifest;
use crate::store::{Meta, Store};

pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let store = context.open()?;
    let mut faults = store.snapshot()?.verify()?;
    match beside(context, store) {
        Ok(more) => faults.extend(more),
        // What it could not read is named above.
        Err(_) if !faults.is_empty() => {}
        Err(failure) => return Err(failure),
    }
    if faults.is_empty() {
        return out::line("保存データに異常はありません");
    }
    for fault in &faults {
        out::line(fault)?;
    }
    Err(Failure::new(
        Exit::Storage,
        format!("{} 件の異常があります。作業を止め、控えから復元してください", faults.len()),
    ))
}

/// What only the whole workspace shows: manifests and the identities of the report.
fn beside(context: &Context, store: Arc<Store>) -> Result<Vec<String>, Failure> {
    let older = older_than_a_manifest(context, &store.snapshot()?.meta()?);
    let report = context.desk(store)?.report()?;
    Ok(older.into_iter().chain(report.report.broken_identities()).collect())
}

/// An audit trail shorter than a manifest says is an older copy of the store (ARCHITECTURE "The store").
fn older_than_a_manifest(context: &Context, meta: &Meta) -> Option<String> {
    let entries = std::fs::read_dir(context.workspace.exports()).ok()?;
    let newest = entries
        .filter_map(|entry| Manifest::from_json(&std::fs::read(entry.ok()?.path()).ok()?))
        .filter(|manifest| manifest.store == meta.id)
        .max_by_key(|manifest| manifest.audit_seq)?;
    (newest.audit_seq > meta.audit_seq).then(|| {
        format!(
            "保存データは、書き出した {} より古い控えです(履歴 {} 件、書き出し時 {} 件)。新しい控えに戻してください",
            visible(&newest.file),
            meta.audit_seq,
            newest.audit_seq
        )
    })
}
