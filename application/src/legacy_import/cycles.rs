//! Parents that go in a circle, or further up than a chain may: the link that closes it is cut.

use std::collections::{BTreeMap, BTreeSet};

/// A chain is cut here, far below what the rules allow.
const DEPTH_MAX: usize = 500;

/// Which of these have to lose their parent.
pub(super) fn to_cut(parents: &BTreeMap<i64, i64>) -> BTreeSet<i64> {
    let mut cut = BTreeSet::new();
    // How far up each stands, once that is known.
    let mut depths: BTreeMap<i64, usize> = BTreeMap::new();
    for start in parents.keys() {
        let (mut chain, mut on_chain, mut at) = (Vec::new(), BTreeSet::new(), *start);
        // Upwards, as long as nothing is known of what comes.
        while !depths.contains_key(&at) && on_chain.insert(at) {
            chain.push(at);
            match parents.get(&at).filter(|_| !cut.contains(&at)) {
                Some(parent) => at = *parent,
                None => break,
            }
        }
        let closes = chain.last().is_some_and(|last| parents.get(last).is_some_and(|up| on_chain.contains(up)));
        if let (true, Some(last)) = (closes, chain.last()) {
            cut.insert(*last);
        }
        for link in chain.iter().rev() {
            let above = parents.get(link).filter(|_| !cut.contains(link)).and_then(|up| depths.get(up)).copied();
            let mut depth = above.map_or(0, |above| above + 1);
            if depth > DEPTH_MAX {
                cut.insert(*link);
                depth = 0;
            }
            depths.insert(*link, depth);
        }
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(parents: &[(i64, i64)]) -> Vec<i64> {
        to_cut(&parents.iter().copied().collect()).into_iter().collect()
    }

    #[test]
    fn a_circle_is_cut_once_and_what_hangs_on_it_stays() {
        assert_eq!(cut(&[(1, 2), (2, 3)]), Vec::<i64>::new());
        assert_eq!(cut(&[(1, 1)]), [1]);
        assert_eq!(cut(&[(1, 2), (2, 3), (3, 1), (4, 1)]).len(), 1);
        assert_eq!(cut(&[(0, 2), (2, 3), (3, 2)]), [3]);
    }

    #[test]
    fn a_chain_that_is_too_long_is_cut_too() {
        let chain: Vec<(i64, i64)> = (1..1_200).map(|link| (link, link + 1)).collect();
        assert_eq!(cut(&chain).len(), 2);
    }
}
