//! What a workstation begins with.

use super::{Desk, DeskError};
use crate::domain::calendar::japan_time;
use crate::domain::insurer::InsurerKind;
use crate::domain::record::RecordNo;
use crate::domain::request::Caller;
use crate::domain::run::Run;
use crate::domain::tally::Status;
use crate::store::StoreError;
use crate::view::{Opened, QueuePage, WorkspaceInfo};

impl Desk {
    /// What a workstation of a caller begins with.
    pub(super) fn open(&self, who: &Caller) -> Result<Opened, DeskError> {
        let snapshot = self.snapshot()?;
        let meta = snapshot.meta()?;
        let kind = match self.insurer {
            Some(InsurerKind::Municipal) => "市国保",
            Some(InsurerKind::LateElderly) => "後期",
            Some(InsurerKind::NationalUnion) => "国保組合",
            Some(InsurerKind::HealthUnion) => "健保組合",
            Some(InsurerKind::KyokaiKenpo) => "協会けんぽ",
            Some(InsurerKind::MutualAid) => "共済",
            None => "",
        };
        let newest = meta.imports.iter().rev().find(|import| import.run != Run::Correction);
        let run = match newest.map(|import| import.run) {
            Some(Run::Full) => "全件",
            Some(Run::Delta) => "差分",
            Some(Run::NewCheck) => "誤入力",
            Some(Run::Correction) | None => "",
        };
        Ok(Opened {
            edition: meta.imports.len(),
            classes: Status::of(&snapshot.counts()?).by_class,
            session: snapshot.session(&who.operator)?,
            workspace: WorkspaceInfo {
                operator: who.operator.clone(),
                label: format!("{kind} {run}").trim().to_owned(),
                rules: self.rules(),
            },
            today: self.today(),
            cutoff: Some(self.settings.calendar.next(japan_time(self.now()))),
            newest: meta.audit_seq,
        })
    }

    /// A page of the queue with the states of its records.
    pub(super) fn queue_page(&self, page: u32) -> Result<QueuePage, StoreError> {
        let snapshot = self.snapshot()?;
        let edition = snapshot.meta()?.imports.len();
        let entries = snapshot.queue_page(page)?;
        let nos: Vec<RecordNo> = entries.iter().map(|entry| entry.no).collect();
        let states = snapshot.states(&nos)?;
        Ok(QueuePage { edition, page, entries, states })
    }
}
