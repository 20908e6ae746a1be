//! What every write of v1 does around its translation: the request has a name, what it is about is found, the commands are
//! written, and the entity is shown as it is then. A request that was written before, under its key, finds what was deleted
//! since as well: it is answered like the first time.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use application::past::Past;
use domain::entity::Kind;
use domain::id::EntityId;
use domain::transaction::Receipt;
use infrastructure::postgres::legacy::{LegacyRead, LegacyRow};
use serde_json::{Map, Value, json};

use super::idempotency::Asked;
use super::reading::{self, missing};
use super::shape::Viewer;
use super::writing::{Wishes, write, write_if_any};
use crate::body::reply;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::App;

/// How an entity is shown.
pub type Shape = fn(&LegacyRow, &Viewer) -> Value;

/// A request to write.
pub struct Acting<'a> {
    /// Where.
    pub app: &'a App,
    /// Who asks.
    pub caller: &'a Caller,
    /// Its name.
    pub asked: Asked,
    /// Whether something was written in this name: then nothing is written now.
    pub is_repeat: bool,
    request: &'a HttpRequest,
}

/// What a request is about, and what it was read with.
pub struct Subject {
    /// Its kind.
    pub kind: Kind,
    /// It.
    pub row: LegacyRow,
    /// Where the space stood.
    pub read: LegacyRead,
}

impl<'a> Acting<'a> {
    /// Names a request with these members of its body, and looks whether it was written before.
    ///
    /// # Errors
    /// `header_invalid`: the key is no key. The store could not be read.
    pub async fn begin(
        app: &'a App,
        request: &'a HttpRequest,
        caller: &'a Caller,
        body: &Map<String, Value>,
    ) -> Result<Self, Problem> {
        let asked = Asked::of(request, caller.space, &Value::Object(body.clone()))?;
        let is_repeat =
            asked.is_keyed && !Past::receipts(&app.past, caller.space, &[asked.transaction]).await?.is_empty();
        Ok(Self { app, caller, asked, is_repeat, request })
    }

    /// The caller's entity with this integer id, of the first of these kinds that has it.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn subject<const N: usize>(&self, kinds: [Kind; N], id: i64) -> Result<Subject, Problem> {
        for kind in kinds {
            let mut read = match self.is_repeat {
                true => self.app.legacy.ever(self.caller.space, kind, id).await?,
                false => self.app.legacy.one(self.caller.space, kind, id).await?,
            };
            if let Some(row) = read.rows.pop() {
                return Ok(Subject { kind, row, read });
            }
        }
        Err(missing(kinds.first().copied().unwrap_or(Kind::Task)))
    }

    /// Writes this, as of `base`.
    ///
    /// # Errors
    /// As for [`write()`].
    pub async fn write(&self, base: Option<String>, wishes: Wishes) -> Result<Receipt, Problem> {
        write(self.app, self.caller, &self.asked, base, wishes).await
    }

    /// Writes this, if it is anything.
    ///
    /// # Errors
    /// As for [`write()`].
    pub async fn write_if_any(&self, base: Option<String>, wishes: Wishes) -> Result<(), Problem> {
        write_if_any(self.app, self.caller, &self.asked, base, wishes).await.map(drop)
    }

    /// Writes nothing; but a key stands for this request from then on.
    ///
    /// # Errors
    /// `transaction_reused`: it stands for another.
    pub async fn write_nothing(&self) -> Result<(), Problem> {
        self.write_if_any(None, Wishes::default()).await
    }

    /// Writes what is to be changed of something, if anything is; the entity as it is then.
    ///
    /// # Errors
    /// As for [`write()`].
    pub async fn changed(&self, subject: Subject, wishes: Wishes, shape: Shape) -> Result<Value, Problem> {
        let of = (subject.kind, subject.row.id);
        self.write_if_any(subject.read.base, wishes).await?;
        self.entity(of, shape).await
    }

    /// An entity as it is now, or was when it was deleted.
    ///
    /// # Errors
    /// `not_found`: nothing is left of it.
    pub async fn entity(&self, (kind, id): (Kind, EntityId), shape: Shape) -> Result<Value, Problem> {
        let (row, read) = reading::by_id(self.app, self.caller, kind, id).await?;
        Ok(shape(&row, &Viewer::of(self.app, &read)))
    }

    /// Answers with a value.
    pub fn answer(&self, value: &Value) -> HttpResponse {
        reply(self.request, StatusCode::OK, value)
    }

    /// Answers with a sentence alone.
    pub fn said(&self, message: &str) -> HttpResponse {
        self.answer(&json!({ "message": message }))
    }
}

impl Subject {
    /// It as clients are shown it.
    pub fn shown(&self, app: &App, shape: Shape) -> Value {
        shape(&self.row, &Viewer::of(app, &self.read))
    }
}
