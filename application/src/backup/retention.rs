//! What the next backup goes on from and when it is due, and which may go.

use uuid::Uuid;

use super::chain::{Known, chain};

/// How far clocks of nodes may be apart, ms.
const CLOCKS_APART_MS: i64 = 60_000;

/// The database as it is now, as far as an increment depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Present {
    /// The life of its logs.
    pub epoch: Uuid,
    /// The life before it.
    pub epoch_before: Option<Uuid>,
    /// Its schema.
    pub schema: i64,
}

/// What an increment may go on from; none: the next backup is a full one. A chain is of one life and one schema and has at
/// most `length_max` backups.
pub fn base(all: &[Known], present: Present, length_max: usize) -> Option<&Known> {
    let newest = newest(all)?;
    let is_of_now = newest.manifest.epoch == present.epoch && newest.manifest.schema == present.schema;
    let fits = chain(all, newest).is_ok_and(|links| links.len() < length_max);
    (is_of_now && fits).then_some(newest)
}

/// The newest, if it is of another database than this one: of this are the present life and the one that it followed, as after a
/// restore. What is backed up into such a folder would pass for the newest of the other, and push its chains out.
pub fn stranger(all: &[Known], present: Present) -> Option<&Known> {
    let lives = [Some(present.epoch), present.epoch_before];
    newest(all).filter(|newest| !lives.contains(&Some(newest.manifest.epoch)))
}

/// In how many ms the next one is due, when the newest was begun at a moment. A moment to come tells of a clock that was set,
/// not of an age: then it is due now.
pub fn due_in(newest_began_at: Option<i64>, every_ms: i64, now_ms: i64) -> u64 {
    let known = newest_began_at.filter(|began_at| *began_at <= now_ms.saturating_add(CLOCKS_APART_MS));
    known.map_or(0, |began_at| began_at.saturating_add(every_ms).saturating_sub(now_ms).max(0).unsigned_abs())
}

fn newest(all: &[Known]) -> Option<&Known> {
    all.iter().max_by(|one, other| one.name().cmp(other.name()))
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

    const NOW: Present = Present { epoch: Uuid::from_u128(1), epoch_before: None, schema: 19 };

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
    fn a_newest_of_neither_this_life_nor_the_one_before_is_a_stranger() {
        let all = [known(10, None)];
        let other = Uuid::from_u128(2);
        assert_eq!(stranger(&[], NOW), None);
        assert_eq!(stranger(&all, NOW), None);
        assert_eq!(stranger(&all, Present { epoch: other, epoch_before: Some(NOW.epoch), ..NOW }), None, "restored");
        assert_eq!(stranger(&all, Present { epoch: other, ..NOW }), Some(&all[0]));
        assert_eq!(stranger(&all, Present { epoch: other, epoch_before: Some(other), ..NOW }), Some(&all[0]));
    }

    #[test]
    fn the_next_is_due_when_the_newest_is_old_enough_or_of_no_age() {
        assert_eq!(due_in(None, 1_000, 5_000), 0);
        assert_eq!(due_in(Some(4_500), 1_000, 5_000), 500);
        assert_eq!(due_in(Some(4_000), 1_000, 5_000), 0);
        assert_eq!(due_in(Some(i64::MIN), 1_000, i64::MAX), 0);
        assert_eq!(due_in(Some(5_000 + CLOCKS_APART_MS), 1_000, 5_000), 61_000, "another node's clock is ahead");
        assert_eq!(due_in(Some(5_001 + CLOCKS_APART_MS), 1_000, 5_000), 0, "a clock was set back");
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
