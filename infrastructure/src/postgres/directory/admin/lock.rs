//! An account is kept out.

use application::fault::Fault;
use application::identity::admin::{Done, Order};
use application::identity::{Act, Letter, LetterKind, Which};
use deadpool_postgres::Pool;
use domain::session::Because;
use serde_json::json;

use super::super::revoke::revoke;
use super::super::{fault, post, record};
use super::{entry, target};

const LOCK: &str = include_str!("../../sql/directory/admin/lock.sql");

/// Locks it, ends its sessions, tells it by mail. One that is locked already stays so and hears nothing.
pub(super) async fn lock(pool: &Pool, order: Order) -> Result<Done, Fault> {
    let failed = |error| fault::of_statement("lock", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    let target = match target::hold(&transaction, order, true).await? {
        Ok(target) => target,
        Err(done) => return Ok(done),
    };
    if target.locked {
        return Ok(Done::Done(Vec::new()));
    }
    let statement = transaction.prepare_cached(LOCK).await.map_err(failed)?;
    transaction.execute(&statement, &[&order.account.0, &Some(order.at)]).await.map_err(failed)?;
    let ended = revoke(&transaction, order.account, Which::All, Because::AccountLocked, order.at).await?;
    record::record(&transaction, &entry(order, Act::Locked, json!({ "sessions": ended.len() }))).await?;
    let letter = Letter { account: order.account, kind: LetterKind::AccountLocked, about: json!({}), at: order.at };
    post::post(&transaction, &letter).await?;
    transaction.commit().await.map_err(failed)?;
    Ok(Done::Done(ended))
}
