//! A record: a row of the 突合結果ファイル with the number it has in the store and the facts that the rules compute from it.

use serde::{Deserialize, Serialize};
pub mod column;
pub mod facts;
pub mod marks;
pub mod row;
mod set;

pub use column::Column;
pub use facts::Facts;
pub use marks::{Mark, Marks, Overall, parse_multiple, parse_protected};
pub use row::{Cells, RecordNo, Row};
pub use set::RecordSet;

/// A record as callers see it: its number, its current row and its facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The number inside the store.
    pub no: RecordNo,
    /// The current row.
    pub row: Row,
    /// The facts of the current row, danger flags included.
    pub facts: Facts,
}
