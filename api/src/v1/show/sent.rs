//! How an answer travels: whole where everything was read, else page by page, each read when the one before it was taken, so
//! that neither a long list nor a slow reader costs more than a page of memory, and nobody waits for them.

use actix_web::{HttpResponse, HttpResponseBuilder, web};
use async_stream::stream;
use bytes::Bytes;
use futures_util::Stream;
use uuid::Uuid;

use super::piece::List;
use crate::caller::{Caller, revoked};
use crate::problem::Problem;
use crate::state::App;
use crate::v1::shape::Viewer;

/// A part of an answer, read or still to be read.
pub(super) enum Part {
    /// What is sent.
    Text(String),
    /// A list by the ids of its pages.
    Pages(List, Vec<Vec<Uuid>>),
}

/// The response of these parts. There are no pages without a viewer.
pub(super) fn sent(
    response: &mut HttpResponseBuilder,
    app: &web::Data<App>,
    caller: &Caller,
    viewer: Option<Viewer>,
    parts: Vec<Part>,
) -> HttpResponse {
    let text = |part: &Part| match part {
        Part::Text(text) => Some(text.clone()),
        Part::Pages(..) => None,
    };
    match (parts.iter().map(text).collect::<Option<String>>(), viewer) {
        (None, Some(viewer)) => {
            let sending = Sending { app: app.clone(), caller: *caller, viewer };
            response.streaming(Box::pin(streamed(sending, parts)))
        }
        (whole, _) => response.body(whole.unwrap_or_default()),
    }
}

/// For whom a list is read on.
struct Sending {
    app: web::Data<App>,
    caller: Caller,
    viewer: Viewer,
}

fn streamed(sending: Sending, parts: Vec<Part>) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
    stream! {
        for part in parts {
            let (list, pages) = match part {
                Part::Text(text) => {
                    yield Ok(Bytes::from(text));
                    continue;
                }
                Part::Pages(list, pages) => (list, pages),
            };
            let mut is_begun = false;
            for ids in pages {
                match sending.page(list, &ids).await {
                    // A block of nothing would end the answer.
                    Ok(text) if text.is_empty() => {}
                    Ok(text) => {
                        yield Ok(Bytes::from(if is_begun { format!(",{text}") } else { text }));
                        is_begun = true;
                    }
                    Err(problem) => {
                        tracing::info!(error.cause = %problem, "a list was cut off before its end");
                        yield Err(problem.into());
                        return;
                    }
                }
            }
        }
    }
}

impl Sending {
    async fn page(&self, list: List, ids: &[Uuid]) -> Result<String, Problem> {
        if let Some(because) = self.app.revocations.reason(self.caller.session) {
            return Err(revoked(because));
        }
        let _turn = self.app.read_turns.take().await?;
        let read = self.app.legacy.page(self.caller.space, list.wanted.kind(), ids).await?;
        Ok(list.text(&read.rows, &self.viewer))
    }
}
