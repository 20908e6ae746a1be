//! Ranks between two others: text of base-62 digits, compared byte by byte.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const BASE: usize = DIGITS.len();
/// The longest rank.
const RANK_BYTES_MAX: usize = 64;

/// So many ranks in their order, behind `lower` and before `upper`; none stands for the end of the list. `None`: there are
/// not as many, because both are the same, or what lies between them would be too long.
pub(super) fn between(lower: Option<&str>, upper: Option<&str>, count: usize) -> Option<Vec<String>> {
    if count == 0 {
        return Some(Vec::new());
    }
    let middle = middle(lower.unwrap_or_default().as_bytes(), upper.map(str::as_bytes))?;
    let mut ranks = between(lower, Some(&middle), (count - 1) / 2)?;
    let behind = between(Some(&middle), upper, count / 2)?;
    ranks.push(middle);
    ranks.extend(behind);
    Some(ranks)
}

/// A rank that leaves as much room on either side as a short one can.
fn middle(lower: &[u8], mut upper: Option<&[u8]>) -> Option<String> {
    let mut rank = String::new();
    let mut push = |digit: usize| rank.push(char::from(DIGITS[digit]));
    for place in 0..RANK_BYTES_MAX {
        let ceiling = match upper {
            Some(upper) => digit(*upper.get(place)?)?,
            None => BASE,
        };
        // Behind the end of `lower` everything is greater.
        let floor = lower.get(place).map_or(Some(0), |byte| digit(*byte))?;
        if floor > ceiling {
            return None;
        }
        if ceiling - floor > 1 {
            push(floor.midpoint(ceiling));
            return Some(rank);
        }
        push(floor);
        if floor < ceiling {
            upper = None;
        }
    }
    None
}

fn digit(byte: u8) -> Option<usize> {
    DIGITS.binary_search(&byte).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_between(lower: Option<&str>, upper: Option<&str>, count: usize) {
        let ranks = between(lower, upper, count).unwrap_or_else(|| panic!("{lower:?} {upper:?} {count}"));
        assert_eq!(ranks.len(), count);
        let all = lower.into_iter().chain(ranks.iter().map(String::as_str)).chain(upper);
        let all: Vec<&[u8]> = all.map(str::as_bytes).collect();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{lower:?} {ranks:?} {upper:?}");
        assert!(ranks.iter().all(|rank| rank.len() <= RANK_BYTES_MAX && domain::entity::text::rank(rank).is_ok()));
    }

    #[test]
    fn there_is_room_between_any_two_ranks_that_are_in_use() {
        for (lower, upper) in [
            (None, None),
            (None, Some("a000000")),
            (Some("a000000"), Some("a000001")),
            (Some("a000001"), Some("z0Ux9aB2c")),
            (Some("z0Ux9aB2c"), Some("z0Ux9aB2d")),
            (Some("z0Ux9aB2c"), None),
            (Some("a"), Some("a01")),
            (Some("azz"), Some("b")),
            (Some("zzzz"), None),
            (None, Some("01")),
        ] {
            for count in [1, 2, 3, 10, 499] {
                assert_between(lower, upper, count);
            }
        }
    }

    #[test]
    fn there_is_none_between_the_same_or_neighbours_that_leave_no_room() {
        let longest = "z".repeat(RANK_BYTES_MAX);
        for (lower, upper) in [
            (Some("a"), Some("a")),
            (Some("b"), Some("a")),
            (Some("a"), Some("a0")),
            (None, Some("0")),
            (Some(longest.as_str()), None),
            (Some("ä"), None),
        ] {
            assert_eq!(between(lower, upper, 1), None, "{lower:?} {upper:?}");
        }
    }

    #[test]
    fn many_can_be_put_into_the_same_gap_one_after_another() {
        let (mut lower, upper) = ("a000000".to_owned(), "a000001");
        for _ in 0..200 {
            lower = between(Some(&lower), Some(upper), 1).unwrap().remove(0);
        }
        assert!(lower.as_str() < upper);
    }
}
