//! The script of pgbench, from the templates beside it.

use super::shape::{Column, Shape};

/// The whole script. A client binds the shape once, at its start.
pub(super) fn text(shape: &Shape) -> String {
    let names: Vec<&str> = shape.names().collect();
    include_str!("sql/commands.pgbench")
        .replace("{names}", &names.join(", "))
        .replace("{create}", &command(include_str!("sql/create.sql"), shape))
        .replace("{complete}", &command(include_str!("sql/complete.sql"), shape))
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
