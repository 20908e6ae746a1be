//! The tables whose rows are carried, as they are here. Rows come with the columns that their own database had.

use std::collections::BTreeSet;

use application::fault::Fault;
use application::transfer::log::{Bad, Part};
use serde_json::{Map, Value};
use tokio_postgres::GenericClient;

use super::super::fault::read;

/// The columns of a table, and those that the rows of a file have.
#[derive(Debug)]
pub(in super::super) struct Table {
    name: &'static str,
    known: BTreeSet<String>,
    required: BTreeSet<String>,
    given: Option<Vec<String>>,
}

/// The tables whose rows are carried.
#[derive(Debug)]
pub(super) struct Tables {
    heads: Table,
    space_devices: Table,
    events: Table,
    receipts: Table,
    rejections: Table,
    restore_points: Table,
    accounts: Table,
    pub(super) devices: Table,
}

impl Tables {
    pub(super) async fn read(client: &impl GenericClient) -> Result<Self, Fault> {
        let of_space = async |part: Part| Table::read(client, part.table(), Some("space_id")).await;
        Ok(Self {
            heads: Table::read(client, Part::Space.table(), None).await?,
            space_devices: of_space(Part::Device).await?,
            events: of_space(Part::Event).await?,
            receipts: of_space(Part::Receipt).await?,
            rejections: of_space(Part::Rejection).await?,
            restore_points: of_space(Part::RestorePoint).await?,
            accounts: Table::read(client, Part::Account.table(), None).await?,
            devices: Table::read(client, "devices", Some("account_id")).await?,
        })
    }

    pub(super) fn of(&mut self, part: Part) -> &mut Table {
        match part {
            Part::Space => &mut self.heads,
            Part::Device => &mut self.space_devices,
            Part::Event => &mut self.events,
            Part::Receipt => &mut self.receipts,
            Part::Rejection => &mut self.rejections,
            Part::RestorePoint => &mut self.restore_points,
            Part::Account => &mut self.accounts,
        }
    }
}

impl Table {
    /// The table as it is here; `owner` is the column that rows come without.
    pub(in super::super) async fn read(
        client: &impl GenericClient,
        name: &'static str,
        owner: Option<&str>,
    ) -> Result<Self, Fault> {
        let rows = client.query(include_str!("../sql/log_copy/columns.sql"), &[&name]).await;
        let rows = rows.map_err(|error| read(&error))?;
        let named = |row: &tokio_postgres::Row| row.get::<_, String>("name");
        let others = || rows.iter().filter(|row| Some(named(row).as_str()) != owner);
        let required = others().filter(|row| row.get("is_required")).map(named).collect();
        Ok(Self { name, known: others().map(named).collect(), required, given: None })
    }

    /// A row as its columns, which have to be those of every other row of the file.
    pub(in super::super) fn row(&mut self, text: &str) -> Result<Map<String, Value>, Bad> {
        let row: Map<String, Value> = serde_json::from_str(text).map_err(|error| Bad::Unreadable(error.to_string()))?;
        self.check(&row)?;
        Ok(row)
    }

    /// The same, of a row that was read already.
    pub(super) fn check(&mut self, row: &Map<String, Value>) -> Result<(), Bad> {
        let wrong = |what: String| Err(Bad::Unreadable(format!("{what} in a row of {}", self.name)));
        if row.values().any(has_nul) {
            return wrong("the character NUL is".to_owned());
        }
        match &self.given {
            Some(given) if row.len() == given.len() && given.iter().all(|name| row.contains_key(name)) => Ok(()),
            Some(_) => wrong("other columns than before are".to_owned()),
            None => {
                if let Some(unknown) = row.keys().find(|name| !self.known.contains(*name)) {
                    return wrong(format!("an unknown column {unknown:?} is"));
                }
                if let Some(missing) = self.required.iter().find(|name| !row.contains_key(*name)) {
                    return wrong(format!("no column {missing} is"));
                }
                self.given = Some(row.keys().cloned().collect());
                Ok(())
            }
        }
    }

    /// A template with the table's name and the columns that rows come with.
    pub(in super::super) fn fill(&self, template: &str) -> String {
        let columns = self.given.as_deref().unwrap_or_default().join(", ");
        template.replace("{table}", self.name).replace("{columns}", &columns)
    }
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(has_nul),
        Value::Object(fields) => fields.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
    }
}
