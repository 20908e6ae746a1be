//! The statements of a search: which rows are looked at in order, and which of them are wanted. The account and the narrowest filter
//! that an index serves drive; the others are compared row by row, of a bounded number of rows. What drives bounds what is looked
//! at, and a page's token may name any row of that: of one account no row of another. No text of a reader becomes SQL.

use application::audit::{AuditEvent, EventKey, Filter, SecurityEntry, Stretch};
use application::fault::Fault;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::super::fault::read;
use super::super::rows::statement::pattern;
use super::{PostgresAudit, row};

/// Rows that one request looks at, at most: what bounds a search for a text that hardly anything says.
pub(super) const LOOKED_AT_MAX: i64 = 10_000;

/// An entry's id is made a moment after what it tells of.
const ENTRY_DELAY_MS: i64 = 60_000;

/// Conditions and their values. `$1` and `$2` are the statement's own.
#[derive(Default)]
struct Conditions {
    texts: Vec<String>,
}

type Values = Vec<Box<dyn ToSql + Sync + Send>>;

impl Conditions {
    /// Adds one; `?` stands for the value.
    fn add(&mut self, values: &mut Values, condition: &str, value: impl ToSql + Sync + Send + 'static) {
        values.push(Box::new(value));
        self.texts.push(condition.replace('?', &format!("${}", values.len() + 2)));
    }

    fn text(&self) -> String {
        if self.texts.is_empty() { "true".to_owned() } else { self.texts.join(" AND ") }
    }
}

/// The next lines of the audit log.
pub(super) async fn events(
    log: &PostgresAudit,
    filter: &Filter,
    after: Option<&EventKey>,
    rows: usize,
) -> Result<Stretch<AuditEvent, EventKey>, Fault> {
    let (mut values, mut driven, mut found) = (Values::new(), Conditions::default(), Conditions::default());
    let uuids = [
        ("transaction_id = ?", filter.transaction.map(|id| id.0)),
        ("entity_id = ?", filter.id.map(|id| id.0)),
        ("session_id = ?", filter.session.map(|id| id.0)),
        ("device_id = ?", filter.device.map(|id| id.0)),
    ];
    if let Some(account) = filter.account {
        driven.add(&mut values, "space_id = ?", account.0);
    }
    let mut drives = true;
    for (condition, id) in uuids {
        let Some(id) = id else { continue };
        // The first one drives. Two at once would leave the choice to statistics.
        if std::mem::take(&mut drives) { &mut driven } else { &mut found }.add(&mut values, condition, id);
    }
    if let Some(cause) = filter.cause {
        let of_space = if drives { &mut driven } else { &mut found };
        of_space.add(&mut values, "cause = ?", cause);
    }
    for (condition, text) in [("entity = ?", &filter.entity), ("field = ?", &filter.field)] {
        if let Some(text) = text.clone() {
            found.add(&mut values, condition, text);
        }
    }
    if let Some(text) = &filter.text {
        let said = "(before #>> '{}' ILIKE ? OR after #>> '{}' ILIKE ? OR written #>> '{}' ILIKE ?)";
        found.add(&mut values, said, pattern(text));
    }
    between(&mut driven, &mut values, ("recorded_at >= ?", filter.from), ("recorded_at < ?", filter.until));
    if let Some(key) = after {
        let first = values.len() + 3;
        let places: Vec<String> = (first..first + 4).map(|number| format!("${number}")).collect();
        driven.texts.push(format!("(recorded_at, space_id, position, field) < ({})", places.join(", ")));
        values.push(Box::new(key.recorded_at));
        values.push(Box::new(key.space));
        values.push(Box::new(key.position));
        values.push(Box::new(key.field.clone()));
    }
    let sql = include_str!("../sql/audit_log/search.sql");
    let found = ask(log, sql, (&driven, &found), values, rows).await?;
    stretch(&found, rows, row::event, |event| EventKey {
        recorded_at: event.recorded_at,
        space: event.space.0,
        position: event.position,
        field: event.line.field.clone().unwrap_or_default(),
    })
}

/// The next entries of the security log.
pub(super) async fn security(
    log: &PostgresAudit,
    filter: &Filter,
    after: Option<Uuid>,
    rows: usize,
) -> Result<Stretch<SecurityEntry, Uuid>, Fault> {
    let (mut values, mut driven, mut found) = (Values::new(), Conditions::default(), Conditions::default());
    if let Some(account) = filter.account {
        driven.add(&mut values, "account_id = ?", account.0);
    }
    if let Some(device) = filter.device {
        found.add(&mut values, "device_id = ?", device.0);
    }
    if let Some(session) = filter.session {
        found.add(&mut values, "session_id = ?", session.0);
    }
    if let Some(text) = &filter.text {
        found.add(&mut values, "(act ILIKE ? OR about::text ILIKE ?)", pattern(text));
    }
    // The ids are in the order of time: those before and after are not read.
    let until = filter.until.map(|until| first_id_at(until.saturating_add(ENTRY_DELAY_MS)));
    between(&mut driven, &mut values, ("entry_id >= ?", filter.from.map(first_id_at)), ("entry_id < ?", until));
    between(&mut found, &mut values, ("at >= ?", filter.from), ("at < ?", filter.until));
    if let Some(after) = after {
        driven.add(&mut values, "entry_id < ?", after);
    }
    let sql = include_str!("../sql/audit_log/search_security.sql");
    let found = ask(log, sql, (&driven, &found), values, rows).await?;
    stretch(&found, rows, row::entry, |entry| entry.id)
}

fn between<T: ToSql + Sync + Send + 'static>(
    conditions: &mut Conditions,
    values: &mut Values,
    from: (&str, Option<T>),
    until: (&str, Option<T>),
) {
    for (condition, value) in [from, until] {
        if let Some(value) = value {
            conditions.add(values, condition, value);
        }
    }
}

async fn ask(
    log: &PostgresAudit,
    template: &str,
    (driven, found): (&Conditions, &Conditions),
    values: Values,
    rows: usize,
) -> Result<Vec<Row>, Fault> {
    let sql = template.replace("{driven}", &driven.text()).replace("{found}", &found.text());
    // One more than is wanted tells whether there is more.
    let limit = i64::try_from(rows).unwrap_or(i64::MAX).saturating_add(1);
    let mut parameters: Vec<&(dyn ToSql + Sync)> = vec![&LOOKED_AT_MAX, &limit];
    parameters.extend(values.iter().map(|value| &**value as &(dyn ToSql + Sync)));
    // There are thousands of combinations: no connection keeps a statement for each.
    log.client().await?.query(&sql, &parameters).await.map_err(|error| read(&error))
}

/// What was found, and the last that was looked at: the last row of a full page, or the last that the request may look at.
fn stretch<T, K>(
    rows: &[Row],
    rows_max: usize,
    read: impl Fn(&Row) -> Result<T, tokio_postgres::Error>,
    key: impl Fn(&T) -> K,
) -> Result<Stretch<T, K>, Fault> {
    let mut stretch = Stretch::default();
    let unreadable = |error: tokio_postgres::Error| Fault::Refused(format!("a row of the audit log: {error}"));
    for row in rows {
        let (is_found, number): (Option<bool>, i64) = (row.get("is_found"), row.get("number"));
        if is_found == Some(true) && stretch.rows.len() == rows_max {
            stretch.next = stretch.rows.last().map(&key);
            return Ok(stretch);
        }
        let one = read(row).map_err(unreadable)?;
        if number == LOOKED_AT_MAX {
            stretch.next = Some(key(&one));
        }
        if is_found == Some(true) {
            stretch.rows.push(one);
        }
    }
    Ok(stretch)
}

/// The smallest time-ordered id of a moment.
fn first_id_at(ms: i64) -> Uuid {
    Uuid::from_u128(u128::from(ms.max(0).unsigned_abs()) << 80)
}
