//! Rows of the two logs as values of the application.

use application::audit::{AuditEvent, Line, SecurityEntry};
use domain::id::{AccountId, DeviceId, EntityId, SessionId, SpaceId, TransactionId};
use serde_json::Value;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

/// A line of the audit log.
pub(super) fn event(row: &Row) -> Result<AuditEvent, Error> {
    Ok(AuditEvent {
        space: SpaceId(row.try_get("space_id")?),
        position: row.try_get("position")?,
        recorded_at: row.try_get("recorded_at")?,
        at: row.try_get("at")?,
        transaction: TransactionId(row.try_get("transaction_id")?),
        entity: row.try_get("entity")?,
        id: EntityId(row.try_get("entity_id")?),
        version: row.try_get("version")?,
        event: row.try_get("event")?,
        actor: row.try_get::<_, Option<Uuid>>("actor_id")?.map(AccountId),
        role: row.try_get("role")?,
        device: DeviceId(row.try_get("device_id")?),
        session: row.try_get::<_, Option<Uuid>>("session_id")?.map(SessionId),
        network: row.try_get("network")?,
        cause: row.try_get("cause")?,
        line: line(row)?,
    })
}

fn line(row: &Row) -> Result<Line, Error> {
    // The last event that was looked at may come without a line.
    let field: Option<String> = row.try_get("field")?;
    Ok(Line {
        field: field.filter(|field| !field.is_empty()),
        before: row.try_get::<_, Option<Value>>("before")?.unwrap_or_default(),
        after: row.try_get::<_, Option<Value>>("after")?.unwrap_or_default(),
        written: row.try_get("written")?,
    })
}

/// An entry of the security log.
pub(super) fn entry(row: &Row) -> Result<SecurityEntry, Error> {
    Ok(SecurityEntry {
        id: row.try_get("entry_id")?,
        account: row.try_get::<_, Option<Uuid>>("account_id")?.map(AccountId),
        at: row.try_get("at")?,
        act: row.try_get("act")?,
        actor: row.try_get::<_, Option<Uuid>>("actor_id")?.map(AccountId),
        role: row.try_get("actor_role")?,
        session: row.try_get::<_, Option<Uuid>>("session_id")?.map(SessionId),
        device: row.try_get::<_, Option<Uuid>>("device_id")?.map(DeviceId),
        network: row.try_get("network")?,
        about: row.try_get("about")?,
    })
}
