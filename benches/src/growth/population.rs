//! How many events each account has: few have many, many have few (Zipf), and none has more than some.

/// The founding of a space alone has seven; a life has a few more.
const LEAST: usize = 10;
/// Halvings of the interval in which the factor is looked for.
const HALVINGS: usize = 60;

/// Events of each account, the largest first; together `events`, as near as whole numbers allow. The account of rank `k` has
/// `factor / k` of them, between the least and `largest`.
pub(super) fn sizes(events: usize, accounts: usize, largest: usize) -> Vec<usize> {
    let of = |factor: f64| (1..=accounts).map(move |rank| size(factor, rank, largest));
    let (mut low, mut high) = (0.0, events as f64 * accounts.max(1) as f64);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if of(middle).sum::<usize>() < events { low = middle } else { high = middle }
    }
    of(high).collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of events, held between two others"
)]
fn size(factor: f64, rank: usize, largest: usize) -> usize {
    (factor / rank as f64).min(largest as f64).max(LEAST as f64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sizes_add_up_fall_by_rank_and_have_bounds() {
        let sizes = sizes(100_000, 400, 20_000);
        let sum: usize = sizes.iter().sum();
        assert!((98_000..=102_000).contains(&sum), "{sum}");
        assert!(sizes.is_sorted_by(|one, next| one >= next));
        assert!(sizes[0] <= 20_000 && sizes[0] > 20 * sizes[399] && sizes[399] >= LEAST, "{sizes:?}");
    }
}
