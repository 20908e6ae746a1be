//! Who is believed about where a request comes from.

use std::net::SocketAddr;

use actix_web::test::TestRequest;
use infrastructure::clock;
use infrastructure::config::{Http, Serving, Settings};
use infrastructure::postgres::{pool, replica::Replica};
use tokio_util::sync::CancellationToken;

use super::*;

/// A server behind 10.0.0.0/8.
fn app() -> web::Data<App> {
    let data_dir = std::env::temp_dir().join(format!("levelup-place-{}", clock::uuid_v7()));
    let http = Http { trusted_proxies: vec!["10.0.0.0/8".parse().unwrap()], ..Http::default() };
    let settings = Settings { data_dir, ..Settings::default() };
    // Nothing connects before a statement is sent, and none is.
    let pool = pool::connect("host=127.0.0.1 port=1 user=nobody".parse().unwrap(), 1).unwrap();
    let serving = Serving { settings, http, ..Serving::default() };
    web::Data::new(App::open(serving, pool, Replica::default(), CancellationToken::new()).unwrap())
}

fn request(app: &web::Data<App>, peer: &str, headers: &[(&str, &str)]) -> HttpRequest {
    let peer: SocketAddr = peer.parse().unwrap();
    let mut request = TestRequest::default().app_data(app.clone()).peer_addr(peer);
    for header in headers {
        request = request.append_header(*header);
    }
    request.to_http_request()
}

const PROXY: &str = "10.0.0.1:80";
const STRANGER: &str = "203.0.113.9:80";

#[actix_web::test]
async fn only_a_trusted_proxy_speaks_for_others() {
    let app = app();
    let address =
        |peer, header| client_address(&request(&app, peer, &[("x-forwarded-for", header)])).unwrap().to_string();
    assert_eq!(address(PROXY, "198.51.100.7"), "198.51.100.7");
    assert_eq!(address("[::ffff:10.0.0.1]:80", "198.51.100.7"), "198.51.100.7");
    assert_eq!(address(STRANGER, "198.51.100.7"), "203.0.113.9");
    assert_eq!(address(STRANGER, "10.0.0.1"), "203.0.113.9");
    std::fs::remove_dir_all(&app.serving.settings.data_dir).unwrap();
}

#[actix_web::test]
async fn a_connection_is_secure_when_every_trusted_proxy_says_so() {
    let app = app();
    for (peer, values, expected) in [
        (PROXY, &["https"][..], true),
        (PROXY, &["HTTPS"], true),
        (PROXY, &["https", "https"], true),
        (PROXY, &["https, http"], false),
        (PROXY, &["http", "https"], false),
        (PROXY, &[""], false),
        (PROXY, &[], false),
        (STRANGER, &["https"], false),
    ] {
        let headers: Vec<_> = values.iter().map(|value| ("x-forwarded-proto", *value)).collect();
        assert_eq!(is_secure(&request(&app, peer, &headers)), expected, "{peer} {values:?}");
    }
    std::fs::remove_dir_all(&app.serving.settings.data_dir).unwrap();
}

#[actix_web::test]
async fn the_own_origin_is_what_a_browser_would_write() {
    let app = app();
    let https = ("x-forwarded-proto", "https");
    for (peer, headers, expected) in [
        (STRANGER, &[("host", "App.Example.org")][..], Some("http://app.example.org")),
        (STRANGER, &[("host", "app.example.org:80")], Some("http://app.example.org")),
        (STRANGER, &[("host", "localhost:8080")], Some("http://localhost:8080")),
        (STRANGER, &[("host", "[::1]:8080")], Some("http://[::1]:8080")),
        (STRANGER, &[("host", "a.org"), ("x-forwarded-host", "b.org"), https], Some("http://a.org")),
        (PROXY, &[("host", "inner:8080"), ("x-forwarded-host", "b.org"), https], Some("https://b.org")),
        (PROXY, &[("host", "a.org:443"), https], Some("https://a.org")),
        (PROXY, &[("host", "a.org"), ("x-forwarded-host", "evil.org, b.org")], Some("http://b.org")),
        (STRANGER, &[("host", "a.org/path")], None),
        (STRANGER, &[], None),
    ] {
        let origin = own_origin(&request(&app, peer, headers));
        assert_eq!(origin.as_deref(), expected, "{peer} {headers:?}");
    }
    std::fs::remove_dir_all(&app.serving.settings.data_dir).unwrap();
}
