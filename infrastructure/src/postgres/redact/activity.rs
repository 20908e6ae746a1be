//! The activity: it tells by which name an entity went when something was done, and nothing else that people wrote. What an entity
//! is called now is what the fold of its changed events gives; what others are called is not of this redaction. Lines that an import told are
//! words of people in whole: they say what their changed events say.

use application::fault::Fault;
use application::redact::{Order, Places};
use deadpool_postgres::Transaction;
use domain::activity::titled_by;
use domain::redaction::PLACEHOLDER;
use serde_json::Value;

use super::{failed, rows};

/// The table.
pub(super) const TABLE: &str = "activity";

/// Takes the value out of the entity's rows that show it as its title, and out of the shadows that a rebuild keeps of them.
pub(super) async fn take_out(transaction: &Transaction<'_>, order: &Order, places: &mut Places) -> Result<(), Fault> {
    let redaction = &order.redaction;
    if titled_by(redaction.entity.kind) != Some(redaction.field.as_str()) {
        return Ok(());
    }
    let found = of_table(transaction, order, TABLE).await?;
    if found > 0 {
        *places.rows.entry(TABLE.to_owned()).or_default() += found;
    }
    if rows::has_shadow(transaction, TABLE).await? {
        of_table(transaction, order, &format!("rebuild.{TABLE}")).await?;
    }
    Ok(())
}

/// Lets the row of a line that an import told say what its event says now; the fold of the changed log gives the same.
pub(super) async fn follow(
    transaction: &Transaction<'_>,
    order: &Order,
    (position, payload): (i64, &Value),
    places: &mut Places,
) -> Result<(), Fault> {
    let Some(told) = payload.pointer("/change/activity_imported") else { return Ok(()) };
    let (title, legacy) = (told["title"].as_str().unwrap_or_default(), &told["legacy"]);
    let shadow = format!("rebuild.{TABLE}");
    let mut tables = vec![TABLE];
    if rows::has_shadow(transaction, TABLE).await? {
        tables.push(&shadow);
    }
    for table in tables {
        let sql = include_str!("../sql/redact/told_elsewhere.sql").replace("{table}", table);
        let written = transaction.execute(&sql, &[&order.space.0, &position, &title, legacy]).await;
        let found = written.map_err(|error| failed(&error))?;
        if table == TABLE {
            *places.rows.entry(TABLE.to_owned()).or_default() += found;
        }
    }
    Ok(())
}

async fn of_table(transaction: &Transaction<'_>, order: &Order, table: &str) -> Result<u64, Fault> {
    let (entity, value) = (order.redaction.entity, order.redaction.value());
    let sql = include_str!("../sql/redact/activity.sql").replace("{table}", table);
    let kind = entity.kind.name();
    let written = transaction.execute(&sql, &[&order.space.0, &kind, &entity.id.0, &value, &PLACEHOLDER]).await;
    written.map_err(|error| failed(&error))
}
