//! How many bytes of bodies are held at once, by all requests together. What is counted is what has arrived, not what was
//! announced: who announces much and sends little takes little from others.

use std::sync::Arc;

use bytes::Bytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::problem::{Code, Problem};

/// When to send again, without jitter.
const RETRY_MS: u64 = 1_000;
const MIB: usize = 1024 * 1024;

/// Bytes that may be held. Clones share them.
#[derive(Clone, Debug)]
pub struct Budget(Arc<Semaphore>);

/// Bytes that are held; dropping it gives them back.
#[derive(Debug)]
pub struct Held {
    budget: Budget,
    permit: Option<OwnedSemaphorePermit>,
}

impl Budget {
    /// So many mebibytes.
    pub fn of_mib(mib: usize) -> Self {
        Self(Arc::new(Semaphore::new(mib.saturating_mul(MIB).min(Semaphore::MAX_PERMITS))))
    }

    /// Nothing yet.
    pub(super) fn hold(&self) -> Held {
        Held { budget: self.clone(), permit: None }
    }
}

impl Held {
    /// Holds more.
    ///
    /// # Errors
    /// `busy`: all bytes are held.
    pub(super) fn grow(&mut self, bytes: &Bytes) -> Result<(), Problem> {
        let more =
            u32::try_from(bytes.len()).ok().and_then(|more| self.budget.0.clone().try_acquire_many_owned(more).ok());
        let more = more.ok_or_else(|| {
            Problem::new(Code::Busy).detail("Too many bodies are on their way.").retry_after_ms(RETRY_MS)
        })?;
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            None => self.permit = Some(more),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_given_back_when_it_is_dropped() {
        let budget = Budget::of_mib(2);
        let mib = Bytes::from(vec![0; MIB]);
        let (mut one, mut other) = (budget.hold(), budget.hold());
        one.grow(&mib).unwrap();
        other.grow(&mib).unwrap();
        assert_eq!(other.grow(&Bytes::from_static(b"x")).unwrap_err().code(), "busy");
        drop(one);
        other.grow(&Bytes::from_static(b"x")).unwrap();
    }
}
