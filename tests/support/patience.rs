//! Guards against hanging. They are no measurement: generous, so that a slow machine passes, and finite, so that a test
//! that waits for something that never comes says so.

use std::time::Duration;

/// How long any single thing may take.
pub const GUARD: Duration = Duration::from_secs(60);

/// The future's output, or a failed test that names what did not come.
pub async fn within<T>(what: &str, future: impl Future<Output = T>) -> T {
    match tokio::time::timeout(GUARD, future).await {
        Ok(output) => output,
        Err(_) => panic!("{what} did not come within {} s", GUARD.as_secs()),
    }
}

/// Asks again and again until the answer is there. Only for what nothing announces, such as a lock in the database.
pub async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    within(what, asking).await
}
