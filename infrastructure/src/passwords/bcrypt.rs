//! The hashes of the old system, made by bcryptjs with cost 10. They are checked until their password is given once.

/// The versions that bcryptjs and its relatives write.
const PREFIXES: [&str; 3] = ["$2a$", "$2b$", "$2y$"];
/// Four doublings above what the old system made: about a second. A hash that costs more would hold a core for hours.
const COST_MAX: u32 = 14;

/// Whether this is such a hash.
pub(super) fn is_hash(stored: &str) -> bool {
    PREFIXES.iter().any(|prefix| stored.starts_with(prefix))
}

/// Whether the password made this hash; `None` when it is no hash that can be checked. Bytes of the password beyond the
/// 72nd do not count, as they did not when the hash was made.
pub(super) fn verify(password: &str, stored: &str) -> Option<bool> {
    let parts: bcrypt::HashParts = stored.parse().ok()?;
    if parts.get_cost() > COST_MAX {
        return None;
    }
    bcrypt::verify(password, stored).ok()
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
                assert_eq!(verify(password, &hash), Some(true), "{hash}");
                assert_eq!(verify("wrong horse", &hash), Some(false), "{hash}");
            }
        }
    }

    #[test]
    fn only_the_first_72_bytes_of_a_password_count() {
        assert_eq!(verify(&"a".repeat(80), LONG), Some(true));
        assert_eq!(verify(&"a".repeat(72), LONG), Some(true));
        assert_eq!(verify(&"a".repeat(71), LONG), Some(false));
    }

    #[test]
    fn a_damaged_or_monstrous_hash_is_none() {
        for hash in ["$2a$10$short", "$2a$31$0dPv9YYVYHWB/rYvQH33b.n4gObxjRVhuNokpP/9dmAef30Tsva.a", "$2b$xx$y"] {
            assert_eq!(verify("x", hash), None);
        }
    }
}
