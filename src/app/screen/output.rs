//! 出力: the 解除 lists and 件数報告 that were made, and what the next ones would be.

use super::review::Review;
use crate::app::action::{Action, Screen};
use crate::app::effect::Effect;
use crate::app::job::Job;
use crate::app::message::Weight;
use crate::app::modal::Modal;
use crate::app::modal::prompt::{Prompt, Purpose};
use crate::app::modal::question::Then;
use crate::app::next::Next;
use crate::app::shared::Shared;
use crate::app::text_input::TextInput;
use crate::app::viewport::Viewport;
use crate::compare::visible;
use crate::config::keymap::Layer;
use crate::domain::batch::protected_words;
use crate::domain::calendar::japan_time;
use crate::domain::export::{ExportKind, ExportRequest};
use crate::service::{BatchExpect, ReportExpect};
use crate::view::{BatchSummary, Contradiction, NAMED, NextRelease, Outputs, ReportView};

/// A line of 出力.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry<'a> {
    /// The next 解除 list.
    Next(&'a NextRelease),
    /// A 解除 list that was made.
    Sent(&'a BatchSummary),
    /// A 件数報告.
    Count(&'a ReportView),
}

/// The screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// What it shows, once read.
    pub all: Option<Outputs>,
    /// Records with one 個人番号 decided both ways (G9); `None` until looked for.
    pub contradictions: Option<Vec<Contradiction>>,
    /// The visible part.
    pub viewport: Viewport,
}

impl Output {
    /// The lines: next list, lists, counts now, frozen reports.
    pub fn len(&self) -> usize {
        self.all.as_ref().map_or(0, |all| 2 + all.sent.len() + all.frozen.len())
    }

    /// Whether nothing is read yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A line.
    pub fn entry(&self, row: usize) -> Option<Entry<'_>> {
        let all = self.all.as_ref()?;
        let sent = all.sent.len();
        match row {
            0 => Some(Entry::Next(&all.next)),
            row if row <= sent => all.sent.get(row - 1).map(Entry::Sent),
            row if row == sent + 1 => Some(Entry::Count(&all.now)),
            row => all.frozen.get(row - sent - 2).map(Entry::Count),
        }
    }

    /// The line at the cursor.
    pub fn here(&self) -> Option<Entry<'_>> {
        self.entry(self.viewport.cursor)
    }

    /// Does an action.
    pub fn on_action(&mut self, shared: &Shared, action: Action, review: &Review) -> Next {
        match action {
            Action::Open | Action::Write => self.write(shared),
            Action::Freeze => self.freeze(shared),
            Action::Withdraw => match self.here() {
                Some(Entry::Sent(sent)) => {
                    let number = sent.number;
                    // The record that was looked at before is the one meant, most often.
                    let here = review.view().filter(|view| view.case.in_batch == Some(number));
                    let line = here.map_or_else(TextInput::default, |view| TextInput::offered(view.record.row.id()));
                    Next::Open(Modal::Prompt(Prompt::with(Purpose::WithdrawId(number), line)))
                }
                _ => Next::say(Weight::Info, "取下げる記録の載った解除リストを選んでから、もう一度押してください"),
            },
            _ => Next::NotHere,
        }
    }

    /// A prompt about a withdrawal was answered.
    pub fn on_prompt(prompt: Prompt) -> Next {
        let text = prompt.line.text().trim().to_owned();
        match prompt.purpose {
            Purpose::WithdrawId(_) if text.is_empty() => Next::AskAgain(prompt.again("整理番号を入力してください")),
            Purpose::WithdrawReason { .. } if text.is_empty() => Next::AskAgain(prompt.again("理由を入力してください")),
            Purpose::WithdrawId(batch) => {
                Next::Reopen(Modal::Prompt(Prompt::of(Purpose::WithdrawReason { batch, id: text })))
            }
            Purpose::WithdrawReason { batch, id } => {
                let lines = vec![
                    format!("整理番号 {} を解除 第{batch}回から取り下げます。", visible(&id)),
                    format!("理由: {}", visible(&text)),
                ];
                Next::confirm(lines, Then::Do(Job::Withdraw { batch, id, reason: text }))
            }
            _ => Next::NotHere,
        }
    }

    /// Reads lists and reports anew.
    pub fn read(&mut self) -> Next {
        self.contradictions = None;
        Next::Send(vec![Effect::Outputs, Effect::Contradictions])
    }

    /// Writes the selected line of 出力; a list that is new is made first.
    fn write(&self, shared: &Shared) -> Next {
        let Some(all) = &self.all else { return Next::Stay };
        let (lines, request) = match self.here() {
            Some(Entry::Next(next)) if next.rows == 0 => {
                return Next::say(Weight::Info, "解除リストに載せる記録がありません");
            }
            Some(Entry::Next(next)) => {
                let mut lines = vec![
                    format!("解除リスト 第{}回を {} 件で作成し、書き出します。", next.number, next.rows),
                    "作成した回は後から変えられません。".to_owned(),
                ];
                lines.extend(next.warnings().into_iter().map(|words| format!("注意: {words}")));
                match &self.contradictions {
                    None => lines.push("同じ個人番号の矛盾(G9)はまだ調べています。".to_owned()),
                    Some(found) if !found.is_empty() => {
                        lines.push(format!("注意(G9): 同じ個人番号の決定が食い違う組が {} 組あります。", found.len()));
                    }
                    Some(_) => {}
                }
                if all.quarantined > 0 {
                    lines.push(format!("注意: 隔離した行が {} 行あります。", all.quarantined));
                }
                (lines, ExportRequest::of(ExportKind::Release))
            }
            Some(Entry::Sent(sent)) => {
                let text =
                    format!("解除リスト 第{}回({} 件)を、同じ内容でもう一度書き出します。", sent.number, sent.rows);
                let protected = protected_words(sent.protected).map(|words| format!("注意: {words}"));
                (
                    [text].into_iter().chain(protected).collect(),
                    ExportRequest::numbered(ExportKind::Release, sent.number),
                )
            }
            Some(Entry::Count(count)) => match count.number {
                Some(number) => (
                    vec![format!("件数報告 第{number}号を書き出します。")],
                    ExportRequest::numbered(ExportKind::Report, number),
                ),
                None => (
                    vec![
                        "今の件数を書き出します(確定はしません)。".to_owned(),
                        format!("確定するには {} を押してください。", shared.key_for(Layer::List, Action::Freeze)),
                    ],
                    ExportRequest::of(ExportKind::Report),
                ),
            },
            None => return Next::Stay,
        };
        let lines = lines.into_iter().chain([format!("書き出し先: {}", all.folder)]).collect();
        let expect = match self.here() {
            Some(Entry::Next(next)) => Some(BatchExpect::from(next)),
            _ => None,
        };
        Next::confirm(lines, Then::Do(Job::Export { request, expect }))
    }

    /// Asks before the counts are kept as a report.
    pub fn freeze(&self, shared: &Shared) -> Next {
        let Some(all) = self.all.as_ref().filter(|_| shared.screen == Screen::Output) else {
            let key = shared.key_for(Layer::Global, Action::Screen(Screen::Output));
            return Next::say(Weight::Info, format!("件数報告は出力画面({key})で内容を見てから確定してください"));
        };
        if let Some(broken) = all.now.broken().first() {
            let message = format!("件数が合わないため確定できません: {broken}");
            return Next::say(Weight::Warning, message);
        }
        let number = all.frozen.first().and_then(|last| last.number).unwrap_or(0) + 1;
        let mut lines = vec![
            format!("今の件数を、件数報告 第{number}号として確定します。"),
            format!("確認対象 {} 件、未了 {} 件。", all.now.report.item("1"), all.now.report.backlog),
        ];
        if !all.now.report.is_complete() {
            lines.push("未了または返信待ちが残っています(報告完了ではありません)。".to_owned());
        }
        let report = all.now.report.clone();
        Next::confirm(lines, Then::Do(Job::Freeze(Box::new(ReportExpect { number, report }))))
    }

    /// Everything that a line and its detail say, for finding.
    pub fn row_text(&self, row: usize) -> String {
        let moment = |at| japan_time(at).strftime("%m/%d %H:%M %Y-%m-%d").to_string();
        match self.entry(row) {
            Some(Entry::Next(next)) => {
                let said = [next.doubts(usize::MAX), protected_words(next.protected), next.changes()];
                let said: Vec<String> = said.into_iter().flatten().chain(next.came_back.words(NAMED)).collect();
                format!("解除 第{}回 これから作成 {} {}", next.number, next.cutoff.at.date(), said.join(" "))
            }
            Some(Entry::Sent(sent)) => {
                let withdrawn =
                    sent.withdrawn.iter().map(|one| format!("取下げ {} {} {}", one.id, one.reason, one.operator));
                let withdrawn: Vec<String> = withdrawn.collect();
                format!(
                    "解除 第{}回 作成 {} {} {} {}",
                    sent.number,
                    moment(sent.made_at),
                    sent.operator,
                    protected_words(sent.protected).unwrap_or_default(),
                    withdrawn.join(" ")
                )
            }
            Some(Entry::Count(count)) => {
                let name = count
                    .number
                    .map_or_else(|| "件数報告 今の件数".to_owned(), |n| format!("件数報告 報告 第{n}号 確定"));
                format!("{name} {} {}", moment(count.as_of), count.operator)
            }
            None => String::new(),
        }
    }
}
