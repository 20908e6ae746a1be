//! JSON with one spelling: members sorted by name, no spaces. Two documents are equal exactly when their bytes are.

use serde_json::Value;

/// The one spelling of `value`.
#[must_use]
pub fn canonical(value: &Value) -> String {
    let mut text = String::new();
    write(value, &mut text);
    text
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Object(members) => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort_unstable();
            separated('{', '}', names, text, |name, text| {
                text.push_str(&Value::from(name.as_str()).to_string());
                text.push(':');
                write(&members[name.as_str()], text);
            });
        }
        Value::Array(items) => separated('[', ']', items, text, write),
        scalar => text.push_str(&scalar.to_string()),
    }
}

fn separated<T>(
    open: char,
    close: char,
    items: impl IntoIterator<Item = T>,
    text: &mut String,
    mut each: impl FnMut(T, &mut String),
) {
    text.push(open);
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        each(item, text);
    }
    text.push(close);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::canonical;

    #[test]
    fn members_are_sorted_and_nothing_else_is_touched() {
        let value = json!({ "b": [2, { "z": null, "a": "ü\n" }], "a": -1 });
        assert_eq!(canonical(&value), r#"{"a":-1,"b":[2,{"a":"ü\n","z":null}]}"#);
    }
}
