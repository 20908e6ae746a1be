//! An export whose spaces are named one by one, each from where it stood when it was last written down: what a backup is.

use application::fault::Fault;
use application::transfer::log::Place;
use domain::id::SpaceId;
use tokio_postgres::GenericClient;
use uuid::Uuid;

use super::export::{BLOCK_BYTES, Export, query};

/// Where a space stood when it was last written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base {
    /// Its last position.
    pub position: i64,
    /// The chain's hash there.
    pub hash: Vec<u8>,
    /// When it was last written, ms.
    pub recorded_at: i64,
    /// How often something else than a write had changed it.
    pub repairs: i64,
}

/// From where on a space is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct After {
    pub(super) position: i64,
    pub(super) recorded_at: i64,
}

/// All of it.
pub(super) const EVERYTHING: After = After { position: 0, recorded_at: i64::MIN };

impl Export {
    /// Writes the header, for a caller who then names the spaces one by one.
    ///
    /// # Errors
    /// The database failed.
    pub async fn start(&mut self, client: &impl GenericClient) -> Result<(), Fault> {
        self.begin(client).await
    }

    /// Begins a space: behind where it stood, or as a whole if that is no part of its log any more or if something else than
    /// writes has changed it since. Where it stands now; none: it is gone. Its lines come by [`Self::next_of_space`].
    ///
    /// # Errors
    /// The database failed.
    pub async fn enter(
        &mut self,
        client: &impl GenericClient,
        space: SpaceId,
        base: Option<&Base>,
    ) -> Result<Option<Base>, Fault> {
        let before = Uuid::from_u128(space.0.as_u128().saturating_sub(1));
        let rows = query(client, include_str!("../sql/log_copy/next_space.sql"), &[&before, &space.0]).await?;
        let Some(first) = rows.first() else { return Ok(None) };
        let now = Base {
            position: first.get("position"),
            hash: first.get("hash"),
            recorded_at: first.get("recorded_at"),
            repairs: first.get("repairs"),
        };
        let start = match base {
            Some(base) if goes_on(client, space, base, &now).await? => {
                After { position: base.position, recorded_at: base.recorded_at }
            }
            _ => EVERYTHING,
        };
        self.head(space, &rows, start);
        Ok(Some(now))
    }

    /// The next lines of the space that was begun; none after its last.
    ///
    /// # Errors
    /// The database failed.
    pub async fn next_of_space(&mut self, client: &impl GenericClient) -> Result<Option<String>, Fault> {
        while !matches!(self.place, Place::Spaces { .. }) && self.writer.bytes() < BLOCK_BYTES {
            self.step(client).await?;
        }
        Ok(Some(self.writer.take()).filter(|lines| !lines.is_empty()))
    }

    /// All spaces were named: what follows comes by [`Self::next`].
    pub fn leave_spaces(&mut self) {
        self.place = Place::Accounts { after: None };
    }
}

/// Whether a space is what it was, with more behind it.
async fn goes_on(client: &impl GenericClient, space: SpaceId, base: &Base, now: &Base) -> Result<bool, Fault> {
    if base.repairs != now.repairs || base.position > now.position {
        return Ok(false);
    }
    if base.position == 0 {
        // Receipts of what was refused before the first event: whoever has that event has them whole.
        return Ok(false);
    }
    if base.position == now.position {
        return Ok(base.hash == now.hash);
    }
    let rows = query(client, include_str!("../sql/log_copy/hash_at.sql"), &[&space.0, &base.position]).await?;
    Ok(rows.first().is_some_and(|row| row.get::<_, &[u8]>("hash") == base.hash))
}
