//! The order in which entities are created: what is referred to comes first.

use std::collections::BTreeMap;
use std::hash::Hash;

/// Orders names so that each follows the ones it names; among equals, in the order given. `None`: they go in a circle.
pub(crate) fn followers<T: Copy + Eq + Hash + Ord>(all: &[(T, Vec<T>)]) -> Option<Vec<T>> {
    let index: BTreeMap<T, usize> = all.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
    let mut waits_for = vec![0_usize; all.len()];
    let mut followed_by: Vec<Vec<usize>> = vec![Vec::new(); all.len()];
    for (at, (_, upward)) in all.iter().enumerate() {
        for above in upward.iter().filter_map(|name| index.get(name)) {
            waits_for[at] += 1;
            followed_by[*above].push(at);
        }
    }
    let mut ready: std::collections::VecDeque<usize> = (0..all.len()).filter(|at| waits_for[*at] == 0).collect();
    let mut ordered = Vec::with_capacity(all.len());
    while let Some(at) = ready.pop_front() {
        ordered.push(all[at].0);
        for next in &followed_by[at] {
            waits_for[*next] -= 1;
            if waits_for[*next] == 0 {
                ready.push_back(*next);
            }
        }
    }
    (ordered.len() == all.len()).then_some(ordered)
}

#[cfg(test)]
mod tests {
    use super::followers;

    #[test]
    fn what_is_named_comes_first_and_the_rest_keeps_its_order() {
        let all = [(1, vec![3]), (2, vec![]), (3, vec![9]), (4, vec![1, 2])];
        assert_eq!(followers(&all), Some(vec![2, 3, 1, 4]));
    }

    #[test]
    fn a_circle_has_no_order() {
        assert_eq!(followers(&[(1, vec![2]), (2, vec![3]), (3, vec![1]), (4, vec![])]), None);
        assert_eq!(followers(&[(1, vec![1])]), None);
    }
}
