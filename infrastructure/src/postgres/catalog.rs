//! The shape of the projection tables, read once: the generic SQL is written from it, so that a new column is one
//! migration and one line in its entity.

use std::collections::BTreeMap;

use domain::entity::Kind;
use tokio_postgres::GenericClient;

/// A projection table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// Every column, in order.
    pub columns: Vec<String>,
    /// The columns of its primary key, in the order of its index.
    pub key: Vec<String>,
    /// A number that is another when the table has other columns.
    pub shape: i64,
}

/// The projection tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalog {
    /// Rows of entities, by kind.
    pub entities: BTreeMap<Kind, Table>,
    /// Days.
    pub days: Table,
    /// What a log page shows.
    pub activity: Table,
    /// Refused transactions that somebody still has to see.
    pub rejections: Table,
}

impl Catalog {
    /// Reads the shape of every projection table.
    ///
    /// # Errors
    /// The database could not be asked.
    pub async fn read(client: &impl GenericClient) -> Result<Self, tokio_postgres::Error> {
        let mut entities = BTreeMap::new();
        for kind in Kind::ALL {
            entities.insert(*kind, Table::read(client, kind.table()).await?);
        }
        let (days, activity) = (Table::read(client, "days").await?, Table::read(client, "activity").await?);
        Ok(Self { entities, days, activity, rejections: Table::read(client, "rejections").await? })
    }
}

impl Table {
    async fn read(client: &impl GenericClient, name: &'static str) -> Result<Self, tokio_postgres::Error> {
        let rows = client.query(include_str!("sql/ledger/columns.sql"), &[&name]).await?;
        let named = |row: &tokio_postgres::Row| row.get::<_, String>("name");
        let place = |row: &tokio_postgres::Row| row.get::<_, Option<i32>>("place");
        let key: BTreeMap<i32, String> = rows.iter().filter_map(|row| place(row).zip(Some(named(row)))).collect();
        let shape = rows.first().map_or(0, |row| row.get("shape"));
        Ok(Self { name, columns: rows.iter().map(named).collect(), key: key.into_values().collect(), shape })
    }

    /// Fills a template with this table's name, columns, key and the assignments of an upsert.
    pub fn fill(&self, template: &str) -> String {
        let others = self.columns.iter().filter(|column| !self.key.contains(column));
        let assignments: Vec<String> = others.map(|column| format!("{column} = excluded.{column}")).collect();
        template
            .replace("{table}", self.name)
            .replace("{columns}", &self.columns.join(", "))
            .replace("{key}", &self.key.join(", "))
            .replace("{assignments}", &assignments.join(", "))
    }
}
