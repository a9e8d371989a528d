//! What a workstation begins with.

use super::{Desk, DeskError};
use crate::domain::calendar::japan_time;
use crate::domain::insurer::InsurerKind;
use crate::domain::request::Caller;
use crate::domain::run::Run;
use crate::view::{Opened, WorkspaceInfo};

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
            entries: snapshot.queue()?,
            touched: snapshot.cases()?.into_iter().map(|(no, case)| (no, case.state)).collect(),
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
}
