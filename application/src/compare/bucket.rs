//! Buckets: the entities of one kind whose ids end in the same hexadecimal digits. The last digits are random in every
//! version of id, where the first ones of a time-ordered id are not; so sixteen buckets are about equally full.

use domain::entity::Kind;
use domain::id::EntityId;

/// Digits of an id.
pub(super) const DIGITS_MAX: usize = 32;

/// The last digits of ids, in lower case; none of them is every id.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Suffix(String);

/// Entities of one kind whose ids end alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket {
    /// Of which kind.
    pub kind: Kind,
    /// How their ids end.
    pub suffix: Suffix,
}

impl Suffix {
    /// Reads one; `None` if it is none.
    pub fn read(text: &str) -> Option<Self> {
        let is_one = text.len() <= DIGITS_MAX && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_one.then(|| Self(text.to_owned()))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// How many.
    pub fn digits(&self) -> usize {
        self.0.len()
    }

    /// Whether an id ends so.
    pub fn ends(&self, id: EntityId) -> bool {
        id.0.simple().to_string().ends_with(&self.0)
    }
}
