//! The `order` of a task, a number of the client's own: a rank that v1 wrote says which number it was.

use domain::entity::text::numbered_rank;

/// Digits behind the mark of a numbered rank.
const DIGITS: usize = 6;
const BASE: i64 = 62;

/// The order of a rank; 0 of one that v1 did not write.
pub fn order(rank: &str) -> i64 {
    let digits = rank.bytes().skip(1).map(value);
    let number = digits.take(DIGITS).try_fold(0, |sum, digit| Some(sum * BASE + digit?)).unwrap_or_default();
    if numbered_rank(number) == rank { number } else { 0 }
}

fn value(digit: u8) -> Option<i64> {
    match digit {
        b'0'..=b'9' => Some(i64::from(digit - b'0')),
        b'A'..=b'Z' => Some(i64::from(digit - b'A') + 10),
        b'a'..=b'z' => Some(i64::from(digit - b'a') + 36),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_comes_back_from_its_rank() {
        for number in [0, 1, 9, 10, 61, 62, 3_843, 3_844, 1_000_000, i64::from(i32::MAX)] {
            assert_eq!(order(&numbered_rank(number)), number);
        }
        assert_eq!((order(&numbered_rank(-5)), order(&numbered_rank(i64::MAX))), (0, i32::MAX.into()));
    }

    #[test]
    fn ranks_of_other_clients_have_no_order() {
        assert_eq!([order("z0Ux9aB2c"), order("a"), order(""), order("a-----"), order("azzzzzz")], [0; 5]);
    }
}
