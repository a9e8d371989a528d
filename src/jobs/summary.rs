//! What an import did or would do, in lines for the operator.

use crate::app::job::Outcome;
use crate::compare::visible;
use crate::ingest::{ImportReport, Vanishing};

/// The outcome of an import or a check.
pub(super) fn outcome(report: &ImportReport) -> Outcome {
    let lines = if report.check && report.same_as.is_none() { preview(report) } else { text(report) };
    let message = match (report.same_as, report.check) {
        (Some(_), _) => "同じファイルが取込済です。何も変更していません".to_owned(),
        (None, true) => "検査しました".to_owned(),
        (None, false) => format!(
            "取り込みました: 新規 {} 更新 {} 変更なし {} 消滅 {} 隔離 {}",
            report.imported, report.updated, report.unchanged, report.vanished, report.quarantined
        ),
    };
    Outcome { message, lines, nothing: report.same_as.is_some(), ..Outcome::default() }
}

/// The outcome of an import that would let most records vanish.
pub(super) fn vanishing(vanishing: &Vanishing) -> Outcome {
    let lines = vec![
        format!(
            "全件のファイルとして取り込むと、記録 {} 件のうち {} 件が消滅になります。",
            vanishing.records, vanishing.gone
        ),
        format!("設問1は {} 件のうち {} 件です。", vanishing.item1, vanishing.item1_gone),
        "別の保険者のファイルか、一部だけのファイルではありませんか。".to_owned(),
    ];
    Outcome { vanishes: true, lines, ..Outcome::default() }
}

fn text(report: &ImportReport) -> Vec<String> {
    report.to_text().lines().map(str::to_owned).collect()
}

/// What an import would change, shortest first: it stands above a question.
fn preview(report: &ImportReport) -> Vec<String> {
    let mut lines = vec![
        format!("{} を検査しました。まだ何も変わっていません。", visible(&report.file)),
        format!("  新規 {}  更新 {}  変更なし {}", report.imported, report.updated, report.unchanged),
        format!("  消滅 {}  確認中に戻る決定 {}", report.vanished, report.reopened),
        format!("  隔離 {}  重複 {}  文字コード {}", report.quarantined, report.repeats, report.encoding),
        format!("  取込後の確認対象 {}", report.in_item1),
    ];
    lines.extend(report.source_words().into_iter().map(|words| format!("  {words}")));
    lines.extend(report.recomputed_words().map(|words| format!("  {words}")));
    lines.extend(report.other_ids().map(|others| format!("  別人の疑いで隔離 {others}")));
    lines.extend(report.changed_ids().map(|changed| format!("  報告後の変更 {changed}")));
    // The notes stand as in the report.
    let is_note = |line: &str| line.starts_with("注意:") || line.starts_with("隔離:");
    lines.extend(text(report).into_iter().skip_while(|line| !is_note(line)).map(|line| line.trim_end().to_owned()));
    lines
}
