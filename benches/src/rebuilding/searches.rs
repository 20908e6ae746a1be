//! Searches in the audit log of a space with a long log.

use std::time::{Duration, Instant};

use reqwest::{Client, StatusCode};
use tokio::time::sleep;
use uuid::Uuid;

use crate::failure::Failure;

/// How long to wait until the audit log has read the space.
const READ_S_MAX: u64 = 600;
const PAUSE: Duration = Duration::from_millis(200);

/// What is searched for: a name, and the question.
fn questions(task: Uuid) -> [(&'static str, String); 6] {
    [
        ("the newest", String::new()),
        ("an entity", format!("id={task}")),
        ("a field", "field=title".to_owned()),
        ("a rare text", "text=chapter%201%20before".to_owned()),
        ("a text that nothing says", "text=nobody-says-this".to_owned()),
        ("a time without rows", "until=2020-01-01T00:00:00Z".to_owned()),
    ]
}

/// Milliseconds of each question, so many times, over HTTP; every answer is a page of at most 50 rows.
pub(super) async fn measure(
    url: &str,
    token: &str,
    task: Uuid,
    samples: usize,
) -> Result<Vec<(&'static str, Vec<f64>)>, Failure> {
    let client = Client::builder().no_proxy().tcp_nodelay(true).build().map_err(Failure::during("making a client"))?;
    let ask = async |question: &str| -> Result<StatusCode, Failure> {
        let asked = client.get(format!("{url}/api/v2/audit?limit=50&{question}")).bearer_auth(token);
        let answer = asked.send().await.map_err(Failure::during("searching"))?;
        let status = answer.status();
        answer.bytes().await.map_err(Failure::during("searching"))?;
        Ok(status)
    };
    let began = Instant::now();
    while ask("").await? != StatusCode::OK {
        if began.elapsed() > Duration::from_secs(READ_S_MAX) {
            return Err(Failure::new("the audit log did not come to the end of the space's log"));
        }
        sleep(PAUSE).await;
    }
    let mut found = Vec::new();
    for (name, question) in questions(task) {
        let mut took_ms = Vec::with_capacity(samples);
        for _ in 0..samples {
            let asked = Instant::now();
            let status = ask(&question).await?;
            if status != StatusCode::OK {
                return Err(Failure::new(format!("a search was answered {status}")));
            }
            took_ms.push(asked.elapsed().as_secs_f64() * 1e3);
        }
        found.push((name, took_ms));
    }
    Ok(found)
}
