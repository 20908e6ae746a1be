//! Why a list cannot be read as it was asked for.

/// Why a list cannot be read as it was asked for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListRefusal {
    /// A parameter that is not known, or holds what it cannot.
    #[error("{message}")]
    Parameter {
        /// Which.
        name: String,
        /// A sentence: what is wrong, and what would be right.
        message: String,
    },
    /// The page's token is garbage, or another query's.
    #[error("this is no page of this list")]
    PageInvalid,
}

impl ListRefusal {
    pub(super) fn of(name: &str, message: impl Into<String>) -> Self {
        Self::Parameter { name: name.to_owned(), message: message.into() }
    }
}
