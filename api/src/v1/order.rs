//! The `order` of v1, a number, in the ranks of the domain, which are text: a rank that v1 wrote says which number it was.

/// In front of ranks that v1 writes; ranks of other clients begin later in the alphabet, so they follow.
const MARK: u8 = b'a';
/// Digits behind it: 62^6 is more than an order can be.
const DIGITS: usize = 6;
const BASE: i64 = 62;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// The rank of an order; what is below 0 is 0.
pub fn rank(order: i64) -> String {
    let mut left = order.clamp(0, i32::MAX.into());
    let mut digits = [ALPHABET[0]; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[usize::try_from(left % BASE).unwrap_or_default()];
        left /= BASE;
    }
    std::iter::once(MARK).chain(digits).map(char::from).collect()
}

/// The order of a rank; 0 of one that v1 did not write.
pub fn order(rank: &str) -> i64 {
    let Some((&MARK, digits)) = rank.as_bytes().split_first() else { return 0 };
    if digits.len() != DIGITS {
        return 0;
    }
    let value = |digit: &u8| ALPHABET.iter().position(|known| known == digit);
    let number = digits.iter().try_fold(0, |sum, digit| Some(sum * BASE + i64::try_from(value(digit)?).ok()?));
    number.filter(|order| *order <= i32::MAX.into()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_comes_back_from_its_rank_and_ranks_are_in_their_order() {
        let orders = [0, 1, 9, 10, 61, 62, 3_843, 3_844, 1_000_000, i64::from(i32::MAX)];
        let ranks: Vec<String> = orders.iter().map(|order| rank(*order)).collect();
        assert!(ranks.windows(2).all(|pair| pair[0].as_bytes() < pair[1].as_bytes()), "{ranks:?}");
        assert!(ranks.iter().zip(orders).all(|(rank, number)| order(rank) == number));
        assert_eq!((rank(-5), rank(i64::MAX)), (rank(0), rank(i32::MAX.into())));
    }

    #[test]
    fn ranks_of_other_clients_have_no_order_and_follow() {
        assert_eq!([order("z0Ux9aB2c"), order("a"), order(""), order("a-----"), order("azzzzzz")], [0; 5]);
        assert!(rank(i32::MAX.into()).as_str() < "z000000000");
    }
}
