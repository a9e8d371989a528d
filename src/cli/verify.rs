//! `meken verify`

use super::context::Context;
use super::out;
use crate::error::{Exit, Failure};
use crate::store::Store;

pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let store = context.open()?;
    let mut faults = store.snapshot()?.verify()?;
    let report = context.desk(store)?.report()?;
    faults.extend(report.report.broken_identities());
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
