//! Password hashing: argon2id on threads that stand back for everything else, bounded in how many run and how many wait.
//! Hashes of the old system (bcrypt) are checked and never made.

mod argon2id;
mod bcrypt;

use std::sync::Arc;

use application::fault::Fault;
use application::identity::{Failure, PasswordHash, Secret};
use metrics::counter;
use tokio::sync::{Semaphore, oneshot};

use crate::clock;
use crate::metric_names::PASSWORD_HASHES_TOTAL;
use crate::quiet_threads::QuietThreads;

/// Bytes of a salt.
const SALT_BYTES: usize = 16;
/// Hashes that run or wait; the next one is told that the server is busy. At 30 ms each this is about two seconds.
const HASHES_WAITING_MAX: usize = 64;
/// When to try again after that, without jitter.
const RETRY_MS: u64 = 1_000;

/// A hash of no password, with the parameters above: what a login without an account is checked against, so that it
/// takes as long as one with an account.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdCE$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// The password hash of this server. Clones share their bounds.
#[derive(Clone)]
pub struct Passwords {
    /// One permit per hash that runs or waits.
    places: Arc<Semaphore>,
    /// What runs them.
    threads: QuietThreads,
}

impl Passwords {
    /// Runs as many hashes at once as `threads` says, else on half of the machine's cores; they stand back by `niceness`.
    pub fn new(threads: Option<usize>, niceness: u8) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = QuietThreads::start("hash", threads.unwrap_or(cores / 2), niceness);
        Self { places: Arc::new(Semaphore::new(HASHES_WAITING_MAX)), threads }
    }

    /// Runs `work` when it is its turn.
    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Failure> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(busy());
        };
        let (answer, answered) = oneshot::channel();
        let run = move || {
            // The place goes with the work: a caller who hangs up makes no room for another before it is done. One who
            // hung up before it began needs no answer.
            let _place = place;
            if !answer.is_closed() {
                drop(answer.send(work()));
                counter!(PASSWORD_HASHES_TOTAL, "outcome" => "done").increment(1);
            }
        };
        self.threads.give(run).map_err(stopped)?;
        answered.await.map_err(stopped)?.map_err(Failure::from)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new(None, 0)
    }
}

impl PasswordHash for Passwords {
    fn has_room(&self) -> Result<(), Failure> {
        match self.places.available_permits() {
            0 => Err(busy()),
            _ => Ok(()),
        }
    }

    async fn hash(&self, password: Secret) -> Result<String, Failure> {
        let salt = clock::random_bytes::<SALT_BYTES>();
        self.in_turn(move || argon2id::make(password.reveal(), &salt)).await
    }

    async fn verify(&self, password: Secret, stored: Option<String>) -> Result<bool, Failure> {
        self.in_turn(move || {
            let hash = stored.as_deref().unwrap_or(NOBODY);
            let same = if bcrypt::is_hash(hash) {
                bcrypt::verify(password.reveal(), hash)
            } else {
                argon2id::verify(password.reveal(), hash)?
            };
            if let Some(same) = same {
                return Ok(same && stored.is_some());
            }
            // To the caller this is a wrong password like any, as long as it takes.
            tracing::error!("a stored password hash cannot be read; its account has to set a new password");
            argon2id::verify(password.reveal(), NOBODY).map(|_| false)
        })
        .await
    }

    fn is_current(&self, stored: &str) -> bool {
        argon2id::is_current(stored)
    }
}

fn busy() -> Failure {
    counter!(PASSWORD_HASHES_TOTAL, "outcome" => "busy").increment(1);
    Failure::Busy { retry_after_ms: RETRY_MS }
}

fn stopped(error: impl std::fmt::Display) -> Fault {
    Fault::Refused(format!("password hashing stopped: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_and_no_other_is() {
        let passwords = Passwords::default();
        let hash = passwords.hash(Secret::new("correct horse")).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(passwords.verify(Secret::new("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(Secret::new("wrong horse"), Some(hash)).await.unwrap());
        assert!(!passwords.verify(Secret::new("correct horse"), None).await.unwrap());
    }

    #[tokio::test]
    async fn only_hashes_that_new_ones_are_made_like_are_current() {
        let passwords = Passwords::default();
        assert!(passwords.is_current(&passwords.hash(Secret::new("correct horse")).await.unwrap()));
        assert!(!passwords.is_current("$2a$10$0dPv9YYVYHWB/rYvQH33b.n4gObxjRVhuNokpP/9dmAef30Tsva.a"));
        assert!(!passwords.is_current("$argon2id$v=19$m=4096,t=3,p=1$c2FsdHNhbHQ$AAAA"));
    }

    #[test]
    fn the_hash_of_nobody_is_checked_in_the_very_same_way_as_a_real_one() {
        assert!(argon2id::of_ours(NOBODY).is_some());
    }

    #[tokio::test]
    async fn when_too_many_wait_the_next_is_told_so() {
        let passwords = Passwords::default();
        let all = Arc::clone(&passwords.places).acquire_many_owned(HASHES_WAITING_MAX as u32).await.unwrap();
        assert!(matches!(passwords.hash(Secret::new("x")).await, Err(Failure::Busy { .. })));
        drop(all);
        passwords.hash(Secret::new("x")).await.unwrap();
    }
}
