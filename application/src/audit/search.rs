//! One page of a search: the space that is asked for is read to its head first, and a look of staff is noted before it is
//! shown.

use std::collections::BTreeSet;

use domain::id::AccountId;
use serde_json::json;

use super::cursor::{Cursor, Place};
use super::filter::Filter;
use super::merge::merge;
use super::port::{AuditEvent, AuditLog, Brought, LookAt, SecurityEntry, Stretch};
use crate::fault::Fault;

/// A question.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What is asked for.
    pub filter: Filter,
    /// Where to go on.
    pub cursor: Cursor,
    /// Rows of the page at most.
    pub rows: usize,
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A line of the audit log.
    Event(Box<AuditEvent>),
    /// An entry of the security log.
    Security(Box<SecurityEntry>),
}

/// A page; one that is empty and goes on says that nothing was found in as much as one request looks at.
#[derive(Clone, Debug, PartialEq)]
pub struct Page {
    /// The newest first.
    pub items: Vec<Item>,
    /// Where the next page begins.
    pub next: Option<Cursor>,
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// A page.
    Page(Page),
    /// There is no such account and no such space.
    Unknown,
    /// The audit log has more to read of that space than a request can wait for.
    Behind,
}

/// Answers a question. Of a look of staff everybody is told whose lines are shown; of one's own nothing is noted.
///
/// # Errors
/// The store failed.
pub async fn search(log: &impl AuditLog, asked: Asked, look: Option<&mut LookAt>) -> Result<Found, Fault> {
    let Asked { filter, cursor, rows } = asked;
    if let Some(account) = filter.account {
        match log.bring(account.into()).await? {
            Brought::ToHead => {}
            Brought::Unknown => return Ok(Found::Unknown),
            Brought::Behind if filter.has_events() => return Ok(Found::Behind),
            Brought::Behind => {}
        }
    }
    let events = match &cursor.events {
        Place::End => Stretch::default(),
        _ if !filter.has_events() => Stretch::default(),
        Place::Start => log.events(&filter, None, rows).await?,
        Place::After(key) => log.events(&filter, Some(key), rows).await?,
    };
    let security = match &cursor.security {
        Place::End => Stretch::default(),
        _ if !filter.has_security() => Stretch::default(),
        Place::Start => log.security(&filter, None, rows).await?,
        Place::After(id) => log.security(&filter, Some(*id), rows).await?,
    };
    let (items, next) = merge(events, security, cursor, rows);
    if let Some(look) = look {
        note(log, look, &filter, &items).await?;
    }
    Ok(Found::Page(Page { items, next: Some(next).filter(|next| !next.is_at_end()) }))
}

/// Everybody of whom something is shown can read who looked; the one who was asked for even when nothing was found.
async fn note(log: &impl AuditLog, look: &mut LookAt, filter: &Filter, items: &[Item]) -> Result<(), Fault> {
    let shown = items.iter().filter_map(|item| match item {
        Item::Event(event) => Some(AccountId(event.space.0)),
        Item::Security(entry) => entry.account,
    });
    let shown: BTreeSet<AccountId> = shown.chain(filter.account).collect();
    let accounts: Vec<AccountId> = shown.difference(&look.noted).copied().collect();
    if accounts.is_empty() {
        return Ok(());
    }
    log.looked(look, &accounts, &json!({ "what": "audit" })).await?;
    look.noted.extend(accounts);
    Ok(())
}
