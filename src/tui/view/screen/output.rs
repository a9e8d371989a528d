//! 出力: the 解除 lists and 件数報告, what they hold, and what the next ones would hold.

use std::collections::BTreeMap;

use crate::app::action::{Action, Screen};
use crate::app::model::Model;
use crate::app::screen::output::Entry;
use crate::compare::{CellWidth, visible};
use crate::config::keymap::Layer;
use crate::config::theme::Role;
use crate::domain::batch::protected_words;
use crate::domain::calendar::japan_time;
use crate::domain::category::Category;
use crate::domain::suspension::Class;
use crate::domain::tally::ITEMS;
use crate::tui::view::canvas::{Canvas, Line, span};
use crate::tui::view::list::{self, Detail, Page};
use crate::view::{BatchSummary, Contradiction, NAMED, NextRelease, Outputs, ReportView};

/// Draws the whole screen but header, status line and hints.
pub(in crate::tui::view) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let output = &model.output;
    let page = Page {
        title: "出力  解除リストと件数報告".to_owned(),
        detail_title: output.here().map(|entry| title(&entry)).unwrap_or_default(),
        len: output.len(),
        viewport: &output.viewport,
        empty: "集計しています…",
    };
    let mut detail = Detail::of(canvas, model);
    if let (Some(entry), Some(all)) = (output.here(), &output.all) {
        match entry {
            Entry::Next(next) => {
                let key = model.shared.key_for(Layer::Global, Action::Screen(Screen::Quarantine));
                self::next(next, all, output.contradictions.as_deref(), &key, &mut detail);
            }
            Entry::Sent(sent) => self::sent(sent, &mut detail),
            Entry::Count(count) => self::count(count, &mut detail),
        }
    }
    let line = |width, row: usize, _| output.entry(row).map_or_else(Vec::new, |entry| line(width, &entry));
    list::draw(canvas, model, &page, line, &detail.lines);
}

fn title(entry: &Entry<'_>) -> String {
    match entry {
        Entry::Next(next) => format!("解除 第{}回(これから作成)", next.number),
        Entry::Sent(sent) => format!("解除 第{}回", sent.number),
        Entry::Count(ReportView { number: Some(number), .. }) => format!("件数報告 第{number}号"),
        Entry::Count(_) => "件数報告(今の件数)".to_owned(),
    }
}

fn line(width: CellWidth, entry: &Entry<'_>) -> Line {
    let at = |at| japan_time(at).strftime("%Y-%m-%d %H:%M").to_string();
    match entry {
        Entry::Next(next) => vec![
            span(width.column(&format!("解除 第{}回", next.number), 14), Role::Title),
            span(format!("{:>6} 件 ", next.rows), Role::Text),
            span(format!("これから作成  締切 {}", next.cutoff.at.strftime("%m/%d %H:%M")), Role::Info),
        ],
        Entry::Sent(sent) => {
            let withdrawn = match sent.withdrawn.len() {
                0 => String::new(),
                n => format!("  取下げ {n}"),
            };
            vec![
                span(width.column(&format!("解除 第{}回", sent.number), 14), Role::Text),
                span(format!("{:>6} 件 ", sent.rows), Role::Text),
                span(format!("作成 {} {}{withdrawn}", at(sent.made_at), visible(&sent.operator)), Role::Dim),
            ]
        }
        Entry::Count(count) => {
            let name = count.number.map_or_else(|| "件数報告".to_owned(), |number| format!("報告 第{number}号"));
            let what = match count.number {
                None => "今の件数(未確定)".to_owned(),
                Some(_) => format!("確定 {} {}", at(count.as_of), visible(&count.operator)),
            };
            vec![
                span(width.column(&name, 14), if count.number.is_none() { Role::Title } else { Role::Text }),
                span(width.pad(&format!("未了 {:>4}", count.report.backlog), 10), Role::Text),
                span(format!(" {what}"), if count.number.is_none() { Role::Info } else { Role::Dim }),
            ]
        }
    }
}

fn totals(by_class: &BTreeMap<Class, u64>, by_category: &BTreeMap<Category, u64>, out: &mut Detail) {
    let classes: Vec<String> = by_class.iter().map(|(class, n)| format!("{} {n}", class.label())).collect();
    let categories: Vec<String> = by_category.iter().map(|(category, n)| format!("{category} {n}")).collect();
    if !classes.is_empty() {
        out.put("停止区分 ", &classes.join("  "), Role::Text);
        out.put("確認区分 ", &categories.join("  "), Role::Text);
    }
}

fn next(next: &NextRelease, all: &Outputs, contradictions: Option<&[Contradiction]>, key: &str, out: &mut Detail) {
    let cutoff = format!("報告回次 {}  締切 {}", next.cutoff.round, next.cutoff.at.strftime("%Y-%m-%d %H:%M"));
    out.put("締切     ", &cutoff, Role::Info);
    out.put("載る記録 ", &format!("{} 件", next.rows), Role::Title);
    if let Some(changes) = next.changes() {
        out.put("報告後   ", &changes, Role::Danger);
    }
    match contradictions {
        None => out.put("矛盾(G9) ", "調べています…", Role::Dim),
        Some([]) => out.put("矛盾(G9) ", "ありません", Role::Text),
        Some(found) => {
            out.put("矛盾(G9) ", &format!("同じ個人番号で決定が食い違う組が {} 組", found.len()), Role::Danger);
            for Contradiction { right, wrong } in found.iter().take(20) {
                let text = format!("{} は誤りなし、{} は誤り", visible(right), visible(wrong));
                out.put("         ", &text, Role::Danger);
            }
        }
    }
    if let Some(doubts) = next.doubts(usize::MAX) {
        out.put("注意     ", &doubts, Role::Danger);
    }
    if let Some(words) = protected_words(next.protected) {
        out.put("支援措置 ", &words, Role::Danger);
    }
    for words in next.came_back.words(NAMED) {
        out.put("取下げ   ", &words, Role::Warning);
    }
    totals(&next.by_class, &next.by_category, out);
    let how = if all.quarantined > 0 { format!(" ({key} で確認)") } else { String::new() };
    let held = format!("{} 行{how}", all.quarantined);
    out.put("隔離     ", &held, if all.quarantined > 0 { Role::Warning } else { Role::Text });
    let left: Vec<String> = next.left_out.iter().map(|(why, n)| format!("{} {n}", why.label())).collect();
    if !left.is_empty() {
        out.put("載らない ", &left.join("  "), Role::Dim);
    }
    out.put("書き出し ", &all.folder, Role::Dim);
}

fn sent(sent: &BatchSummary, out: &mut Detail) {
    let cutoff = format!("報告回次 {}  締切 {}", sent.round, sent.cutoff.strftime("%Y-%m-%d %H:%M"));
    out.put("締切     ", &cutoff, Role::Text);
    let made = japan_time(sent.made_at).strftime("%Y-%m-%d %H:%M:%S");
    out.put("作成     ", &format!("{made}  {}", visible(&sent.operator)), Role::Text);
    out.put("件数     ", &format!("{} 件", sent.rows), Role::Title);
    totals(&sent.by_class, &sent.by_category, out);
    if let Some(words) = protected_words(sent.protected) {
        out.put("支援措置 ", &words, Role::Danger);
    }
    for withdrawal in &sent.withdrawn {
        let text = format!(
            "{}  {}  {} {}",
            visible(&withdrawal.id),
            visible(&withdrawal.reason),
            japan_time(withdrawal.at).strftime("%m/%d %H:%M"),
            visible(&withdrawal.operator)
        );
        out.put("取下げ   ", &text, Role::Warning);
    }
}

fn count(count: &ReportView, out: &mut Detail) {
    let as_of = japan_time(count.as_of).strftime("%Y-%m-%d %H:%M:%S");
    out.put("基準日時 ", &format!("{as_of}  {}", visible(&count.operator)), Role::Text);
    let report = &count.report;
    let items: Vec<String> = ITEMS.iter().map(|item| format!("設問{item:<3} {:>6}", report.item(item))).collect();
    out.listed(&items, Role::Text);
    let waits = [
        format!("待ち4-1 {:>6}", report.waiting_4_1),
        format!("待ち4-2 {:>6}", report.waiting_4_2),
        format!("未了    {:>6}", report.backlog),
    ];
    out.listed(&waits, Role::Warning);
    match &count.broken()[..] {
        [] => out.put("整合     ", "合っています", Role::Text),
        broken => {
            for text in broken {
                out.put("整合     ", text, Role::Error);
            }
        }
    }
    if let Some(bridge) = &count.bridge {
        let text = format!(
            "前回 {} + 新規 {} + 再開 {} - 決定 {} - 消滅 {} = 今回 {}",
            bridge.last, bridge.new, bridge.reopened, bridge.closed, bridge.vanished, bridge.this
        );
        out.put("未了増減 ", &text, if bridge.holds() { Role::Text } else { Role::Error });
    }
    let complete =
        if report.is_complete() { "報告完了" } else { "未完了(未了または返信待ちがあります)" };
    out.put("報告     ", complete, Role::Text);
}
