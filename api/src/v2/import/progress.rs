//! An import under way, told line by line. Whoever leaves ends it after the part that is being written; the same import
//! goes on there.

use actix_web::http::header::{CONTENT_ENCODING, HeaderValue};
use actix_web::{HttpResponse, web};
use application::transfer::state::{Import, Report};
use async_stream::stream;
use bytes::Bytes;
use infrastructure::import_lines::ReceivedLines;
use infrastructure::import_writer::ImportWriter;
use infrastructure::postgres::imports::PostgresImports;
use serde_json::{Value, json};
use uuid::Uuid;

use super::refusal::stopped;
use super::report::ReportBody;
use crate::caller::{Caller, revoked};
use crate::exports::RunningExport;
use crate::problem::{Code, Problem};
use crate::state::App;

/// The import, its lines and where it goes.
type Running = (Import, ReceivedLines, PostgresImports);

/// Answers with lines that say how far it is, and a last one that says how it ended.
pub(super) fn answer(
    app: web::Data<App>,
    caller: Caller,
    running: RunningExport,
    (mut import, mut lines, target): Running,
    (report, before): (Report, Uuid),
) -> HttpResponse {
    let writer = ImportWriter::new(app.pipeline.clone(), caller.writer());
    let told = stream! {
        let _running = running;
        loop {
            if let Err(problem) = may_go_on(&app, &caller) {
                yield line(&json!({ "problem": problem.content() }));
                break;
            }
            match import.step(&mut lines, &target, &writer).await {
                Ok(Some(progress)) => {
                    yield line(&json!({ "progress": { "done": progress.done, "of": progress.of } }));
                }
                Ok(None) => {
                    yield line(&json!({ "imported": ReportBody::from(report), "before": before }));
                    break;
                }
                Err(why) => {
                    yield line(&json!({ "problem": stopped(why).content() }));
                    break;
                }
            }
        }
    };
    HttpResponse::Ok()
        .content_type("application/x-ndjson")
        // A compressor would hold the lines back.
        .insert_header((CONTENT_ENCODING, HeaderValue::from_static("identity")))
        .streaming(Box::pin(told))
}

fn may_go_on(app: &App, caller: &Caller) -> Result<(), Problem> {
    if app.shutdown.is_cancelled() {
        let detail = "The server is stopping. What was imported stays. Send the same again.";
        return Err(Problem::new(Code::Unavailable).detail(detail));
    }
    app.revocations.reason(caller.session).map_or(Ok(()), |because| Err(revoked(because)))
}

fn line(value: &Value) -> Result<Bytes, actix_web::Error> {
    Ok(Bytes::from(format!("{value}\n")))
}
