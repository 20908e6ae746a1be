//! Which tables a legacy database has, and how it says whose their rows are.

use std::collections::{BTreeMap, BTreeSet};

/// The tables of an account and how their rows may say whose they are: by a user of their own, or by what they are part of.
const TABLES: &[(&str, &str, Option<&str>)] = &[
    ("user_profiles", "user_id", None),
    ("user_stats", "user_id", None),
    ("user_passwords", "user_id", None),
    ("skills", "user_id", None),
    ("goals", "user_id", None),
    ("milestones", "goal_id", Some("goals")),
    ("milestones", "user_id", None),
    ("goal_tasks", "goal_id", Some("goals")),
    ("tasks", "user_id", None),
    ("micro_tasks", "user_id", None),
    ("micro_tasks", "task_id", Some("tasks")),
    ("activity_logs", "user_id", None),
    ("daily_battle_reports", "user_id", None),
    ("pomodoro_sessions", "user_id", None),
    ("achievements", "user_id", None),
    ("user_states", "user_id", None),
    ("micro_task_completions", "user_id", None),
];

/// The table in which an export of this program tells which rows it wrote.
pub(super) const MARKS: &str = "levelup_exported";

/// The table in which it notes what it wrote of an account itself.
pub(super) const NOTES: &str = "levelup_exported_users";

/// Tables and their columns.
#[derive(Clone, Debug, Default)]
pub(super) struct Schema(BTreeMap<String, BTreeSet<String>>);

/// A table that is there, and the column that says whose its rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) table: &'static str,
    pub(super) column: &'static str,
    /// The table that the column names a row of; `None`: it names the user.
    pub(super) below: Option<&'static str>,
    pub(super) has_id: bool,
}

impl Schema {
    pub(super) fn of(columns: impl Iterator<Item = (String, String)>) -> Self {
        let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (table, column) in columns {
            tables.entry(table).or_default().insert(column);
        }
        Self(tables)
    }

    pub(super) fn has(&self, table: &str, column: &str) -> bool {
        self.0.get(table).is_some_and(|columns| columns.contains(column))
    }

    /// What of an account can be read here.
    pub(super) fn found(&self) -> Vec<Found> {
        let is_there = |(table, column, below): &&(&str, &str, Option<&str>)| {
            let parent = below.is_none_or(|parent| self.has(parent, "user_id") && self.has(parent, "id"));
            self.has(table, column) && parent
        };
        let found = |(table, column, below): &(&'static str, &'static str, Option<&'static str>)| Found {
            table,
            column,
            below: *below,
            has_id: self.has(table, "id"),
        };
        TABLES.iter().filter(is_there).map(found).collect()
    }

    /// Whether exports of this program have told here what they wrote.
    pub(super) fn has_marks(&self) -> bool {
        ["kind", "legacy_id", "entity_id"].iter().all(|column| self.has(MARKS, column))
    }

    /// Whether they have noted here what they wrote of accounts themselves.
    pub(super) fn has_notes(&self) -> bool {
        ["user_id", "wrote"].iter().all(|column| self.has(NOTES, column))
    }

    /// The tables of which nothing is read.
    pub(super) fn left_out(&self) -> Vec<&str> {
        let read: BTreeSet<&str> =
            self.found().iter().map(|found| found.table).chain(["users", MARKS, NOTES]).collect();
        self.0.keys().map(String::as_str).filter(|table| !read.contains(table)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_there_is_read_in_the_way_that_it_is_there() {
        let columns = [("goals", "id"), ("goals", "user_id"), ("milestones", "goal_id"), ("micro_tasks", "task_id")];
        let schema = Schema::of(columns.iter().map(|(table, column)| ((*table).to_owned(), (*column).to_owned())));
        let found: Vec<_> = schema.found().iter().map(|found| (found.table, found.column, found.has_id)).collect();
        assert_eq!(found, [("goals", "user_id", true), ("milestones", "goal_id", false)]);
        assert_eq!((schema.left_out(), schema.has_marks()), (vec!["micro_tasks"], false));
    }
}
