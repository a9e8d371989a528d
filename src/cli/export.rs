//! `meken export`: files with a manifest beside them.

use std::path::Path;

use super::args::{ExportArgs, ExportWhat};
use super::context::Context;
use super::out;
use crate::compare::visible;
use crate::config::diagnostic::Diagnostics;
use crate::desk::{Query, Seat, Sort};
use crate::domain::batch::{Batch, protected_words};
use crate::domain::filter::CHANGED;
use crate::domain::tally::ITEMS;
use crate::error::{Exit, Failure};
use crate::export::records::RecordList;
use crate::export::{self, ExportError, Origin, Template, TextEncoding};
use crate::ingest::io_words;
use crate::view::AnyView;

pub(super) fn run(context: &Context, args: &ExportArgs) -> Result<(), Failure> {
    let encoding = encoding(&args.encoding)?;
    let release_only =
        [("--template", args.template.is_some()), ("--batch", args.batch.is_some()), ("--preview", args.preview)];
    if let Some((option, _)) = release_only.iter().find(|(_, given)| *given && args.what != ExportWhat::Release) {
        return Err(Failure::usage(format!("{option} は export release だけで使えます")));
    }
    let desk = context.open_desk()?;
    let output = || args.output.as_deref().ok_or_else(|| Failure::usage("書き出し先を -o FILE で指定してください"));
    match args.what {
        ExportWhat::Release if args.preview => preview(&desk),
        ExportWhat::Release => {
            let template = template(args.template.as_deref())?;
            let path = output()?;
            match args.batch {
                Some(number) => {
                    let batch = desk.batch(number)?.batch;
                    warn_of_protected(&desk, &batch)?;
                    write_batch(context, &desk, &batch, path, encoding, &template)
                }
                None => release(context, &desk, path, encoding, &template),
            }
        }
        ExportWhat::Report => {
            let view = desk.report()?;
            let table = export::report::table(&view.report, view.bridge.as_ref(), view.as_of);
            let counts = ITEMS.map(|item| (item.to_owned(), view.report.item(item)));
            save(context, &desk, "report", output()?, &table, encoding, counts.into())
        }
        ExportWhat::Records => {
            let mut list = RecordList::default();
            let mut protected = 0;
            let query = Query::List { filter: String::new(), all: true, sort: Sort::Line, limit: None };
            desk.answer(&query, &mut |any| {
                if let AnyView::Record(view) = any {
                    protected += u64::from(view.is_protected());
                    list.push(&view);
                }
                true
            })?;
            say_protected(protected);
            save(context, &desk, "records", output()?, &list.finish(), encoding, Vec::new())
        }
        ExportWhat::Quarantine => {
            let snapshot = desk.snapshot()?;
            let mut rows = Vec::new();
            snapshot.each_held(&mut |row| rows.extend(row.state.is_open().then_some(row)))?;
            let table = export::quarantine::table(&rows, &snapshot.meta()?.imports);
            drop(snapshot);
            save(context, &desk, "quarantine", output()?, &table, encoding, Vec::new())
        }
    }
}

pub(super) fn encoding(word: &str) -> Result<TextEncoding, Failure> {
    word.parse().map_err(failure)
}

/// Reads a template, or takes the default one.
pub(super) fn template(path: Option<&Path>) -> Result<Template, Failure> {
    let Some(path) = path else { return Ok(Template::default()) };
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("{name} を読めません: {}", io_words(&error))))?;
    Template::parse(&name, &text).map_err(failure)
}

fn failure(error: ExportError) -> Failure {
    let exit = match &error {
        ExportError::UnknownEncoding { .. } | ExportError::Template(Diagnostics(_)) => Exit::Usage,
        ExportError::Io { .. } => Exit::Storage,
        _ => Exit::Request,
    };
    Failure::new(exit, error.to_string())
}

/// Records with one 個人番号 decided both ways are shown before a list goes out (G9).
fn warn(desk: &Seat) -> Result<(), Failure> {
    for pair in desk.contradictions()? {
        out::message(&format!(
            "注意(G9): 同じ個人番号の整理番号 {} は誤りなし、{} は誤りと決定されています。確認してください",
            visible(&pair.right),
            visible(&pair.wrong)
        ));
    }
    let (changed, named) = desk.outlook()?.changed;
    if changed > 0 {
        let ids: Vec<_> = named.iter().take(5).map(|(id, _)| visible(id)).collect();
        let more = if changed > ids.len() as u64 { " ほか" } else { "" };
        out::message(&format!(
            "注意: 報告した後に内容が変わった記録が {changed} 件あります(整理番号 {}{more})。決定し直すか取り下げてください。一覧は meken list --all --filter batch:{CHANGED}",
            ids.join("、")
        ));
    }
    let held = desk.held_open()?;
    if held > 0 {
        out::message(&format!("注意: 隔離したままの行が {held} 行あります(meken quarantine で確認できます)"));
    }
    Ok(())
}

/// Tells how many records of an export stand under 支援措置.
fn say_protected(count: u64) {
    if let Some(words) = protected_words(count) {
        out::message(&format!("注意: {words}"));
    }
}

/// Counts the records of a list that stand under 支援措置, before it is written.
pub(super) fn warn_of_protected(desk: &Seat, batch: &Batch) -> Result<(), Failure> {
    let protected = desk.protected_records()?;
    say_protected(batch.rows.iter().filter(|row| protected.contains(&row.record)).count() as u64);
    Ok(())
}

/// Names what was withdrawn before: what goes on the list again, and what waits for a new decision.
fn name_returned(desk: &Seat) -> Result<(), Failure> {
    for words in desk.came_back()?.words(usize::MAX) {
        out::message(&words);
    }
    Ok(())
}

fn preview(desk: &Seat) -> Result<(), Failure> {
    warn(desk)?;
    name_returned(desk)?;
    let (batch, _) = desk.preview_batch()?;
    warn_of_protected(desk, &batch)?;
    out::line(&format!(
        "第{}回(報告回次 {}、締切 {})に載る記録: {} 件。まだ作っていません",
        batch.number,
        batch.round,
        batch.cutoff.strftime("%Y-%m-%d %H:%M"),
        batch.rows.len()
    ))?;
    let (count, named) = desk.outlook()?.doubtful;
    if count > 0 {
        out::line(&format!("別人の注意(F1〜F5・F7)があるのに誤りなしとした記録: {count} 件"))?;
        named.iter().try_for_each(|id| out::line(&format!("  {}", visible(id))))?;
    }
    Ok(())
}

/// Makes the next batch and writes it; whatever can be refused is refused before the batch exists.
fn release(
    context: &Context,
    desk: &Seat,
    path: &Path,
    encoding: TextEncoding,
    template: &Template,
) -> Result<(), Failure> {
    warn(desk)?;
    name_returned(desk)?;
    let (planned, expect) = desk.preview_batch()?;
    warn_of_protected(desk, &planned)?;
    export::release::table(&planned, template).to_csv(encoding).map_err(failure)?;
    export::atomic::check(path).map_err(failure)?;
    let batch = desk.make_batch(expect)?;
    write_batch(context, desk, &batch, path, encoding, template).map_err(|fault| {
        let number = batch.number;
        Failure::new(
            fault.exit,
            format!("{fault}。第{number}回は作成済です。meken batch write {number} -o FILE で書き出してください"),
        )
    })
}

/// Writes a batch; the same batch gives the same bytes.
pub(super) fn write_batch(
    context: &Context,
    desk: &Seat,
    batch: &Batch,
    path: &Path,
    encoding: TextEncoding,
    template: &Template,
) -> Result<(), Failure> {
    let table = export::release::table(batch, template);
    let counts = vec![("batch".to_owned(), u64::from(batch.number)), ("round".to_owned(), u64::from(batch.round))];
    save(context, desk, "release", path, &table, encoding, counts)
}

fn save(
    context: &Context,
    desk: &Seat,
    kind: &str,
    path: &Path,
    table: &export::Table,
    encoding: TextEncoding,
    counts: Vec<(String, u64)>,
) -> Result<(), Failure> {
    let bytes = table.to_csv(encoding).map_err(failure)?;
    let meta = desk.snapshot()?.meta()?;
    let mut origin = Origin::of(kind, &meta, desk.operator(), desk.now()).rows(table.rows.len());
    for (name, count) in counts {
        origin = origin.count(&name, count);
    }
    let exports = context.workspace.exports();
    export::atomic::save(path, &bytes, &origin, Some(&exports)).map_err(failure)?;
    context.say(&format!("{} に {} 行を書き出しました", path.display(), table.rows.len()));
    Ok(())
}
