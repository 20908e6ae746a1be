//! The hashes of the old system, made by bcryptjs with cost 10. They are checked until their password is given once.

use application::fault::Fault;

/// The versions that bcryptjs and its relatives write.
const PREFIXES: [&str; 3] = ["$2a$", "$2b$", "$2y$"];
/// Four doublings above what the old system made: about a second. A hash that costs more would hold a core for hours.
const COST_MAX: u32 = 14;

/// Whether this is such a hash.
pub(super) fn is_hash(stored: &str) -> bool {
    PREFIXES.iter().any(|prefix| stored.starts_with(prefix))
}

/// Whether the password made this hash. Bytes of the password beyond the 72nd do not count, as they did not when the
/// hash was made.
pub(super) fn verify(password: &str, stored: &str) -> Result<bool, Fault> {
    // The reason quotes the hash, so it is not told.
    let unreadable = || Fault::Refused("a stored password hash: no bcrypt that can be checked".to_owned());
    let parts: bcrypt::HashParts = stored.parse().map_err(|_| unreadable())?;
    if parts.get_cost() > COST_MAX {
        return Err(unreadable());
    }
    bcrypt::verify(password, stored).map_err(|_| unreadable())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by bcryptjs 2.4.
    const MADE: [(&str, &str); 2] = [
        ("correct horse battery", "$2a$10$0dPv9YYVYHWB/rYvQH33b.n4gObxjRVhuNokpP/9dmAef30Tsva.a"),
        ("Grüße 用户 ☕", "$2a$10$J8KVtErvQ521aiIszR.XNeL7k7DwV4/p/do5ATrJtRzN7HnYSB9pK"),
    ];
    /// Made by bcryptjs 2.4 of eighty times the letter a.
    const LONG: &str = "$2a$04$zZjT.iE15098uPIOVRUFROuNXL.b/94O0HfkpUZb3wVxqEN.qtxVy";

    #[test]
    fn a_hash_of_the_old_system_knows_its_password_under_each_version() {
        for (password, hash) in MADE {
            for version in ["$2a$", "$2b$", "$2y$"] {
                let hash = hash.replace("$2a$", version);
                assert!(is_hash(&hash));
                assert!(verify(password, &hash).unwrap(), "{hash}");
                assert!(!verify("wrong horse", &hash).unwrap(), "{hash}");
            }
        }
    }

    #[test]
    fn only_the_first_72_bytes_of_a_password_count() {
        assert!(verify(&"a".repeat(80), LONG).unwrap());
        assert!(verify(&"a".repeat(72), LONG).unwrap());
        assert!(!verify(&"a".repeat(71), LONG).unwrap());
    }

    #[test]
    fn a_damaged_or_monstrous_hash_is_a_fault_that_does_not_quote_it() {
        for hash in ["$2a$10$short", "$2a$31$0dPv9YYVYHWB/rYvQH33b.n4gObxjRVhuNokpP/9dmAef30Tsva.a", "$2b$xx$y"] {
            let fault = verify("x", hash).unwrap_err().to_string();
            assert!(!fault.contains("$2"), "{fault}");
        }
    }
}
