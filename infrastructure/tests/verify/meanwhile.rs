//! Something else than a write changes a space while it is looked at: that is no finding.

use domain::id::SpaceId;
use infrastructure::postgres::verify::{BegunBy, News, Sessions, Worked, begin, work};
use tokio_util::sync::CancellationToken;

use super::support::{Database, repair};

/// So slow that there is time between the log and the rows.
const SLOWLY: Option<u32> = Some(5);

/// As a redaction leaves it: the event says something else, and the rows what follows from that, which counts as a repair.
async fn redact(database: &Database, space: SpaceId) {
    let event = "UPDATE events SET payload = replace(payload::text, 'A secret', 'Nothing')::jsonb, redacted_at = 1
        WHERE space_id = $1 AND payload::text LIKE '%A secret%'";
    assert_eq!(database.tamper(event, space).await, 1);
    assert!(database.rebuild(&repair()).await.0.differences > 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_redacted_while_a_space_is_verified_is_no_finding() {
    let Some(database) = Database::create().await else { return };
    let space = database.with_a_task("A secret").await;
    let (client, stop) = (database.client().await, CancellationToken::new());
    let id = begin(&client, None, BegunBy::Operator).await.unwrap();
    let (begun, mut told) = (CancellationToken::new(), Vec::new());
    let mut tell = |news: News<'_>| match news {
        News::Finding(finding) => told.push(finding.flaw.code()),
        _ => begun.cancel(),
    };
    let redacting = async {
        begun.cancelled().await;
        redact(&database, space).await;
    };
    let mut sessions = Sessions::connect(&database.config).await.unwrap();
    let (worked, ()) = tokio::join!(work(&mut sessions, id, SLOWLY, &stop, &mut tell), redacting);
    assert_eq!((worked.unwrap(), told), (Worked::Done, vec![]));
}
