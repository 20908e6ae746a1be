//! What a person is called, as clients of API v1 ask at registration. The hero has a name of its own.

use super::failure::FieldRefusal;
use super::limits::PERSON_NAME_CHARS_MAX;

/// What a person is called; both are empty where nobody asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonNames {
    /// The first name.
    pub first: String,
    /// The last name.
    pub last: String,
}

impl PersonNames {
    /// The names as they are stored: without control characters and the spaces around them, and cut where they are too
    /// long. Blank ones are added to `refused`.
    pub(in crate::identity) fn checked(self, refused: &mut Vec<FieldRefusal>) -> Self {
        let names = Self { first: cleaned(&self.first), last: cleaned(&self.last) };
        if names.first.is_empty() {
            refused.push(FieldRefusal::FirstName);
        }
        if names.last.is_empty() {
            refused.push(FieldRefusal::LastName);
        }
        names
    }
}

fn cleaned(name: &str) -> String {
    let kept: String = name.trim().chars().filter(|c| !c.is_control()).take(PERSON_NAME_CHARS_MAX).collect();
    kept.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cleaned_and_cut_and_blank_ones_refused() {
        let mut refused = Vec::new();
        let names = PersonNames { first: " A\0da\n ".to_owned(), last: "é".repeat(500) }.checked(&mut refused);
        assert_eq!((names.first.as_str(), names.last.chars().count()), ("Ada", PERSON_NAME_CHARS_MAX));
        assert!(refused.is_empty());
        PersonNames { first: " \0 ".to_owned(), last: String::new() }.checked(&mut refused);
        assert_eq!(refused, [FieldRefusal::FirstName, FieldRefusal::LastName]);
    }
}
