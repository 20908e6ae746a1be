//! Why a benchmark has no result. Nobody acts on the kind, so a sentence is enough.

use std::fmt::Display;

/// Why a benchmark has no result.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Failure(String);

impl Failure {
    /// A failure in words.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// For `map_err`: what was being done, and what it ended with.
    pub fn during<E: Display>(doing: &str) -> impl Fn(E) -> Self {
        move |error| Self(format!("{doing}: {error}"))
    }
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self(format!("PostgreSQL: {}", infrastructure::postgres::pool::explain(&error)))
    }
}

impl From<infrastructure::postgres::pool::ConnectError> for Failure {
    fn from(error: infrastructure::postgres::pool::ConnectError) -> Self {
        Self(error.to_string())
    }
}

impl From<api::client::error::ClientError> for Failure {
    fn from(error: api::client::error::ClientError) -> Self {
        Self(error.to_string())
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}
