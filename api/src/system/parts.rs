//! The parts of a node, as `/readyz` names them: what it needs to serve, and what it can do without for a while.

use infrastructure::hints::Standing;
use infrastructure::postgres::replica::Standing as ReplicaStanding;
use infrastructure::wall_clock::ClockStanding;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::state::App;

/// Every part.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartsBody {
    /// PostgreSQL. Without it nothing can be served.
    pub database: PartBody,
    /// What other nodes say. Without it their changes come a second later.
    pub hints: PartBody,
    /// This machine's clock. Tokens end by it.
    pub clock: PartBody,
    /// A read-only copy of the database. Without it the database answers its readers.
    pub replica: PartBody,
}

/// One part.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartBody {
    /// `ok`, `off`, `degraded` or `away`.
    pub status: &'static str,
    /// What is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl PartsBody {
    /// As it is now; the database by what was just seen of it.
    pub fn of(app: &App, database: Result<(), &str>) -> Self {
        let database = match database {
            Ok(()) => PartBody::ok(),
            Err(why) => PartBody::told("away", why),
        };
        let (hints, clock) = (hints(&app.hints.standing()), clock(app.wall_clock.standing()));
        Self { database, hints, clock, replica: replica(&app.readers.replica().standing()) }
    }

    /// Whether something is wrong that can be done without.
    pub fn is_degraded(&self) -> bool {
        [&self.hints, &self.clock, &self.replica].into_iter().any(|part| part.status == "degraded")
    }

    /// As a member of a problem.
    pub fn to_json(&self) -> Value {
        json!(self)
    }
}

impl PartBody {
    fn ok() -> Self {
        Self { status: "ok", detail: None }
    }

    fn told(status: &'static str, detail: impl Into<String>) -> Self {
        Self { status, detail: Some(detail.into()) }
    }
}

/// Why is in the log: it may name what strangers need not know.
fn hints(standing: &Standing) -> PartBody {
    match standing {
        Standing::Heard => PartBody::ok(),
        Standing::Off => PartBody { status: "off", detail: None },
        Standing::Away { .. } => {
            PartBody::told("degraded", "Other nodes are not heard; what they write is looked for once a second.")
        }
    }
}

/// Why it is away is in the log, too.
fn replica(standing: &ReplicaStanding) -> PartBody {
    let without = |what: &str| PartBody::told("degraded", format!("{what} The database answers its readers."));
    match standing {
        ReplicaStanding::Following => PartBody::ok(),
        ReplicaStanding::Off => PartBody { status: "off", detail: None },
        ReplicaStanding::Behind => without("It is too far behind."),
        ReplicaStanding::Away { .. } => without("It is away, or no copy of the database."),
    }
}

fn clock(standing: ClockStanding) -> PartBody {
    let seconds = |ms: i64| ms.unsigned_abs() as f64 / 1_000.0;
    match standing {
        ClockStanding::Good => PartBody::ok(),
        ClockStanding::Off(ms) => {
            let way = if ms > 0 { "ahead of" } else { "behind" };
            PartBody::told("degraded", format!("It is {:.1} s {way} the database's.", seconds(ms)))
        }
        ClockStanding::Jumped(ms) => {
            let way = if ms > 0 { "ahead" } else { "back" };
            PartBody::told("degraded", format!("It has jumped {:.1} s {way}.", seconds(ms)))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_says_which_way_and_how_far() {
        let detail = |standing| clock(standing).detail.unwrap_or_default();
        assert_eq!(detail(ClockStanding::Off(61_200)), "It is 61.2 s ahead of the database's.");
        assert_eq!(detail(ClockStanding::Off(-3_000)), "It is 3.0 s behind the database's.");
        assert_eq!(detail(ClockStanding::Jumped(-3_600_000)), "It has jumped 3600.0 s back.");
    }

    #[test]
    fn what_a_way_says_of_itself_is_not_told_to_strangers() {
        let part = hints(&Standing::Away { why: "password authentication failed for user \"ada\"".to_owned() });
        assert_eq!(part.status, "degraded");
        assert!(!part.detail.unwrap_or_default().contains("ada"));
    }
}
