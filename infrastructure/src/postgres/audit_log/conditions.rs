//! Conditions of a search and their values. No text of a reader becomes SQL.

use tokio_postgres::types::ToSql;

/// Values that conditions name by their numbers.
pub(super) type Values = Vec<Box<dyn ToSql + Sync + Send>>;

/// Conditions that all must hold. `$1` and `$2` are the statement's own.
#[derive(Default)]
pub(super) struct Conditions {
    texts: Vec<String>,
}

/// Adds a value; its name.
pub(super) fn named(values: &mut Values, value: impl ToSql + Sync + Send + 'static) -> String {
    values.push(Box::new(value));
    format!("${}", values.len() + 2)
}

impl Conditions {
    /// Adds one; `?` stands for the value.
    pub(super) fn add(&mut self, values: &mut Values, condition: &str, value: impl ToSql + Sync + Send + 'static) {
        let name = named(values, value);
        self.push(condition.replace('?', &name));
    }

    /// Adds one whose values have names already.
    pub(super) fn push(&mut self, condition: String) {
        self.texts.push(condition);
    }

    /// Adds those whose bounds are given.
    pub(super) fn between<T: ToSql + Sync + Send + 'static>(
        &mut self,
        values: &mut Values,
        from: (&str, Option<T>),
        until: (&str, Option<T>),
    ) {
        for (condition, value) in [from, until] {
            if let Some(value) = value {
                self.add(values, condition, value);
            }
        }
    }

    /// All of them, as SQL.
    pub(super) fn text(&self) -> String {
        if self.texts.is_empty() { "true".to_owned() } else { self.texts.join(" AND ") }
    }
}
