//! `meken quarantine`

use super::args::QuarantineArgs;
use super::context::Context;
use super::out;
use crate::desk::Query;
use crate::error::Failure;

pub(super) fn run(context: &Context, args: &QuarantineArgs) -> Result<(), Failure> {
    let mut fault = Ok(());
    let mut count = 0u64;
    context.ask(&Query::Quarantine, &mut |row| {
        count += 1;
        fault = if args.json {
            out::line(&row.to_string())
        } else {
            let word = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
            out::line(&format!("{}:{}: [{}] {}", word("file"), row["line"], word("code"), word("reason")))
        };
        fault.is_ok()
    })?;
    fault?;
    if !args.json {
        context.say(&match count {
            0 => "隔離した行はありません".to_owned(),
            n => format!("{n} 行を隔離しています。meken export quarantine -o FILE で書き出せます"),
        });
    }
    Ok(())
}
