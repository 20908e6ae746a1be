//! The shadow tables of projections: made empty, written from a fold, dropped.

use application::fault::Fault;
use application::rebuild::{Projections, Rows};
use domain::entity::Kind;
use domain::id::SpaceId;
use tokio_postgres::GenericClient;

use super::super::catalog::Catalog;
use super::super::fault::{read, write};
pub(in super::super) use super::place::Place;
use super::shadow::Shadow;

/// The shadow tables of projections.
#[derive(Debug)]
pub(in super::super) struct Shadows {
    entities: Vec<(Kind, Shadow)>,
    days: Option<Shadow>,
    activity: Option<Shadow>,
}

impl Shadows {
    /// Makes the shadow tables of all projections, empty; those of a run that died are dropped.
    pub(in super::super) async fn create(client: &impl GenericClient, place: Place) -> Result<Self, Fault> {
        let shadows = Self::of(client, place, &Projections::all()).await?;
        let persistence = match place {
            Place::Schema => {
                let schema = include_str!("../sql/rebuild/schema.sql");
                client.batch_execute(schema).await.map_err(|error| write(&error))?;
                "UNLOGGED"
            }
            Place::Session => "TEMPORARY",
        };
        shadows.drop(client).await?;
        for shadow in shadows.all() {
            let sql = shadow.fill(include_str!("../sql/rebuild/create_shadow.sql"));
            client.batch_execute(&sql.replace("{persistence}", persistence)).await.map_err(|error| write(&error))?;
        }
        Ok(shadows)
    }

    /// The shadow tables of these projections, which were made already.
    pub(super) async fn of(
        client: &impl GenericClient,
        place: Place,
        projections: &Projections,
    ) -> Result<Self, Fault> {
        let catalog = Catalog::read(client).await.map_err(|error| read(&error))?;
        let entities = catalog.entities.into_iter().filter(|(kind, _)| projections.has(kind.table()));
        let entities = entities.map(|(kind, table)| (kind, Shadow::new(table, place))).collect();
        let days = projections.has(catalog.days.name).then(|| Shadow::new(catalog.days, place));
        let activity = projections.has(catalog.activity.name).then(|| Shadow::new(catalog.activity, place));
        Ok(Self { entities, days, activity })
    }

    /// Takes away what a space has in them.
    pub(in super::super) async fn clear(&self, client: &impl GenericClient, space: SpaceId) -> Result<(), Fault> {
        for shadow in self.all() {
            shadow.clear(client, space).await?;
        }
        Ok(())
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
        self.entities.iter().map(|(_, shadow)| shadow).chain(&self.days).chain(&self.activity)
    }

    /// Writes what was folded.
    pub(super) async fn write(&self, client: &impl GenericClient, mut rows: Rows) -> Result<(), Fault> {
        for (kind, shadow) in &self.entities {
            shadow.write(client, rows.entities.remove(kind).unwrap_or_default()).await?;
        }
        for (shadow, rows) in [(&self.days, rows.days), (&self.activity, rows.activity)] {
            if let Some(shadow) = shadow {
                shadow.write(client, rows).await?;
            }
        }
        Ok(())
    }
}
