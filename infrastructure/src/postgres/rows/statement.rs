//! The statement of a list: its text from the columns, its values beside it. No text of a reader becomes SQL.

use std::fmt::Write;

use super::columns::{Column, Columns, Type};
use super::page::Last;
use super::query::{Filter, ListQuery};

/// The number of the first parameter after those of `list.sql`.
const FIRST_VALUE: usize = 3;

/// A statement and its values; those are text, and cast where they are compared.
#[derive(Debug, Default)]
pub(super) struct Statement {
    pub(super) text: String,
    pub(super) values: Vec<String>,
}

/// The statement for a page of a list.
pub(super) fn statement(columns: &Columns, query: &ListQuery) -> Statement {
    let mut conditions = Statement::default();
    for filter in &query.filters {
        conditions.add(filter);
    }
    if let Some(last) = &query.after {
        conditions.add_after(query, last);
    }
    let text = include_str!("../sql/rows/list.sql")
        .replace("{conditions}", &conditions.text)
        .replace("{table}", columns.kind().table())
        .replace("{sort}", &key(&query.sort))
        .replace("{direction}", if query.descending { "DESC" } else { "ASC" });
    Statement { text, values: conditions.values }
}

/// What is sorted by. Text is ordered by its bytes, so that the order does not depend on the database's language.
fn key(column: &Column) -> String {
    if column.holds == Type::Text { format!("({}) COLLATE \"C\"", column.shown) } else { column.shown.clone() }
}

impl Statement {
    fn add(&mut self, filter: &Filter) {
        let condition = match filter {
            Filter::Equal(column, None) => format!("{} IS NULL", column.shown),
            Filter::Equal(column, Some(value)) => self.compare(&column.shown, "=", value, column.holds),
            Filter::Before(column, ms) => self.compare(&column.shown, "<", &ms.to_string(), Type::Integer),
            Filter::From(column, ms) => self.compare(&column.shown, ">=", &ms.to_string(), Type::Integer),
            Filter::Present(column, true) => format!("{} IS NOT NULL", column.shown),
            Filter::Present(column, false) => format!("{} IS NULL", column.shown),
            Filter::Tag(tag) => {
                let tag = self.value(tag, Type::Text);
                format!("{tag} = ANY (t.tags)")
            }
            Filter::NotAmong(ids) => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                self.values.push(format!("{{{}}}", ids.join(",")));
                format!("NOT t.id = ANY (${}::uuid[])", FIRST_VALUE + self.values.len() - 1)
            }
            Filter::Text(columns, text) => {
                let pattern = self.value(&pattern(text), Type::Text);
                let any: Vec<String> =
                    columns.iter().map(|column| format!("{} ILIKE {pattern}", column.shown)).collect();
                format!("({})", any.join(" OR "))
            }
        };
        self.push(&condition);
    }

    /// What comes after the last row of the page before. Nulls are last in both directions.
    fn add_after(&mut self, query: &ListQuery, last: &Last) {
        let beyond = if query.descending { "<" } else { ">" };
        let key = key(&query.sort);
        let id = self.value(&last.id.to_string(), Type::Id);
        let condition = match &last.key {
            None => format!("{key} IS NULL AND t.id {beyond} {id}"),
            Some(value) => {
                let value = self.value(value, query.sort.holds);
                format!("({key} {beyond} {value} OR ({key} = {value} AND t.id {beyond} {id}) OR {key} IS NULL)")
            }
        };
        self.push(&condition);
    }

    fn compare(&mut self, left: &str, operator: &str, value: &str, holds: Type) -> String {
        let value = self.value(value, holds);
        format!("{left} {operator} {value}")
    }

    fn value(&mut self, value: &str, holds: Type) -> String {
        self.values.push(value.to_owned());
        format!("${}::{}", FIRST_VALUE + self.values.len() - 1, holds.sql())
    }

    fn push(&mut self, condition: &str) {
        // Writing to a text cannot fail.
        let _ = write!(self.text, "\n        AND {condition}");
    }
}

/// The pattern that finds exactly this text, anywhere.
pub(in super::super) fn pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_text_are_searched_for_themselves() {
        assert_eq!(pattern("100% of_a\\b"), "%100\\% of\\_a\\\\b%");
    }
}
