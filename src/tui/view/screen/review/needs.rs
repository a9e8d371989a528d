//! What decisions on a record still need, and everything else about its row.

use super::text::Out;
use crate::app::layout::is_wide;
use crate::app::model::Model;
use crate::app::screen::review::Review;
use crate::compare::visible;
use crate::config::theme::Role;
use crate::domain::case::{Decision, Evidence};
use crate::domain::category::{Category, EvidenceCode};
use crate::domain::guard::Need;
use crate::domain::record::{Cells, Column};
use crate::domain::transition::decide;
use crate::view::RecordView;

/// What each decision would still ask for (RULES §4), for those that this record can take now.
pub(super) fn needs(model: &Model, view: &RecordView, out: &mut Out) {
    let around = Review::context(&model.shared, view);
    let mut words: Vec<String> = Vec::new();
    let mut at_once: Vec<&str> = Vec::new();
    let mut reason = false;
    for category in Category::ALL {
        let mut decision = Decision::category(category);
        let mut asks: Vec<String> = Vec::new();
        // Answers one need after the other, as the questions would.
        for _ in 0..4 {
            let Err(refusal) = decide(&view.case, &decision, &around) else { break };
            match refusal.need {
                // Of a decided record only the moves that need no reason are worth a line.
                Need::Reason => {
                    reason = true;
                    asks.clear();
                    asks.push(String::new());
                    break;
                }
                Need::LostDate { .. } => {
                    asks.push("喪失日".to_owned());
                    break;
                }
                Need::Evidence(codes) => {
                    let Some(code) = codes.first() else { break };
                    decision.evidence.push(Evidence::plain(*code));
                    asks.push(match category {
                        Category::C22 => "過去確認か訂正届".to_owned(),
                        _ if codes.len() < EvidenceCode::ALL.len() => "目検以外の確認".to_owned(),
                        _ => "確認方法".to_owned(),
                    });
                }
                Need::EvidenceDate(_) => {
                    asks.push("日付".to_owned());
                    break;
                }
                Need::SafeWay => {
                    asks.push("安全な送付方法(支援措置)".to_owned());
                    decision.safe_way = Some("?".to_owned());
                }
                Need::SentDate => {
                    asks.push("送付日".to_owned());
                    break;
                }
                Need::ReplyDate { .. } => {
                    asks.push("返信日".to_owned());
                    break;
                }
                Need::DuePassed(due) => {
                    asks.push(format!("{due} を過ぎてから"));
                    break;
                }
                Need::Withdraw(_) => return,
                _ => {
                    asks.clear();
                    asks.push(String::new());
                    break;
                }
            }
        }
        match &asks[..] {
            [first, ..] if first.is_empty() => {}
            [] => at_once.push(category.code()),
            asks => words.push(format!("{} {}", category.code(), asks.join("・"))),
        }
    }
    if !at_once.is_empty() {
        words.push(format!("すぐ {}", at_once.join(" ")));
    }
    if reason {
        words.push("決定を変えるには理由".to_owned());
    }
    if !words.is_empty() {
        out.listed("必要 ", Role::Dim, &words, Role::Dim);
    }
}

/// Everything else about the row, in less weight.
pub(super) fn details(model: &Model, view: &RecordView, out: &mut Out) {
    let row = &view.record.row;
    let wide = is_wide(model.shared.size);
    let mut words: Vec<String> = Vec::new();
    let number: Vec<&str> = [Column::Symbol, Column::Number, Column::Branch]
        .into_iter()
        .map(|column| row.cell(column).trim())
        .filter(|part| !part.is_empty())
        .collect();
    if !number.is_empty() {
        words.push(format!("記号番号 {}", visible(&number.join("-"))));
    }
    if let Some(number) = row.my_number() {
        words.push(format!("個人番号 {}", number.last4()));
    }
    if view.case.version > 0 {
        words.push(format!("履歴 {}件", view.case.version));
    }
    if wide {
        for column in [Column::Relation, Column::Issued, Column::Multiple, Column::MatchedOn] {
            let text = row.cell(column).trim();
            if !text.is_empty() {
                words.push(format!("{} {}", column.name(), visible(text)));
            }
        }
    }
    if !words.is_empty() {
        out.listed("     ", Role::Dim, &words, Role::Dim);
    }
    let remarks = row.cell(Column::Remarks).trim();
    if !remarks.is_empty() {
        out.wrapped("備考 ", Role::Dim, &visible(remarks), Role::Text);
    }
    if wide {
        for (name, text) in row.extras.iter().filter(|(_, text)| !text.trim().is_empty()) {
            out.wrapped("     ", Role::Dim, &format!("{}: {}", visible(name), visible(text)), Role::Dim);
        }
    }
}
