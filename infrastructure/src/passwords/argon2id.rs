//! argon2id with the parameters of this server.
//!
//! A hash fills 19 MiB. Taken from the allocator and given back each time, that is thousands of page faults and an unmapping
//! that stops every thread of the process; a flood of sign-ins made writers wait for it. So each hashing thread keeps its
//! memory.

use std::cell::RefCell;

use application::fault::Fault;
use argon2::{Algorithm, Argon2, Block, Params, PasswordHasher, PasswordVerifier, Version};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use subtle::ConstantTimeEq;

/// Memory of one hash: the OWASP Password Storage Cheat Sheet's first choice for argon2id, with [`PASSES`].
const MEMORY_KIB: u32 = 19 * 1_024;
/// Passes over that memory.
const PASSES: u32 = 2;
/// Lanes of one hash.
const LANES: u32 = 1;
/// Bytes of what comes out.
const OUTPUT_BYTES: usize = 32;

thread_local! {
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// A new hash in PHC form.
pub(super) fn make(password: &str, salt: &[u8]) -> Result<String, Fault> {
    let hashed = with_parameters()?.hash_password_with_salt(password.as_bytes(), salt);
    hashed.map(|hash| hash.to_string()).map_err(|error| Fault::Refused(format!("argon2id: {error}")))
}

/// Whether the password made this hash; `None` when it is no hash.
pub(super) fn verify(password: &str, hash: &str) -> Result<Option<bool>, Fault> {
    let argon2 = with_parameters()?;
    if let Some((salt, expected)) = of_ours(hash) {
        let mut found = [0; OUTPUT_BYTES];
        let done = MEMORY.with_borrow_mut(|memory| {
            memory.resize(argon2.params().block_count(), Block::default());
            argon2.hash_password_into_with_memory(password.as_bytes(), &salt, &mut found, memory)
        });
        return Ok(done.is_ok().then(|| found.ct_eq(&expected).into()));
    }
    Ok(match argon2.verify_password(password.as_bytes(), hash) {
        Ok(()) => Some(true),
        Err(argon2::password_hash::Error::PasswordInvalid) => Some(false),
        Err(_) => None,
    })
}

/// Whether a hash was made with the parameters of this server.
pub(super) fn is_current(hash: &str) -> bool {
    hash.starts_with(&prefix())
}

/// Salt and output of a hash that was made with the parameters of this server.
pub(super) fn of_ours(hash: &str) -> Option<(Vec<u8>, [u8; OUTPUT_BYTES])> {
    let (salt, output) = hash.strip_prefix(&prefix())?.split_once('$')?;
    let output = BASE64_STANDARD_NO_PAD.decode(output).ok()?;
    Some((BASE64_STANDARD_NO_PAD.decode(salt).ok()?, output.try_into().ok()?))
}

fn prefix() -> String {
    format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$")
}

fn with_parameters() -> Result<Argon2<'static>, Fault> {
    let parameters = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES));
    let parameters = parameters.map_err(|error| Fault::Refused(format!("argon2id parameters: {error}")))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_that_was_used_before_changes_nothing() {
        let hash = make("correct horse", &[7; 16]).unwrap();
        assert!(is_current(&hash));
        for (password, same) in [("correct horse", true), ("wrong horse", false), ("correct horse", true)] {
            assert_eq!(verify(password, &hash).unwrap(), Some(same));
        }
        let library = with_parameters().unwrap();
        assert!(library.verify_password(b"correct horse", hash.as_str()).is_ok(), "the library agrees");
    }

    #[test]
    fn hashes_with_other_parameters_are_checked_with_theirs() {
        let cheap = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(64, 1, 1, None).unwrap());
        let hash = cheap.hash_password_with_salt(b"correct horse", &[7; 16]).unwrap().to_string();
        assert!(!is_current(&hash));
        assert_eq!(verify("correct horse", &hash).unwrap(), Some(true));
        assert_eq!(verify("wrong horse", &hash).unwrap(), Some(false));
    }

    #[test]
    fn what_is_no_hash_is_none_and_a_damaged_one_opens_nothing() {
        let hash = make("x", &[7; 16]).unwrap();
        for bad in ["", "x", "$argon2id$", &format!("{}$$", prefix())] {
            assert_eq!(verify("x", bad).unwrap(), None, "{bad}");
        }
        for damaged in [&hash[..hash.len() - 1], &format!("{hash}A"), &hash.replace('$', "")] {
            assert_ne!(verify("x", damaged).unwrap(), Some(true), "{damaged}");
        }
    }
}
