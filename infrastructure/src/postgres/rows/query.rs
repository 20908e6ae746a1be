//! A list as a reader asks for it: the parameters, read against the columns of the kind.

use std::collections::BTreeSet;

use domain::id::SpaceId;
use domain::limits::{PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX, TAGS_MAX};
use uuid::Uuid;

use super::columns::{Column, Columns, Type};
use super::page::{self, Last};
use super::refusal::ListRefusal;

/// Characters of a text that is searched for.
pub const SEARCH_CHARS_MAX: usize = 200;
/// The columns that a text is searched in, where the kind has them.
pub(super) const SEARCHED: [&str; 3] = ["title", "name", "description"];
/// What a list is sorted by when the reader does not say.
const SORT_DEFAULT: &str = "created_at";

/// A list as a reader asks for it.
#[derive(Clone, Debug)]
pub struct ListQuery {
    /// Which rows.
    pub(super) filters: Vec<Filter>,
    /// In which order.
    pub(super) sort: Column,
    pub(super) descending: bool,
    /// How many at most.
    pub(super) rows: usize,
    /// After which.
    pub(super) after: Option<Last>,
    /// What a page's token is bound to.
    pub(super) name: String,
    /// Which fields of each row the reader wants; `None`: all.
    pub fields: Option<BTreeSet<String>>,
}

/// A condition on rows.
#[derive(Clone, Debug)]
pub(super) enum Filter {
    /// The column's value; `None` is null.
    Equal(Column, Option<String>),
    /// Moments before this one, Unix ms.
    Before(Column, i64),
    /// This moment, Unix ms, and those after it.
    From(Column, i64),
    /// Whether there is a value.
    Present(Column, bool),
    /// A member of the set of tags.
    Tag(String),
    /// A text in one of the columns.
    Text(Vec<Column>, String),
    /// None of these.
    NotAmong(Vec<Uuid>),
}

/// Reads the parameters of a list. `computed` are fields that are made for the reader, beside the columns.
///
/// # Errors
/// See [`ListRefusal`].
pub fn list_query(
    columns: &Columns,
    space: SpaceId,
    computed: &[&str],
    parameters: &[(String, String)],
) -> Result<ListQuery, ListRefusal> {
    let mut query = ListQuery {
        filters: Vec::new(),
        sort: column(columns, "sort", SORT_DEFAULT)?,
        descending: false,
        rows: PAGE_ROWS_DEFAULT,
        after: None,
        name: name(columns, space, parameters),
        fields: None,
    };
    let (mut seen, mut tags, mut deleted) = (BTreeSet::new(), 0, Some(false));
    for (name, value) in parameters {
        if !seen.insert(name) && name != "tag" {
            return Err(ListRefusal::of(name, format!("`{name}` is given twice.")));
        }
        match name.as_str() {
            "fields" => query.fields = Some(fields(columns, computed, value)?),
            "sort" => {
                query.descending = value.starts_with('-');
                query.sort = column(columns, "sort", value.strip_prefix('-').unwrap_or(value))?;
            }
            "limit" => query.rows = rows(value)?,
            "page" => query.after = Some(page::read(&query.name, value).ok_or(ListRefusal::PageInvalid)?),
            // What was is read by whoever asked for it.
            "as_of" => {}
            "deleted" if value == "any" => deleted = None,
            "deleted" => deleted = Some(truth(name, value, "true, false or any")?),
            _ => query.filters.push(filter(columns, name, value)?),
        }
        tags += usize::from(name == "tag");
    }
    if tags > TAGS_MAX {
        return Err(ListRefusal::of("tag", format!("`tag` can be given {TAGS_MAX} times at most.")));
    }
    if let (Some(is), Some(column)) = (deleted, columns.scalar("deleted_at")) {
        query.filters.push(Filter::Present(column, is));
    }
    if query.after.as_ref().and_then(|last| last.key.as_ref()).is_some_and(|key| query.sort.holds.read(key).is_none()) {
        return Err(ListRefusal::PageInvalid);
    }
    Ok(query)
}

/// Reads the names of fields.
///
/// # Errors
/// One is not known.
pub fn fields(columns: &Columns, computed: &[&str], value: &str) -> Result<BTreeSet<String>, ListRefusal> {
    let known = |name: &str| columns.has(name) || computed.contains(&name);
    match value.split(',').find(|name| !known(name)) {
        Some(unknown) => Err(ListRefusal::of("fields", format!("`fields` names `{unknown}`, which is no field here."))),
        None => Ok(value.split(',').map(str::to_owned).collect()),
    }
}

/// What stays the same on every page: the kind, the space, the filters and the order.
fn name(columns: &Columns, space: SpaceId, parameters: &[(String, String)]) -> String {
    let mut lasting: Vec<&(String, String)> =
        parameters.iter().filter(|(name, _)| !["page", "limit", "fields"].contains(&name.as_str())).collect();
    lasting.sort();
    format!("{} {space} {lasting:?}", columns.kind().name())
}

fn filter(columns: &Columns, name: &str, value: &str) -> Result<Filter, ListRefusal> {
    match name {
        "completed" => {
            let completed = columns.scalar("completed_at").ok_or_else(|| unknown(name))?;
            return Ok(Filter::Present(completed, truth(name, value, "true or false")?));
        }
        "tag" if columns.has("tags") => {
            return Ok(Filter::Tag(Type::Text.read(value).ok_or_else(|| misfit(name, Type::Text))?));
        }
        "q" => return search(columns, value),
        _ => {}
    }
    if let Some(column) = columns.scalar(name) {
        if value == "null" && column.holds != Type::Text {
            return Ok(Filter::Equal(column, None));
        }
        let value = column.holds.read(value).ok_or_else(|| misfit(name, column.holds))?;
        return Ok(Filter::Equal(column, Some(value)));
    }
    let moment = |end: &str| columns.scalar(&format!("{}_at", name.strip_suffix(end)?));
    let ms = || value.parse::<i64>().map_err(|_| misfit(name, Type::Integer));
    match (moment("_before"), moment("_after")) {
        (Some(column), _) => Ok(Filter::Before(column, ms()?)),
        (_, Some(column)) => Ok(Filter::From(column, ms()?)),
        _ => Err(unknown(name)),
    }
}

fn search(columns: &Columns, value: &str) -> Result<Filter, ListRefusal> {
    if value.is_empty() || value.chars().count() > SEARCH_CHARS_MAX || value.contains('\0') {
        return Err(ListRefusal::of("q", format!("`q` is text of 1 to {SEARCH_CHARS_MAX} characters without NUL.")));
    }
    let searched: Vec<Column> = SEARCHED.iter().filter_map(|name| columns.scalar(name)).collect();
    if searched.is_empty() {
        return Err(ListRefusal::of("q", "These rows have no title, name or description to search in."));
    }
    Ok(Filter::Text(searched, value.to_owned()))
}

fn column(columns: &Columns, parameter: &str, name: &str) -> Result<Column, ListRefusal> {
    columns.scalar(name).ok_or_else(|| {
        let all: Vec<&str> = columns.scalars().collect();
        ListRefusal::of(parameter, format!("`{parameter}` names `{name}`; it can be {}.", all.join(", ")))
    })
}

fn rows(value: &str) -> Result<usize, ListRefusal> {
    let rows = value.parse().ok().filter(|rows| (1..=PAGE_ROWS_MAX).contains(rows));
    rows.ok_or_else(|| ListRefusal::of("limit", format!("`limit` is a number from 1 to {PAGE_ROWS_MAX}.")))
}

fn truth(name: &str, value: &str, form: &str) -> Result<bool, ListRefusal> {
    value.parse().map_err(|_| ListRefusal::of(name, format!("`{name}` is {form}.")))
}

fn misfit(name: &str, holds: Type) -> ListRefusal {
    ListRefusal::of(name, format!("`{name}` is {}.", holds.described()))
}

fn unknown(name: &str) -> ListRefusal {
    ListRefusal::of(name, format!("There is no parameter `{name}` here. The document at /openapi.json lists them."))
}

#[cfg(test)]
mod tests;
