//! Shadow tables that somebody else fills: written, and compared with the live rows, without a fold of this room's own.

use application::fault::Fault;
use application::rebuild::{Difference, Rows};
use domain::id::SpaceId;
use tokio_postgres::{GenericClient, Transaction};

use super::shadows::Shadows;

/// How far a comparison is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct At {
    table: usize,
    after: Option<Vec<String>>,
}

/// What a look found.
#[derive(Debug)]
pub(in super::super) struct Looked {
    /// What differs.
    pub(in super::super) differences: Vec<Difference>,
    /// Rows that were compared.
    pub(in super::super) rows: i64,
    /// Where the next look begins; none after the last.
    pub(in super::super) next: Option<At>,
}

impl Shadows {
    /// Writes rows that were folded elsewhere.
    pub(in super::super) async fn put(&self, client: &impl GenericClient, rows: Rows) -> Result<(), Fault> {
        self.write(client, rows).await
    }

    /// Compares the next rows, at most so many, and changes nothing.
    pub(in super::super) async fn look(
        &self,
        transaction: &Transaction<'_>,
        space: SpaceId,
        from: At,
        rows_max: i64,
    ) -> Result<Looked, Fault> {
        let (mut at, mut looked) = (from, Looked { differences: Vec::new(), rows: 0, next: None });
        while let Some(shadow) = self.all().nth(at.table) {
            if looked.rows >= rows_max {
                looked.next = Some(at);
                break;
            }
            let after = at.after.as_deref();
            let Some(chunk) = shadow.chunk(transaction, space, after, rows_max - looked.rows).await? else {
                at = At { table: at.table + 1, after: None };
                continue;
            };
            let differing = shadow.compare(transaction, space, after, &chunk.upto).await?;
            looked.differences.extend(differing.into_iter().map(|(difference, _)| difference));
            looked.rows += chunk.rows;
            at.after = Some(chunk.upto);
        }
        Ok(looked)
    }
}
