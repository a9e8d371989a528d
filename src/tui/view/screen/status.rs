//! 状況: where the work stands: gauges, decisions over time, what is to be expected, what waits, who did how much.
//!
//! Everything is a block of lines; blocks stand in one column, or in two where there is room. Bars and gauges are made of
//! characters, so that they say the same without colour.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::bar;
use ratatui::widgets::{Bar, BarChart, BarGroup, Widget};

use super::review::queue::class_role;
use crate::app::layout::{self, Area};
use crate::app::model::Model;
use crate::compare::{CellWidth, visible};
use crate::config::theme::Role;
use crate::domain::calendar::japan_time;
use crate::domain::category::Category;
use crate::domain::filter::CHANGED;
use crate::domain::trend::{Ageing, Forecast, Outlook, Trend};
use crate::tui::view::canvas::{Canvas, Line, cells, span};
use crate::tui::view::list;
use crate::view::StatusView;

/// Rows of a chart over time.
const CHART: u16 = 4;

/// Draws the whole screen but header, status line and hints.
pub(in crate::tui::view) fn draw(canvas: &mut Canvas<'_>, model: &Model) {
    let page = layout::page(model.shared.size);
    let frame = Area { x: 0, y: page.y - 1, w: model.shared.size.0, h: page.h + 2 };
    canvas.fill(frame, Role::Text);
    let as_of = model
        .status
        .view
        .as_ref()
        .map(|status_view| japan_time(status_view.as_of).strftime("%m/%d %H:%M 現在").to_string());
    let title = format!("状況 {}", as_of.unwrap_or_default());
    canvas.frame(frame, &title, Role::Border);
    let inside = Area { x: page.x + 1, w: page.w.saturating_sub(1), ..page };
    let Some(status_view) = &model.status.view else {
        return list::text(canvas, inside, &[vec![span("集計しています…", Role::Dim)]], model, 0);
    };
    if let Some((left, right)) = layout::columns(inside) {
        let (first, second) = two_columns(canvas, status_view, usize::from(left.w), usize::from(right.w));
        return list::texts(canvas, frame, [(left, &first[..]), (right, &second[..])], model, model.status.top);
    }
    let w = usize::from(inside.w);
    let mut lines = counts(canvas, status_view, w);
    lines.extend(gauges(canvas, status_view, w));
    lines.extend(expected(canvas, status_view, w));
    lines.extend(over_time(canvas, status_view, w));
    lines.extend(waiting(canvas, status_view, w));
    lines.extend(operators(canvas, status_view, w));
    lines.extend(categories(canvas, status_view, w));
    lines.push(file(status_view));
    if lines.len() > usize::from(inside.h) {
        canvas.frame(frame, &format!("{title}  取込 {}", visible(&status_view.file)), Role::Border);
        // The header shows the whole as well; then the hours of the days are what can be missed.
        for (whole, hourly) in [(true, true), (false, true), (false, false)] {
            lines = compact(canvas, status_view, w, whole, hourly);
            if lines.len() <= usize::from(inside.h) {
                break;
            }
        }
    }
    list::text(canvas, inside, &lines, model, model.status.top);
}

/// What stands on the left and on the right of a wide screen.
fn two_columns(canvas: &Canvas<'_>, status_view: &StatusView, left: usize, right: usize) -> (Vec<Line>, Vec<Line>) {
    let mut first = counts(canvas, status_view, left);
    first.extend(gauges(canvas, status_view, left));
    first.push(file(status_view));
    first.push(Vec::new());
    first.extend(categories(canvas, status_view, left));
    let mut second = over_time(canvas, status_view, right);
    second.extend(expected(canvas, status_view, right));
    second.push(Vec::new());
    second.extend(waiting(canvas, status_view, right));
    second.extend(operators(canvas, status_view, right));
    (first, second)
}

/// The same for a screen of 80×24, where nothing should have to be scrolled for: a line for each chart and each list, with
/// or without the gauge of the whole and the hours of the days. The file stands in the frame.
fn compact(canvas: &Canvas<'_>, status_view: &StatusView, w: usize, whole: bool, hourly: bool) -> Vec<Line> {
    let mut lines = counts(canvas, status_view, w);
    lines.extend(gauges(canvas, status_view, w).into_iter().skip(usize::from(!whole)));
    lines.extend(expected(canvas, status_view, w));
    let trend = &status_view.trend;
    let today: u32 = trend.days.last().copied().unwrap_or(0);
    let hour = |back: usize| format!("{:02}時", (i64::from(trend.now.hour()) - back as i64).rem_euclid(24));
    let hours = &trend.hours[trend.hours.len().saturating_sub(24)..];
    let words = format!("今日 {today}  直近24時間 {}  {}", last_of(hours, 24), hour(hours.len().saturating_sub(1)));
    if hourly {
        lines.push(sparkline(canvas, "時間ごと ", &words, hours, &hour(0), w));
    }
    let days = days(trend);
    let day = |at: usize| days.get(at).map(|(name, _)| format!("{name}日")).unwrap_or_default();
    let words = format!("直近7日間 {}  {}", last_of(&trend.days, 7), day(0));
    lines.push(sparkline(canvas, "日ごと   ", &words, &trend.days, &day(days.len().saturating_sub(1)), w));
    for (name, ageing) in [("保留・照会 ", &trend.holds), ("返信待ち ", &trend.letters)] {
        let due = [("超過", ageing.overdue, Role::Danger), ("3日内", ageing.soon, Role::Warning)];
        let since = ["~7日", "~14日", "~28日", "29日~"].into_iter().zip(ageing.since);
        let since = since.map(|(word, count)| (word, count, Role::Text));
        let parts = due.into_iter().chain(since).filter(|(_, count, _)| *count > 0);
        let parts = parts.map(|(word, count, role)| (format!("{word} {count}"), role));
        lines.extend(listed(canvas, name, [(ageing.total().to_string(), Role::Title)].into_iter().chain(parts), w));
    }
    let plain = |text: String| (text, Role::Text);
    let operators = status_view.status.operators.iter().map(|(name, count)| format!("{} {count}", visible(name)));
    lines.extend(listed(canvas, "担当者 ", operators.map(plain), w));
    let counts = status_view.status.by_category.iter().filter(|(_, count)| **count > 0);
    lines.extend(listed(canvas, "区分 ", counts.map(|(category, count)| plain(format!("{category} {count}"))), w));
    let states = status_view.status.by_state.iter().map(|(kind, count)| format!("{} {count}", kind.label()));
    lines.extend(listed(canvas, "状態 ", states.map(plain), w));
    lines
}

/// A word and short texts, broken between them.
fn listed(canvas: &Canvas<'_>, head: &str, items: impl Iterator<Item = (String, Role)>, w: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (item, role) in items {
        let item = format!("{item}  ");
        match lines.last_mut().filter(|line| cells(canvas.width, line) + canvas.width.of(&item) <= w + 2) {
            Some(line) => line.push(span(item, role)),
            None => {
                let first = if lines.is_empty() { head.to_owned() } else { " ".repeat(canvas.width.of(head)) };
                lines.push(vec![span(first, Role::Title), span(item, role)]);
            }
        }
    }
    lines
}

/// A chart of one line: words, a bar of one cell for each value, where it ends, and its scale.
fn sparkline(canvas: &Canvas<'_>, head: &str, words: &str, values: &[u32], end: &str, w: usize) -> Line {
    let set = if canvas.width.of("█") == 1 { bar::NINE_LEVELS } else { LETTERS };
    let levels = [
        set.empty,
        set.one_eighth,
        set.one_quarter,
        set.three_eighths,
        set.half,
        set.five_eighths,
        set.three_quarters,
        set.seven_eighths,
        set.full,
    ];
    let most = values.iter().copied().max().unwrap_or(0);
    let used = canvas.width.of(head) + canvas.width.of(words) + canvas.width.of(end) + 16;
    let shown = &values[values.len().saturating_sub(w.saturating_sub(used).max(1))..];
    // A little is never nothing.
    let level = |value: u32| (u64::from(value) * 8).div_ceil(u64::from(most.max(1))) as usize;
    let bars: String = shown.iter().map(|value| levels[level(*value).min(8)]).collect();
    vec![
        span(head, Role::Title),
        span(format!("{words} "), Role::Text),
        span(bars, Role::GaugeFill),
        span(format!(" {end}  最大 {most}"), Role::Dim),
    ]
}

/// A line in parts, broken between them where it is too long, and within one that is too long itself; what follows the
/// first line is indented.
fn flowed(width: CellWidth, parts: Line, w: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for part in parts {
        let fits = |line: &Line| cells(width, line) + width.of(part.text.trim_end()) <= w;
        if let Some(line) = lines.last_mut().filter(|line| fits(line)) {
            line.push(part);
            continue;
        }
        let alone = lines.is_empty() && width.of(part.text.trim_end()) <= w;
        let room = if alone { w } else { w.saturating_sub(INDENT).max(2) };
        for range in width.wrap(&part.text, room) {
            let indent = if lines.is_empty() { 0 } else { INDENT };
            lines.push(vec![span(" ".repeat(indent), Role::Text), span(&part.text[range], part.role)]);
        }
    }
    lines
}

/// Cells before what goes on from the line above.
const INDENT: usize = 2;

fn gauge(canvas: &Canvas<'_>, done: u64, total: u64, room: usize) -> Line {
    let part = |all: usize| usize::try_from(u128::from(done) * all as u128 / u128::from(total.max(1))).unwrap_or(all);
    let room = room / canvas.width.of(canvas.glyphs.fill).max(1);
    let filled = part(room).min(room);
    vec![
        span(canvas.glyphs.fill.repeat(filled), Role::GaugeFill),
        span(canvas.glyphs.rest.repeat(room - filled), Role::GaugeRest),
        span(format!(" {:>3}%", part(100).min(100)), Role::Text),
    ]
}

/// The counts: what is to be done and what was reported.
fn counts(canvas: &Canvas<'_>, status_view: &StatusView, w: usize) -> Vec<Line> {
    let status = &status_view.status;
    let counts = vec![
        span(format!("確認対象 {}  ", status.in_item1), Role::Title),
        span(format!("決定 {}  ", status.decided), Role::Text),
        span(format!("返信待ち {}  ", status.waiting), Role::Text),
        span(format!("未了 {}  ", status.remaining), Role::Warning),
        span(format!("対象外 {}  ", status.out_of_scope), Role::Dim),
        span(format!("隔離 {}", status_view.quarantined), Role::Dim),
    ];
    let release = vec![
        span(format!("解除 報告済 {}  ", status.reported), Role::Text),
        span(format!("未報告 {}  ", status.unreported), Role::Text),
        span(
            format!("第{}回 締切 {}", status_view.cutoff.round, status_view.cutoff.at.strftime("%Y-%m-%d %H:%M")),
            Role::Info,
        ),
    ];
    let mut lines = [flowed(canvas.width, counts, w), flowed(canvas.width, release, w)].concat();
    if status.changed > 0 {
        let changed = vec![
            span(format!("報告後に内容が変わった記録 {}  ", status.changed), Role::Danger),
            span(format!("確認画面の f batch:{CHANGED} か F5 出力で一覧"), Role::Text),
        ];
        lines.extend(flowed(canvas.width, changed, w));
    }
    lines
}

/// Cells of the name of a gauge.
const NAME: usize = 10;

/// A gauge for the whole and one for each class.
fn gauges(canvas: &Canvas<'_>, status_view: &StatusView, w: usize) -> Vec<Line> {
    let status = &status_view.status;
    let mut lines: Vec<Line> = Vec::new();
    let digits = status.in_item1.to_string().len().max(6);
    let room = w.saturating_sub(NAME + 13 + 2 * digits).clamp(4, 60);
    let mut row = |name: &str, role, done: u64, total: u64| {
        let mut line = vec![span(canvas.width.column(name, NAME), role)];
        line.extend(gauge(canvas, done, total, room));
        line.push(span(format!(" 残{:>digits$} /{total:>digits$}", total - done), Role::Text));
        lines.push(line);
    };
    row("全体", Role::Title, status.in_item1 - status.remaining, status.in_item1);
    for (class, count) in &status.by_class {
        row(class.label(), class_role(*class), count.total - count.remaining, count.total);
    }
    lines
}

fn file(status_view: &StatusView) -> Line {
    vec![span(format!("取込 {}", visible(&status_view.file)), Role::Dim)]
}

fn day_words(outlook: &Outlook) -> String {
    let left = match outlook.days_left {
        ..0 => format!("{}日超過", -outlook.days_left),
        0 => "本日".to_owned(),
        days => format!("あと{days}日"),
    };
    format!("{} {left}", outlook.day.strftime("%Y-%m-%d"))
}

/// What the rate of late means for the cut-off and the end dates.
fn expected(canvas: &Canvas<'_>, status_view: &StatusView, w: usize) -> Vec<Line> {
    let Forecast { at_cutoff, release_by, finish_by, done_on, remaining, .. } = &status_view.forecast;
    let per_day = status_view.trend.per_day();
    let rate = format!("最近 1日 {per_day:.0} 件(作業1時間 {:.0} 件)", status_view.trend.per_hour());
    let words = match done_on {
        _ if *remaining == 0 => vec!["すべて決定しました".to_owned()],
        Some(day) => vec![format!("{day} ごろ終了  "), rate],
        None => vec!["最近7日間に決定がないため、出せません".to_owned()],
    };
    let words = words.into_iter().map(|words| span(words, Role::Text));
    let mut lines = flowed(canvas.width, [span("見込み ", Role::Title)].into_iter().chain(words).collect(), w);
    for (name, outlook) in [("次の締切", at_cutoff), ("解除期限", release_by), ("完了期限", finish_by)] {
        let (words, role, more) = match (outlook.short, outlook.days_left, outlook.needed(*remaining)) {
            (0, ..) => ("○ 間に合う見込み".to_owned(), Role::MarkOk, None),
            (short, ..0, _) => (format!("× 期日を過ぎて未了 {short} 件"), Role::MarkNg, None),
            (short, _, needed) => (format!("× {short} 件が残る見込み"), Role::Warning, needed),
        };
        let mut parts = vec![
            span(format!("  {name} "), Role::Text),
            span(canvas.width.column(&day_words(outlook), 22), Role::Text),
            span(words, role),
        ];
        parts.extend(more.map(|needed| span(format!(" (1日 {needed} 件で間に合う)"), role)));
        lines.extend(flowed(canvas.width, parts, w));
    }
    lines
}

/// Decisions of the last hours and days, as charts.
fn over_time(canvas: &Canvas<'_>, status_view: &StatusView, w: usize) -> Vec<Line> {
    let trend = &status_view.trend;
    let hours: Vec<(String, u32)> = {
        let now = i64::from(trend.now.hour());
        let last = trend.hours.len();
        let name = |back: usize| format!("{:02}", (now - back as i64).rem_euclid(24));
        trend.hours.iter().enumerate().map(|(at, count)| (name(last - 1 - at), *count)).collect()
    };
    let today: u32 = trend.days.last().copied().unwrap_or(0);
    let mut lines: Vec<Line> = Vec::new();
    let words = format!("今日 {today} 件、直近24時間 {} 件", last_of(&trend.hours, 24));
    lines.extend(flowed(canvas.width, vec![span("時間ごとの決定 ", Role::Title), span(words, Role::Text)], w));
    lines.extend(chart(canvas, &hours, w));
    let days: Vec<(String, u32)> = days(trend);
    let words = format!("直近7日間 {} 件", last_of(&trend.days, 7));
    lines.extend(flowed(canvas.width, vec![span("日ごとの決定 ", Role::Title), span(words, Role::Text)], w));
    lines.extend(chart(canvas, &days, w));
    lines.push(Vec::new());
    lines
}

fn last_of(counts: &[u32], n: usize) -> u32 {
    counts[counts.len().saturating_sub(n)..].iter().sum()
}

fn days(trend: &Trend) -> Vec<(String, u32)> {
    use jiff::ToSpan;
    let last = trend.days.len();
    let name = |back: usize| {
        let day = trend.now.date().saturating_sub((back as i64).days());
        format!("{:02}", day.day())
    };
    trend.days.iter().enumerate().map(|(at, count)| (name(last - 1 - at), *count)).collect()
}

/// A bar chart of the newest values that fit, with its scale, drawn by ratatui and taken over as lines.
fn chart(canvas: &Canvas<'_>, values: &[(String, u32)], w: usize) -> Vec<Line> {
    // Bars of two cells with a gap, behind a scale of six.
    let fits = (w.saturating_sub(7) / 3).clamp(1, 24);
    let shown = &values[values.len().saturating_sub(fits)..];
    let most = shown.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let bars: Vec<Bar<'_>> = shown
        .iter()
        .map(|(name, count)| Bar::default().value(u64::from(*count)).label(name.as_str()).text_value(String::new()))
        .collect();
    let area = Rect::new(0, 0, u16::try_from(3 * shown.len()).unwrap_or(u16::MAX), CHART + 1);
    let mut buffer = Buffer::empty(area);
    // Where block elements are two cells wide, letters stand for them.
    let symbols = if canvas.width.of("█") == 1 { bar::NINE_LEVELS } else { LETTERS };
    BarChart::default()
        .data(BarGroup::default().bars(&bars))
        .max(u64::from(most.max(1)))
        .bar_width(2)
        .bar_gap(1)
        .bar_set(symbols)
        .render(area, &mut buffer);
    (0..area.height)
        .map(|y| {
            let scale = match y {
                0 => format!("{most:>5} "),
                y if y + 1 == CHART => "    0 ".to_owned(),
                _ => "      ".to_owned(),
            };
            let text: String = (0..area.width).map(|x| buffer[(x, y)].symbol()).collect();
            let role = if y == CHART { Role::Dim } else { Role::GaugeFill };
            vec![span(scale, Role::Dim), span(text.trim_end().to_owned(), role)]
        })
        .collect()
}

/// Bars made of letters: full or nothing, with a mark for a little.
const LETTERS: bar::Set<'_> = bar::Set {
    full: "#",
    seven_eighths: "#",
    three_quarters: "#",
    five_eighths: "#",
    half: ":",
    three_eighths: ":",
    one_quarter: ".",
    one_eighth: ".",
    empty: " ",
};

/// How many wait, how many of them too long.
fn ageing_head(name: &str, ageing: &Ageing) -> Line {
    let mut head = vec![span(format!("{name} {} 件", ageing.total()), Role::Title)];
    if ageing.overdue > 0 {
        head.push(span(format!("  期限超過 {} 件", ageing.overdue), Role::Danger));
    }
    if ageing.soon > 0 {
        head.push(span(format!("  3日以内に期限 {} 件", ageing.soon), Role::Warning));
    }
    if ageing.oldest > 0 {
        head.push(span(format!("  最長 {}日", ageing.oldest), Role::Dim));
    }
    head
}

/// How long 保留 and letters have waited.
fn waiting(canvas: &Canvas<'_>, status_view: &StatusView, w: usize) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for (name, ageing) in [("保留・照会", &status_view.trend.holds), ("送付の返信待ち", &status_view.trend.letters)]
    {
        lines.extend(flowed(canvas.width, ageing_head(name, ageing), w));
        if ageing.total() == 0 {
            continue;
        }
        let digits = ageing.total().to_string().len().max(6);
        let room = w.saturating_sub(20 + digits).clamp(4, 30);
        for (label, count) in Ageing::LABELS.into_iter().zip(ageing.since) {
            let part = usize::try_from(count * room as u64 / ageing.total()).unwrap_or(0);
            lines.push(vec![
                span(format!("  {}{count:>digits$} ", canvas.width.column(label, 11)), Role::Text),
                span(canvas.glyphs.fill.repeat(part / canvas.width.of(canvas.glyphs.fill).max(1)), Role::GaugeFill),
            ]);
        }
    }
    lines.push(Vec::new());
    lines
}

/// Decisions by operator.
fn operators(canvas: &Canvas<'_>, status_view: &StatusView, w: usize) -> Vec<Line> {
    let status = &status_view.status;
    if status.operators.is_empty() {
        return Vec::new();
    }
    let most = status.operators.values().copied().max().unwrap_or(1).max(1);
    let digits = most.to_string().len().max(6);
    let room = w.saturating_sub(26 + digits).clamp(4, 40);
    let mut lines: Vec<Line> = vec![vec![span("担当者", Role::Title)]];
    for (name, count) in &status.operators {
        let part = usize::try_from(count * room as u64 / most).unwrap_or(0);
        lines.push(vec![
            span(format!("  {}{count:>digits$} ", canvas.width.column(&visible(name), 17)), Role::Text),
            span(canvas.glyphs.fill.repeat(part / canvas.width.of(canvas.glyphs.fill).max(1)), Role::GaugeFill),
        ]);
    }
    lines.push(Vec::new());
    lines
}

/// Records by category and state.
fn categories(canvas: &Canvas<'_>, status_view: &StatusView, w: usize) -> Vec<Line> {
    let status = &status_view.status;
    let digits = status.in_item1.to_string().len().max(6);
    let room = w.saturating_sub(6 + digits).clamp(4, 33);
    let mut lines: Vec<Line> = vec![vec![span("区分", Role::Title)]];
    for category in Category::ALL {
        if let Some(count) = status.by_category.get(&category).filter(|count| **count > 0) {
            lines.push(vec![
                span(format!("  {} ", category.code()), Role::HintKey),
                span(canvas.width.column(category.label(), room), Role::Text),
                span(format!("{count:>digits$}"), Role::Text),
            ]);
        }
    }
    if status.by_category.values().all(|count| *count == 0) {
        lines.push(vec![span("  まだ決定がありません", Role::Dim)]);
    }
    let states = status.by_state.iter().map(|(kind, count)| span(format!("{} {count}  ", kind.label()), Role::Text));
    lines.extend(flowed(canvas.width, [span("状態 ", Role::Title)].into_iter().chain(states).collect(), w));
    lines
}
