//! The shadow tables of all projections: made empty, written from a fold, dropped.

use application::fault::Fault;
use application::rebuild::Rows;
use domain::entity::Kind;
use tokio_postgres::GenericClient;

use super::super::catalog::Catalog;
use super::super::fault::{read, write};
pub(in super::super) use super::place::Place;
use super::shadow::Shadow;

/// The shadow tables of all projections.
#[derive(Debug)]
pub(in super::super) struct Shadows {
    entities: Vec<(Kind, Shadow)>,
    days: Shadow,
    activity: Shadow,
}

impl Shadows {
    /// Makes the shadow tables, empty; those of a run that died are dropped.
    pub(in super::super) async fn create(client: &impl GenericClient, place: Place) -> Result<Self, Fault> {
        let catalog = Catalog::read(client).await.map_err(|error| read(&error))?;
        let entities = catalog.entities.into_iter().map(|(kind, table)| (kind, Shadow::new(table, place)));
        let (days, activity) = (Shadow::new(catalog.days, place), Shadow::new(catalog.activity, place));
        let shadows = Self { entities: entities.collect(), days, activity };
        shadows.drop(client).await?;
        let persistence = match place {
            Place::Schema => "UNLOGGED",
            Place::Session => "TEMPORARY",
        };
        for shadow in shadows.all() {
            let sql = shadow.fill(include_str!("../sql/rebuild/create_shadow.sql"));
            client.batch_execute(&sql.replace("{persistence}", persistence)).await.map_err(|error| write(&error))?;
        }
        Ok(shadows)
    }

    /// Takes the shadow tables away.
    pub(in super::super) async fn drop(&self, client: &impl GenericClient) -> Result<(), Fault> {
        for shadow in self.all() {
            let sql = shadow.fill(include_str!("../sql/rebuild/drop_shadow.sql"));
            client.batch_execute(&sql).await.map_err(|error| write(&error))?;
        }
        Ok(())
    }

    /// Every shadow, in a fixed order.
    pub(super) fn all(&self) -> impl Iterator<Item = &Shadow> {
        self.entities.iter().map(|(_, shadow)| shadow).chain([&self.days, &self.activity])
    }

    /// Writes what was folded.
    pub(super) async fn write(&self, client: &impl GenericClient, mut rows: Rows) -> Result<(), Fault> {
        for (kind, shadow) in &self.entities {
            shadow.write(client, rows.entities.remove(kind).unwrap_or_default()).await?;
        }
        self.days.write(client, rows.days).await?;
        self.activity.write(client, rows.activity).await
    }
}
