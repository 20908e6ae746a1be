//! Flags: switches that clients are told, on for some accounts and not for others, always the same ones.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use crate::id::AccountId;

/// Characters of a flag's name.
pub const FLAG_NAME_CHARS_MAX: usize = 64;
/// Characters of a flag's description.
pub const FLAG_DESCRIPTION_CHARS_MAX: usize = 500;
/// Accounts that a flag names on each of its lists.
pub const FLAG_ACCOUNTS_MAX: usize = 1_000;
/// Flags at most.
pub const FLAGS_MAX: usize = 500;

/// What decides for whom a flag is on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flag {
    /// Its name.
    pub name: String,
    /// Off, it is off for everybody.
    pub is_on: bool,
    /// Of a hundred accounts so many, 0 to 100.
    pub percentage: u8,
    /// Accounts for which it is on whatever the percentage.
    pub allowed: BTreeSet<AccountId>,
    /// Accounts for which it is off whatever else.
    pub denied: BTreeSet<AccountId>,
}

impl Flag {
    /// Whether it is on for an account.
    pub fn is_on_for(&self, account: AccountId) -> bool {
        if !self.is_on || self.denied.contains(&account) {
            return false;
        }
        self.allowed.contains(&account) || place(&self.name, account) < u64::from(self.percentage)
    }

    /// Whether it is on for every account there is and will be.
    pub fn is_on_for_everybody(&self) -> bool {
        self.is_on && self.percentage >= 100 && self.denied.is_empty()
    }
}

/// Where an account stands among a hundred, for one flag. It never moves, so a greater percentage only adds accounts; by
/// another name it stands elsewhere, so that not always the same accounts come first.
fn place(name: &str, account: AccountId) -> u64 {
    let hash =
        Sha256::new().chain_update(name.as_bytes()).chain_update([0]).chain_update(account.0.as_bytes()).finalize();
    hash.iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte)) % 100
}

/// Whether this can be a flag's name: letters, digits, `.`, `_` and `-`, and begins with a letter.
pub fn is_flag_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"._-".contains(&byte);
    name.len() <= FLAG_NAME_CHARS_MAX
        && name.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
        && name.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn flag(name: &str, percentage: u8) -> Flag {
        Flag { name: name.to_owned(), is_on: true, percentage, ..Flag::default() }
    }

    fn account(number: u128) -> AccountId {
        AccountId(Uuid::from_u128(number))
    }

    proptest! {
        #[test]
        fn a_greater_percentage_only_adds_accounts(id: u128, name in "[a-z]{1,20}", low in 0..=100_u8, high in 0..=100_u8) {
            let (low, high) = (low.min(high), low.max(high));
            let (before, after) = (flag(&name, low).is_on_for(account(id)), flag(&name, high).is_on_for(account(id)));
            prop_assert!(!before || after);
        }

        #[test]
        fn nobody_has_it_at_nothing_everybody_at_a_hundred_and_nobody_when_it_is_off(id: u128, name in "[a-z]{1,20}") {
            prop_assert!(!flag(&name, 0).is_on_for(account(id)));
            prop_assert!(flag(&name, 100).is_on_for(account(id)));
            prop_assert!(flag(&name, 100).is_on_for_everybody() && !flag(&name, 99).is_on_for_everybody());
            let allowed = BTreeSet::from([account(id)]);
            let off = Flag { is_on: false, allowed, ..flag(&name, 100) };
            prop_assert!(!off.is_on_for(account(id)) && !off.is_on_for_everybody());
        }

        #[test]
        fn lists_go_before_the_percentage_and_denying_before_allowing(id: u128, percentage in 0..=100_u8) {
            let listed = BTreeSet::from([account(id)]);
            let allowing = Flag { allowed: listed.clone(), ..flag("x", percentage) };
            prop_assert!(allowing.is_on_for(account(id)));
            let denying = Flag { denied: listed, ..allowing };
            prop_assert!(!denying.is_on_for(account(id)));
            prop_assert!(!denying.is_on_for_everybody());
        }
    }

    #[test]
    fn a_percentage_is_about_that_part_of_the_accounts_and_another_flag_takes_others() {
        let on =
            |name: &str| (0..10_000).filter(|id| flag(name, 30).is_on_for(account(*id))).collect::<BTreeSet<u128>>();
        let (one, two) = (on("one"), on("two"));
        assert!((2_800..3_200).contains(&one.len()), "{}", one.len());
        assert!((700..1_100).contains(&one.intersection(&two).count()), "the same accounts come first");
    }

    #[test]
    fn an_account_keeps_its_place_for_ever() {
        assert_eq!(place("new-home", AccountId(Uuid::nil())), PLACE_OF_NOBODY);
    }

    /// Worked out by hand (`printf 'new-home\0' + 16 zero bytes | sha256sum`); another number would move every account.
    const PLACE_OF_NOBODY: u64 = 61;

    #[test]
    fn names_are_short_and_plain() {
        assert!(is_flag_name("new-home_2.1"));
        for name in ["", "New", "1st", "a b", "a/b", &"x".repeat(FLAG_NAME_CHARS_MAX + 1)] {
            assert!(!is_flag_name(name), "{name}");
        }
    }
}
