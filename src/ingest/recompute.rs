//! When facts are computed anew although the rows are unchanged.

use crate::domain::record::Facts;
use crate::domain::run::Run;
use crate::store::ImportRecord;

/// Whether facts of the store were computed by older rules. A full file computes old facts anew, so only the newest full
/// import and what came after it count.
pub(super) fn is_outdated(imports: &[ImportRecord]) -> bool {
    let newest_full = imports.iter().rposition(|import| import.run == Run::Full).unwrap_or(0);
    imports.iter().skip(newest_full).any(|import| import.facts_edition < Facts::EDITION)
}

/// Whether the file of an earlier import still tells what the store holds: a full one after which nothing came but
/// corrected rows.
pub(super) fn is_newest(imports: &[ImportRecord], earlier: &ImportRecord) -> bool {
    let later = imports.iter().rev().take_while(|import| import.number != earlier.number);
    earlier.run == Run::Full && later.into_iter().all(|import| import.run == Run::Correction)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_as_old_as_what_came_since_the_newest_full_file() {
        let imports = |all: &[(Run, u32)]| -> Vec<ImportRecord> {
            let numbered = all.iter().zip(1..);
            let import =
                |(&(run, facts_edition), number)| ImportRecord { number, run, facts_edition, ..Default::default() };
            numbered.map(import).collect()
        };
        let now = Facts::EDITION;
        for (all, outdated) in [
            (&[][..], false),
            (&[(Run::Full, now)], false),
            (&[(Run::Full, 0)], true),
            (&[(Run::Full, 0), (Run::Delta, now)], true),
            (&[(Run::Full, 0), (Run::Full, now), (Run::Delta, now)], false),
            (&[(Run::Full, now), (Run::Correction, 0)], true),
            (&[(Run::Delta, 0), (Run::Delta, now)], true),
        ] {
            assert_eq!(is_outdated(&imports(all)), outdated, "{all:?}");
        }
    }

    #[test]
    fn a_file_is_the_newest_until_another_tells_more() {
        let runs = [Run::Full, Run::Correction, Run::Full, Run::Delta, Run::Full, Run::Correction];
        let imports: Vec<ImportRecord> =
            runs.into_iter().zip(1..).map(|(run, number)| ImportRecord { number, run, ..Default::default() }).collect();
        let newest = |until: usize, at: usize| is_newest(&imports[..until], &imports[at]);
        assert!(newest(1, 0) && newest(2, 0) && newest(3, 2) && newest(6, 4));
        assert!(!newest(3, 0) && !newest(4, 2) && !newest(4, 3) && !newest(6, 5));
    }
}
