//! `meken demo`

use std::fs;

use super::args::{AppearanceArgs, DemoArgs};
use super::context::{Context, default_place};
use super::{import, out, review, sample, status};
use crate::desk::Query;
use crate::error::{Exit, Failure};
use crate::ingest::ImportOptions;
use crate::sample::{SampleEncoding, SampleOptions};
use crate::store;
use crate::view::StatusView;

/// Says that a workspace holds nothing but fictitious data, and which.
const MARKER: &str = "demo.txt";

pub(super) fn run(context: &Context, args: &DemoArgs, look: &AppearanceArgs) -> Result<(), Failure> {
    let context = &context.at(if context.named { context.workspace.clone() } else { default_place("demo")? });
    let dir = context.workspace.dir().to_owned();
    let marker = dir.join(MARKER);
    let wanted = format!("rows={} seed={}", args.rows, args.seed);
    let found = fs::read_to_string(&marker).ok();
    if store::exists(&dir) && found.is_none() {
        return Err(Failure::new(
            Exit::Request,
            format!("{} には試用でないデータがあります。別のフォルダを --workspace で指定してください", dir.display()),
        ));
    }
    if args.fresh && store::exists(&dir) {
        // Holding it first proves that nobody works there.
        drop(context.open_or_create()?);
        store::remove(&dir)?;
    } else if let Some(found) = found.as_deref().map(str::trim).filter(|found| *found != wanted) {
        return Err(Failure::new(
            Exit::Request,
            format!("前の試用データ({found})が残っています。作り直すときは --fresh を付けてください"),
        ));
    }
    if !store::exists(&dir) || !has_data(context)? {
        prepare(context, args, &wanted)?;
    }
    if args.no_tui {
        return out::text(&status::full(context.cells(), &context.ask_one(&Query::Status)?));
    }
    review::run(context, look)
}

/// Whether the import of an earlier demo came to its end.
fn has_data(context: &Context) -> Result<bool, Failure> {
    match context.ask_one::<StatusView>(&Query::Status) {
        Ok(_) => Ok(true),
        Err(failure) if failure.exit == Exit::Request => Ok(false),
        Err(failure) => Err(failure),
    }
}

fn prepare(context: &Context, args: &DemoArgs, wanted: &str) -> Result<(), Failure> {
    let dir = context.workspace.dir();
    let store = context.open_or_create()?;
    let fault = |error: std::io::Error| Failure::new(Exit::Storage, format!("{}: {error}", dir.display()));
    #[expect(clippy::disallowed_methods, reason = "a torn marker matches no demo, so only `--fresh` goes on")]
    fs::write(dir.join(MARKER), format!("{wanted}\n")).map_err(fault)?;
    let file = dir.join("demo.csv");
    let options = SampleOptions { rows: args.rows, seed: args.seed, encoding: SampleEncoding::Cp932 };
    sample::write(options, &file, Some(&dir.join("demo_truth.tsv")))?;
    let desk = context.desk(store)?;
    let report = import::file(context, &desk, &file, ImportOptions::default())?;
    context.say(&format!("架空のデータを取り込みました({})\n{}", dir.display(), report.to_text()));
    context.write_settings_template(&desk.reseated()?)
}
