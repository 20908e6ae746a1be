//! The scripts of pgbench, from the templates beside it.

use super::shape::{Column, Shape};

/// A creation and a completion, a commit each. A client binds the shape once, at its start.
pub(super) fn one(shape: &Shape) -> String {
    let [create, complete] = both(shape);
    whole(shape, &format!("\\set n :n + 1\n{create};\n{complete};"))
}

/// So many of both in one commit and one flight. As for a transaction of so many commands there is one receipt, the last
/// command's.
pub(super) fn in_one_commit(shape: &Shape, pairs: usize) -> String {
    let [create, complete] = both(shape);
    let (silent_create, silent_complete) = (without_receipt(&create), without_receipt(&complete));
    let pair = |number: usize| match number + 1 == pairs {
        true => format!("\\set n :n + 1\n{silent_create};\n{complete};\n"),
        false => format!("\\set n :n + 1\n{silent_create};\n{silent_complete};\n"),
    };
    let all: String = (0..pairs).map(pair).collect();
    whole(shape, &format!("\\startpipeline\nBEGIN;\n{all}COMMIT;\n\\endpipeline"))
}

fn both(shape: &Shape) -> [String; 2] {
    [include_str!("sql/create.sql"), include_str!("sql/complete.sql")].map(|template| command(template, shape))
}

fn whole(shape: &Shape, commands: &str) -> String {
    let names: Vec<&str> = shape.names().collect();
    include_str!("sql/commands.pgbench").replace("{names}", &names.join(", ")).replace("{commands}", commands)
}

/// The receipt's part of a statement stands right before its last one.
fn without_receipt(sql: &str) -> String {
    let part = sql.find("), new_receipt AS (").zip(sql.find("\n)\nINSERT INTO space_devices"));
    part.map_or_else(|| sql.to_owned(), |(from, to)| format!("{}{}", &sql[..from], &sql[to + 1..]))
}

fn command(template: &str, shape: &Shape) -> String {
    let mut sql = template.trim_end().to_owned();
    for (table, columns) in &shape.columns {
        sql = sql
            .replace(&format!("{{{table}.columns}}"), &joined(columns, |column| column.name.clone()))
            .replace(&format!("{{{table}.values}}"), &joined(columns, |column| value(shape, table, column)))
            .replace(
                &format!("{{{table}.assignments}}"),
                &joined(columns, |Column { name, .. }| format!("{name} = excluded.{name}")),
            );
    }
    sql
}

/// What differs from command to command comes from the statement itself, the rest is bound.
fn value(shape: &Shape, table: &str, Column { name, kind }: &Column) -> String {
    let bound = format!("{table}_{name}");
    match (table, name.as_str()) {
        (_, "space_id") => "head.space_id".to_owned(),
        (_, "position" | "version") => "head.position".to_owned(),
        ("tasks", "id") => "(:task_ids::text || :n::text)::uuid".to_owned(),
        ("heroes", "id") | ("days", "entity_id") => "head.space_id".to_owned(),
        _ if shape.values.get(&bound).is_some_and(Option::is_some) => format!(":{bound}::{kind}"),
        _ => format!("NULL::{kind}"),
    }
}

fn joined(columns: &[Column], text: impl Fn(&Column) -> String) -> String {
    columns.iter().map(text).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::without_receipt;

    #[test]
    fn a_command_without_a_receipt_is_the_same_otherwise() {
        for template in [include_str!("sql/create.sql"), include_str!("sql/complete.sql")] {
            let silent = without_receipt(template);
            assert!(!silent.contains("receipts") && silent.contains("INSERT INTO space_devices"), "{silent}");
            let parts = |text: &str| (text.matches('(').count(), text.matches(')').count());
            let (open, closed) = parts(&silent);
            assert_eq!(open, closed, "{silent}");
        }
    }
}
