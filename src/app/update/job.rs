//! Work that takes a moment: how far it has come, and what its end means for the screens.

use crate::app::action::Screen;
use crate::app::job::{Job, Outcome};
use crate::app::message::Weight;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::question::Then;
use crate::app::modal::{InfoBody, Modal};
use crate::app::model::Model;
use crate::app::next::Next;
use crate::app::text_input::TextInput;

/// Notes how far work has come.
pub(super) fn progress(model: &mut Model, done: u64, total: u64, rows: u64) {
    if let Some(job) = &mut model.shared.jobs.running {
        (job.done, job.total, job.rows) = (done, total, rows);
    }
}

/// Work has ended.
pub(super) fn done(model: &mut Model, task: Job, result: Result<Outcome, String>) -> Next {
    model.shared.jobs.running = None;
    let stopped = std::mem::take(&mut model.shared.jobs.stopped);
    let outcome = match result {
        Ok(outcome) => outcome,
        Err(message) => {
            let short = message.lines().next().unwrap_or_default().to_owned();
            if message.lines().count() > 1 {
                let body = InfoBody::Text(message.lines().map(str::to_owned).collect());
                model.shared.set_modal(Some(Modal::Info { title: "できませんでした", top: 0, body }));
            }
            if let Job::Check(source) = &task
                && !stopped
                && model.shared.modal.is_none()
                && model.shared.screen != Screen::Mapping
            {
                // One letter of the path is wrong, most often.
                let line = TextInput::of(source.text());
                let prompt = Prompt::with(Purpose::Import, line).again(short.clone());
                model.shared.set_modal(Some(Modal::Prompt(prompt)));
            }
            model.shared.say(Weight::Warning, short);
            // What is asked for next is asked about the counts of now.
            let is_stale = matches!(task, Job::Export { expect: Some(_), .. } | Job::Freeze(_));
            return if is_stale { Next::Refresh } else { Next::Stay };
        }
    };
    // In the queue as well, where the record is not the one on the screen.
    if let Some(changed) = &outcome.case {
        model.review.set_case(changed.0, &changed.1);
    }
    match task {
        Job::Check(source) if !outcome.nothing => {
            let mut lines = outcome.lines;
            lines.push("このファイルを取り込みますか。".to_owned());
            return Next::confirm(lines, Then::Do(Job::Import(source)));
        }
        Job::Import(source) if outcome.vanishes => {
            let mut lines = outcome.lines;
            lines.push("差分のファイルなら「いいえ」を選び、パスの後に --run delta を付けてください。".to_owned());
            lines.push("本当に全件のファイルとして取り込みますか。".to_owned());
            return Next::confirm(lines, Then::AskWhole(source));
        }
        Job::Check(_) | Job::Import(_) => {
            if model.shared.screen == Screen::Mapping {
                model.shared.screen = Screen::Review;
            }
            let body = InfoBody::Text(outcome.lines);
            model.shared.set_modal(Some(Modal::Info { title: "取込", top: 0, body }));
        }
        // What is written of a record has changed where it stands in a list.
        Job::Withdraw { .. } => model.review.cache.forget_records(),
        Job::Export { request, .. } if request.creates() => model.review.cache.forget_records(),
        _ => {}
    }
    model.shared.say(Weight::Info, outcome.message);
    Next::Refresh
}
