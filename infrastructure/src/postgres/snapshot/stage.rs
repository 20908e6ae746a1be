//! A page of one stage of a snapshot: its statement, and its rows as JSON from typed columns.

use application::fault::Fault;
use application::snapshot::{Item, JsonFields, Stage, StageRows, Standing, View};
use domain::entity::hidden;
use domain::id::{EntityId, SpaceId};
use futures_util::{TryStreamExt, pin_mut};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Row};

use super::super::catalog::Table;
use super::super::fault::read;
use super::super::ledger::rows::damage;
use super::super::typed::Column;

/// Columns that stand before those of the row.
const BEFORE: usize = 4;

/// What a statement of a stage is about.
pub(super) struct Asked<'a> {
    space: SpaceId,
    stage: Stage,
    view: View,
    /// The columns that the view has, by name.
    columns: Vec<&'a str>,
}

/// A row as a reader is shown it.
struct Shown<'a> {
    asked: &'a Asked<'a>,
    row: &'a Row,
}

impl<'a> Asked<'a> {
    pub(super) fn of(table: &'a Table, space: SpaceId, stage: Stage, view: View) -> Self {
        let all = table.columns.iter().map(String::as_str);
        let mut columns: Vec<&str> = all.filter(|column| !view.hides(column)).collect();
        columns.sort_unstable();
        Self { space, stage, view, columns }
    }

    /// Reads at most `rows` entities from the id `from` on; each is written while the database sends the next. `None` if the
    /// table has other columns by now.
    pub(super) async fn read(&self, client: &Client, from: EntityId, rows: i64) -> Result<Option<StageRows>, Fault> {
        let values: [(&(dyn ToSql + Sync), Type); 3] =
            [(&self.space.0, Type::UUID), (&from.0, Type::UUID), (&rows, Type::INT8)];
        let found = match client.query_typed_raw(&self.statement(), values).await {
            Err(error) if error.code() == Some(&SqlState::UNDEFINED_COLUMN) => return Ok(None),
            found => found.map_err(|error| read(&error))?,
        };
        pin_mut!(found);
        let (mut standing, mut items) = (None, Vec::new());
        while let Some(row) = found.try_next().await.map_err(|error| read(&error))? {
            standing.get_or_insert_with(|| Standing {
                epoch: row.get("epoch"),
                position: row.get("position"),
                repairs: row.get("repairs"),
            });
            if row.get("found") {
                let item = Shown { asked: self, row: &row }.item();
                items.push(item.map_err(|error| damage("a row", self.space, error))?);
            }
        }
        // They come in this order, and the statement need not hold them back to promise it.
        items.sort_by_key(|item| item.id);
        let standing = standing.ok_or_else(|| damage("the standing", self.space, "there is none"))?;
        Ok(Some(StageRows { standing, items }))
    }

    fn statement(&self) -> String {
        let of = |table: &str| self.columns.iter().map(|name| format!("{table}.{name}")).collect::<Vec<_>>().join(", ");
        include_str!("../sql/snapshot/stage.sql")
            .replace("{table}", self.stage.kind().table())
            .replace("{columns}", &of("t"))
            .replace("{shown}", &of("page"))
            .replace("{stage}", which(self.stage))
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.columns.binary_search(&name).ok().map(|index| BEFORE + index)
    }
}

impl<'a> Shown<'a> {
    fn item(&self) -> Result<Item, Box<dyn std::error::Error>> {
        let place = |name: &str| self.asked.place(name).ok_or_else(|| format!("there is no {name}"));
        let id = EntityId(self.row.try_get(place("id")?)?);
        let version = self.row.try_get(place("version")?)?;
        Ok(Item { entity: self.asked.stage.kind(), id, version, fields: JsonFields::of(self)? })
    }

    fn column(&self, name: &str) -> Option<Column<'a>> {
        self.asked.place(name).map(|index| Column::new(self.row, index))
    }
}

impl hidden::Columns for Shown<'_> {
    fn has(&self, column: &str) -> bool {
        self.column(column).is_some_and(Column::is_some)
    }

    fn is(&self, column: &str, text: &str) -> bool {
        self.column(column).is_some_and(|column| column.is(text))
    }
}

/// The fields, without id and version, which stand beside them.
impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Asked { stage, view, columns, .. } = self.asked;
        let hidden = if *view == View::Shown { stage.kind().hidden(self) } else { &[] };
        let mut fields = serializer.serialize_map(None)?;
        for (index, name) in columns.iter().enumerate().filter(|(_, name)| !matches!(**name, "id" | "version")) {
            match hidden.iter().find(|(column, _)| column == name) {
                Some((_, instead)) => fields.serialize_entry(name, instead)?,
                None => fields.serialize_entry(name, &Column::new(self.row, BEFORE + index))?,
            }
        }
        fields.end()
    }
}

/// The rows of a stage among the live ones of its table.
fn which(stage: Stage) -> &'static str {
    match stage {
        Stage::Heroes | Stage::Skills | Stage::Milestones | Stage::Conflicts => "true",
        Stage::OpenGoals => "t.completed_at IS NULL",
        Stage::CompletedGoals => "t.completed_at IS NOT NULL",
        Stage::OpenTasks => "(t.category = 'habit' OR t.completed_at IS NULL)",
        Stage::CompletedTasks => "t.category <> 'habit' AND t.completed_at IS NOT NULL",
    }
}
