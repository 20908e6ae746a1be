//! The rows of an answer.

use application::audit::{AuditEvent, Filter, Item, Page, SecurityEntry};
use infrastructure::postgres::audit_log::cursor_token;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A page of what was found.
#[derive(Serialize, ToSchema)]
pub struct AuditBody {
    /// The newest first. May be empty although there is a `next`.
    pub items: Vec<AuditRow>,
    /// The token of the next page, to be sent as `page`; null after the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// A row. Moments are Unix ms. What belongs to the other log only is null.
#[derive(Serialize, ToSchema)]
pub struct AuditRow {
    /// `events` or `security`.
    pub source: &'static str,
    /// Whose space, or about whom.
    #[schema(required)]
    pub account_id: Option<Uuid>,
    /// When the server recorded it.
    pub recorded_at: i64,
    /// When the user acted, by the device's clock as far as that was believed.
    pub at: i64,
    /// The type of the event, such as `task.edited`, or the act, such as `signed_in`.
    pub event: String,
    /// Kind of entity.
    #[schema(required)]
    pub entity: Option<String>,
    /// Which entity.
    #[schema(required)]
    pub id: Option<Uuid>,
    /// The entity's version after it.
    #[schema(required)]
    pub version: Option<i64>,
    /// Which field; null: the event is not about fields.
    #[schema(required)]
    pub field: Option<String>,
    /// The value that was replaced.
    #[schema(value_type = Object)]
    pub before: Value,
    /// The value that came to stand; of an event that is not about fields, what it says; of the security log, what else there is
    /// to say.
    #[schema(value_type = Object)]
    pub after: Value,
    /// What was sent, where something else came to stand.
    #[schema(value_type = Object)]
    pub written: Value,
    /// Which account did it.
    #[schema(required)]
    pub actor_id: Option<Uuid>,
    /// As what: `owner`, `system`, `operator`, `support` or `admin`.
    pub role: String,
    /// From which device.
    #[schema(required)]
    pub device_id: Option<Uuid>,
    /// In which session.
    #[schema(required)]
    pub session_id: Option<Uuid>,
    /// From which network; never a whole address.
    #[schema(required)]
    pub network: Option<String>,
    /// In which transaction.
    #[schema(required)]
    pub transaction_id: Option<Uuid>,
    /// At which position of the space.
    #[schema(required)]
    pub position: Option<i64>,
    /// The position of the event that it followed from.
    #[schema(required)]
    pub cause: Option<i64>,
}

impl AuditBody {
    /// A page in its wire form; its token is bound to what was searched for.
    pub(crate) fn of(page: Page, filter: &Filter) -> Self {
        let next = page.next.map(|cursor| cursor_token(filter, &cursor));
        Self { items: page.items.into_iter().map(AuditRow::from).collect(), next }
    }
}

impl From<Item> for AuditRow {
    fn from(item: Item) -> Self {
        match item {
            Item::Event(event) => Self::of_event(*event),
            Item::Security(entry) => Self::of_entry(*entry),
        }
    }
}

impl AuditRow {
    fn of_event(event: AuditEvent) -> Self {
        Self {
            source: "events",
            account_id: Some(event.space.0),
            recorded_at: event.recorded_at,
            at: event.at,
            event: event.event,
            entity: Some(event.entity),
            id: Some(event.id.0),
            version: Some(event.version),
            field: event.line.field,
            before: event.line.before,
            after: event.line.after,
            written: event.line.written.unwrap_or_default(),
            actor_id: event.actor.map(|actor| actor.0),
            role: event.role,
            device_id: Some(event.device.0),
            session_id: event.session.map(|session| session.0),
            network: event.network,
            transaction_id: Some(event.transaction.0),
            position: Some(event.position),
            cause: event.cause,
        }
    }

    fn of_entry(entry: SecurityEntry) -> Self {
        Self {
            source: "security",
            account_id: entry.account.map(|account| account.0),
            recorded_at: entry.at,
            at: entry.at,
            event: entry.act,
            entity: None,
            id: None,
            version: None,
            field: None,
            before: Value::Null,
            after: entry.about,
            written: Value::Null,
            actor_id: entry.actor.or(entry.account.filter(|_| entry.role.is_none())).map(|actor| actor.0),
            role: entry.role.unwrap_or_else(|| "owner".to_owned()),
            device_id: entry.device.map(|device| device.0),
            session_id: entry.session.map(|session| session.0),
            network: entry.network,
            transaction_id: None,
            position: None,
            cause: None,
        }
    }
}
