//! The cookies that a browser keeps its session in. The tokens stand in cookies that no script can read; what a script
//! has to repeat (see `csrf`) stands in one that it can.
//!
//! The names' prefixes bind a cookie to this very host and to TLS (RFC 6265bis, section 4.1.3): no page of a sibling
//! domain can plant one. On plain HTTP to one's own machine there is no TLS to bind to, and the names have no prefix.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{COOKIE, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::limits::REFRESH_TOKEN_LIFETIME_MS;
use application::identity::{CsrfSecret, SignedIn};

use crate::place::own_origin;
use crate::problem::Problem;
use crate::state::App;

/// The only paths that get the refresh token.
const REFRESH_PATH: &str = "/api/v2/auth";
const EVERYWHERE: &str = "/";

/// The names of the cookies, and whether they are for TLS only.
struct Jar {
    access: &'static str,
    refresh: &'static str,
    csrf: &'static str,
    is_secure: bool,
}

static GUARDED: Jar = Jar {
    access: "__Host-levelup_access",
    // `__Host-` would ask for the path `/`.
    refresh: "__Secure-levelup_refresh",
    csrf: "__Host-levelup_csrf",
    is_secure: true,
};
static LOCAL: Jar =
    Jar { access: "levelup_access", refresh: "levelup_refresh", csrf: "levelup_csrf", is_secure: false };

/// A session's tokens and secret, as the browser that asked keeps them.
pub fn set(
    request: &HttpRequest,
    response: &mut HttpResponse,
    signed_in: &SignedIn,
    csrf: &CsrfSecret,
) -> Result<(), Problem> {
    let access = Kept { value: signed_in.access_token.reveal(), lives: Duration::seconds(signed_in.expires_in_s) };
    let lives = Duration::milliseconds(REFRESH_TOKEN_LIFETIME_MS);
    let refresh = Kept { value: signed_in.refresh_token.reveal(), lives };
    put(request, response, access, refresh, Kept { value: csrf.text().reveal(), lives })
}

/// Takes them out of the browser again.
pub fn clear(request: &HttpRequest, response: &mut HttpResponse) -> Result<(), Problem> {
    let nothing = Kept { value: "", lives: Duration::ZERO };
    put(request, response, nothing, nothing, nothing)
}

/// What a cookie holds, and for how long.
#[derive(Clone, Copy)]
struct Kept<'a> {
    value: &'a str,
    lives: Duration,
}

fn put(
    request: &HttpRequest,
    response: &mut HttpResponse,
    access: Kept<'_>,
    refresh: Kept<'_>,
    csrf: Kept<'_>,
) -> Result<(), Problem> {
    let jar = jar(request);
    for (name, kept, path, hidden) in [
        (jar.access, access, EVERYWHERE, true),
        (jar.refresh, refresh, REFRESH_PATH, true),
        (jar.csrf, csrf, EVERYWHERE, false),
    ] {
        let cookie = Cookie::build(name, kept.value).path(path).max_age(kept.lives).http_only(hidden);
        let cookie = cookie.secure(jar.is_secure).same_site(SameSite::Strict).finish();
        response.add_cookie(&cookie).map_err(Problem::internal)?;
    }
    Ok(())
}

/// The access token that came as a cookie.
pub(super) fn access(request: &HttpRequest) -> Option<&str> {
    find(request, jar(request).access)
}

/// The refresh token that came as a cookie.
pub(super) fn refresh(request: &HttpRequest) -> Option<&str> {
    find(request, jar(request).refresh)
}

/// Which names hold here. Only these are read: a cookie without the prefix could be anybody's on a guarded host.
fn jar(request: &HttpRequest) -> &'static Jar {
    let is_public_secure = request
        .app_data::<web::Data<App>>()
        .is_some_and(|app| app.serving.http.public_url.to_ascii_lowercase().starts_with("https://"));
    // A proxy on the same machine may ask for `localhost` on behalf of the world; then the operator's word stands.
    let own = own_origin(request);
    let host_in_clear = own.as_deref().and_then(|origin| origin.strip_prefix("http://"));
    let is_local = !is_public_secure && host_in_clear.is_some_and(is_loopback);
    if is_local { &LOCAL } else { &GUARDED }
}

fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    ["localhost", "127.0.0.1", "[::1]"].contains(&name)
}

/// The first cookie of this name. Read by hand, because one cookie of another program on the same host that no library
/// can read must not hide ours.
fn find<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let sent = request.headers().get_all(COOKIE).map(HeaderValue::as_bytes);
    let pairs = sent.flat_map(|header| header.split(|byte| *byte == b';')).map(<[u8]>::trim_ascii);
    let mut values = pairs.filter_map(|pair| pair.strip_prefix(name.as_bytes())?.strip_prefix(b"="));
    values.next().and_then(|value| str::from_utf8(value).ok())
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HOST;
    use actix_web::test::TestRequest;

    use super::*;

    fn to(host: &str) -> TestRequest {
        TestRequest::default().insert_header((HOST, host))
    }

    #[test]
    fn only_plain_http_to_ones_own_machine_does_without_tls() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]", "[::1]:8080"] {
            assert!(!jar(&to(host).to_http_request()).is_secure, "{host}");
        }
        for host in ["", "localhost.example.org", "127.0.0.1.nip.io", "10.0.0.1:80", "[::2]:80", "localhost:x", "::1"] {
            assert!(jar(&to(host).to_http_request()).is_secure, "{host}");
        }
        assert!(jar(&TestRequest::default().to_http_request()).is_secure);
    }

    #[test]
    fn the_first_cookie_of_the_name_is_found_among_any_others() {
        for (sent, found) in [
            ("levelup_access=a", Some("a")),
            ("x=1; levelup_access=a; levelup_access=b", Some("a")),
            ("\"; =; %%=%; levelup_access=a.b.c", Some("a.b.c")),
            ("levelup_access==a", Some("=a")),
            ("levelup_access=", Some("")),
            ("__Host-levelup_access=a", None),
            ("xlevelup_access=a", None),
            ("levelup_access", None),
        ] {
            let request = to("localhost").insert_header((COOKIE, sent)).to_http_request();
            assert_eq!(access(&request), found, "{sent}");
        }
        let unreadable = HeaderValue::from_bytes(b"x=\xe9\xff; levelup_access=a").unwrap();
        let request = to("localhost").insert_header((COOKIE, unreadable)).to_http_request();
        assert_eq!(access(&request), Some("a"));
        let guarded = to("example.org").insert_header((COOKIE, "levelup_access=a; __Host-levelup_access=b"));
        assert_eq!(access(&guarded.to_http_request()), Some("b"));
    }
}
