//! The subprotocols: how messages are written, and whether they are compressed.

use actix_web::HttpRequest;
use actix_web::http::header::SEC_WEBSOCKET_PROTOCOL;
use infrastructure::metric_names::LIVE_CONNECTIONS;
use metrics::gauge;

use crate::body::Format;

/// A subprotocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Protocol {
    /// Its name; none is said to a client that offered none of ours.
    pub(super) name: Option<&'static str>,
    /// How messages are written.
    pub(super) format: Format,
    /// Whether they are compressed.
    pub(super) packed: bool,
}

const fn named(name: &'static str, format: Format, packed: bool) -> Protocol {
    Protocol { name: Some(name), format, packed }
}

/// Every subprotocol that is spoken.
const PROTOCOLS: [Protocol; 4] = [
    named("levelup.v2.json", Format::Json, false),
    named("levelup.v2.cbor", Format::Cbor, false),
    named("levelup.v2.json.zstd", Format::Json, true),
    named("levelup.v2.cbor.zstd", Format::Cbor, true),
];

impl Protocol {
    /// The first that the client offers and this server speaks: the client's order says which it likes best. Plain JSON
    /// when there is none.
    pub(super) fn of(request: &HttpRequest) -> Self {
        let offered = request.headers().get_all(SEC_WEBSOCKET_PROTOCOL).filter_map(|header| header.to_str().ok());
        let mut offered = offered.flat_map(|names| names.split(',')).map(str::trim);
        let spoken = offered.find_map(|name| PROTOCOLS.into_iter().find(|known| known.name == Some(name)));
        spoken.unwrap_or(Self { name: None, ..PROTOCOLS[0] })
    }
}

/// A live connection, counted by its protocol until it is dropped.
pub(super) struct Counted(&'static str);

impl Counted {
    /// One more that speaks this.
    pub(super) fn of(protocol: Protocol) -> Self {
        let name = match (protocol.format, protocol.packed) {
            (Format::Json, false) => "json",
            (Format::Cbor, false) => "cbor",
            (Format::Json, true) => "json.zstd",
            (Format::Cbor, true) => "cbor.zstd",
        };
        gauge!(LIVE_CONNECTIONS, "protocol" => name).increment(1.0);
        Self(name)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        gauge!(LIVE_CONNECTIONS, "protocol" => self.0).decrement(1.0);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_first_that_both_sides_speak_is_spoken() {
        for (offered, expected) in [
            ("levelup.v2.cbor", Some("levelup.v2.cbor")),
            ("levelup.v2.json.zstd, levelup.v2.json", Some("levelup.v2.json.zstd")),
            ("levelup.v2.json, levelup.v2.json.zstd", Some("levelup.v2.json")),
            ("levelup.v9.json, levelup.v2.cbor.zstd", Some("levelup.v2.cbor.zstd")),
            ("levelup.v2.json.gzip", None),
            ("", None),
        ] {
            let request = TestRequest::default().insert_header((SEC_WEBSOCKET_PROTOCOL, offered)).to_http_request();
            let spoken = Protocol::of(&request);
            assert_eq!(spoken.name, expected, "{offered}");
            assert_eq!(spoken.packed, expected.is_some_and(|name| name.ends_with(".zstd")));
        }
    }
}
