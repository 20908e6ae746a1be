//! Writing, however it comes: over HTTP or a live connection.

use std::future::Future;

use application::cursor::Cursor;
use application::sync_history::Tally;
use domain::rejection::Rejection;
use domain::transaction::{Receipt, Sent};
use infrastructure::pipeline::Answers;
use serde::Serialize;
use utoipa::ToSchema;

use crate::caller::{Caller, revoked};
use crate::problem::{Code, Problem};
use crate::rollout;
use crate::state::App;
use crate::v2::noting::Noting;

/// The answer to the transactions of one request.
#[derive(Serialize, ToSchema)]
pub struct WrittenBody {
    /// One for each transaction, in the order sent.
    #[schema(value_type = Vec<Object>)]
    pub receipts: Vec<Receipt>,
    /// For `X-Wait-For`: a node that has come this far shows what was written. It moves no reader's cursor.
    pub written: Option<String>,
    /// The last position of the log.
    pub head: i64,
}

/// Sends transactions on their way, in order; the future answers when each is durable, refused or deferred. Those that
/// cannot be read are answered by themselves and never stop the next.
///
/// # Errors
/// `busy`: there is no room for them, and none was taken. `session_revoked`: the session ended while they were on their
/// way here. `account_elsewhere`: so did the account.
pub fn submit(
    app: &App,
    caller: &Caller,
    noting: Noting,
    sent_at: Option<i64>,
    transactions: Vec<Result<Sent, Rejection>>,
) -> Result<impl Future<Output = Result<WrittenBody, Problem>> + use<>, Problem> {
    if let Some(because) = app.revocations.reason(caller.session) {
        return Err(revoked(because));
    }
    // A live connection may be older than the move.
    rollout::of_account(app, Some(caller.account))?;
    let (places, sent): (Vec<Option<Rejection>>, Vec<Option<Sent>>) =
        transactions.into_iter().map(|one| one.map_or_else(|no| (Some(no), None), |sent| (None, Some(sent)))).unzip();
    let actor = caller.writer();
    let space = caller.space;
    let answers = app
        .pipeline
        .submit(actor, space, sent.into_iter().flatten().collect(), sent_at)
        .map_err(|full| Problem::new(Code::Busy).detail(full.to_string()).retry_after_ms(full.retry_after_ms));
    let answers = noting.unless_refused(answers)?;
    let readers = app.readers.clone();
    Ok(async move {
        let Answers { receipts, head } = answers.await;
        let written = head.as_ref().map(|head| Cursor::of_head(space, head).token());
        let head = match head {
            Some(head) => head.position,
            None => readers.log().head(space).await?.position,
        };
        let receipts = merge(places, receipts);
        noting.done(Tally::wrote(&receipts));
        Ok(WrittenBody { receipts, written, head })
    })
}

/// Puts the refusals of unreadable transactions back in their places.
fn merge(places: Vec<Option<Rejection>>, receipts: Vec<Receipt>) -> Vec<Receipt> {
    let mut receipts = receipts.into_iter();
    let in_place = |place: Option<Rejection>| match place {
        Some(rejection) => Some(Receipt::rejected(None, &rejection.into())),
        None => receipts.next(),
    };
    places.into_iter().filter_map(in_place).collect()
}
