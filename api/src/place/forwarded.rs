//! The lists that proxies write: each appends the address that it heard the request from, so the right end is the one
//! that was written by the nearest proxy, and everything left of an untrusted address may be made up.

use std::net::{IpAddr, SocketAddr};

use actix_web::http::header::HeaderValue;
use ipnet::IpNet;

/// Whether an address is one of a trusted proxy.
pub(super) fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

/// The nearest address of all `X-Forwarded-For` headers together that is not a trusted proxy. What cannot be read ends the
/// search: the last address that a trusted proxy vouched for is the answer then.
pub(super) fn client<'a>(
    peer: IpAddr,
    headers: impl DoubleEndedIterator<Item = &'a HeaderValue>,
    trusted: &[IpNet],
) -> IpAddr {
    let mut nearest = peer;
    for word in words(headers).rev() {
        let Some(address) = address(word) else { break };
        nearest = address;
        if !is_trusted(address, trusted) {
            break;
        }
    }
    nearest
}

/// The elements of several headers of one name, as if they were one (RFC 9110, section 5.3). Empty ones are none; a header
/// that is not text is one element that means nothing.
pub(super) fn words<'a>(
    headers: impl DoubleEndedIterator<Item = &'a HeaderValue>,
) -> impl DoubleEndedIterator<Item = &'a str> {
    let texts = headers.map(|header| header.to_str().unwrap_or("?"));
    texts.flat_map(|text| text.split(',')).map(str::trim).filter(|word| !word.is_empty())
}

/// An address as proxies write it: bare, with a port, or an IPv6 address in brackets with or without one.
fn address(word: &str) -> Option<IpAddr> {
    let bare = word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(word);
    let with_port = || word.parse().map(|address: SocketAddr| address.ip());
    bare.parse::<IpAddr>().or_else(|_| with_port()).ok().map(|address| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client_of(headers: &[&str]) -> String {
        let trusted: Vec<IpNet> = ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().unwrap()).into();
        let headers: Vec<_> = headers.iter().map(|text| HeaderValue::from_bytes(text.as_bytes()).unwrap()).collect();
        client("10.0.0.1".parse().unwrap(), headers.iter(), &trusted).to_string()
    }

    #[test]
    fn the_nearest_address_that_is_no_trusted_proxy_is_the_client() {
        for (headers, expected) in [
            (&["203.0.113.7"][..], "203.0.113.7"),
            (&["1.1.1.1, 203.0.113.7"], "203.0.113.7"),
            (&["203.0.113.7, 10.9.9.9, fd00::1"], "203.0.113.7"),
            (&["1.1.1.1", "203.0.113.7", "10.9.9.9"], "203.0.113.7"),
            (&["10.2.2.2, 10.3.3.3"], "10.2.2.2"),
            (&[], "10.0.0.1"),
        ] {
            assert_eq!(client_of(headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_read() {
        for (header, expected) in [
            ("203.0.113.7:50123", "203.0.113.7"),
            ("[2001:db8::7]:50123", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("2001:db8::7", "2001:db8::7"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("203.0.113.7, ::ffff:10.1.1.1", "203.0.113.7"),
            (" 203.0.113.7 ,, 10.1.1.1 , ", "203.0.113.7"),
        ] {
            assert_eq!(client_of(&[header]), expected, "{header}");
        }
    }

    #[test]
    fn what_cannot_be_read_ends_the_search_at_the_last_good_hop() {
        for (header, expected) in [
            ("203.0.113.7, unknown", "10.0.0.1"),
            ("203.0.113.7, unknown, 10.4.4.4", "10.4.4.4"),
            ("203.0.113.7, 999.1.1.1, 10.4.4.4", "10.4.4.4"),
            ("203.0.113.7, 10.4.4.4; drop table, 10.5.5.5", "10.5.5.5"),
            ("\u{e9}", "10.0.0.1"),
        ] {
            assert_eq!(client_of(&[header]), expected, "{header}");
        }
    }
}
