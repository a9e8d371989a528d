//! `meken export`: files with a manifest beside them.

use std::path::Path;

use super::args::ExportArgs;
use super::context::Context;
use super::out;
use crate::compare::visible;
use crate::config::diagnostic::Diagnostics;
use crate::desk::Seat;
use crate::domain::batch::protected_words;
use crate::domain::export::{ExportInfo, ExportKind, ExportRequest};
use crate::domain::filter::CHANGED;
use crate::error::{Exit, Failure};
use crate::export::{self, ExportError, Plan, Stage, Target, Template, TextEncoding, UnknownEncoding};
use crate::ingest::io_words;

/// An option of the command: its name, whether it was given, and which kinds of export take it.
type ExportOption = (&'static str, bool, fn(ExportInfo) -> bool);

pub(super) fn run(context: &Context, args: &ExportArgs) -> Result<(), Failure> {
    let encoding = encoding(&args.encoding)?;
    let kind = args.what.0;
    let options: [ExportOption; 3] = [
        ("--template", args.template.is_some(), |info| info.template),
        ("--batch", args.batch.is_some(), |info| info.creates),
        ("--preview", args.preview, |info| info.creates),
    ];
    if let Some((option, _, takes)) = options.iter().find(|(_, given, takes)| *given && !takes(kind.info())) {
        let kinds = ExportKind::ALL.iter().map(|kind| kind.info()).filter(|info| takes(*info));
        let words: Vec<String> = kinds.map(|info| format!("export {}", info.word)).collect();
        return Err(Failure::usage(format!("{option} は {} だけで使えます", words.join("、"))));
    }
    let desk = context.open_desk()?;
    let request = ExportRequest { kind, number: args.batch };
    if args.preview {
        return preview(&desk, ExportRequest::of(kind));
    }
    let template = template(args.template.as_deref())?;
    let output = args.output.as_deref().ok_or_else(|| Failure::usage("書き出し先を -o FILE で指定してください"))?;
    write(context, &desk, request, output, encoding, template)
}

pub(super) fn encoding(word: &str) -> Result<TextEncoding, Failure> {
    word.parse().map_err(|error: UnknownEncoding| failure(error.into()))
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
        ExportError::UnknownEncoding(_) | ExportError::Template(Diagnostics(_)) => Exit::Usage,
        ExportError::Io { .. } | ExportError::Folder { .. } => Exit::Storage,
        ExportError::Desk(_) | ExportError::Unwritten { .. } => return made_or_refused(error),
        _ => Exit::Request,
    };
    Failure::new(exit, error.to_string())
}

/// The failure of the desk, or of the file of a list that is made.
fn made_or_refused(error: ExportError) -> Failure {
    match error {
        ExportError::Desk(error) => error.into(),
        ExportError::Unwritten { number, fault } => {
            let fault = failure(*fault);
            let message = format!(
                "{}。第{number}回は作成済です。meken batch write {number} -o FILE で書き出してください",
                fault.message
            );
            Failure::new(fault.exit, message)
        }
        error => failure(error),
    }
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
fn say_protected(plan: &Plan) {
    if let Some(words) = protected_words(plan.protected) {
        out::message(&format!("注意: {words}"));
    }
}

/// Names what was withdrawn before: what goes on the list again, and what waits for a new decision.
fn name_returned(desk: &Seat) -> Result<(), Failure> {
    for words in desk.came_back()?.words(usize::MAX) {
        out::message(&words);
    }
    Ok(())
}

fn preview(desk: &Seat, request: ExportRequest) -> Result<(), Failure> {
    warn(desk)?;
    name_returned(desk)?;
    let plan = export::plan(desk, request, &Template::default()).map_err(failure)?;
    say_protected(&plan);
    let mut lines = plan.preview.iter();
    if let Some(summary) = lines.next() {
        out::line(&format!("{summary}。まだ作っていません"))?;
    }
    lines.try_for_each(|line| out::line(line))
}

/// Writes a list to a file; a new one is made first.
pub(super) fn write(
    context: &Context,
    desk: &Seat,
    request: ExportRequest,
    path: &Path,
    encoding: TextEncoding,
    template: Template,
) -> Result<(), Failure> {
    if request.creates() {
        warn(desk)?;
        name_returned(desk)?;
    }
    let exports = context.workspace.exports();
    // What the command shows and what it makes is counted in one run.
    let target = Target { file: Some(path), exports: &exports, encoding, template, expect: None };
    let written = export::write(desk, request, &target, &mut |stage| {
        if let Stage::Planned(plan) = stage {
            say_protected(plan);
        }
    });
    let written = written.map_err(failure)?;
    context.say(&format!("{} に {} 行を書き出しました", path.display(), written.rows));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whoever adds a kind of export is told here that the README lacks it.
    #[test]
    fn the_readme_names_every_kind() {
        let words: Vec<&str> = ExportKind::ALL.iter().map(|kind| kind.info().word).collect();
        let row = format!("| `export {} -o FILE", words.join("\\|"));
        assert!(include_str!("../../README.md").lines().any(|line| line.starts_with(&row)), "no row {row}");
    }
}
