//! The bodies of verify.

use std::collections::BTreeMap;

use infrastructure::postgres::verify::{Kept, Run, Wanted};
use infrastructure::verifier::Known;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::problem::{Code, Problem};

/// Findings of a page when nothing is said.
const LIMIT: i64 = 200;
/// Findings of a page at most.
const LIMIT_MAX: i64 = 1_000;

/// Which findings.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct VerifyQuery {
    /// Of this space only.
    space: Option<Uuid>,
    /// With this code only.
    code: Option<String>,
    /// The `next` of the page before.
    page: Option<String>,
    /// Findings at most, 1 to 1000; 200 when absent.
    limit: Option<i64>,
}

/// What is known.
#[derive(Serialize, ToSchema)]
pub struct VerifyStateBody {
    /// The verify that is under way, or the one that began last; null before the first.
    #[schema(required)]
    run: Option<RunBody>,
    /// How much is known to be wrong, by code.
    counts: BTreeMap<String, i64>,
    /// What is known to be wrong, in the order of spaces.
    findings: Vec<FindingBody>,
    /// The token of the next page, to be sent as `page`; null after the last.
    #[schema(required)]
    next: Option<String>,
}

/// A verify. Moments are Unix ms.
#[derive(Serialize, ToSchema)]
pub struct RunBody {
    /// Which.
    id: Uuid,
    /// The only space; null: all.
    #[schema(required)]
    space: Option<Uuid>,
    /// `schedule`, `admin` or `operator`.
    begun_by: String,
    /// When it began.
    begun_at: i64,
    /// When it ended.
    #[schema(required)]
    ended_at: Option<i64>,
    /// `done` or `stopped`.
    #[schema(required)]
    outcome: Option<String>,
    /// Spaces that are done.
    spaces: i64,
    /// Spaces in all, as counted at the start.
    spaces_total: i64,
    /// Events that were read.
    events: i64,
    /// Events in all, as counted at the start.
    events_total: i64,
    /// Rows that were compared.
    rows: i64,
    /// What it found.
    findings: i64,
    /// How long it will go on, ms, if it goes on as it went.
    #[schema(required)]
    left_ms: Option<i64>,
}

/// Something that is not as it must be.
#[derive(Serialize, ToSchema)]
pub struct FindingBody {
    /// In which space.
    space: Uuid,
    /// What, by name.
    code: String,
    /// Where it is.
    #[schema(value_type = Object)]
    about: Value,
    /// The same in a sentence.
    sentence: String,
    /// When it was found.
    found_at: i64,
    /// By which verify.
    run_id: Uuid,
}

impl VerifyQuery {
    /// What is asked for.
    pub(super) fn wanted(&self) -> Result<Wanted, Problem> {
        let limit = self.limit.unwrap_or(LIMIT);
        if !(1..=LIMIT_MAX).contains(&limit) {
            let detail = format!("Give a limit from 1 to {LIMIT_MAX}.");
            return Err(Problem::new(Code::QueryInvalid).detail(detail));
        }
        let after = self.page.as_deref().map(after).transpose()?;
        Ok(Wanted { after, space: self.space, code: self.code.clone(), limit })
    }
}

fn after(page: &str) -> Result<(Uuid, i64), Problem> {
    let parts = page.split_once('.');
    let parsed = parts.and_then(|(space, number)| Some((Uuid::try_parse(space).ok()?, number.parse().ok()?)));
    parsed.ok_or_else(|| Problem::new(Code::PageInvalid))
}

impl VerifyStateBody {
    pub(super) fn of(known: Known, limit: i64, now_ms: i64) -> Self {
        let is_full = known.findings.len() as i64 == limit;
        let last = known.findings.last().filter(|_| is_full);
        Self {
            next: last.map(|kept| format!("{}.{}", kept.space, kept.number)),
            run: known.run.map(|run| RunBody::of(run, now_ms)),
            counts: known.counts.into_iter().collect(),
            findings: known.findings.into_iter().map(Into::into).collect(),
        }
    }
}

impl RunBody {
    /// As it stands.
    pub fn of(run: Run, now_ms: i64) -> Self {
        Self {
            left_ms: run.left_ms(now_ms),
            id: run.id,
            space: run.space.map(|space| space.0),
            begun_by: run.begun_by,
            begun_at: run.begun_at,
            ended_at: run.ended_at,
            outcome: run.outcome,
            spaces: run.spaces,
            spaces_total: run.spaces_total,
            events: run.events,
            events_total: run.events_total,
            rows: run.rows,
            findings: run.findings,
        }
    }
}

impl From<Kept> for FindingBody {
    fn from(kept: Kept) -> Self {
        let Kept { space, run, code, about, sentence, found_at, .. } = kept;
        Self { space: space.0, code, about, sentence, found_at, run_id: run }
    }
}
