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

/// What a registration says of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamesAsked {
    /// Both have to be there.
    Needed(PersonNames),
    /// Either may be.
    Welcome(PersonNames),
}

impl Default for NamesAsked {
    /// Nobody asked.
    fn default() -> Self {
        Self::Welcome(PersonNames::default())
    }
}

impl NamesAsked {
    /// The names as they are stored: without control characters and the spaces around them, and cut where they are too
    /// long. Blank ones that are needed are added to `refused`.
    pub(in crate::identity) fn checked(self, refused: &mut Vec<FieldRefusal>) -> PersonNames {
        let (Self::Needed(said) | Self::Welcome(said)) = &self;
        let names = PersonNames { first: cleaned(&said.first), last: cleaned(&said.last) };
        if matches!(self, Self::Needed(_)) {
            let all = [(&names.first, FieldRefusal::FirstName), (&names.last, FieldRefusal::LastName)];
            refused.extend(all.into_iter().filter(|(name, _)| name.is_empty()).map(|(_, field)| field));
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
        let names = PersonNames { first: " A\0da\n ".to_owned(), last: "é".repeat(500) };
        let names = NamesAsked::Needed(names).checked(&mut refused);
        assert_eq!((names.first.as_str(), names.last.chars().count()), ("Ada", PERSON_NAME_CHARS_MAX));
        assert!(refused.is_empty());
        let blank = PersonNames { first: " \0 ".to_owned(), last: String::new() };
        assert_eq!(NamesAsked::Needed(blank).checked(&mut refused), PersonNames::default());
        assert_eq!(refused, [FieldRefusal::FirstName, FieldRefusal::LastName]);
    }

    #[test]
    fn where_names_are_only_welcome_one_of_them_is_kept_alone() {
        let mut refused = Vec::new();
        let one = PersonNames { first: " ".to_owned(), last: " Lovelace".to_owned() };
        let names = NamesAsked::Welcome(one).checked(&mut refused);
        assert_eq!((names.first.as_str(), names.last.as_str()), ("", "Lovelace"));
        assert!(refused.is_empty());
    }
}
