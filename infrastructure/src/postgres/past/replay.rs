//! The log in PostgreSQL, to those who step through it.

use application::fault::Fault;
use application::past::PastEvent;
use application::replay::{DeviceTrace, Replay};
use domain::entity::EntityRef;
use domain::id::{DeviceId, SpaceId};
use uuid::Uuid;

use super::{PostgresPast, entity, event};

impl PostgresPast {
    /// Whether the space has a log; an account that never signed in has none yet.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn is_founded(&self, space: SpaceId) -> Result<bool, Fault> {
        Ok(!self.query(include_str!("../sql/ledger/heads.sql"), &[&vec![space.0]]).await?.is_empty())
    }
}

impl Replay for PostgresPast {
    async fn after(&self, space: SpaceId, position: i64, rows: i64) -> Result<Vec<PastEvent>, Fault> {
        let found = self.query(include_str!("../sql/past/after.sql"), &[&space.0, &position, &rows]).await?;
        found.iter().map(|row| event(space, row)).collect()
    }

    async fn versions(
        &self,
        space: SpaceId,
        entities: &[EntityRef],
        upto: i64,
    ) -> Result<Vec<(EntityRef, i64)>, Fault> {
        let kinds: Vec<&str> = entities.iter().map(|one| one.kind.name()).collect();
        let ids: Vec<Uuid> = entities.iter().map(|one| one.id.0).collect();
        let found = self.query(include_str!("../sql/past/versions.sql"), &[&space.0, &kinds, &ids, &upto]).await?;
        found.iter().map(|row| Ok((entity(space, row)?, row.get("sequence")))).collect()
    }

    async fn device(&self, space: SpaceId, device: DeviceId) -> Result<Option<DeviceTrace>, Fault> {
        let found = self.query(include_str!("../sql/past/device_trace.sql"), &[&space.0, &device.0]).await?;
        let trace = |row: &tokio_postgres::Row| DeviceTrace {
            acked: row.get("acked_position"),
            synced_at: row.get("last_synced_at"),
        };
        Ok(found.first().map(trace))
    }
}
