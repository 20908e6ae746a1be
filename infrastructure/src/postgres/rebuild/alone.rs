//! One space, at once, in tables of the session's own: for a reader who must not see rows of an older fold. It needs no
//! rebuild, and minds none that runs.

use application::fault::Fault;
use application::rebuild::Projections;
use deadpool_postgres::Pool;
use domain::id::SpaceId;

use super::folds;
use super::place::Place;
use super::queue::is_gone;
use super::refold::{Pass, Reached, Refold};
use super::session::Session;
use super::shadows::Shadows;

/// A connection that puts right one space after another.
pub(crate) struct Healer {
    session: Session,
    shadows: Shadows,
}

impl Healer {
    /// With a connection of its own.
    pub(crate) async fn open(pool: &Pool) -> Result<Self, Fault> {
        let session = Session::open(pool).await?;
        let shadows = Shadows::create(&*session, Place::Session).await?;
        Ok(Self { session, shadows })
    }

    /// Folds a space and switches what differs; whether its rows are what the program's folds make of the log. They are not
    /// when the log is damaged.
    pub(crate) async fn heal(&mut self, space: SpaceId) -> Result<bool, Fault> {
        let mut refold = Refold::new(space, &self.shadows).without_receipts();
        let mut reached = Some(Reached::default());
        while let Some(from) = reached.take() {
            // It is read again when something else than a write has changed the space.
            while !refold.is_folded() {
                refold.read_on(&*self.session).await?;
            }
            if !refold.audit.is_sound() {
                break;
            }
            let looked = refold.pass(&mut self.session, &from, Pass::Look).await?;
            reached = match looked.differences.is_empty() {
                true => looked.next,
                false => refold.pass(&mut self.session, &from, Pass::Switch).await?.next,
            };
        }
        let is_sound = refold.audit.is_sound();
        self.shadows.clear(&*self.session, space).await?;
        if is_sound {
            folds::built(&*self.session, space, &Projections::all(), true).await?;
        }
        Ok(is_sound || is_gone(&self.session, space).await?)
    }
}
