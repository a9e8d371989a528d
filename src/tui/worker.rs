//! The thread that asks the service: carries requests out one after the other, in the order they were made.
//!
//! Questions and changes go through [`Service`](crate::desk::Service). The store itself is touched in three places only: a job gets the desk, for
//! the files it writes and the imports it runs; an idle store is settled; and after a fault of the disk the store is opened
//! anew (see [`fault`]).

mod fault;
mod paths;
mod request;
mod store_fault;

use std::collections::VecDeque;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use super::Reopen;
use super::incoming::Incoming;
use super::terminal::tested_panic;
use crate::app::Effect;
use crate::app::job::Job;
use crate::app::msg::Msg;
use crate::desk::{DeskError, Seat, request_id};
use crate::jobs::{self, JobContext, JobProgress};

use paths::PathSearch;
use request::{change_of, not_done};
use store_fault::StoreFault;

/// Time without a request after which the store is settled, so that reopening after a crash is immediate.
const IDLE: Duration = Duration::from_secs(2);

/// Interval between two attempts to open a store again after a fault.
const REOPEN_INTERVAL: Duration = Duration::from_secs(5);

/// Runs until the requests end.
pub(super) fn run(desk: Seat, jobs: JobContext, reopen: Reopen, requests: &Receiver<Effect>, to: &Sender<Incoming>) {
    let send = |msg: Msg| to.send(Incoming::Answer(Box::new(msg))).is_ok();
    let opened = match request::open(&desk) {
        Ok(opened) => opened,
        Err(error) => {
            let _ = to.send(Incoming::CannotOpen(error));
            return;
        }
    };
    let known = opened.newest;
    if !send(Msg::Opened(Box::new(opened))) {
        return;
    }
    let mut worker = Worker {
        desk: Some(desk),
        jobs,
        reopen,
        requests,
        to,
        later: VecDeque::new(),
        paths: PathSearch::default(),
        known,
        unsettled: false,
        fault: None,
    };
    while worker.step() {}
}

struct Worker<'w> {
    /// `None` while the store is closed after a fault.
    desk: Option<Seat>,
    jobs: JobContext,
    reopen: Reopen,
    requests: &'w Receiver<Effect>,
    to: &'w Sender<Incoming>,
    /// Requests that were looked at early.
    later: VecDeque<Effect>,
    paths: PathSearch,
    /// The newest audit event the operator was told of.
    known: u64,
    /// Whether something changed since the store was settled.
    unsettled: bool,
    fault: Option<StoreFault>,
}

impl Worker<'_> {
    fn send(&self, msg: Msg) -> bool {
        self.to.send(Incoming::Answer(Box::new(msg))).is_ok()
    }

    /// Carries one request out; gives whether to go on.
    fn step(&mut self) -> bool {
        let effect = match self.later.pop_front() {
            Some(effect) => effect,
            None => match self.requests.recv_timeout(if self.desk.is_some() { IDLE } else { REOPEN_INTERVAL }) {
                Ok(effect) => effect,
                Err(RecvTimeoutError::Timeout) => return self.idle(),
                Err(RecvTimeoutError::Disconnected) => return false,
            },
        };
        if let Effect::Complete { head, part } = effect {
            self.paths.start(self.to, head, part, jobs::paths);
            return true;
        }
        if self.desk.is_none() && !self.recover() {
            return self.refuse(&effect);
        }
        let Some(desk) = &self.desk else { return true };
        if matches!(effect, Effect::Status) {
            tested_panic("store");
        }
        let change = change_of(&effect);
        self.unsettled |= change.is_some();
        let is_session = matches!(effect, Effect::KeepSession(_));
        let is_page = matches!(effect, Effect::Queue(_));
        if let Effect::Do(task) = effect {
            return self.job(task);
        }
        let id = match request_id() {
            Ok(id) => id,
            Err(error) => return self.send(not_done(change, &error)),
        };
        match request::carry_out(desk.desk(), desk.caller(), id, self.known, &self.jobs.exports, effect) {
            Ok(None) => true,
            Ok(Some(msg)) => {
                if let Msg::Saved { event, .. } = &msg {
                    self.known = event.id.n;
                }
                self.send(msg)
            }
            Err(DeskError::Store(error)) if error.is_final() => {
                // Where the operator stands is kept again soon enough.
                self.failed(change.filter(|_| !is_session).map(|change| (change, id)), &error)
            }
            Err(error) => {
                if let DeskError::StepsMoved { newest } = error {
                    // The operator is told what was done elsewhere: the next key takes it back.
                    self.known = self.known.max(newest);
                }
                self.send(match is_page {
                    true => Msg::UnreadPage { message: error.to_string() },
                    false => not_done(change, &error),
                })
            }
        }
    }

    /// Runs a job to its end; gives whether to go on.
    fn job(&mut self, task: Job) -> bool {
        let Some(desk) = &self.desk else { return true };
        let result = self.jobs.run(desk, &task, &mut |progress| {
            let msg = match progress {
                JobProgress::Step { done, total, rows } => Msg::Progress { done, total, rows },
                JobProgress::Unmapped(mapping) => Msg::Unmapped(mapping),
            };
            // A screen that is gone hears nothing; the job comes to its end.
            let _ = self.to.send(Incoming::Answer(Box::new(msg)));
        });
        self.unsettled = true;
        let (opened, ended) = match result {
            Ok(outcome) => (request::open(desk), Ok(outcome)),
            Err(fault) => {
                let going_on = self.send(Msg::Done(task, Err(fault.to_string())));
                return match fault.store().filter(|error| error.is_final()) {
                    Some(error) => self.failed(None, error),
                    None => going_on,
                };
            }
        };
        match opened {
            Ok(opened) => {
                self.known = opened.newest;
                let changed = matches!(task, Job::Import(_));
                (!changed || self.send(Msg::Renewed(Box::new(opened)))) && self.send(Msg::Done(task, ended))
            }
            Err(error) => self.send(Msg::Done(task, ended)) && self.failed(None, &error),
        }
    }

    /// Nobody asks for anything: settles the store, or tries to open it again.
    fn idle(&mut self) -> bool {
        match &self.desk {
            None => {
                self.recover();
                return true;
            }
            Some(desk) if std::mem::take(&mut self.unsettled) => {
                if let Err(error) = desk.store().settle() {
                    return self.failed(None, &error);
                }
            }
            Some(_) => {}
        }
        // Settled once; nothing more is to be done before the next request.
        match self.requests.recv() {
            Ok(effect) => {
                self.later.push_back(effect);
                true
            }
            Err(_) => false,
        }
    }
}

#[cfg(test)]
mod tests;
