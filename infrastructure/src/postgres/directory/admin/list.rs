//! Accounts by address, and the entry that says that somebody looked through them.

use application::fault::Fault;
use application::identity::admin::{AccountLine, Sought};
use application::identity::{Act, Actor, Entry, Place, Standing};
use deadpool_postgres::Pool;
use serde_json::json;
use tokio_postgres::Row;

use super::super::{fault, record, row};

const LIST: &str = include_str!("../../sql/directory/admin/list.sql");

/// Behind every character that an address can go on with.
const LAST: char = char::MAX;

/// The accounts; none is shown when the look could not be logged.
pub(super) async fn list(pool: &Pool, sought: &Sought, by: Actor, at: i64) -> Result<Vec<AccountLine>, Fault> {
    let failed = |error| fault::of_statement("list", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let statement = transaction.prepare_cached(LIST).await.map_err(failed)?;
    let beginning = sought.beginning.to_lowercase();
    let (end, behind) = (format!("{beginning}{LAST}"), sought.behind.clone().unwrap_or_default());
    let (role, stand) = (sought.role.map(|role| role.as_str()), sought.stand.map(|stand| stand.as_str()));
    let rows = transaction.query(&statement, &[&beginning, &end, &behind, &role, &stand, &sought.rows]).await;
    let rows = rows.map_err(failed)?;
    let about = json!({ "what": "accounts", "found": rows.len() });
    let (session, device, place) = (None, None, Place::default());
    let entry = Entry { account: None, at, act: Act::LookedAt, actor: by, session, device, place, about };
    record::record(&transaction, &entry).await?;
    transaction.commit().await.map_err(failed)?;
    rows.iter().map(line).collect()
}

fn line(found: &Row) -> Result<AccountLine, Fault> {
    let read = |name: &str| found.try_get(name).map_err(|error| row::unreadable(&error));
    Ok(AccountLine {
        account: row::account(found)?,
        created_at: found.try_get("created_at").map_err(|error| row::unreadable(&error))?,
        standing: Standing { verified_at: read("verified_at")?, locked_at: read("locked_at")? },
    })
}
