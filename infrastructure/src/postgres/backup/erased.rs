//! Who was erased, out of the database and into it.

use application::erase::Listed;
use application::fault::Fault;
use domain::id::AccountId;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::super::fault::{read, write};

/// Rows of one statement.
const ROWS_MAX: usize = 5_000;

/// Everybody whose erasure has begun or is finished.
///
/// # Errors
/// The database failed.
pub async fn all(client: &impl GenericClient) -> Result<Vec<Listed>, Fault> {
    let (mut all, mut after) = (Vec::new(), Uuid::nil());
    loop {
        let sql = include_str!("../sql/backup/erased.sql");
        let rows = client.query(sql, &[&after, &(ROWS_MAX as i64)]).await.map_err(|error| read(&error))?;
        let Some(last) = rows.last() else { return Ok(all) };
        after = last.get("account_id");
        all.extend(
            rows.iter()
                .map(|row| Listed { account: AccountId(row.get("account_id")), erased_at: row.get("requested_at") }),
        );
    }
}

/// Bars these from coming in.
///
/// # Errors
/// The database failed.
pub async fn bar(client: &impl GenericClient, listed: &[Listed], now_ms: i64) -> Result<(), Fault> {
    for some in listed.chunks(ROWS_MAX) {
        let accounts: Vec<Uuid> = some.iter().map(|line| line.account.0).collect();
        let moments: Vec<i64> = some.iter().map(|line| line.erased_at).collect();
        let sql = include_str!("../sql/backup/put_erased.sql");
        client.execute(sql, &[&accounts, &moments, &now_ms]).await.map_err(|error| write(&error))?;
    }
    Ok(())
}

/// Nobody goes before a moment; how many would have.
///
/// # Errors
/// The database failed.
pub async fn postpone(client: &impl GenericClient, until: i64) -> Result<u64, Fault> {
    let sql = include_str!("../sql/backup/postpone.sql");
    client.execute(sql, &[&until]).await.map_err(|error| write(&error))
}

/// Lets the next round of erasing look for what is there of anybody who was erased.
///
/// # Errors
/// The database failed.
pub async fn look_again(client: &impl GenericClient, now_ms: i64) -> Result<(), Fault> {
    let sql = include_str!("../sql/backup/look_again.sql");
    client.execute(sql, &[&now_ms]).await.map(drop).map_err(|error| write(&error))
}
