//! The body of an import: not held in memory, and so not bounded like other bodies.

use std::time::Duration;

use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use actix_web::{HttpRequest, web};
use application::transfer::state::Plan;
use futures_util::StreamExt;
use infrastructure::import_lines::{Packing, ReceiveError, ReceivedLines, Receiving};
use tokio::time::{sleep, timeout};

use crate::problem::{Code, Problem};
use crate::state::App;

/// How long the body may say nothing.
const SILENCE_S_MAX: u64 = 30;
/// How long it may take altogether; its turn is another's then.
const BODY_S_MAX: u64 = 600;
/// Bytes of a body that is refused early that are still read and thrown away, so that its sender gets to the answer
/// instead of a broken connection.
const DISCARDED_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Where files stand while they are made, below the data directory.
const DIR: &str = "imports";

/// How the body is packed, by its type or its encoding.
pub(super) fn packing(request: &HttpRequest) -> Result<Packing, Problem> {
    let header = |name: HeaderName| {
        let text = request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    };
    let by_type = match header(CONTENT_TYPE).as_str() {
        "" | "application/x-ndjson" | "application/ndjson" => Packing::Plain,
        "application/zstd" => Packing::Zstd,
        _ => {
            let detail = "Send `application/x-ndjson`, or an export's zstd file as `application/zstd`.";
            return Err(Problem::new(Code::ContentTypeUnsupported).detail(detail));
        }
    };
    match (header(CONTENT_ENCODING).as_str(), by_type) {
        ("" | "identity", packing) => Ok(packing),
        ("gzip" | "x-gzip", Packing::Plain) => Ok(Packing::Gzip),
        ("zstd", Packing::Plain) => Ok(Packing::Zstd),
        _ => Err(Problem::new(Code::EncodingUnsupported).detail("Send the lines plain, or in gzip or zstd, once.")),
    }
}

/// Reads the body to its end and checks every line.
pub(super) async fn receive(app: &App, packing: Packing, body: web::Payload) -> Result<(Plan, ReceivedLines), Problem> {
    let receiving = Receiving::begin(app.serving.settings.data_dir.join(DIR), packing);
    tokio::select! {
        read = read(body, &receiving) => read?,
        () = sleep(Duration::from_secs(BODY_S_MAX)) => return Err(Problem::new(Code::BodyTimeout)),
        () = app.shutdown.cancelled() => {
            return Err(Problem::new(Code::Unavailable).detail("The server is stopping. Send the same again."));
        }
    }
    receiving.end().await.map_err(|error| match error {
        ReceiveError::Broken(broken) => broken.into(),
        ReceiveError::Packing => Problem::new(Code::EncodingMalformed),
        ReceiveError::File(error) => {
            tracing::error!(error.cause = %error, "the lines of an import could not be kept; it was refused");
            Problem::new(Code::Unavailable).detail("There is no room for imports now.").retry_after_ms(60_000)
        }
    })
}

/// Hands the body on, block by block, as fast as it is taken.
async fn read(mut body: web::Payload, receiving: &Receiving) -> Result<(), Problem> {
    loop {
        let next = timeout(Duration::from_secs(SILENCE_S_MAX), body.next()).await;
        match next.map_err(|_| Problem::new(Code::BodyTimeout))? {
            None => return Ok(()),
            Some(Err(_)) => return Err(Problem::new(Code::EncodingMalformed).detail("The body broke off.")),
            Some(Ok(block)) => {
                if !receiving.take(block).await {
                    discard(body).await;
                    return Ok(());
                }
            }
        }
    }
}

async fn discard(mut body: web::Payload) {
    let mut discarded = 0;
    while let Ok(Some(Ok(block))) = timeout(Duration::from_secs(SILENCE_S_MAX), body.next()).await {
        discarded += block.len();
        if discarded > DISCARDED_BYTES_MAX {
            return;
        }
    }
}
