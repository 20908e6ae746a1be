//! What the next backup goes on from, and which may go.

use uuid::Uuid;

use super::chain::{Known, chain};

/// The database as it is now, as far as an increment depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present {
    /// The life of its logs.
    pub epoch: Uuid,
    /// Its schema.
    pub schema: i64,
}

/// What an increment may go on from; none: the next backup is a full one. A chain is of one life and one schema and has at
/// most `length_max` backups.
pub fn base(all: &[Known], present: Present, length_max: usize) -> Option<&Known> {
    let newest = all.iter().max_by(|one, other| one.name().cmp(other.name()))?;
    let is_of_now = newest.manifest.epoch == present.epoch && newest.manifest.schema == present.schema;
    let fits = chain(all, newest).is_ok_and(|links| links.len() < length_max);
    (is_of_now && fits).then_some(newest)
}

/// The names of the backups that may go when so many chains stay, in the order in which they have to: an increment before
/// what it goes on from. What belongs to no whole chain is left for a person to look at.
pub fn surplus(all: &[Known], keep: usize) -> Vec<String> {
    let mut full: Vec<&Known> = all.iter().filter(|one| one.manifest.parent.is_none()).collect();
    full.sort_by(|one, other| other.name().cmp(one.name()));
    let gone: Vec<&str> = full.iter().skip(keep.max(1)).map(|one| one.name()).collect();
    let begins_with = |one: &&Known| {
        chain(all, one).is_ok_and(|links| links.first().is_some_and(|first| gone.contains(&first.name())))
    };
    let mut names: Vec<String> = all.iter().filter(begins_with).map(|one| one.name().to_owned()).collect();
    names.sort_by(|one, other| other.cmp(one));
    names
}

#[cfg(test)]
mod tests {
    use super::super::chain::tests::known;
    use super::*;

    const NOW: Present = Present { epoch: Uuid::from_u128(1), schema: 19 };

    #[test]
    fn an_increment_goes_on_from_the_newest_until_the_chain_is_long_enough() {
        let full = known(10, None);
        let one = known(20, Some(&full));
        let all = [one.clone(), full];
        assert_eq!(base(&all, NOW, 3), Some(&one));
        assert_eq!(base(&all, NOW, 2), None, "the next one is full");
        assert_eq!(base(&all, Present { schema: 20, ..NOW }, 3), None, "another schema has other rows");
        assert_eq!(base(&all, Present { epoch: Uuid::from_u128(2), ..NOW }, 3), None, "another life has other logs");
        assert_eq!(base(&all[..1], NOW, 3), None, "its full one is lost");
        assert_eq!(base(&[], NOW, 3), None);
    }

    #[test]
    fn whole_chains_go_increments_first_and_never_what_a_kept_one_needs() {
        let (mut all, mut expected) = (Vec::new(), Vec::new());
        for start in [100, 200, 300] {
            let full = known(start, None);
            let one = known(start + 1, Some(&full));
            let two = known(start + 2, Some(&one));
            if start == 100 {
                expected = [&two, &one, &full].map(|gone| gone.name().to_owned()).to_vec();
            }
            all.extend([full, one, two]);
        }
        assert_eq!(surplus(&all, 2), expected);
        assert!(surplus(&all, 3).is_empty());
        assert_eq!(surplus(&all, 0).len(), 6, "the newest chain always stays");
        // An increment without its chain is nobody's to delete.
        let orphan = known(50, Some(&known(40, None)));
        all.push(orphan.clone());
        assert!(!surplus(&all, 1).contains(&orphan.name().to_owned()));
    }
}
