//! For whom a view is made.

use serde::{Deserialize, Serialize};

use crate::domain::request::{Caller, Role};

/// For whom a view is made; what they may not see is left out by [`super::redact()`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Viewer {
    /// The operator's name.
    pub operator: String,
    /// What they may do.
    pub role: Role,
    /// Whether a second look is blind (G10): the first operator's decision is left out until it has been confirmed.
    pub blind: bool,
}

impl Viewer {
    /// The caller, who sees a first decision before the second.
    pub fn of(caller: &Caller) -> Self {
        Self { operator: caller.operator.clone(), role: caller.role, blind: false }
    }

    /// A viewer known by name alone.
    pub fn named(operator: impl Into<String>) -> Self {
        Self { operator: operator.into(), ..Self::default() }
    }
}
