//! `GET /api/v2/admin/dead-letters`

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::{Act, Entry, Place, SecurityLog};
use domain::id::AccountId;
use infrastructure::clock::now_ms;
use infrastructure::postgres::dead_letters::{Behind, COUNTED_MAX, Letter, Sought};
use infrastructure::postgres::rows::id;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::asked;
use crate::body::reply;
use crate::caller::role::Admin;
use crate::problem::{Code, Content, Problem};
use crate::state::App;
use crate::v2::feed::rows;
use crate::v2::parameters::text;

/// Which of them.
#[derive(Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DeadLettersQuery {
    /// Of one account; then with what was sent, and that look is logged.
    account: Option<Uuid>,
    /// Refused for this.
    code: Option<String>,
    /// Refused at or after this, Unix ms.
    from: Option<i64>,
    /// Refused before this, Unix ms.
    to: Option<i64>,
    /// The `next` of the page before.
    page: Option<String>,
    /// Transactions at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// A page of refused transactions.
#[derive(Serialize, ToSchema)]
pub struct DeadLettersBody {
    /// The newest first.
    pub items: Vec<DeadLetterBody>,
    /// How many were refused for what, over all pages; on the first page alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<Vec<CountBody>>,
    /// The token of the next page, to be sent as `page`; null after the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// How many were refused for one reason, of the newest 10 000.
#[derive(Serialize, ToSchema)]
pub struct CountBody {
    /// Why; null of what was refused before codes were kept.
    #[schema(required)]
    pub code: Option<String>,
    /// How many.
    pub count: i64,
}

/// A refused transaction that nobody has acknowledged.
#[derive(Serialize, ToSchema)]
pub struct DeadLetterBody {
    /// Whose.
    pub account_id: Uuid,
    /// Which.
    pub transaction_id: Uuid,
    /// The device that sent it.
    pub device_id: Uuid,
    /// When it was refused, Unix ms.
    pub at: i64,
    /// Why.
    #[schema(required)]
    pub code: Option<String>,
    /// Bytes of what was sent.
    pub bytes: i32,
    /// Why, as its receipt said; of one account only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub problem: Option<Value>,
    /// Its commands as they were sent; of one account only.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<Object>>)]
    pub commands: Option<Value>,
}

/// Refused transactions of every space that no device has acknowledged. What people wrote is shown of one account at a time, and
/// that account can read who looked; such a page ends at a mebibyte of what was sent, and goes on while `next` is there.
#[utoipa::path(get, path = "/api/v2/admin/dead-letters", tag = "admin", operation_id = "list_dead_letters",
params(DeadLettersQuery), security(("bearer" = [])), responses(
    (status = 200, description = "A page.", body = DeadLettersBody),
    (status = 400, description = "`query_invalid`, `page_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: admin only.", body = Content, content_type = "application/problem+json")
))]
pub async fn list(
    app: web::Data<App>,
    request: HttpRequest,
    by: Admin,
    query: Result<Query<DeadLettersQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let query = asked(query)?;
    let limit = rows(query.limit)?;
    let behind = query.page.as_deref().map(|page| behind(page).ok_or_else(page_invalid)).transpose()?;
    let sought = Sought {
        account: query.account,
        code: text("code", query.code)?,
        from: query.from.unwrap_or(i64::MIN),
        to: query.to.unwrap_or(i64::MAX),
    };
    let _turn = app.read_turns.take().await?;
    if let Some(account) = sought.account {
        let entry = Entry::by_oneself(AccountId(account), Act::LookedAt, Place::default(), now_ms());
        let about = json!({ "what": "dead_letters" });
        app.directory.record(Entry { actor: by.actor, about, ..entry }).await?;
    }
    let (letters, more) = app.dead_letters.list(&sought, behind, limit).await?;
    let counts = if behind.is_none() { Some(app.dead_letters.counts(&sought).await?) } else { None };
    let body = DeadLettersBody::of(letters, more);
    let counts = counts.map(|counts| counts.into_iter().map(|(code, count)| CountBody { code, count }).collect());
    Ok(reply(&request, StatusCode::OK, &DeadLettersBody { counts, ..body }))
}

impl DeadLettersBody {
    /// A page of these; whether there are more.
    pub fn of(letters: Vec<Letter>, more: bool) -> Self {
        let token = |last: &Letter| format!("{}.{}.{}", last.at, last.space.0, last.transaction.0);
        let next = letters.last().filter(|_| more).map(token);
        Self { items: letters.into_iter().map(Into::into).collect(), counts: None, next }
    }
}

impl From<Letter> for DeadLetterBody {
    fn from(letter: Letter) -> Self {
        let (problem, commands) = letter.whole.map(|whole| (whole.problem, whole.commands)).unzip();
        Self {
            account_id: letter.space.0,
            transaction_id: letter.transaction.0,
            device_id: letter.device.0,
            at: letter.at,
            code: letter.code,
            bytes: letter.bytes,
            problem,
            commands,
        }
    }
}

fn behind(page: &str) -> Option<Behind> {
    let (at, rest) = page.split_once('.')?;
    let (space, transaction) = rest.split_once('.')?;
    Some((at.parse().ok()?, id(space)?, id(transaction)?))
}

fn page_invalid() -> Problem {
    Problem::new(Code::PageInvalid).detail("Start again without `page`.").with("parameter", "page")
}

const _: () = assert!(COUNTED_MAX == 10_000, "the documentation says so");
