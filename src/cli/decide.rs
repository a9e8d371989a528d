//! `meken decide`

use std::path::Path;

use jiff::civil::Date;

use super::args::{self, DecideArgs};
use super::context::Context;
use super::out;
use crate::desk::{DeskError, Seat};
use crate::domain::case::{Decision, Evidence, Target};
use crate::domain::category::{Category, EvidenceCode};
use crate::domain::guard::Need;
use crate::domain::request::Seen;
use crate::error::{Exit, Failure};
use crate::ingest::io_words;
use crate::service::Command;

/// The columns that a file of decisions may have.
const COLUMNS: [&str; 12] = [
    "id",
    "code",
    "evidence",
    "evidence_date",
    "evidence_ref",
    "lost",
    "sent",
    "due",
    "replied",
    "safe_way",
    "note",
    "reason",
];

pub(super) fn run(context: &Context, args: &DecideArgs) -> Result<(), Failure> {
    match (&args.from, &args.id, &args.code) {
        (Some(file), _, _) => from_file(context, file, args.reason.as_deref()),
        (None, Some(id), Some(code)) => one(context, id, code, args),
        _ => Err(Failure::usage("整理番号と区分を指定してください(例: meken decide 0000000001 2-3 --evidence 目検)")),
    }
}

fn one(context: &Context, id: &str, code: &str, args: &DecideArgs) -> Result<(), Failure> {
    let target: Target = code.parse().map_err(usage)?;
    let decision = Decision {
        evidence: args.evidence.iter().map(|text| evidence(text)).collect::<Result<_, _>>()?,
        note: args.note.clone(),
        lost: args.lost,
        sent: args.sent,
        due: args.due,
        replied: args.replied,
        safe_way: safe_way(target, args.safe_way.as_deref()).map_err(usage)?,
        reason: args.reason.clone(),
        ..Decision::to(target)
    };
    let desk = context.open_desk()?;
    let command = Command::Decide { seen: desk.find_seen(id)?, decision: Box::new(decision) };
    desk.run(&command).map_err(|error| with_hint(error, id))?;
    context.say(&format!("{id} を {} {} にしました", target.code(), target.label()));
    Ok(())
}

fn usage(error: impl std::fmt::Display) -> Failure {
    Failure::usage(error.to_string())
}

/// The safe way of a letter; with any other decision it would be lost without a word.
fn safe_way(target: Target, text: Option<&str>) -> Result<Option<String>, String> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    match target {
        Target::Category(Category::C41 | Category::C42) => Ok(Some(text.to_owned())),
        _ => Err("安全な送付方法(safe_way)は 4-1・4-2 だけに付けられます".to_owned()),
    }
}

/// The words of a refusal with the commands that would satisfy it.
fn in_words(error: &DeskError, id: &str) -> String {
    let id = crate::compare::visible(id);
    let DeskError::Refused(refusal) = error else { return error.to_string() };
    match refusal.need {
        Need::Reason => {
            format!("{error}。--reason \"理由\" を付けるか、meken reopen {id} --reason \"理由\" で戻してください")
        }
        Need::SafeWay => format!(
            "{error}。安全な送付方法は --safe-way \"方法\"(ファイルでは safe_way 列)、\
             印を外すのは meken flag {id} dv off --reason \"理由\" です"
        ),
        _ => error.to_string(),
    }
}

/// Names the way to what is missing.
fn with_hint(error: DeskError, id: &str) -> Failure {
    let words = in_words(&error, id);
    Failure::new(Failure::from(error).exit, words)
}

/// `CODE[:DATE[:REF]]`
fn evidence(text: &str) -> Result<Evidence, Failure> {
    let mut parts = text.splitn(3, ':');
    let code: EvidenceCode = parts.next().unwrap_or_default().parse().map_err(usage)?;
    let date = match parts.next() {
        None | Some("") => None,
        Some(date) => Some(args::date(date).map_err(|error| Failure::usage(format!("--evidence {text}: {error}")))?),
    };
    Ok(Evidence { code, date, reference: parts.next().unwrap_or_default().to_owned() })
}

fn from_file(context: &Context, path: &Path, reason: Option<&str>) -> Result<(), Failure> {
    let lines = read(path)?;
    let desk = context.open_desk()?;
    let mut decisions: Vec<(Seen, Decision)> = Vec::with_capacity(lines.len());
    let mut places = Vec::with_capacity(lines.len());
    let mut faults = Vec::new();
    for line in lines {
        match line.decision(&desk, reason) {
            Ok(decision) => {
                decisions.push(decision);
                places.push((line.number, line.id));
            }
            Err(fault) => faults.push((line.number, line.id, fault)),
        }
    }
    if faults.is_empty() {
        match desk.run(&Command::DecideMany(decisions)) {
            Ok(done) => {
                context.say(&format!("{} 件の区分を付けました", done.events().len()));
                return Ok(());
            }
            Err(DeskError::Lines(refused)) => {
                faults = refused
                    .into_iter()
                    .map(|(place, error)| {
                        let (number, id) = places[place].clone();
                        let words = in_words(&error, &id);
                        (number, id, words)
                    })
                    .collect();
            }
            Err(error) => return Err(error.into()),
        }
    }
    for (number, id, fault) in &faults {
        out::message(&format!("{}:{number}: {}: {fault}", path.display(), crate::compare::visible(id)));
    }
    Err(Failure::new(
        Exit::Request,
        format!("{} 行に誤りがあるため、1件も変更していません。直してからもう一度実行してください", faults.len()),
    ))
}

/// One line of a file of decisions.
struct DecisionLine {
    number: u64,
    id: String,
    cells: Vec<(&'static str, String)>,
}

fn read(path: &Path) -> Result<Vec<DecisionLine>, Failure> {
    let name = path.display();
    let refused = |message: String| Failure::new(Exit::Input, message);
    let bytes = std::fs::read(path).map_err(|error| refused(format!("{name} を読めません: {}", io_words(&error))))?;
    let text = std::str::from_utf8(&bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|&&b| b == b'\n').count() + 1;
        refused(format!("{name}:{line}: UTF-8 ではありません。UTF-8 で保存してください"))
    })?;
    let mut reader = csv::ReaderBuilder::new().from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().map_err(|error| refused(format!("{name}:1: {error}")))?.clone();
    let mut columns = Vec::new();
    for title in &header {
        let known = COLUMNS.iter().find(|column| **column == title.trim());
        let known = known.ok_or_else(|| {
            let near = crate::config::diagnostic::nearest(title, COLUMNS);
            let hint = near.map(|near| format!("。「{near}」ではありませんか")).unwrap_or_default();
            refused(format!("{name}:1: 見出し「{}」は使えません{hint}", crate::compare::visible(title)))
        })?;
        if columns.contains(known) {
            return Err(refused(format!("{name}:1: 見出し「{known}」が2つあります")));
        }
        columns.push(*known);
    }
    for needed in ["id", "code"] {
        if !columns.contains(&needed) {
            return Err(refused(format!("{name}:1: 見出し「{needed}」がありません")));
        }
    }
    let mut lines = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| {
            let line = error.position().map_or(0, csv::Position::line);
            refused(format!("{name}:{line}: 列の数が見出しと違います"))
        })?;
        let number = record.position().map_or(0, csv::Position::line);
        let cells: Vec<(&'static str, String)> =
            columns.iter().zip(record.iter()).map(|(column, cell)| (*column, cell.trim().to_owned())).collect();
        let id = cells.iter().find(|(column, _)| *column == "id").map(|(_, id)| id.clone()).unwrap_or_default();
        lines.push(DecisionLine { number, id, cells });
    }
    Ok(lines)
}

impl DecisionLine {
    fn cell(&self, column: &str) -> Option<&str> {
        self.cells
            .iter()
            .find(|(name, _)| *name == column)
            .map(|(_, cell)| cell.as_str())
            .filter(|cell| !cell.is_empty())
    }

    fn date(&self, column: &str) -> Result<Option<Date>, String> {
        self.cell(column).map(|text| args::date(text).map_err(|error| format!("{column}: {error}"))).transpose()
    }

    fn decision(&self, desk: &Seat, reason: Option<&str>) -> Result<(Seen, Decision), String> {
        let seen = desk.find_seen(&self.id).map_err(|error| error.to_string())?;
        let code = self.cell("code").ok_or("code が空です")?;
        let target: Target = code.parse().map_err(|error: crate::domain::case::UnknownTarget| error.to_string())?;
        let date = self.date("evidence_date")?;
        let reference = self.cell("evidence_ref").unwrap_or_default();
        let mut evidence = Vec::new();
        for code in self.cell("evidence").unwrap_or_default().split('+').filter(|code| !code.trim().is_empty()) {
            let code: EvidenceCode =
                code.parse().map_err(|error: crate::domain::category::UnknownEvidence| error.to_string())?;
            evidence.push(Evidence { code, date, reference: reference.to_owned() });
        }
        let decision = Decision {
            evidence,
            note: self.cell("note").map(str::to_owned),
            lost: self.date("lost")?,
            sent: self.date("sent")?,
            due: self.date("due")?,
            replied: self.date("replied")?,
            safe_way: safe_way(target, self.cell("safe_way"))?,
            reason: self.cell("reason").or(reason).map(str::to_owned),
            ..Decision::to(target)
        };
        Ok((seen, decision))
    }
}
