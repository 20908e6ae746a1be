//! The answer to a question: a page, or everything in a stream.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use application::audit::{Asked, Cursor, Found, LookAt, Page, search};
use application::fault::Fault;
use application::identity::{Refusal, Role};
use domain::id::AccountId;

use super::asked::{AuditForm, Question};
use super::csv;
use super::wire::{AuditBody, AuditRow};
use crate::body::reply;
use crate::caller::Caller;
use crate::caller::role::role_now;
use crate::problem::{Code, Problem};
use crate::state::App;
use crate::v2::export::lines::{self, Cut, Form};

/// Rows of a block of a stream.
const BLOCK_ROWS: usize = 1_000;
/// When to come back while a space is still being read.
const RETRY_MS: u64 = 2_000;

/// Answers a question of this caller; `look`: of whose looks there is an entry.
pub(crate) async fn answer(
    app: web::Data<App>,
    request: &HttpRequest,
    caller: Caller,
    question: Question,
    look: Option<LookAt>,
) -> Result<HttpResponse, Problem> {
    match question.form {
        AuditForm::Json => page(&app, request, question.asked, look).await,
        AuditForm::Ndjson => stream(&app, &caller, question.asked, look, Form::Text).await,
        AuditForm::Csv => stream(&app, &caller, question.asked, look, Form::Csv).await,
    }
}

async fn page(
    app: &App,
    request: &HttpRequest,
    asked: Asked,
    mut look: Option<LookAt>,
) -> Result<HttpResponse, Problem> {
    let _turn = app.read_turns.take().await?;
    let filter = asked.filter.clone();
    let page = found(search(&app.audit, asked, look.as_mut()).await?)?;
    Ok(reply(request, StatusCode::OK, &AuditBody::of(page, &filter)))
}

async fn stream(
    app: &web::Data<App>,
    caller: &Caller,
    asked: Asked,
    mut look: Option<LookAt>,
    form: Form,
) -> Result<HttpResponse, Problem> {
    let running = app.exports.begin(caller.account).await?;
    // What is wrong from the beginning is said before the first line.
    let first = Asked { rows: 1, ..asked.clone() };
    {
        let _turn = app.read_turns.take().await?;
        found(search(&app.audit, first, look.as_mut()).await?)?;
    }
    let (store, account) = (app.clone(), caller.account);
    let mut cursor = Some(asked.cursor.clone());
    let mut block = if form == Form::Csv { csv::HEADER.to_owned() } else { String::new() };
    lines::answer_in(running, app, caller, form, "audit", async move || {
        while let Some(from) = cursor.take() {
            if look.is_some() {
                still_staff(&store, account).await?;
            }
            let _turn = store.read_turns.take().await.map_err(|crowded| Fault::Crowded(crowded.to_string()))?;
            let asked = Asked { cursor: from, rows: BLOCK_ROWS, ..asked.clone() };
            let Found::Page(page) = search(&store.audit, asked, look.as_mut()).await? else {
                return Err(Fault::Unavailable("the space went while it was read".to_owned()).into());
            };
            cursor = write(page, form, &mut block);
            if !block.is_empty() {
                return Ok(Some(std::mem::take(&mut block)));
            }
        }
        Ok(Some(std::mem::take(&mut block)).filter(|rest| !rest.is_empty()))
    })
    .await
}

/// Looked up before each block: a role may be taken away while a long answer is read.
async fn still_staff(app: &App, account: AccountId) -> Result<(), Cut> {
    let refused = |problem| Err(Cut::Refused(Box::new(problem)));
    match role_now(app, account).await? {
        Ok(Role::Support | Role::Admin) => Ok(()),
        Ok(Role::User) => refused(Refusal::RoleMissing.into()),
        Err(problem) => refused(problem),
    }
}

/// Adds the rows of a page; says where the next one begins.
fn write(page: Page, form: Form, block: &mut String) -> Option<Cursor> {
    for item in page.items {
        let row = AuditRow::from(item);
        if form == Form::Csv {
            block.push_str(&csv::line(&row));
        } else {
            block.push_str(&serde_json::to_string(&row).unwrap_or_default());
            block.push('\n');
        }
    }
    page.next
}

/// The page, or why there is none.
fn found(found: Found) -> Result<Page, Problem> {
    match found {
        Found::Page(page) => Ok(page),
        Found::Unknown => Err(Problem::new(Code::NotFound).detail("There is no such account.")),
        Found::Behind => Err(Problem::new(Code::NotYet)
            .detail("The log of this account is long and still being read for the audit log. Ask again.")
            .retry_after_ms(RETRY_MS)),
    }
}
