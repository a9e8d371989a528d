//! Status and 件数報告.

use std::collections::HashMap;

use crate::domain::calendar::japan_time;
use crate::domain::case::Case;
use crate::domain::event::Change;
use crate::domain::record::RecordNo;
use crate::domain::run::Run;
use crate::domain::tally::{Bridge, FrozenReport, Membership, Report, Status};
use crate::domain::trend::Trend;
use crate::service::ReportExpect;
use crate::store::Snapshot;
use crate::view::{ReportView, StatusView};

use super::service::Request;
use super::{Desk, DeskError};

impl Desk {
    /// Counts where the work stands.
    pub fn status(&self) -> Result<StatusView, DeskError> {
        let snapshot = self.snapshot()?;
        let meta = snapshot.meta()?;
        let now = self.now();
        let counts = snapshot.counts()?;
        let (status, trend) = (Status::of(&counts), Trend::of(&counts, japan_time(now)));
        let forecast = trend.forecast(status.remaining, &self.settings.calendar);
        let newest = meta.imports.iter().rev().find(|import| import.run != Run::Correction);
        Ok(StatusView {
            as_of: now,
            trend,
            forecast,
            status,
            quarantined: snapshot.held_open()?,
            cutoff: self.settings.calendar.next(japan_time(now)),
            file: newest.map(|import| import.file.clone()).unwrap_or_default(),
        })
    }

    /// Counts the report as it stands, with the bridge from the last frozen one.
    pub fn report(&self) -> Result<ReportView, DeskError> {
        let snapshot = self.snapshot()?;
        Ok(self.report_of(&snapshot)?.0)
    }

    /// A frozen report by its number.
    pub fn frozen_report(&self, number: u32) -> Result<Option<ReportView>, DeskError> {
        let snapshot = self.snapshot()?;
        let frozen = snapshot.reports()?.into_iter().find(|report| report.number == number);
        let quarantined = snapshot.held_open()?;
        Ok(frozen.map(|frozen| ReportView::frozen(frozen, quarantined)))
    }

    /// The report, and who stands where for the next bridge.
    fn report_of(&self, snapshot: &Snapshot<'_>) -> Result<(ReportView, Membership), DeskError> {
        let cases: HashMap<RecordNo, Case> = snapshot.cases()?.into_iter().collect();
        let mut report = Report::default();
        let mut members = Membership::default();
        for entry in snapshot.queue()? {
            let state = cases.get(&entry.no).map(|case| case.state).unwrap_or_default();
            report.add(&entry.facts, state);
            members.add(entry.no, &entry.facts, state);
        }
        let bridge = snapshot.reports()?.last().map(|last| Bridge::between(last, &members));
        let (number, operator, quarantined) = (None, String::new(), snapshot.held_open()?);
        Ok((ReportView { number, as_of: self.now(), operator, report, bridge, quarantined }, members))
    }

    /// What a report would be that is frozen now.
    pub fn preview_report(&self) -> Result<ReportExpect, DeskError> {
        let snapshot = self.snapshot()?;
        Ok(ReportExpect { number: next_number(&snapshot)?, report: self.report_of(&snapshot)?.0.report })
    }

    /// Keeps the report as a numbered one; refused when it is not what the caller expects, or when an identity or the bridge
    /// does not hold.
    pub(super) fn freeze(&self, who: &Request<'_>, expect: &ReportExpect) -> Result<ReportView, DeskError> {
        let snapshot = self.snapshot()?;
        let (view, members) = self.report_of(&snapshot)?;
        let number = next_number(&snapshot)?;
        drop(snapshot);
        let now = ReportExpect { number, report: view.report.clone() };
        if now != *expect {
            return Err(DeskError::ReportMoved { now: Box::new(now) });
        }
        check(&view.report, view.bridge.as_ref())?;
        let frozen = FrozenReport {
            number,
            as_of: view.as_of,
            operator: who.operator.clone(),
            report: view.report,
            bridge: view.bridge,
            members,
        };
        self.apply(who, &[Change::Freeze(Box::new(frozen.clone()))])?;
        Ok(ReportView::frozen(frozen, view.quarantined))
    }
}

/// The number of the next frozen report.
fn next_number(snapshot: &Snapshot<'_>) -> Result<u32, DeskError> {
    Ok(snapshot.reports()?.last().map_or(0, |last| last.number) + 1)
}

/// Refuses a report whose identities or bridge do not hold (RULES §8).
fn check(report: &Report, bridge: Option<&Bridge>) -> Result<(), DeskError> {
    let mut broken = report.broken_identities();
    if bridge.is_some_and(|bridge| !bridge.holds()) {
        broken.push("前回の報告からの増減が合いません".to_owned());
    }
    if broken.is_empty() { Ok(()) } else { Err(DeskError::Identities(broken)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_that_does_not_add_up_is_refused() {
        let mut report = Report::default();
        let sound = Bridge { last: 2, closed: 1, this: 1, ..Bridge::default() };
        assert!(check(&report, None).is_ok());
        assert!(check(&report, Some(&sound)).is_ok());
        let broken = Bridge { this: 2, ..sound };
        assert!(matches!(check(&report, Some(&broken)), Err(DeskError::Identities(faults)) if faults.len() == 1));
        report.items.insert("2-3".to_owned(), 1);
        let refused = check(&report, None).unwrap_err();
        assert!(refused.to_string().contains("設問2 "), "{refused}");
    }
}
