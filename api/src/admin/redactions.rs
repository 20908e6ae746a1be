//! `POST /api/v2/admin/redactions`

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::redact::{REASON_CHARS_MAX, Redacted, Refused, Wish, redact as take_out};
use application::submit::{Actor, WriterRole};
use domain::entity::{EntityRef, Kind};
use domain::id::{AccountId, DeviceId, EntityId, SpaceId};
use infrastructure::clock::{now_ms, uuid_v7};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::body::{Body, reply};
use crate::caller::role::Admin;
use crate::problem::{Code, Content, FieldProblem, Problem};
use crate::state::App;

/// When to try again after the value was written again and again.
const MOVING_RETRY_MS: u64 = 500;

/// Which value is to be taken out, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedactionBody {
    /// The space; a personal one has the id of its account.
    space_id: Uuid,
    /// Kind of entity.
    #[schema(example = "task")]
    entity: String,
    /// Which.
    id: Uuid,
    /// A field that holds a person's own text.
    #[schema(example = "title")]
    field: String,
    /// The position of the event that wrote the value; absent: the value that is shown now.
    position: Option<i64>,
    /// Why, 1 to 500 characters, without the value itself: the log keeps it, and the account can read it.
    reason: String,
    /// Only say where the value is.
    #[serde(default)]
    dry_run: bool,
}

/// What was taken out, or would be.
#[derive(Serialize, ToSchema)]
pub struct RedactedBody {
    /// The id of this redaction.
    pub redaction_id: Uuid,
    /// Whether nothing was changed.
    pub dry_run: bool,
    /// Whether the value was still shown, so that a transaction put the placeholder in its place.
    pub was_shown: bool,
    /// Events whose payload said it.
    pub events: u64,
    /// Rows that said it, by table.
    pub rows: BTreeMap<String, u64>,
}

/// Takes one value out of everything that is kept of a space: the log, what readers are told, rows, receipts, dead letters. Devices
/// hear of it as of any change; the hash chain still verifies. Backups and exports that were made before keep it.
#[utoipa::path(post, path = "/api/v2/admin/redactions", tag = "admin", operation_id = "redact", request_body = RedactionBody,
security(("bearer" = [])), responses(
    (status = 200, description = "It is out; or, of a dry run, this is where it is.", body = RedactedBody),
    (status = 403, description = "`role_missing`: admin only.", body = Content, content_type = "application/problem+json"),
    (status = 404, description = "`not_found`: no such entity in such a space.", body = Content, content_type = "application/problem+json"),
    (status = 409, description = "`nothing_to_redact`; `redaction_refused`: `problem` says why", body = Content,
     content_type = "application/problem+json"),
    (status = 422, description = "`body_invalid`, `field_unknown`, `fields_invalid`", body = Content,
     content_type = "application/problem+json"),
    (status = 503, description = "`busy`, `unavailable`", body = Content, content_type = "application/problem+json")
))]
pub async fn redact(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    body: Result<Body<RedactionBody>, Problem>,
) -> Result<HttpResponse, Problem> {
    let asked = body?.0;
    let kind = Kind::from_name(&asked.entity).ok_or_else(kind_unknown)?;
    let space = SpaceId(asked.space_id);
    let wish = Wish {
        actor: writer(space),
        by: by.actor,
        space,
        entity: EntityRef::new(kind, EntityId(asked.id)),
        field: asked.field,
        position: asked.position,
        reason: asked.reason,
        id: uuid_v7(),
        at: now_ms(),
        dry_run: asked.dry_run,
    };
    let redacted = take_out(&app.redactions, &app.writer, &wish).await?;
    app.memories.redacted(space);
    Ok(reply(&request, StatusCode::OK, &RedactedBody::of(&wish, redacted)))
}

/// As whom the placeholder is written: for the account, by no device of its own. Who asked for it stands in the security log.
pub fn writer(space: SpaceId) -> Actor {
    let device = DeviceId(Uuid::new_v5(&space.0, b"redaction"));
    Actor { account: AccountId(space.0), device, role: WriterRole::Operator, ..Actor::default() }
}

impl RedactedBody {
    /// What a wish came to.
    pub fn of(wish: &Wish, redacted: Redacted) -> Self {
        let Redacted { was_shown, places } = redacted;
        Self { redaction_id: wish.id, dry_run: wish.dry_run, was_shown, events: places.events, rows: places.rows }
    }
}

fn kind_unknown() -> Problem {
    let field = FieldProblem::new("/entity", "kind_unknown", "There is no kind of entity of this name.");
    Problem::new(Code::FieldsInvalid).field(field)
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        let invalid = |pointer: &str, code, message: &str| {
            Self::new(Code::FieldsInvalid).field(FieldProblem::new(pointer, code, message))
        };
        match refused {
            Refused::NotFound => Self::new(Code::NotFound).detail("There is no such entity in such a space."),
            Refused::Field => {
                invalid("/field", "field_not_redactable", "Only a field that holds a person's own text is redacted.")
            }
            Refused::Position => invalid(
                "/position",
                "position_of_another",
                "No event at this position wrote this field of this entity.",
            ),
            Refused::Nothing => {
                Self::new(Code::NothingToRedact).detail("There is no value, or it is taken out already.")
            }
            Refused::Reason => {
                let message = "A reason has 1 to 500 characters and no control characters.";
                let field =
                    FieldProblem::new("/reason", "reason_invalid", message).limit("chars_max", REASON_CHARS_MAX);
                Self::new(Code::FieldsInvalid).field(field)
            }
            Refused::ReasonTells => invalid("/reason", "reason_tells", "The reason says the value, and would be kept."),
            Refused::Moving => Self::new(Code::Busy)
                .detail("The value is written again and again just now. Nothing was taken out. Ask again.")
                .retry_after_ms(MOVING_RETRY_MS),
            Refused::Rejected(problem) => Self::new(Code::RedactionRefused)
                .detail(problem.detail.clone())
                .with("problem", serde_json::to_value(&problem).unwrap_or_default()),
            Refused::Fault(fault) => fault.into(),
        }
    }
}
