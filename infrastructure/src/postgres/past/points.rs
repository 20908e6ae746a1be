//! Restore points.

use application::fault::Fault;
use application::undo::{Point, Points, Put};
use domain::id::{DeviceId, SpaceId};
use tokio_postgres::Row;
use uuid::Uuid;

use super::super::ledger::rows::damage;
use super::PostgresPast;

impl Points for PostgresPast {
    async fn list(&self, space: SpaceId) -> Result<Vec<Point>, Fault> {
        let found = self.query(include_str!("../sql/restore_points/list.sql"), &[&space.0]).await?;
        found.iter().map(|row| point(space, row)).collect()
    }

    async fn get(&self, space: SpaceId, id: Uuid) -> Result<Option<Point>, Fault> {
        let found = self.query(include_str!("../sql/restore_points/get.sql"), &[&space.0, &id]).await?;
        found.first().map(|row| point(space, row)).transpose()
    }

    async fn put(&self, space: SpaceId, point: &Point, max: i64) -> Result<Put, Fault> {
        if let Some(first) = self.get(space, point.id).await? {
            return Ok(Put::Existed(first));
        }
        self.execute(include_str!("../sql/restore_points/make_room.sql"), &[&space.0, &max]).await?;
        let Point { id, name, position, hash, recorded_at, created_at, created_by, automatic } = point;
        let sql = include_str!("../sql/restore_points/put.sql");
        let added = self
            .execute(
                sql,
                &[&space.0, id, name, position, &&hash[..], recorded_at, created_at, &created_by.0, automatic, &max],
            )
            .await?;
        if added > 0 {
            return Ok(Put::Added);
        }
        // Somebody was first with the same, or there is no room.
        Ok(self.get(space, *id).await?.map_or(Put::Full, Put::Existed))
    }

    async fn remove(&self, space: SpaceId, id: Uuid) -> Result<bool, Fault> {
        Ok(self.execute(include_str!("../sql/restore_points/remove.sql"), &[&space.0, &id]).await? > 0)
    }
}

fn point(space: SpaceId, row: &Row) -> Result<Point, Fault> {
    let hash: &[u8] = row.get("hash");
    Ok(Point {
        id: row.get("id"),
        name: row.get("name"),
        position: row.get("position"),
        hash: hash.try_into().map_err(|error| damage("a restore point's hash", space, error))?,
        recorded_at: row.get("recorded_at"),
        created_at: row.get("created_at"),
        created_by: DeviceId(row.get("created_by")),
        automatic: row.get("automatic"),
    })
}
