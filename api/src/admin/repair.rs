//! `POST /api/v2/admin/repair`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{Act, SecurityLog};
use application::rebuild::Difference;
use application::verify::Flaw;
use domain::id::SpaceId;
use infrastructure::postgres::verify::RepairNews;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::verify::entry;
use crate::body::{Body, reply};
use crate::caller::role::Admin;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// What is told one by one.
const TOLD_MAX: usize = 1_000;

/// What to repair.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RepairBody {
    /// The space, by the id of its account.
    space: Uuid,
    /// Only look; nothing is changed.
    #[serde(default)]
    dry_run: bool,
}

/// What was repaired.
#[derive(Serialize, ToSchema)]
pub struct RepairedBody {
    /// Rows that were not what the log says; they are now, unless this only looked.
    rows: u64,
    /// What could not be explained and was left.
    left: u64,
    /// At most 1000 of both, a sentence each.
    mended: Vec<String>,
    /// What was left, a sentence each.
    left_alone: Vec<String>,
}

/// Makes the rows of a space what its log says, under the lock of its head, and answers when that is done. What the log does
/// not explain is left as it is.
#[utoipa::path(post, path = "/api/v2/admin/repair", tag = "admin", request_body = RepairBody,
security(("bearer" = [])), responses(
    (status = 200, description = "It is done.", body = RepairedBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`space_unknown`", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`space_erasing`: the space goes with its account.", body = Content,
     content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`, `field_unknown`", body = Content,
     content_type = "application/problem+json")
))]
pub async fn repair(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    body: Result<Body<RepairBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    let RepairBody { space, dry_run } = body?.0;
    let (space, mut mended, mut left_alone) = (SpaceId(space), Vec::new(), Vec::new());
    let mut tell = |news: RepairNews<'_>| match news {
        RepairNews::Mended(difference) => tell_of(&mut mended, || sentence(difference)),
        RepairNews::Damage(finding) => tell_of(&mut left_alone, || finding.flaw.sentence()),
        RepairNews::Left(kept) => tell_of(&mut left_alone, || kept.sentence.clone()),
        RepairNews::Erased(_) => {}
    };
    let repaired = app.verifier.repair(Some(space), dry_run, &app.shutdown, &mut tell).await?;
    if !dry_run {
        let about = json!({ "rows": repaired.rows, "left": repaired.left });
        app.directory.record(entry(by.actor, Act::Repaired, Some(space), about)).await?;
    }
    if repaired.interrupted {
        let detail = "The server ends. What was repaired is whole. Send the same again.";
        return Err(Problem::new(Code::Unavailable).detail(detail));
    }
    let body = RepairedBody { rows: repaired.rows, left: repaired.left, mended, left_alone };
    Ok(reply(&request, StatusCode::OK, &body))
}

/// However much differs, no more is kept than is told.
fn tell_of(told: &mut Vec<String>, sentence: impl FnOnce() -> String) {
    if told.len() < TOLD_MAX {
        told.push(sentence());
    }
}

/// Without what people wrote.
fn sentence(difference: &Difference) -> String {
    Flaw::Row(difference.clone()).sentence()
}
