//! A walk over every space of a test's database, and what is known after it.

use application::verify::Finding;
use infrastructure::postgres::verify::{
    BegunBy, Kept, News, Run, Sessions, Wanted, Worked, begin, findings, run, work,
};
use tokio_util::sync::CancellationToken;

use super::support::Database;

impl Database {
    /// Verifies every space: how the walk ended, and what was told.
    pub(crate) async fn walk(&self) -> (Run, Vec<Finding>) {
        let (client, stop, mut told) = (self.client().await, CancellationToken::new(), Vec::new());
        let id = begin(&client, None, BegunBy::Operator).await.unwrap();
        let mut tell = |news: News<'_>| {
            if let News::Finding(finding) = news {
                told.push(finding.clone());
            }
        };
        let mut sessions = Sessions::connect(&self.config).await.unwrap();
        assert_eq!(work(&mut sessions, id, None, &stop, &mut tell).await.unwrap(), Worked::Done);
        (run(&client, id).await.unwrap().unwrap(), told)
    }

    /// What is known to be wrong.
    pub(crate) async fn kept(&self) -> Vec<Kept> {
        let wanted = Wanted { limit: 1_000, ..Wanted::default() };
        findings(&self.client().await, &wanted).await.unwrap()
    }
}
