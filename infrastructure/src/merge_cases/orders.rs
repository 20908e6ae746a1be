//! Every order of arrival that keeps each device's own.

/// All of them, as numbers of devices; `left` has the number of transactions of each.
pub fn interleavings(left: &[usize]) -> Vec<Vec<usize>> {
    if left.iter().all(|count| *count == 0) {
        return vec![Vec::new()];
    }
    let next = (0..left.len()).filter(|device| left[*device] > 0);
    next.flat_map(|device| {
        let mut rest = left.to_vec();
        rest[device] -= 1;
        interleavings(&rest).into_iter().map(move |tail| std::iter::once(device).chain(tail).collect())
    })
    .collect()
}

/// How many there are; `None` where that is beyond counting.
pub fn count(left: &[usize]) -> Option<usize> {
    let mut orders: usize = 1;
    let mut placed: usize = 0;
    for transactions in left {
        for turn in 1..=*transactions {
            placed += 1;
            orders = orders.checked_mul(placed)? / turn;
        }
    }
    Some(orders)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_as_are_counted_are_made_and_no_two_are_equal() {
        for left in [vec![], vec![3], vec![1, 1], vec![2, 3], vec![2, 2, 2], vec![1, 1, 1, 1], vec![0, 2]] {
            let made = interleavings(&left);
            assert_eq!(Some(made.len()), count(&left));
            let different: std::collections::BTreeSet<&Vec<usize>> = made.iter().collect();
            assert_eq!(different.len(), made.len());
        }
        assert_eq!(count(&[200, 200]), None);
    }
}
