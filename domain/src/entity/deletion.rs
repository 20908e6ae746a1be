//! Deleting and restoring: one stamped register of the entity itself, and the fate of what it belongs to beside it.

use super::context::Context;
use super::core::Core;
use super::fields::Fields;
use super::lifecycle::{Deleted, Lifecycle, Reaffirmed, Restored};
use super::meta::{Gone, Register, wins};
use super::recorded::Decision;
use crate::limits::SPACE_LIVE_ENTITIES_MAX;
use crate::rejection::Rejection;

impl<F: Fields> Core<F> {
    pub(super) fn delete(&self, context: &Context) -> Result<Decision<Lifecycle<F>>, Rejection> {
        if !self.meta.exists() {
            return Err(Rejection::NotFound);
        }
        if !wins(self.meta.deletion().as_ref(), context.stamp(), &context.seen) {
            return Ok(Decision::superseded());
        }
        if self.meta.is_deleted_itself() {
            return Ok(Decision::unchanged(Some(reaffirmed(Register::Deletion, context))));
        }
        let took = context.referrers.iter().map(|referrer| referrer.took.clone()).collect();
        let base = context.seen.base;
        Ok(Decision::applied(Lifecycle::Deleted(Deleted { moment: context.moment, took, base, gone: None })))
    }

    pub(super) fn restore(&self, context: &Context) -> Result<Decision<Lifecycle<F>>, Rejection> {
        if !self.meta.exists() {
            return Err(Rejection::NotFound);
        }
        if !wins(self.meta.deletion().as_ref(), context.stamp(), &context.seen) {
            return Ok(Decision::superseded());
        }
        if !self.meta.is_deleted_itself() {
            return Ok(Decision::unchanged(Some(reaffirmed(Register::Deletion, context))));
        }
        if context.live_entities >= SPACE_LIVE_ENTITIES_MAX {
            return Err(Rejection::SpaceFull { max: SPACE_LIVE_ENTITIES_MAX });
        }
        let restored = self.restored(false, context);
        Ok(if restored.stays_deleted {
            Decision::merged(Lifecycle::Restored(restored))
        } else {
            Decision::applied(Lifecycle::Restored(restored))
        })
    }

    /// What it belongs to was deleted: it goes along, deleted itself or not.
    pub(super) fn follow(&self, gone: Option<Gone>, context: &Context) -> Decision<Lifecycle<F>> {
        let gone = gone.unwrap_or(Gone { written: context.mark.written(), moment: context.moment });
        let (moment, base) = (context.moment, context.seen.base);
        Decision::applied(Lifecycle::Deleted(Deleted { moment, took: Vec::new(), base, gone: Some(gone) }))
    }

    /// What it belongs to is back.
    pub(super) fn come_back(&self, context: &Context) -> Decision<Lifecycle<F>> {
        if self.meta.stamps.gone.is_none() {
            return Decision::unchanged(None);
        }
        Decision::applied(Lifecycle::Restored(self.restored(true, context)))
    }

    fn restored(&self, returned: bool, context: &Context) -> Restored {
        let stays_deleted = if returned { self.meta.is_deleted_itself() } else { self.meta.stamps.gone.is_some() };
        let took = if returned { Vec::new() } else { self.meta.taken.clone() };
        Restored { moment: context.moment, took, base: context.seen.base, returned, stays_deleted }
    }
}

/// A register is written with the state that it has.
pub fn reaffirmed<F>(register: Register, context: &Context) -> Lifecycle<F> {
    Lifecycle::Reaffirmed(Reaffirmed { register, moment: context.moment, base: context.seen.base })
}
