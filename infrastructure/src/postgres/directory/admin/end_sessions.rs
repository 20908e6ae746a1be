//! An account is signed out everywhere.

use application::fault::Fault;
use application::identity::admin::{Done, Order};
use application::identity::{Act, Which};
use deadpool_postgres::Pool;
use domain::session::Because;
use serde_json::json;

use super::super::revoke::revoke;
use super::super::{fault, record};
use super::{entry, target};

/// Ends its sessions. Where there are none, nothing is logged.
pub(super) async fn end_sessions(pool: &Pool, order: Order) -> Result<Done, Fault> {
    let failed = |error| fault::of_statement("end_sessions", &error);
    let mut client = pool.get().await.map_err(fault::of_pool)?;
    let transaction = client.transaction().await.map_err(failed)?;
    if let Err(done) = target::hold(&transaction, order, false).await? {
        return Ok(done);
    }
    let ended = revoke(&transaction, order.account, Which::All, Because::EndedByAdmin, order.at).await?;
    if !ended.is_empty() {
        let about = json!({ "because": Because::EndedByAdmin.as_str(), "sessions": ended.len() });
        record::record(&transaction, &entry(order, Act::SessionEnded, about)).await?;
    }
    transaction.commit().await.map_err(failed)?;
    Ok(Done::Done(ended))
}
