//! `GET /api/v2/admin/accounts` and `GET /api/v2/admin/accounts/{id}`

use actix_web::http::StatusCode;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use application::identity::admin::{self, AccountLine, Sought, Stand, Whose};
use infrastructure::clock;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::role::RoleName;
use super::wire::AccountFileBody;
use super::{AccountPath, account, asked};
use crate::body::reply;
use crate::caller::role::Support;
use crate::problem::{Content, Problem};
use crate::state::App;
use crate::v2::feed::rows;
use crate::v2::parameters::text;

/// Whom to find.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AccountsQuery {
    /// The beginning of the address, or all of it; compared without case.
    #[param(example = "ada@")]
    email: Option<String>,
    /// Those with this role.
    #[param(inline)]
    role: Option<RoleName>,
    /// Those that stand so.
    #[param(inline)]
    standing: Option<StandName>,
    /// The `next` of the page before.
    page: Option<String>,
    /// Accounts at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// How an account may stand.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandName {
    /// An admin keeps it out.
    Locked,
    /// It is to be erased.
    Leaving,
    /// Its address is not proven.
    Unproven,
}

/// A page of accounts.
#[derive(Serialize, ToSchema)]
pub struct AccountsBody {
    /// By address.
    items: Vec<AccountLineBody>,
    /// The token of the next page, to be sent as `page`; null after the last.
    #[schema(required)]
    next: Option<String>,
}

/// An account in a list. Moments are ms.
#[derive(Serialize, ToSchema)]
pub struct AccountLineBody {
    /// Also the id of its space.
    id: Uuid,
    /// As it was given.
    email: String,
    /// `user`, `support` or `admin`.
    role: &'static str,
    /// When it was made.
    created_at: i64,
    /// When its address was proven.
    verified_at: Option<i64>,
    /// Since when it is kept out.
    locked_at: Option<i64>,
    /// From when on it is erased.
    erase_after: Option<i64>,
}

/// Accounts by address, page by page. That somebody looked is logged.
#[utoipa::path(get, path = "/api/v2/admin/accounts", tag = "admin", operation_id = "list_accounts", params(AccountsQuery),
security(("bearer" = [])), responses(
    (status = 200, description = "A page.", body = AccountsBody),
    (status = 400, description = "`query_invalid`", body = Content, content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: support or admin only.", body = Content,
     content_type = "application/problem+json")
))]
pub async fn list(
    app: web::Data<App>,
    request: HttpRequest,
    by: Support,
    query: Result<Query<AccountsQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let query = asked(query)?;
    let limit = rows(query.limit)?;
    let sought = Sought {
        beginning: text("email", query.email)?.unwrap_or_default(),
        role: query.role.map(Into::into),
        stand: query.standing.map(Into::into),
        behind: text("page", query.page)?,
        rows: i64::try_from(limit + 1).map_err(Problem::internal)?,
    };
    let mut found = admin::list(&app.directory, &sought, by.actor, clock::now_ms()).await?;
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|last| last.account.email.to_lowercase());
    let items = found.into_iter().map(Into::into).collect();
    Ok(reply(&request, StatusCode::OK, &AccountsBody { items, next }))
}

/// Shows an account with its devices and sessions. The look is logged, and the account can read who looked.
#[utoipa::path(get, path = "/api/v2/admin/accounts/{id}", tag = "admin", params(("id" = uuid::Uuid, Path)),
security(("bearer" = [])), responses(
    (status = 200, description = "The account.", body = AccountFileBody),
    (status = 403, description = "`role_missing`: support or admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 404, description = "`not_found`", body = Content, content_type = "application/problem+json")
))]
pub async fn one(
    app: web::Data<App>,
    request: HttpRequest,
    by: Support,
    path: AccountPath,
) -> Result<HttpResponse, Problem> {
    let which = Whose::Id(account(path)?);
    let file = admin::look(&app.directory, which, by.actor, clock::now_ms()).await?;
    Ok(reply(&request, StatusCode::OK, &AccountFileBody::from(file)))
}

impl From<StandName> for Stand {
    fn from(name: StandName) -> Self {
        match name {
            StandName::Locked => Self::Locked,
            StandName::Leaving => Self::Leaving,
            StandName::Unproven => Self::Unproven,
        }
    }
}

impl From<AccountLine> for AccountLineBody {
    fn from(line: AccountLine) -> Self {
        let AccountLine { account, created_at, standing } = line;
        Self {
            id: account.id.0,
            email: account.email,
            role: account.role.as_str(),
            created_at,
            verified_at: standing.verified_at,
            locked_at: standing.locked_at,
            erase_after: account.erase_after,
        }
    }
}
