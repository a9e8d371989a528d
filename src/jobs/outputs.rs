//! What the screen 出力 shows: the lists and reports that were made, and what the next ones would be.

use std::collections::BTreeMap;
use std::path::Path;

use crate::app::output::{Count, Next, Outputs, Sent};
use crate::compare::visible;
use crate::desk::{Desk, DeskError};

/// Reads what 出力 shows.
pub fn outputs(desk: &Desk, exports: &Path) -> Result<Outputs, DeskError> {
    let outlook = desk.outlook()?;
    let snapshot = desk.snapshot()?;
    let withdrawals = snapshot.withdrawals()?;
    let protected = desk.protected_records()?;
    let mut sent: Vec<Sent> = snapshot
        .batches()?
        .into_iter()
        .map(|batch| {
            let (mut by_class, mut by_category) = (BTreeMap::new(), BTreeMap::new());
            for row in &batch.rows {
                *by_class.entry(row.class).or_default() += 1;
                *by_category.entry(row.category).or_default() += 1;
            }
            Sent {
                number: batch.number,
                round: batch.round,
                cutoff: batch.cutoff,
                made_at: batch.made_at,
                operator: batch.operator,
                rows: batch.rows.len() as u64,
                protected: batch.rows.iter().filter(|row| protected.contains(&row.record)).count() as u64,
                by_class,
                by_category,
                withdrawn: withdrawals.iter().filter(|one| one.batch == batch.number).cloned().collect(),
            }
        })
        .collect();
    sent.reverse();
    let mut frozen: Vec<Count> = snapshot
        .reports()?
        .into_iter()
        .map(|frozen| Count {
            number: Some(frozen.number),
            as_of: frozen.as_of,
            operator: frozen.operator,
            broken: frozen.report.broken_identities(),
            report: frozen.report,
            bridge: frozen.bridge,
        })
        .collect();
    frozen.reverse();
    drop(snapshot);
    let view = desk.report()?;
    let now = Count {
        number: None,
        as_of: view.as_of,
        operator: String::new(),
        broken: view.report.broken_identities(),
        report: view.report,
        bridge: view.bridge,
    };
    let next = Next {
        number: outlook.number,
        cutoff: outlook.cutoff,
        rows: outlook.rows,
        by_class: outlook.by_class,
        by_category: outlook.by_category,
        left_out: outlook.left_out,
        doubtful: outlook.doubtful,
        changed: outlook.changed,
        protected: outlook.protected,
        came_back: outlook.came_back,
    };
    let folder = exports.display().to_string();
    Ok(Outputs { next, sent, now, frozen, quarantined: outlook.quarantined, folder: visible(&folder).into_owned() })
}
