//! A list in which some rows are replaced by others, which are not in the table: rows as they were. Filters and order are
//! those of the statement, done in memory.

use std::cmp::Ordering;

use application::fault::Fault;
use domain::entity::Kind;
use domain::id::SpaceId;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::columns::Type;
use super::page::token;
use super::query::{Filter, ListQuery};
use super::{Listed, PostgresRows, last};

type Row = Map<String, Value>;

impl PostgresRows {
    /// A page of a space's entities of one kind, in which the rows of these ids are replaced by `others`, as readers are
    /// shown them.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn list_replacing(
        &self,
        space: SpaceId,
        kind: Kind,
        query: &ListQuery,
        (ids, others): (Vec<Uuid>, Vec<Row>),
    ) -> Result<Listed, Fault> {
        let mut unchanged = query.clone();
        unchanged.filters.push(Filter::NotAmong(ids));
        let mut listed = self.list(space, kind, &unchanged).await?;
        listed.rows.extend(others.into_iter().filter(|row| query.keeps(row) && query.is_beyond(row)));
        listed.rows.sort_by(|one, other| query.order(&key(query, one), &key(query, other)));
        let more = listed.next.is_some() || listed.rows.len() > query.rows;
        listed.rows.truncate(query.rows);
        let end = listed.rows.last().filter(|_| more).and_then(|row| last(query, row));
        listed.next = end.map(|last| token(&query.name, &last));
        Ok(listed)
    }
}

/// A row's place in the order: the value that is sorted by, and its id.
type Key = (Option<String>, String);

fn key(query: &ListQuery, row: &Row) -> Key {
    (text(row.get(&query.sort.name)), text(row.get("id")).unwrap_or_default())
}

/// A value as text; null is none.
fn text(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

impl ListQuery {
    /// Whether a row fits every filter.
    fn keeps(&self, row: &Row) -> bool {
        let number = |name: &str| row.get(name).and_then(Value::as_i64);
        self.filters.iter().all(|filter| match filter {
            Filter::Equal(column, value) => text(row.get(&column.name)) == *value,
            Filter::Before(column, ms) => number(&column.name).is_some_and(|value| value < *ms),
            Filter::From(column, ms) => number(&column.name).is_some_and(|value| value >= *ms),
            Filter::Present(column, is) => text(row.get(&column.name)).is_some() == *is,
            Filter::Tag(tag) => {
                row.get("tags").and_then(Value::as_array).is_some_and(|tags| tags.iter().any(|one| one == tag.as_str()))
            }
            Filter::Text(columns, wanted) => {
                let wanted = wanted.to_lowercase();
                let has = |value: String| value.to_lowercase().contains(&wanted);
                columns.iter().any(|column| text(row.get(&column.name)).is_some_and(has))
            }
            Filter::NotAmong(ids) => text(row.get("id")).is_none_or(|id| ids.iter().all(|one| one.to_string() != id)),
        })
    }

    /// Whether a row comes after the page before.
    fn is_beyond(&self, row: &Row) -> bool {
        let place = |last: &super::page::Last| (last.key.clone(), last.id.to_string());
        self.after.as_ref().is_none_or(|last| self.order(&key(self, row), &place(last)) == Ordering::Greater)
    }

    /// The order of two places. Nulls are last in both directions, and ids decide between equals.
    fn order(&self, one: &Key, other: &Key) -> Ordering {
        let turned = |order: Ordering| if self.descending { order.reverse() } else { order };
        let values = match (&one.0, &other.0) {
            (None, None) => Ordering::Equal,
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (Some(one), Some(other)) if self.sort.holds == Type::Integer => {
                turned(one.parse::<i64>().ok().cmp(&other.parse::<i64>().ok()))
            }
            (Some(one), Some(other)) => turned(one.cmp(other)),
        };
        values.then_with(|| turned(one.1.cmp(&other.1)))
    }
}
