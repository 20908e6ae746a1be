//! Which space each connection writes to.

use super::Shape;

/// Spaces that share the connections by Zipf's law.
const ZIPF_SPACES: usize = 64;
/// Hot spaces, a fresh one each round so that none is ever full, are numbered from here.
const HOT_FROM: usize = 100_000;

/// The space of each connection, by number. `round` tells rounds apart.
#[must_use]
pub fn seats(shape: Shape, connections: usize, round: usize) -> Vec<usize> {
    match shape {
        Shape::Hot => vec![HOT_FROM + round; connections],
        Shape::Zipf => zipf(connections),
        _ => (0..connections).collect(),
    }
}

/// Connections in proportion to 1/rank, rounded as Sainte-Laguë does: each next one goes to the space that has least for its
/// rank.
fn zipf(connections: usize) -> Vec<usize> {
    let mut counts = [0_usize; ZIPF_SPACES];
    let mut seats = Vec::with_capacity(connections);
    for _ in 0..connections {
        let share = |space: usize| (2 * counts[space] + 1) * (space + 1);
        let next = (0..ZIPF_SPACES).min_by_key(|space| share(*space)).unwrap_or_default();
        counts[next] += 1;
        seats.push(next);
    }
    seats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_zipf_the_first_space_has_twice_as_many_as_the_second() {
        let seats = zipf(64);
        let count = |space: usize| seats.iter().filter(|seat| **seat == space).count();
        assert!((13..=18).contains(&count(0)) && (6..=9).contains(&count(1)), "{seats:?}");
        assert!((0..10).all(|space| count(space) >= count(space + 1)), "{seats:?}");
    }

    #[test]
    fn a_hot_space_is_everybodys_and_fresh_each_round() {
        let [first, second] = [1, 2].map(|round| seats(Shape::Hot, 3, round));
        assert!(first.iter().all(|seat| *seat == first[0]) && first[0] != second[0]);
        assert_eq!(seats(Shape::Single, 3, 1), [0, 1, 2]);
    }
}
