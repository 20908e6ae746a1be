//! From where somebody asks, as much of it as is kept.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::limits::APP_VERSION_CHARS_MAX;

/// From where somebody asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The network of the client's address: the first 24 bits of IPv4, the first 48 of IPv6, such as `203.0.113.0/24`.
    /// The rest of the address is not kept anywhere.
    pub network: Option<String>,
    /// What the client says it is, such as `ios/4.1.0`.
    pub app_version: Option<String>,
}

impl Place {
    /// What is kept of a client's address and of what it says it is.
    pub fn of(address: Option<IpAddr>, app_version: Option<&str>) -> Self {
        let said = app_version.map(|text| text.chars().filter(|c| !c.is_control()).take(APP_VERSION_CHARS_MAX));
        let said: Option<String> = said.map(Iterator::collect);
        let network = address.map(|address| Network::of(address).to_string());
        Self { network, app_version: said.filter(|text| !text.trim().is_empty()) }
    }
}

/// The network of an address; the address itself is not in it any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpAddr);

impl Network {
    /// The first 24 bits of IPv4, the first 48 of IPv6.
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => Ipv4Addr::from(u32::from(address) & (u32::MAX << 8)).into(),
            IpAddr::V6(address) => Ipv6Addr::from(u128::from(address) & (u128::MAX << 80)).into(),
        })
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0, if self.0.is_ipv4() { 24 } else { 48 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_network_of_an_address_is_kept() {
        let network = |text: &str| Place::of(Some(text.parse().unwrap()), None).network.unwrap();
        assert_eq!(network("203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("::ffff:203.0.113.77"), "203.0.113.0/24");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
    }

    #[test]
    fn what_a_client_says_it_is_is_cut_and_cleaned() {
        let said = |text: &str| Place::of(None, Some(text)).app_version;
        assert_eq!(said("ios/4.1.0\r\nX: y").as_deref(), Some("ios/4.1.0X: y"));
        assert_eq!(said(&"x".repeat(100)).unwrap().len(), APP_VERSION_CHARS_MAX);
        assert_eq!(said(" "), None);
    }
}
