//! `meken layout`: profiles that say which column of a file is which.

use std::path::Path;

use super::args::{LayoutArgs, LayoutCommand};
use super::context::Context;
use super::import::{self, failure, layout};
use super::out;
use crate::compare::visible;
use crate::error::{Exit, Failure};
use crate::ingest::{ImportOptions, Mapping, mapping};

pub(super) fn run(context: &Context, args: &LayoutArgs) -> Result<(), Failure> {
    let options = |encoding: &Option<String>, sheet: &Option<String>| {
        Ok::<_, Failure>(ImportOptions {
            encoding: encoding.as_deref().map(import::encoding).transpose()?,
            sheet: sheet.clone(),
            ..import::limits(context)?
        })
    };
    match &args.what {
        LayoutCommand::Guess { file, encoding, sheet } => guess(file, options(encoding, sheet)?),
        LayoutCommand::Check { profile, file, encoding, sheet } => {
            check(profile, file.as_deref(), options(encoding, sheet)?)
        }
    }
}

fn read(file: &Path, options: &ImportOptions) -> Result<Mapping, Failure> {
    mapping(file, options).map_err(|error| failure(error, None))
}

/// Writes a profile to stdout and says on stderr what must still be filled in.
fn guess(file: &Path, options: ImportOptions) -> Result<(), Failure> {
    let mapping = read(file, &options)?;
    out::text(&mapping.to_toml())?;
    let missing = mapping.missing();
    out::message(&format!("{}: {}列、文字コード {}", mapping.file, mapping.columns().len(), mapping.encoding));
    if mapping.headerless {
        out::message("見出しがないとみなしました。列の番号で対応を付けます");
    }
    for column in &missing {
        let near = mapping.nearest(*column).map(|name| format!("(近い列: {})", visible(name))).unwrap_or_default();
        out::message(&format!("必須の列「{}」に当たる列がわかりません{near}", column.name()));
    }
    if missing.is_empty() {
        out::message("必要な列はすべて見つかりました。このままでも取り込めます");
    }
    Ok(())
}

fn check(profile: &Path, file: Option<&Path>, options: ImportOptions) -> Result<(), Failure> {
    let profile = layout(profile)?;
    let Some(file) = file else {
        return out::line("レイアウト定義に誤りはありません");
    };
    let mapping = read(file, &ImportOptions { layout: Some(profile.clone()), ..options })?;
    profile.fits(&mapping).map_err(|error| Failure::usage(error.to_string()))?;
    for column in mapping.columns() {
        let known = column.column.map_or("(使いません)", |column| column.name());
        out::line(&format!("{:>3}  {} → {known}  値の形: {}", column.number, column.name, column.forms.join(" | ")))?;
    }
    let missing: Vec<&str> = mapping.missing().iter().map(|column| column.name()).collect();
    if missing.is_empty() {
        return out::line("レイアウト定義はこのファイルに合っています");
    }
    Err(Failure::new(Exit::Input, format!("{}: 次の列の対応がありません: {}", mapping.file, missing.join("、"))))
}
