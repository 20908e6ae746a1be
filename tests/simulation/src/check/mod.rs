//! What must be so when everything is healed. Each check is made from outside: from what devices made and were told, from
//! their replicas, from the tables, and from the log, counted anew.

mod conflicts;
mod count;
mod energy;
mod log;
mod replicas;
mod stamps;
mod tables;
mod told;

use crate::store::Store;
use crate::world::{World, Wrong};

/// Checks everything; the fingerprint of the log.
pub(crate) async fn all<S: Store>(world: &World<'_, S>) -> Result<String, Wrong> {
    let store = &world.server.seam.store;
    let (space, restored) = (world.server.space, world.tally.of("restores") > 0);
    let tables = tables::read(store, space).await?;
    let logged = store.logged(space).await?;
    told::check(world, restored).await?;
    replicas::check(&world.devices, &tables)?;
    tables::references(&tables)?;
    conflicts::check(&tables)?;
    stamps::check(&logged, &world.made)?;
    count::check(&logged, &tables)?;
    log::check(space, logged, &tables)?;
    let hash: String = tables.head.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(format!("{}:{hash}", tables.head.position))
}
