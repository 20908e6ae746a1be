//! Accounts by address, and the entry that says that somebody looked through them.

use application::fault::Fault;
use application::identity::admin::{AccountLine, Sought, Stand};
use application::identity::{Act, Actor, Entry, Place, Role, Standing};
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
    let statement = transaction.prepare_cached(&filled(sought)).await.map_err(failed)?;
    let beginning = sought.beginning.to_lowercase();
    let (end, behind) = (format!("{beginning}{LAST}"), sought.behind.clone().unwrap_or_default());
    let role = sought.role.map(|role| role.as_str());
    let rows = transaction.query(&statement, &[&beginning, &end, &behind, &role, &sought.rows]).await;
    let rows = rows.map_err(failed)?;
    let about = json!({ "what": "accounts", "found": rows.len() });
    let (session, device, place) = (None, None, Place::default());
    let entry = Entry { account: None, at, act: Act::LookedAt, actor: by, session, device, place, about };
    record::record(&transaction, &entry).await?;
    transaction.commit().await.map_err(failed)?;
    rows.iter().map(line).collect()
}

/// One text for each combination, so that each is planned for the index that fits it.
fn filled(sought: &Sought) -> String {
    let role = match sought.role {
        None => "$4::text is null",
        Some(Role::User) => "role = $4::text",
        Some(Role::Support | Role::Admin) => "role = $4::text and role <> 'user'",
    };
    let standing = match sought.stand {
        None => "true",
        Some(Stand::Locked) => "locked_at is not null",
        Some(Stand::Leaving) => "erase_after is not null",
        Some(Stand::Unproven) => "verified_at is null",
    };
    LIST.replace("{role}", role).replace("{standing}", standing)
}

fn line(found: &Row) -> Result<AccountLine, Fault> {
    let read = |name: &str| found.try_get(name).map_err(|error| row::unreadable(&error));
    Ok(AccountLine {
        account: row::account(found)?,
        created_at: found.try_get("created_at").map_err(|error| row::unreadable(&error))?,
        standing: Standing { verified_at: read("verified_at")?, locked_at: read("locked_at")? },
    })
}
