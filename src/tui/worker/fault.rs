//! What happens when the disk fails under the workstation.
//!
//! A fault of disk or engine ends the handle of the store. Then the store is opened anew and read: the change that was on
//! its way is there or it is not, and the operator is told which. Nothing is done a second time: changes asked for before
//! the operator could know are refused.

use super::request::change_of;
use super::store_fault::StoreFault;
use super::{REOPEN_INTERVAL, Worker};
use crate::app::Effect;
use crate::app::msg::Msg;
use crate::clock;
use crate::desk::Seat;
use crate::domain::event::Event;
use crate::domain::request::RequestId;
use crate::store::StoreError;

impl Worker<'_> {
    /// The handle is done for.
    pub(super) fn failed(&mut self, change: Option<(u64, RequestId)>, error: &StoreError) -> bool {
        self.desk = None;
        let words = error.to_string();
        self.fault = Some(StoreFault { change, words, tried: clock::instant(), refused: 0, told: false });
        // What was asked before the operator knew is not done.
        let waiting: Vec<Effect> =
            std::mem::take(&mut self.later).into_iter().chain(self.requests.try_iter()).collect();
        for effect in waiting {
            if let Some(fault) = self.fault.as_mut().filter(|_| change_of(&effect).is_some()) {
                fault.refused += 1;
            }
            if !self.refuse(&effect) {
                return false;
            }
        }
        self.recover();
        true
    }

    /// Answers a request while the store is closed.
    pub(super) fn refuse(&self, effect: &Effect) -> bool {
        let message = "保存の障害の後、データを開けていないため、行っていません".to_owned();
        match (change_of(effect), effect) {
            (request @ Some(_), _) => self.send(Msg::Failed { request, message, fatal: false }),
            (None, Effect::Filter(_)) => self.send(Msg::Failed { request: None, message, fatal: false }),
            // Records are asked for again once the store is open.
            _ => true,
        }
    }

    /// Opens the store anew and reads back what became of the change that was on its way; gives whether it is open.
    pub(super) fn recover(&mut self) -> bool {
        let Some(fault) = &mut self.fault else { return self.desk.is_some() };
        if fault.told && fault.tried.elapsed() < REOPEN_INTERVAL {
            return false;
        }
        fault.tried = clock::instant();
        let id = fault.change.map(|(_, id)| id);
        let found = (self.reopen)().and_then(|desk| {
            let found = written_by(&desk, id).map_err(|error| error.to_string())?;
            Ok((desk, found))
        });
        let (desk, (event, id)) = match found {
            Ok(found) => found,
            Err(why) => {
                if !std::mem::replace(&mut fault.told, true) {
                    let message = format!(
                        "{}。データを開き直せません: {why}。最後の操作が保存されたかは開き直すまで分かりません",
                        fault.words
                    );
                    self.send(Msg::Failed { request: None, message, fatal: true });
                }
                return false;
            }
        };
        let Some(fault) = self.fault.take() else { return true };
        let mut words = format!("保存中に障害がありました({})。データを開き直しました", fault.words);
        if let Some((request, _)) = fault.change {
            match event {
                Some(event) => {
                    words = format!("{words}。{id} の{}は保存されています", event.kind.label());
                    self.known = event.id.n;
                    self.send(Msg::Saved { request, event: Box::new(event) });
                }
                None => {
                    words = format!("{words}。最後の操作は保存されていません。もう一度操作してください");
                    self.send(Msg::Failed { request: Some(request), message: fault.words, fatal: false });
                }
            }
        }
        if fault.refused > 0 {
            words = format!("{words}。その後の {} 件も行っていません", fault.refused);
        }
        self.desk = Some(desk);
        self.send(Msg::Reopened { words });
        true
    }
}

/// The event that a request made, with the 整理番号 of its record; the operator's other sessions make events of their own.
fn written_by(desk: &Seat, id: Option<RequestId>) -> Result<(Option<Event>, String), StoreError> {
    let snapshot = desk.snapshot()?;
    let event = id.map(|id| snapshot.request(id)).transpose()?.flatten().and_then(|mut events| events.pop());
    let Some(no) = event.as_ref().and_then(|event| event.record()) else { return Ok((event, String::new())) };
    let id = snapshot.records(&[no])?.first().map(|record| record.row.id()).unwrap_or_default();
    Ok((event, id))
}
