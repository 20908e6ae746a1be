//! A task as a row of the legacy table: the same members, named as its columns were.

use serde_json::{Map, Value};

/// The members of a shape under the names of columns.
pub(super) fn raw(shape: &Value) -> Value {
    let members = shape.as_object().into_iter().flatten();
    members.map(|(name, value)| (column(name), value.clone())).collect::<Map<_, _>>().into()
}

fn column(name: &str) -> String {
    let mut column = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            column.push('_');
        }
        column.push(letter.to_ascii_lowercase());
    }
    column
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_are_named_as_columns() {
        let shape = json!({ "id": 1, "taskCategory": "habit", "requiredEnergyBalls": 1, "tags": ["a"] });
        let row = json!({ "id": 1, "task_category": "habit", "required_energy_balls": 1, "tags": ["a"] });
        assert_eq!(raw(&shape), row);
    }
}
