//! Writes an entry of the security log, inside the transaction of what it tells of.

use application::fault::Fault;
use application::identity::{Actor, Entry};
use deadpool_postgres::GenericClient;
use tokio_postgres::types::Json;

use super::fault;
use crate::clock;

const RECORD: &str = include_str!("../sql/directory/record.sql");

/// Adds the entry.
pub(crate) async fn record(client: &impl GenericClient, entry: &Entry) -> Result<(), Fault> {
    let (actor, role) = match entry.actor {
        Actor::Oneself => (None, None),
        Actor::Support(account) => (Some(account.0), Some("support")),
        Actor::Admin(account) => (Some(account.0), Some("admin")),
        Actor::Operator => (None, Some("operator")),
    };
    let failed = |error| fault::of_statement("record", &error);
    let statement = client.prepare_cached(RECORD).await.map_err(failed)?;
    client
        .execute(
            &statement,
            &[
                &clock::uuid_v7(),
                &entry.account.map(|account| account.0),
                &entry.at,
                &entry.act.as_str(),
                &actor,
                &role,
                &entry.session.map(|session| session.0),
                &entry.device.map(|device| device.0),
                &entry.place.network,
                &Json(&entry.about),
            ],
        )
        .await
        .map(drop)
        .map_err(failed)
}
