//! `GET /api/v2/admin/analytics`

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Query;
use actix_web::{HttpRequest, HttpResponse, web};
use application::analytics::{Figures, Histogram, Range, Report, Requests, Spoken, Step, report};
use application::identity::Platform;
use infrastructure::clock;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::body::reply;
use crate::caller::role::Support;
use crate::problem::{Code, Content, Problem};
use crate::state::App;

/// Which stretch of time, in which steps.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AnalyticsQuery {
    /// The first moment: a day of UTC, an instant, or Unix ms. Thirty steps before `to` when absent.
    #[param(example = "2026-10-01")]
    from: Option<String>,
    /// The moment before which it ends; now when absent.
    #[param(example = "2026-11-01")]
    to: Option<String>,
    /// `minute`, `hour` or `day`, of UTC; `day` when absent. At most 400 of them.
    step: Option<String>,
}

/// How well the service did. Rates are between 0 and 1, and null where nothing was counted.
#[derive(Serialize, ToSchema)]
pub struct AnalyticsBody {
    /// Where the first step begins, Unix ms.
    from: i64,
    /// Where the last step ends.
    to: i64,
    /// `minute`, `hour` or `day`.
    step: &'static str,
    /// All of it together; of people the last count.
    whole: FiguresBody,
    /// Each step, in order.
    steps: Vec<FiguresBody>,
}

/// What is known of a stretch of time.
#[derive(Serialize, ToSchema)]
pub struct FiguresBody {
    /// Where it begins, Unix ms.
    at: i64,
    /// Of all sendings of a transaction, those that committed it at once.
    sync_success_rate: Option<f64>,
    /// Of all commands committed, those that left the user something to decide.
    conflict_rate: Option<f64>,
    /// Sendings of transactions, by what became of them.
    transactions: TransactionsBody,
    /// Commands of committed transactions.
    commands: CommandsBody,
    /// From taking a transaction in to its answer.
    write: LatencyBody,
    /// From the record of a change to its delivery to a reader that waited for it.
    delivery: LatencyBody,
    /// Requests to the API, by its version and by what the client runs on; kinds of which none came are not in it.
    requests: Vec<RequestsBody>,
    /// Who was active in the last 28 days, as of the last count in this stretch; null when nobody counted.
    people: Option<PeopleBody>,
}

/// Sendings of transactions.
#[derive(Serialize, ToSchema)]
pub struct TransactionsBody {
    /// Decided by this sending, and durable.
    committed: u64,
    /// Decided by this sending, and refused.
    rejected: u64,
    /// Not decided; sent again later.
    deferred: u64,
    /// Decided by an earlier sending.
    repeated: u64,
    /// Not taken in, because too many waited.
    turned_away: u64,
}

/// Commands.
#[derive(Serialize, ToSchema)]
pub struct CommandsBody {
    /// All.
    committed: u64,
    /// Those that opened or changed a conflict.
    conflicting: u64,
    /// Those that were applied in part.
    merged: u64,
    /// Those of which nothing was applied.
    superseded: u64,
}

/// Percentiles in ms, at most 41 % above the true ones.
#[derive(Serialize, ToSchema)]
pub struct LatencyBody {
    /// How many were measured.
    count: u64,
    /// Half took no longer.
    p50_ms: Option<f64>,
    /// 95 of 100 took no longer.
    p95_ms: Option<f64>,
    /// 99 of 100 took no longer.
    p99_ms: Option<f64>,
}

/// Requests of one kind.
#[derive(Serialize, ToSchema)]
pub struct RequestsBody {
    /// The version of the API: `1` or `2`.
    version: &'static str,
    /// `ios`, `web` or `other`.
    platform: &'static str,
    /// How many.
    count: u64,
}

/// People and their devices.
#[derive(Serialize, ToSchema)]
pub struct PeopleBody {
    /// Accounts with an active device.
    accounts: u64,
    /// Active devices.
    devices: u64,
    /// Active devices of an active account.
    devices_per_account: Option<f64>,
    /// Of the active accounts, those with an active device of `ios` and one of `web`.
    both_platforms_share: Option<f64>,
}

/// The measures of success over time: of all nodes together, about nobody in particular.
#[utoipa::path(get, path = "/api/v2/admin/analytics", tag = "admin", params(AnalyticsQuery), security(("bearer" = [])),
responses(
    (status = 200, description = "What was measured.", body = AnalyticsBody),
    (status = 400, description = "`query_invalid`: a moment or step that is none, or more than 400 steps.", body = Content,
     content_type = "application/problem+json"),
    (status = 403, description = "`role_missing`: support or admin only.", body = Content,
     content_type = "application/problem+json"),
    (status = 503, description = "`busy`, `unavailable`", body = Content, content_type = "application/problem+json")
))]
pub async fn analytics(
    app: web::Data<App>,
    request: HttpRequest,
    _by: Support,
    query: Result<Query<AnalyticsQuery>, actix_web::Error>,
) -> Result<HttpResponse, Problem> {
    let asked = query.map_err(|error| Problem::new(Code::QueryInvalid).detail(error.to_string()))?.into_inner();
    let range = range(&asked)?;
    let _turn = app.read_turns.take().await.map_err(|crowded| {
        Problem::new(Code::Busy).detail(crowded.to_string()).retry_after_ms(crowded.retry_after_ms)
    })?;
    // What this node has counted is in it to the last moment, that of others to some seconds ago.
    app.pipeline.measures().write(&app.measures).await?;
    let report = report(&app.measures, range).await?;
    let mut answer = reply(&request, StatusCode::OK, &AnalyticsBody::from(report));
    answer.headers_mut().insert(CACHE_CONTROL, actix_web::http::header::HeaderValue::from_static("no-store"));
    Ok(answer)
}

fn range(asked: &AnalyticsQuery) -> Result<Range, Problem> {
    let invalid = |detail: String| Problem::new(Code::QueryInvalid).detail(detail);
    let step = asked.step.as_deref().map_or(Some(Step::default()), Step::named);
    let step = step.ok_or_else(|| invalid("`step` is minute, hour or day.".to_owned()).with("parameter", "step"))?;
    let range = Range::read(asked.from.as_deref(), asked.to.as_deref(), step, clock::now_ms());
    range.map_err(|error| invalid(format!("{error}.")))
}

impl From<Report> for AnalyticsBody {
    fn from(report: Report) -> Self {
        let Report { range, steps, whole } = report;
        let steps = steps.into_iter().map(FiguresBody::from).collect();
        Self { from: range.from(), to: range.until(), step: range.step().name(), whole: whole.into(), steps }
    }
}

impl From<Figures> for FiguresBody {
    fn from(figures: Figures) -> Self {
        let Figures { at, tally, population } = figures;
        let people = population.map(|people| PeopleBody {
            accounts: people.accounts,
            devices: people.devices,
            devices_per_account: people.devices_per_account(),
            both_platforms_share: people.both_platforms_share(),
        });
        Self {
            at,
            sync_success_rate: tally.sync_success(),
            conflict_rate: tally.conflict_rate(),
            transactions: TransactionsBody {
                committed: tally.committed,
                rejected: tally.rejected,
                deferred: tally.deferred,
                repeated: tally.repeated,
                turned_away: tally.turned_away,
            },
            commands: CommandsBody {
                committed: tally.commands,
                conflicting: tally.conflicting,
                merged: tally.merged,
                superseded: tally.superseded,
            },
            write: (&tally.write).into(),
            delivery: (&tally.delivery).into(),
            requests: requests(&tally.requests),
            people,
        }
    }
}

fn requests(requests: &Requests) -> Vec<RequestsBody> {
    let counted = requests.each().filter(|(.., count)| *count > 0);
    let body = |(spoken, platform, count): (Spoken, Platform, u64)| RequestsBody {
        version: spoken.name(),
        platform: platform.as_str(),
        count,
    };
    counted.map(body).collect()
}

impl From<&Histogram> for LatencyBody {
    fn from(histogram: &Histogram) -> Self {
        let [p50_ms, p95_ms, p99_ms] = [0.5, 0.95, 0.99].map(|part| histogram.quantile_ms(part));
        Self { count: histogram.count(), p50_ms, p95_ms, p99_ms }
    }
}
