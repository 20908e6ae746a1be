//! What is asked of the audit log, as it stands in a query string.

use actix_web::HttpRequest;
use actix_web::http::header::ACCEPT;
use application::audit::{Asked, Cursor, Filter, Source};
use domain::entity::Kind;
use domain::id::{AccountId, DeviceId, EntityId, SessionId, TransactionId};
use domain::limits::INSTANT_MS_MAX;
use infrastructure::postgres::audit_log::read_cursor;
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::problem::{Code, Problem};
use crate::v2::feed::rows;

/// Characters of a text that is searched for.
const TEXT_CHARS_MAX: usize = 200;

/// What to search for; everything that is said must hold.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AdminAuditQuery {
    /// Whose space, and about whom.
    pub account: Option<Uuid>,
    /// The same: a space has the id of its account.
    pub space: Option<Uuid>,
    /// From or about this device.
    pub device: Option<Uuid>,
    /// In this session.
    pub session: Option<Uuid>,
    /// In this transaction.
    pub transaction: Option<Uuid>,
    /// Of this kind: `task`, `goal`, `milestone`, `skill`, `hero` or `conflict`.
    pub entity: Option<String>,
    /// Of this entity.
    pub id: Option<Uuid>,
    /// Of this field.
    pub field: Option<String>,
    /// Recorded then or later: RFC 3339, or Unix ms.
    pub from: Option<String>,
    /// Recorded before.
    pub until: Option<String>,
    /// What followed from the event at this position; of one account.
    pub cause: Option<i64>,
    /// Said in a value, anywhere in it, whatever its case; 1 to 200 characters.
    pub text: Option<String>,
    /// `events` when absent, `security` or `all`.
    pub source: Option<SourceName>,
    /// `json` when absent; `csv` and `ndjson` are everything that is found, to be kept as a file. Or by the Accept header.
    pub format: Option<AuditForm>,
    /// The `next` of the page before.
    pub page: Option<String>,
    /// Rows of a page at most, 1 to 1000; 200 when absent.
    pub limit: Option<usize>,
}

/// What to search for in one's own space; everything that is said must hold.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OwnAuditQuery {
    /// From this device.
    device: Option<Uuid>,
    /// In this session.
    session: Option<Uuid>,
    /// In this transaction.
    transaction: Option<Uuid>,
    /// Of this kind: `task`, `goal`, `milestone`, `skill`, `hero` or `conflict`.
    entity: Option<String>,
    /// Of this entity.
    id: Option<Uuid>,
    /// Of this field.
    field: Option<String>,
    /// Recorded then or later: RFC 3339, or Unix ms.
    from: Option<String>,
    /// Recorded before.
    until: Option<String>,
    /// What followed from the event at this position.
    cause: Option<i64>,
    /// Said in a value, anywhere in it, whatever its case; 1 to 200 characters.
    text: Option<String>,
    /// `json` when absent; `csv` and `ndjson` are everything that is found, to be kept as a file. Or by the Accept header.
    format: Option<AuditForm>,
    /// The `next` of the page before.
    page: Option<String>,
    /// Rows of a page at most, 1 to 1000; 200 when absent.
    limit: Option<usize>,
}

/// Which log.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum SourceName {
    /// What was written into spaces.
    Events,
    /// Sign-ins, looks, acts of staff.
    Security,
    /// Both.
    All,
}

/// In which form.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditForm {
    /// A page.
    Json,
    /// A line for each row, of everything.
    Ndjson,
    /// A table for spreadsheets, of everything.
    Csv,
}

/// A question and the form of its answer.
pub(crate) struct Question {
    pub(super) asked: Asked,
    pub(super) form: AuditForm,
}

impl AdminAuditQuery {
    pub(crate) fn question(self, request: &HttpRequest) -> Result<Question, Problem> {
        let form = form(self.format, request);
        Ok(Question { asked: self.asked()?, form })
    }

    /// What is asked, with everything that was said checked.
    pub(crate) fn asked(self) -> Result<Asked, Problem> {
        let account = match (self.account, self.space) {
            (Some(account), Some(space)) if account != space => {
                return Err(invalid("space", "account and space name different spaces; say one of them."));
            }
            (account, space) => account.or(space),
        };
        if self.cause.is_some() && account.is_none() {
            return Err(invalid("cause", "A cause is a position in one space: say account, too."));
        }
        let filter = Filter {
            source: self.source.map(Source::from).unwrap_or_default(),
            account: account.map(AccountId),
            device: self.device.map(DeviceId),
            session: self.session.map(SessionId),
            transaction: self.transaction.map(TransactionId),
            entity: self.entity.map(kind).transpose()?,
            id: self.id.map(EntityId),
            field: self.field.map(|field| text("field", field)).transpose()?,
            from: self.from.map(|said| instant("from", &said)).transpose()?,
            until: self.until.map(|said| instant("until", &said)).transpose()?,
            cause: self.cause,
            text: self.text.map(|said| text("text", said)).transpose()?,
        };
        let invalid =
            || Problem::new(Code::PageInvalid).detail("Start again without `page`.").with("parameter", "page");
        let read = |token: String| read_cursor(&filter, &token).ok_or_else(invalid);
        let cursor: Cursor = self.page.map(read).transpose()?.unwrap_or_default();
        Ok(Asked { filter, cursor, rows: rows(self.limit)? })
    }
}

impl OwnAuditQuery {
    pub(crate) fn question(self, request: &HttpRequest, own: AccountId) -> Result<Question, Problem> {
        let Self { device, session, transaction, entity, id, field, from, until, cause, text, format, page, limit } =
            self;
        let of_events = Some(SourceName::Events);
        let account = Some(own.0);
        let whole = AdminAuditQuery {
            account,
            space: None,
            device,
            session,
            transaction,
            entity,
            id,
            field,
            from,
            until,
            cause,
            text,
            source: of_events,
            format,
            page,
            limit,
        };
        whole.question(request)
    }
}

impl From<SourceName> for Source {
    fn from(name: SourceName) -> Self {
        match name {
            SourceName::Events => Self::Events,
            SourceName::Security => Self::Security,
            SourceName::All => Self::All,
        }
    }
}

fn form(said: Option<AuditForm>, request: &HttpRequest) -> AuditForm {
    let accepts = |media_type: &str| {
        let said = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        said.split(',').any(|one| one.split(';').next().is_some_and(|one| one.trim().eq_ignore_ascii_case(media_type)))
    };
    said.unwrap_or_else(|| match () {
        () if accepts("text/csv") => AuditForm::Csv,
        () if accepts("application/x-ndjson") => AuditForm::Ndjson,
        () => AuditForm::Json,
    })
}

fn kind(name: String) -> Result<String, Problem> {
    let known = Kind::ALL.iter().any(|kind| kind.name() == name);
    if known { Ok(name) } else { Err(invalid("entity", "entity is task, goal, milestone, skill, hero or conflict.")) }
}

/// A text that can be searched for.
fn text(parameter: &str, said: String) -> Result<String, Problem> {
    let is_good = (1..=TEXT_CHARS_MAX).contains(&said.chars().count()) && !said.contains('\0');
    let detail = format!("{parameter} has 1 to {TEXT_CHARS_MAX} characters.");
    if is_good { Ok(said) } else { Err(invalid(parameter, &detail)) }
}

/// A moment: Unix ms, or RFC 3339.
fn instant(parameter: &str, said: &str) -> Result<i64, Problem> {
    let detail = format!("{parameter} is an instant: RFC 3339 with an offset, or Unix ms.");
    if let Ok(ms) = said.parse::<i64>() {
        return if (0..=INSTANT_MS_MAX).contains(&ms) { Ok(ms) } else { Err(invalid(parameter, &detail)) };
    }
    // In a query string a plus sign that was not escaped arrives as a space.
    let read = said.parse::<Timestamp>().or_else(|_| said.replace(' ', "+").parse());
    read.map(Timestamp::as_millisecond).map_err(|_| invalid(parameter, &detail))
}

fn invalid(parameter: &str, detail: &str) -> Problem {
    Problem::new(Code::QueryInvalid).detail(detail).with("parameter", parameter)
}
