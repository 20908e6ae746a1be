//! A database of the legacy system that accounts go back into: what is written to it as a file, or at once. Deployments
//! differ, so what it has is asked there, by what is run there.

pub mod script;

use thiserror::Error;
use tokio_postgres::Client;

use crate::legacy_url::LegacyUrl;
use crate::postgres::pool::{ConnectError, explain};

/// Why nothing was written to it.
#[derive(Debug, Error)]
pub enum TargetError {
    /// It cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// It refused; it is as it was.
    #[error("the legacy database failed and is as it was: {0}")]
    Database(String),
}

/// Something that could not be written as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// The table.
    pub table: String,
    /// The row; `None`: it is about several.
    pub row: Option<String>,
    /// A sentence.
    pub said: String,
}

/// The legacy database, in one transaction that ends with [`LegacyTarget::finish`].
#[derive(Debug)]
pub struct LegacyTarget {
    client: Client,
}

impl LegacyTarget {
    /// Connects and begins.
    ///
    /// # Errors
    /// It cannot be reached, or its role may not write.
    pub async fn begin(url: &LegacyUrl) -> Result<Self, TargetError> {
        let client = url.connect().await?;
        let target = Self { client };
        target.put(&script::begin()).await?;
        Ok(target)
    }

    /// Gives it a piece of the script.
    ///
    /// # Errors
    /// It failed; nothing is kept.
    pub async fn put(&self, piece: &str) -> Result<(), TargetError> {
        self.client.batch_execute(piece).await.map_err(|error| failed(&error))
    }

    /// Writes what was given and keeps it.
    ///
    /// # Errors
    /// It failed; nothing is kept.
    pub async fn finish(self) -> Result<Vec<Remark>, TargetError> {
        self.put(script::write()).await?;
        let rows = self.client.query(script::said(), &[]).await.map_err(|error| failed(&error))?;
        let remark = |row: &tokio_postgres::Row| {
            let table: Option<String> = row.get("table");
            Remark { table: table.unwrap_or_default(), row: row.get("row"), said: row.get("said") }
        };
        let remarks = rows.iter().map(remark).collect();
        self.put(script::COMMIT).await?;
        Ok(remarks)
    }
}

fn failed(error: &tokio_postgres::Error) -> TargetError {
    TargetError::Database(explain(error))
}
