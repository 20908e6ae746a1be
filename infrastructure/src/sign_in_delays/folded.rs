//! The spelling under which an e-mail address is counted.

/// All spellings that the database could take for the same address become one. Letter by letter and to one letter each,
/// as the database does it: of whole words Rust would look at the end, and of some letters make two.
pub(super) fn folded(email: &str) -> String {
    email.chars().filter_map(|letter| letter.to_lowercase().next()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_spelling_of_an_address_is_counted_by_itself() {
        for (one, other) in [
            ("ADA@Example.test", "ada@example.test"),
            ("\u{130}da@example.test", "ida@example.test"),
            ("A\u{3a3}@example.test", "a\u{3c3}@example.test"),
            ("\u{212a}im@example.test", "kim@example.test"),
        ] {
            assert_eq!(folded(one), folded(other), "{one}");
        }
    }
}
