//! What tables and indexes weigh, and how rows of hot tables were updated.

use tokio_postgres::Client;

use crate::failure::Failure;

/// A table with its indexes, or one index.
#[derive(Clone, Debug)]
pub(super) struct Weight {
    /// Its name; of an index, with its table before it.
    pub(super) name: String,
    /// Its rows, without indexes; with what lies out of line.
    pub(super) rows_bytes: i64,
    /// Its indexes.
    pub(super) index_bytes: i64,
}

/// How the rows of a table were updated.
#[derive(Clone, Debug)]
pub(super) struct Updates {
    /// The table.
    pub(super) table: String,
    /// Rows updated so far.
    pub(super) all: i64,
    /// Those that touched no index.
    pub(super) hot: i64,
    /// Rows that wait for a vacuum.
    pub(super) dead: i64,
}

/// Tables of spaces, the heaviest first.
pub(super) async fn tables(client: &Client) -> Result<Vec<Weight>, Failure> {
    weights(client, include_str!("sql/tables.sql")).await
}

/// Indexes of tables of spaces, the heaviest first.
pub(super) async fn indexes(client: &Client) -> Result<Vec<Weight>, Failure> {
    weights(client, include_str!("sql/indexes.sql")).await
}

async fn weights(client: &Client, sql: &str) -> Result<Vec<Weight>, Failure> {
    let weight = |row: &tokio_postgres::Row| Weight {
        name: row.get("name"),
        rows_bytes: row.get("rows_bytes"),
        index_bytes: row.get("index_bytes"),
    };
    Ok(client.query(sql, &[]).await?.iter().map(weight).collect())
}

/// Of tables whose rows are updated.
pub(super) async fn updates(client: &Client) -> Result<Vec<Updates>, Failure> {
    let rows = client.query(include_str!("sql/updates.sql"), &[]).await?;
    let one = |row: &tokio_postgres::Row| Updates {
        table: row.get("name"),
        all: row.get("all_updates"),
        hot: row.get("hot_updates"),
        dead: row.get("dead"),
    };
    Ok(rows.iter().map(one).collect())
}

/// What was updated between two looks.
pub(super) fn between(before: &[Updates], after: Vec<Updates>) -> Vec<Updates> {
    let earlier = |table: &str| before.iter().find(|one| one.table == table).map_or((0, 0), |one| (one.all, one.hot));
    let since = |one: Updates| {
        let (all, hot) = earlier(&one.table);
        Updates { all: one.all - all, hot: one.hot - hot, ..one }
    };
    after.into_iter().map(since).filter(|one| one.all > 0).collect()
}
