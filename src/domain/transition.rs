//! How a case moves: a decision is checked by the guards and gives the next [`Case`].
//!
//! [`decide`] is the only way a case takes a category. Everything here is a value: the old case stays in the event that records
//! the change.

use jiff::civil::Date;

use super::case::{Case, Decision, Letter, Target, back_to_pending, may_move};
use super::category::Category;
use super::guard::{self, DecisionContext, Refusal};

/// Applies a decision to a case, or says which rule refuses it and what would satisfy it.
///
/// With a reason a decided case is reopened first and then decided anew.
pub fn decide(case: &Case, decision: &Decision, around: &DecisionContext<'_>) -> Result<Case, Refusal> {
    guard::check(case, decision, around)?;
    let fresh_start = !may_move(case.state, decision.target);
    let before = case.letter.as_ref().filter(|_| !fresh_start && case.state.category().is_some());
    let (deadline, letter) = dates(before, decision, around);
    Ok(Case {
        state: decision.target.state(),
        evidence: decision.evidence.clone(),
        note: decision.note.clone().unwrap_or_else(|| case.note.clone()),
        lost: decision.lost.or(case.lost),
        deadline,
        letter,
        reason: decision.reason.clone().unwrap_or_default(),
        protected: case.protected,
        operator: around.operator.to_owned(),
        decided_at: Some(around.now),
        in_batch: case.in_batch,
        version: case.version + 1,
    })
}

/// 期日 and letter of a case after a decision: a new letter for 4-1 and 4-2, else the one before with what the decision adds.
fn dates(before: Option<&Letter>, decision: &Decision, around: &DecisionContext<'_>) -> (Option<Date>, Option<Letter>) {
    let category = match decision.target {
        Target::Category(category) => Some(category),
        Target::Employer | Target::Hold => None,
    };
    if let Some(Category::C41 | Category::C42) = category {
        let sent = decision.sent.unwrap_or(around.today);
        let days = jiff::Span::new().days(i64::from(around.letter_days));
        let due = decision.due.unwrap_or_else(|| sent.saturating_add(days));
        let safe_way = decision.safe_way.as_deref().unwrap_or_default().trim().to_owned();
        return (None, Some(Letter { sent: Some(sent), due: Some(due), replied: None, safe_way }));
    }
    let is_outcome = before.is_some() || category.is_some_and(|category| category.letter().is_some());
    if !is_outcome && decision.sent.is_none() && decision.replied.is_none() {
        return (decision.due, None);
    }
    let before = before.cloned().unwrap_or_default();
    let letter = Letter {
        sent: decision.sent.or(before.sent),
        due: decision.due.filter(|_| is_outcome).or(before.due),
        replied: decision.replied.or(before.replied),
        safe_way: before.safe_way,
    };
    (decision.due.filter(|_| !is_outcome), Some(letter))
}

/// Takes a decided (or waiting) case back to 確認中 with a reason.
pub fn reopen(case: &Case, reason: &str, around: &DecisionContext<'_>) -> Result<Case, Refusal> {
    guard::check_reopen(case, reason)?;
    Ok(back_to_pending(case, reason, around.operator, around.now))
}

#[cfg(test)]
mod tests;
