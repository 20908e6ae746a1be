//! The `order` of milestones, which is a place: 0 is the first of its goal. A milestone gets a rank between its neighbours
//! there; where they leave none, those behind make room.

use domain::entity::text::default_rank;
use domain::id::EntityId;
use infrastructure::postgres::legacy::LegacySiblings;

use super::between::between;

/// The rank at a place.
#[derive(Debug, PartialEq, Eq)]
pub struct Placed {
    /// It.
    pub rank: String,
    /// Others that get another rank, so that there is one.
    pub moved: Vec<(EntityId, String)>,
}

/// The rank of the place between these siblings, now (Unix ms). `None`: none is left, whoever makes room.
pub fn placed(siblings: &LegacySiblings, now_ms: i64) -> Option<Placed> {
    let LegacySiblings { before, behind, is_all } = siblings;
    let before = before.as_deref();
    if behind.is_empty() {
        // What is created later follows.
        let last = default_rank(now_ms);
        if before.is_none_or(|before| before < last.as_str()) {
            return Some(Placed { rank: last, moved: Vec::new() });
        }
    }
    (0..=behind.len()).find_map(|making_room| {
        let upper = behind.get(making_room).map(|(_, rank)| rank.as_str());
        // Somebody may stand behind the last that was read.
        if upper.is_none() && !is_all {
            return None;
        }
        let mut ranks = between(before, upper, making_room + 1)?.into_iter();
        let rank = ranks.next()?;
        Some(Placed { rank, moved: behind.iter().map(|(id, _)| *id).zip(ranks).collect() })
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NOW: i64 = 1_792_857_600_000;

    fn id(number: u128) -> EntityId {
        EntityId(Uuid::from_u128(number))
    }

    fn siblings(before: Option<&str>, behind: &[&str]) -> LegacySiblings {
        let behind = (1..).map(id).zip(behind.iter().map(|rank| (*rank).to_owned())).collect();
        LegacySiblings { before: before.map(str::to_owned), behind, is_all: true }
    }

    #[test]
    fn between_two_nobody_else_moves() {
        let Placed { rank, moved } = placed(&siblings(Some("a000000"), &["a000001", "z0Ux9aB2c"]), NOW).unwrap();
        assert!(rank.as_str() > "a000000" && rank.as_str() < "a000001" && moved.is_empty(), "{rank} {moved:?}");
        let first = placed(&siblings(None, &["a000000"]), NOW).unwrap();
        assert!(first.rank.as_str() < "a000000" && first.moved.is_empty());
    }

    #[test]
    fn at_the_end_it_stands_where_something_new_would() {
        let earlier = default_rank(NOW - 1);
        for before in [None, Some("a000001"), Some(earlier.as_str())] {
            assert_eq!(placed(&siblings(before, &[]), NOW).unwrap().rank, default_rank(NOW));
        }
        let rank = placed(&siblings(Some("zz"), &[]), NOW).unwrap().rank;
        assert!(rank.as_str() > "zz", "{rank}");
    }

    #[test]
    fn those_with_the_same_rank_make_room() {
        let crowd = siblings(Some("a000000"), &["a000000", "a000000", "b"]);
        let Placed { rank, moved } = placed(&crowd, NOW).unwrap();
        let ids: Vec<EntityId> = moved.iter().map(|(id, _)| *id).collect();
        assert_eq!(ids, [id(1), id(2)]);
        assert!("a000000" < rank.as_str() && rank < moved[0].1 && moved[0].1 < moved[1].1 && moved[1].1.as_str() < "b");
        // Of those behind the last that was read nothing is known.
        let cut = LegacySiblings { is_all: false, ..siblings(Some("a"), &["a", "a"]) };
        assert_eq!(placed(&cut, NOW), None);
    }
}
