//! Whom an address stands for.

use std::net::{IpAddr, Ipv6Addr};

/// What counts as one address: an IPv4 address itself, of an IPv6 address its first 64 bits, since one connection to the
/// internet has all that begin with them. Who is counted by address is counted by this.
pub fn subscriber(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from(u128::from(address) & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_connection_to_the_internet_is_one_subscriber() {
        let of = |text: &str| subscriber(text.parse().unwrap()).to_string();
        assert_eq!(of("203.0.113.77"), "203.0.113.77");
        assert_eq!(of("::ffff:203.0.113.77"), "203.0.113.77");
        assert_eq!(of("2001:db8:1:2:3:4:5:6"), of("2001:db8:1:2::1"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
    }
}
