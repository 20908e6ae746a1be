//! Why an import was not taken, or ended, as a problem.

use actix_web::http::StatusCode;
use application::transfer::state::{Broken, Report, Stopped};
use serde_json::json;

use super::report::lines;
use crate::problem::{Code, Problem};

impl From<Broken> for Problem {
    fn from(broken: Broken) -> Self {
        let (code, line) = match &broken {
            Broken::FormatUnknown => (Code::ImportFormatUnknown, None),
            Broken::Log => (Code::ImportLog, None),
            Broken::VersionUnsupported(_) => (Code::ImportVersionUnsupported, None),
            Broken::LineInvalid { line, .. } => (Code::ImportLineInvalid, Some(*line)),
            Broken::Truncated { .. } => (Code::ImportTruncated, None),
            Broken::Damaged(_) => (Code::ImportDamaged, None),
            Broken::LineTooLong { line } => (Code::ImportTooLarge, Some(*line)),
            Broken::TooLarge => (Code::ImportTooLarge, None),
        };
        let problem = Self::new(code).detail(format!("Nothing was imported: {broken}."));
        match line {
            Some(line) => problem.with("line", line),
            None => problem,
        }
    }
}

/// Some lines cannot be imported, so none is.
pub(super) fn refused(report: Report) -> Problem {
    Problem::new(Code::ImportRefused)
        .detail("Nothing was imported. `dry_run=true` says all that an import would come to.")
        .with("refused", report.refused)
        .with("refusals", json!(lines(report.refusals)))
}

/// Why an import under way ended.
pub(super) fn stopped(stopped: Stopped) -> Problem {
    match stopped {
        Stopped::Fault(fault) => fault.into(),
        Stopped::Changed => Problem::new(Code::ImportChanged)
            .detail("Send the lines as they were exported. What was imported before stays."),
        Stopped::Rejected(problem) => Problem::new(Code::ImportStopped)
            .detail(format!("{}. What was imported before stays; the same import goes on there.", problem.detail))
            .with("because", problem.code.clone()),
        Stopped::Unreadable(reason) => {
            tracing::error!(error.cause = %reason, "the lines of an import could not be read again");
            Problem::named("unavailable", StatusCode::SERVICE_UNAVAILABLE, Code::Unavailable.title())
                .detail("What was imported before stays. Send the same again.")
        }
    }
}
