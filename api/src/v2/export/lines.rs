//! How the lines of an export travel: in blocks, each made when the one before it was taken, so that a slow reader costs
//! one block of memory and a patient one gets everything.

use std::time::Duration;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, HeaderValue};
use actix_web::{HttpResponse, web};
use application::fault::Fault;
use async_stream::stream;
use bytes::Bytes;
use infrastructure::clock::now_ms;
use infrastructure::log_file::compressed;
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};

use crate::caller::Caller;
use crate::exports::RunningExport;
use crate::problem::Problem;
use crate::state::App;

/// How long a reader may leave a block untaken; then its turn is another's.
const BLOCK_S_MAX: u64 = 60;

/// In which form lines travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// As text; the connection may compress it.
    Text,
    /// As a table for spreadsheets.
    Csv,
    /// As a zstd file.
    Zstd,
}

/// Answers with what `next` gives until it gives nothing. Waits for a turn and for the first block, so that what is wrong
/// from the beginning is said as a problem; what goes wrong later cuts the answer off.
pub(crate) async fn answer(
    app: &web::Data<App>,
    caller: &Caller,
    form: Form,
    name: &str,
    next: impl AsyncFnMut() -> Result<Option<String>, Cut> + 'static,
) -> Result<HttpResponse, Problem> {
    let running = app.exports.begin(caller.account).await?;
    answer_in(running, app, caller, form, name, next).await
}

/// The same in a turn that was taken already, by whoever has something to look at before the first block.
pub(crate) async fn answer_in(
    running: RunningExport,
    app: &web::Data<App>,
    caller: &Caller,
    form: Form,
    name: &str,
    mut next: impl AsyncFnMut() -> Result<Option<String>, Cut> + 'static,
) -> Result<HttpResponse, Problem> {
    let first = next().await?;
    let (sender, mut blocks) = mpsc::channel(1);
    let (mut session, shutdown) = (app.revocations.watch(caller.session), app.shutdown.clone());
    let left_ms = caller.expires_at.saturating_sub(now_ms()).max(0).unsigned_abs();
    actix_web::rt::spawn(async move {
        let _running = running;
        let sending = send(first, next, form, sender.clone());
        tokio::select! {
            biased;
            () = shutdown.cancelled() => {}
            _ = session.ended() => {}
            () = sleep(Duration::from_millis(left_ms)) => {}
            sent = sending => return if let Err(cut) = sent { cut_off(&sender, cut).await },
        }
        cut_off(&sender, Cut::Over).await;
    });
    let body = stream! {
        while let Some(block) = blocks.recv().await {
            yield block;
        }
    };
    Ok(response(form, name).streaming(Box::pin(body)))
}

/// Why an answer ends before its last line.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Cut {
    /// The store failed.
    #[error(transparent)]
    Fault(#[from] Fault),
    /// Whoever reads may not read on.
    #[error("its reader may not read on")]
    Refused(Box<Problem>),
    /// The reader left, or took too long.
    #[error("its reader left or took too long")]
    Gone,
    /// The session, its token or the server ended.
    #[error("the session, its token or the server ended")]
    Over,
}

impl From<Cut> for Problem {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::Fault(fault) => fault.into(),
            Cut::Refused(problem) => *problem,
            Cut::Gone | Cut::Over => Self::internal(cut),
        }
    }
}

type Block = Result<Bytes, actix_web::Error>;

/// Sends block after block. A reader that leaves is noticed while a block is still being made: its turn is another's at once.
async fn send(
    first: Option<String>,
    next: impl AsyncFnMut() -> Result<Option<String>, Cut>,
    form: Form,
    sender: mpsc::Sender<Block>,
) -> Result<(), Cut> {
    let reader = sender.clone();
    tokio::select! {
        biased;
        () = reader.closed() => Err(Cut::Gone),
        sent = blocks(first, next, form, sender) => sent,
    }
}

async fn blocks(
    first: Option<String>,
    mut next: impl AsyncFnMut() -> Result<Option<String>, Cut>,
    form: Form,
    sender: mpsc::Sender<Block>,
) -> Result<(), Cut> {
    let mut lines = first;
    while let Some(block) = lines {
        let sending = sender.send(Ok(formed(form, block).map_err(Cut::Fault)?));
        let sent = timeout(Duration::from_secs(BLOCK_S_MAX), sending).await;
        sent.ok().and_then(Result::ok).ok_or(Cut::Gone)?;
        lines = next().await?;
    }
    Ok(())
}

/// Breaks the answer off, so that nobody takes it for whole.
async fn cut_off(sender: &mpsc::Sender<Block>, cut: Cut) {
    tracing::info!(export.cut = %cut, "an export ended before its last line");
    let broken = actix_web::error::ErrorInternalServerError("the export was cut off");
    // Whoever has left is told nothing.
    let _ = timeout(Duration::from_secs(1), sender.send(Err(broken))).await;
}

/// A block as it is sent. Frames of zstd follow each other to one file.
fn formed(form: Form, block: String) -> Result<Bytes, Fault> {
    match form {
        Form::Text | Form::Csv => Ok(block.into()),
        Form::Zstd => compressed(&block)
            .map(Bytes::from)
            .map_err(|error| Fault::Refused(format!("lines could not be compressed: {error}"))),
    }
}

fn response(form: Form, name: &str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    let file = match form {
        Form::Text => {
            response.content_type("application/x-ndjson");
            format!("levelup-{name}.ndjson")
        }
        Form::Csv => {
            response.content_type("text/csv; charset=utf-8");
            format!("levelup-{name}.csv")
        }
        Form::Zstd => {
            response.content_type("application/zstd");
            // It is compressed already.
            response.insert_header((CONTENT_ENCODING, HeaderValue::from_static("identity")));
            format!("levelup-{name}.ndjson.zst")
        }
    };
    response.insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{file}\"")));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_reader_that_leaves_is_noticed_while_a_block_is_still_being_made() {
        let (sender, mut blocks) = mpsc::channel(1);
        let never = async || std::future::pending::<Result<Option<String>, Cut>>().await;
        let sending = send(Some("one\n".to_owned()), never, Form::Text, sender);
        let leaving = async move {
            let block = blocks.recv().await.and_then(Result::ok);
            assert_eq!(block.as_deref(), Some(b"one\n".as_slice()));
        };
        let (sent, ()) = timeout(Duration::from_secs(60), async { tokio::join!(sending, leaving) }).await.unwrap();
        assert!(matches!(sent, Err(Cut::Gone)), "{sent:?}");
    }
}
