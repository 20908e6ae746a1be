//! A built web client, served from a folder beside the API: old clients call the origin that they came from. Paths that are
//! no file are the client's own pages, so they get its first page.

use std::path::PathBuf;

use actix_files::{Files, NamedFile};
use actix_web::body::MessageBody;
use actix_web::dev::{HttpServiceFactory, ServiceRequest, ServiceResponse, fn_service};
use actix_web::guard::{GuardContext, fn_guard};
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{Error, web};

use crate::problem::{Code, Problem};

/// The client's first page.
const INDEX: &str = "index.html";
/// Where builds put files whose names change with their content.
const ASSETS: &str = "/assets/";
/// The shortest hash in such a name.
const HASH_CHARS_MIN: usize = 8;
/// Never asked for again.
const FOR_EVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// To be asked for again before each use; mostly it has not changed.
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");

/// Whether a path is the web client's, if one is served: everything that is not the API's.
pub fn is_page(path: &str) -> bool {
    !["/api", "/docs"]
        .iter()
        .any(|own| path.strip_prefix(own).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// The files of this folder, at the root. It has to be the last service.
pub fn web(dir: PathBuf) -> impl HttpServiceFactory {
    let index = dir.join(INDEX);
    let first_page = fn_service(move |request: ServiceRequest| {
        let index = index.clone();
        async move {
            let (request, _) = request.into_parts();
            if has_extension(request.path()) {
                return Ok(ServiceResponse::from_err(Problem::new(Code::RouteUnknown), request));
            }
            let page = NamedFile::open_async(index).await?;
            let response = page.into_response(&request);
            Ok(ServiceResponse::new(request, response))
        }
    });
    let files = Files::new("/", dir).index_file(INDEX).default_handler(first_page);
    web::scope("").guard(fn_guard(reads_a_page)).wrap(from_fn(cached)).service(files)
}

fn reads_a_page(context: &GuardContext<'_>) -> bool {
    let head = context.head();
    matches!(head.method, Method::GET | Method::HEAD) && is_page(head.uri.path())
}

async fn cached<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<B>, Error> {
    let keeps = is_hashed(request.path());
    let mut response = next.call(request).await?;
    let is_file = response.status().is_success() || response.status().is_redirection();
    let header = if keeps && is_file { FOR_EVER } else { ASK_AGAIN };
    response.headers_mut().insert(CACHE_CONTROL, header);
    Ok(response)
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// A file that is not there is no page of the client.
fn has_extension(path: &str) -> bool {
    name(path).contains('.')
}

/// Whether the name of a file changes with its content, such as `/assets/index-BbT3kq9x.js`.
fn is_hashed(path: &str) -> bool {
    let Some((stem, _)) = name(path).rsplit_once('.') else { return false };
    let hash = stem.rsplit(['-', '.']).next().unwrap_or_default();
    path.starts_with(ASSETS) && hash.len() < stem.len() && is_hash(hash)
}

/// Whether this part of a name is a hash. What may be a word of people is none: to ask again costs little, an old file kept
/// for a year much.
fn is_hash(part: &str) -> bool {
    let has = |is: fn(&u8) -> bool| part.bytes().any(|byte| is(&byte));
    let is_mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    part.len() >= HASH_CHARS_MIN
        && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        && (is_mixed || has(u8::is_ascii_digit))
        && !is_word(part)
}

/// Words such as `polyfills`, `corePolyfills` and `background2024`: after a capital there is a small letter.
fn is_word(part: &str) -> bool {
    let letters = part.trim_end_matches(|last: char| last.is_ascii_digit()).as_bytes();
    let follows = |at: usize| letters.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    let mut each = letters.iter().enumerate();
    !letters.is_empty() && each.all(|(at, byte)| byte.is_ascii_lowercase() || byte.is_ascii_uppercase() && follows(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_kept_for_ever() {
        for path in ["/assets/index-BbT3kq9x.js", "/assets/vendor.0a1b2c3d4e.css", "/assets/deep/a-12345678.woff2"] {
            assert!(is_hashed(path), "{path}");
        }
        for path in [
            "/index.html",
            "/assets/logo.png",
            "/assets/a-short.js",
            "/assets/12345678.js",
            "/logo-BbT3kq9x.js",
            "/",
            "/assets/vendor-polyfills.js",
            "/assets/vendor.polyfills.js",
            "/assets/vendor-corePolyfills.js",
            "/assets/hero-background2024.png",
            "/assets/hero-BACKGROUND.png",
            "/assets/my-old_polyfills.js",
        ] {
            assert!(!is_hashed(path), "{path}");
        }
    }

    #[test]
    fn the_api_is_no_page() {
        assert!(["/", "/tasks", "/apiary", "/assets/x.js"].iter().all(|path| is_page(path)));
        assert!(!["/api", "/api/tasks", "/api/v2/tasks", "/docs/"].iter().any(|path| is_page(path)));
    }
}
