//! The name of the request that is being answered: what connects an answer, the lines of the log, the spans and the events
//! that it led to. It follows the work of a task, so nothing in between has to carry it.

use std::sync::Arc;

tokio::task_local! {
    static NAME: Arc<str>;
}

/// Does the work under this name.
pub async fn under<F: Future>(name: Arc<str>, work: F) -> F::Output {
    NAME.scope(name, work).await
}

/// The name of the request that is being answered, if one is.
pub fn current() -> Option<Arc<str>> {
    NAME.try_with(Arc::clone).ok()
}
