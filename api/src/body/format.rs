//! JSON or CBOR: what came, and what is asked for.

use actix_web::HttpRequest;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE};

use crate::problem::{Code, Problem};

/// How a body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// RFC 8259.
    #[default]
    Json,
    /// RFC 8949.
    Cbor,
}

impl Format {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Cbor => "application/cbor",
        }
    }

    /// What the caller wants to be answered in. JSON, unless CBOR is asked for by name and JSON is not wanted more.
    pub fn accepted(request: &HttpRequest) -> Self {
        let accept = request.headers().get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
        let quality = |name: &str| accept.split(',').filter_map(|range| quality_of(range, name)).next_back();
        match quality(Self::Cbor.media_type()) {
            Some(cbor) if cbor > 0 && cbor >= quality(Self::Json.media_type()).unwrap_or_default() => Self::Cbor,
            _ => Self::Json,
        }
    }
}

/// What the body says it is; JSON when it does not say.
pub(super) fn of_content_type(request: &HttpRequest) -> Result<Format, Problem> {
    let Some(header) = request.headers().get(CONTENT_TYPE) else { return Ok(Format::Json) };
    let media_type = header.to_str().unwrap_or_default().split(';').next().unwrap_or_default().trim();
    [Format::Json, Format::Cbor]
        .into_iter()
        .find(|format| media_type.eq_ignore_ascii_case(format.media_type()))
        .ok_or_else(|| {
            Problem::new(Code::ContentTypeUnsupported).detail("Send `application/json` or `application/cbor`.")
        })
}

/// The quality (in thousandths) that one range of an Accept header gives to a media type, if it names it.
fn quality_of(range: &str, name: &str) -> Option<u16> {
    let mut parts = range.split(';').map(str::trim);
    parts.next().filter(|media_type| media_type.eq_ignore_ascii_case(name))?;
    let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
    let thousandths = |text: &str| text.parse::<f32>().ok().map(|q| (q.clamp(0.0, 1.0) * 1_000.0) as u16);
    Some(quality.and_then(thousandths).unwrap_or(1_000))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn cbor_is_answered_to_who_asks_for_it_by_name() {
        for (accept, expected) in [
            ("", Format::Json),
            ("*/*", Format::Json),
            ("application/json", Format::Json),
            ("application/cbor", Format::Cbor),
            ("application/cbor, */*;q=0.1", Format::Cbor),
            ("application/json;q=0.5, application/cbor", Format::Cbor),
            ("application/json, application/cbor;q=0.9", Format::Json),
            ("application/cbor;q=0", Format::Json),
            ("text/html", Format::Json),
        ] {
            let request = TestRequest::default().insert_header((ACCEPT, accept)).to_http_request();
            assert_eq!(Format::accepted(&request), expected, "{accept}");
        }
    }

    #[test]
    fn a_body_of_another_type_is_refused() {
        for (content_type, expected) in [
            ("application/json", Some(Format::Json)),
            ("Application/JSON; charset=utf-8", Some(Format::Json)),
            ("application/cbor", Some(Format::Cbor)),
            ("text/plain", None),
            ("application/x-www-form-urlencoded", None),
            ("", None),
        ] {
            let request = TestRequest::default().insert_header((CONTENT_TYPE, content_type)).to_http_request();
            assert_eq!(of_content_type(&request).ok(), expected, "{content_type}");
        }
        assert_eq!(of_content_type(&TestRequest::default().to_http_request()).ok(), Some(Format::Json));
    }
}
