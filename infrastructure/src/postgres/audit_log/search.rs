//! The statements of a search: which rows are looked at in order, and which of them are wanted. The account and the narrowest filter
//! that an index serves drive; the others are compared row by row, of a bounded number of rows, and of what an event says line by
//! line. What drives bounds what is looked at, and a page's token may name any row of that: of one account no row of another.

use application::audit::{AuditEvent, EventKey, Filter, SecurityEntry, Stretch};
use application::fault::Fault;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;
use uuid::Uuid;

use super::super::fault::read;
use super::super::rows::statement::pattern;
use super::conditions::{Conditions, Values, named};
use super::source::{Source, ids};
use super::{PostgresAudit, row};

/// Rows that one request looks at, at most (events, of whatever number of lines): what bounds a search for a text that hardly
/// anything says.
pub(super) const LOOKED_AT_MAX: i64 = 10_000;

/// An entry's id is made a moment after what it tells of.
const ENTRY_DELAY_MS: i64 = 60_000;

/// What is asked of events: which are looked at, which of them are wanted, and which of their lines.
#[derive(Default)]
struct OfEvents {
    driven: Conditions,
    found: Conditions,
    said: Conditions,
    values: Values,
}

/// The next lines of the audit log.
pub(super) async fn events(
    log: &PostgresAudit,
    filter: &Filter,
    after: Option<&EventKey>,
    rows: usize,
) -> Result<Stretch<AuditEvent, EventKey>, Fault> {
    let source = Source::of(log, filter).await?;
    let mut asked = OfEvents::default();
    asked.of_ids(filter, &source);
    asked.of_words(filter);
    let OfEvents { mut driven, found, said, mut values } = asked.behind(filter, after);
    let mut sql = include_str!("../sql/audit_log/search.sql").to_owned();
    let spaces = match source {
        Source::Nowhere => return Ok(Stretch::default()),
        Source::Space(space) => {
            driven.add(&mut values, "space_id = ?", space);
            "audit_log".to_owned()
        }
        Source::Spaces(spaces) => {
            let spaces = named(&mut values, spaces);
            let each = std::mem::take(&mut driven).text();
            include_str!("../sql/audit_log/of_spaces.sql").replace("{spaces}", &spaces).replace("{driven}", &each)
        }
        Source::Everywhere => {
            // What the index by the time says of every row: no other search can walk it.
            driven.push("position > 0".to_owned());
            "audit_log".to_owned()
        }
    };
    sql = sql.replace("{source}", spaces.trim_end()).replace("{said}", &said.text());
    let found = ask(log, &sql, (&driven, &found), values, rows).await?;
    stretch(&found, rows, row::event, |event| EventKey {
        recorded_at: event.recorded_at,
        space: event.space.0,
        position: event.position,
        field: event.line.field.clone().unwrap_or_default(),
    })
}

impl OfEvents {
    /// The first id drives, where its spaces are known. Two at once would leave the choice to statistics.
    fn of_ids(&mut self, filter: &Filter, source: &Source) {
        let mut drives = *source != Source::Everywhere;
        for (column, id) in ids(filter) {
            let conditions = if std::mem::take(&mut drives) { &mut self.driven } else { &mut self.found };
            conditions.add(&mut self.values, &format!("{column} = ?"), id);
        }
    }

    /// What is compared row by row, and line by line.
    fn of_words(&mut self, filter: &Filter) {
        if let Some(cause) = filter.cause {
            let cause = named(&mut self.values, cause);
            self.found.push(format!("cause = {cause}"));
            // What follows from an event is recorded in its transaction, at the same moment.
            if let Some(account) = filter.account {
                let moment = include_str!("../sql/audit_log/moment_of.sql").trim_end().replace("{position}", &cause);
                self.driven.add(&mut self.values, &format!("recorded_at = ({moment})"), account.0);
            }
        }
        if let Some(entity) = filter.entity.clone() {
            self.found.add(&mut self.values, "entity = ?", entity);
        }
        if let Some(field) = filter.field.clone() {
            self.said.add(&mut self.values, "field = ?", field);
        }
        if let Some(text) = &filter.text {
            let said = "(before #>> '{}' ILIKE ? OR after #>> '{}' ILIKE ? OR written #>> '{}' ILIKE ?)";
            self.said.add(&mut self.values, said, pattern(text));
        }
    }

    /// What is older than the last line that was looked at. Without a field that is the last of its event.
    fn behind(mut self, filter: &Filter, after: Option<&EventKey>) -> Self {
        let bounds = (("recorded_at >= ?", filter.from), ("recorded_at < ?", filter.until));
        self.driven.between(&mut self.values, bounds.0, bounds.1);
        let Some(key) = after else { return self };
        let recorded_at = named(&mut self.values, key.recorded_at);
        let space = named(&mut self.values, key.space);
        let position = named(&mut self.values, key.position);
        let place = format!("{recorded_at}, {space}, {position}");
        if key.field.is_empty() {
            self.driven.push(format!("(recorded_at, space_id, position) < ({place})"));
        } else {
            self.driven.push(format!("(recorded_at, space_id, position) <= ({place})"));
            let line = format!("(recorded_at, space_id, position, said.field COLLATE \"C\") < ({place}, ?)");
            self.said.add(&mut self.values, &line, key.field.clone());
        }
        self
    }
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
    driven.between(&mut values, ("entry_id >= ?", filter.from.map(first_id_at)), ("entry_id < ?", until));
    found.between(&mut values, ("at >= ?", filter.from), ("at < ?", filter.until));
    if let Some(after) = after {
        driven.add(&mut values, "entry_id < ?", after);
    }
    let sql = include_str!("../sql/audit_log/search_security.sql");
    let found = ask(log, sql, (&driven, &found), values, rows).await?;
    stretch(&found, rows, row::entry, |entry| entry.id)
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
    let mut client = log.client().await?;
    let tx = client.build_transaction().read_only(true).start().await.map_err(|error| read(&error))?;
    let planned = include_str!("../sql/audit_log/in_order.sql");
    let planned = tx.prepare_cached(planned).await.map_err(|error| read(&error))?;
    tx.execute(&planned, &[]).await.map_err(|error| read(&error))?;
    // There are thousands of combinations: no connection keeps a statement for each.
    let found = tx.query(&sql, &parameters).await.map_err(|error| read(&error))?;
    tx.commit().await.map_err(|error| read(&error))?;
    Ok(found)
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
