//! `meken compare`: the comparator as a filter from stdin to stdout.

use std::io::{self, BufRead, BufWriter, Write};

use super::args::CompareArgs;
use super::out;
use crate::compare::{self, FieldKind};
use crate::error::{Exit, Failure};

pub(super) fn run(args: &CompareArgs) -> Result<(), Failure> {
    let mut input = io::stdin().lock();
    let mut output = BufWriter::new(io::stdout().lock());
    let mut bytes = Vec::new();
    let mut number = 0u64;
    loop {
        bytes.clear();
        let read = input.read_until(b'\n', &mut bytes);
        match read {
            Ok(0) => break,
            Ok(_) => number += 1,
            Err(error) => return Err(Failure::new(Exit::Input, format!("標準入力を読めません: {error}"))),
        }
        let refused = |why: &str| Failure::new(Exit::Input, format!("標準入力の {number} 行目: {why}"));
        let line = std::str::from_utf8(&bytes).map_err(|_| refused("UTF-8 ではありません"))?;
        let line = line.strip_suffix('\n').unwrap_or(line);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut parts = line.split('\t');
        let (Some(field), Some(left), Some(right), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(refused("項目<TAB>加入者<TAB>J-LIS の3つに分けてください"));
        };
        let field: FieldKind =
            field.parse().map_err(|error: compare::field::UnknownField| refused(&error.to_string()))?;
        let comparison = compare::compare(field, left, right);
        let written = if args.verdict_only {
            writeln!(output, "{}", comparison.verdict.word())
        } else {
            let codes: Vec<String> = comparison.codes().iter().map(ToString::to_string).collect();
            let reasons: Vec<&str> = comparison.reasons.iter().map(|reason| reason.text.as_str()).collect();
            writeln!(output, "{}\t{}\t{}", comparison.verdict.label(), codes.join(","), reasons.join("、"))
        };
        written.map_err(|error| out::failure(&error))?;
    }
    output.flush().map_err(|error| out::failure(&error))
}
