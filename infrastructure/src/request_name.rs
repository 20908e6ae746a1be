//! The name of the request that is being answered: what connects an answer, the lines of the log, the spans and the events
//! that it led to. It follows the work of a task, so nothing in between has to carry it.

use std::sync::Arc;

tokio::task_local! {
    static NAME: Arc<str>;
}

/// Does the work under this name. Not an `async fn`: that would keep room for the work twice, as what it was given and as
/// what it waits for, and a live connection's work lasts.
pub fn under<F: Future>(name: Arc<str>, work: F) -> impl Future<Output = F::Output> {
    NAME.scope(name, work)
}

/// The name of the request that is being answered, if one is.
pub fn current() -> Option<Arc<str>> {
    NAME.try_with(Arc::clone).ok()
}
