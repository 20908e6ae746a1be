//! What a verify says: a line for each finding as it is found, or one JSON document at the end. What was found before this
//! process took part, or by another, comes from the table at the end, without the values of differing columns.

use std::collections::HashSet;

use application::fault::Fault;
use application::verify::Finding;
use deadpool_postgres::tokio_postgres::Client;
use domain::id::SpaceId;
use infrastructure::postgres::verify::{Kept, Run, Wanted, findings};
use serde_json::{Value, json};

use super::super::rebuild::meter::Meter;

/// Findings that are read at once.
const PAGE: i64 = 1_000;

/// What was said, and what is to be said at the end.
pub(super) struct Report {
    json: bool,
    /// Findings that were said: by space and sentence.
    said: HashSet<(SpaceId, String)>,
    erased: Vec<SpaceId>,
}

impl Report {
    pub(super) fn new(json: bool) -> Self {
        Self { json, said: HashSet::new(), erased: Vec::new() }
    }

    pub(super) fn found(&mut self, meter: &Meter, finding: &Finding) {
        if !self.json {
            meter.line(&format!("{} {finding}", finding.flaw.code()));
            self.said.insert((finding.space, finding.flaw.sentence()));
        }
    }

    pub(super) fn erased(&mut self, meter: &Meter, space: SpaceId) {
        if !self.json {
            meter.line(&format!("space {space} is being erased; there is nothing to verify"));
        }
        self.erased.push(space);
    }

    /// Says the rest; how much was found by the whole walk.
    pub(super) async fn end(self, client: &Client, run: &Run, took: &str) -> Result<u64, Fault> {
        let (mut listed, mut count, mut wanted) =
            (Vec::new(), 0, Wanted { space: run.space.map(|space| space.0), limit: PAGE, ..Wanted::default() });
        loop {
            let page = findings(client, &wanted).await?;
            for kept in page.iter().filter(|kept| kept.run == run.id) {
                count += 1;
                if self.json {
                    listed.push(document(kept));
                } else if !self.said.contains(&(kept.space, kept.sentence.clone())) {
                    println!("{} space {}: {}", kept.code, kept.space, kept.sentence);
                }
            }
            match page.last().filter(|_| page.len() as i64 == PAGE) {
                Some(last) => wanted.after = Some((last.space.0, last.number)),
                None => break,
            }
        }
        if self.json {
            println!("{}", self.whole(run, listed));
        } else {
            let Run { spaces, events, rows, .. } = run;
            println!("spaces: {spaces}, events: {events}, rows: {rows}, findings: {count}; {took}");
            if count == 0 && run.outcome.as_deref() == Some("done") {
                println!("everything is as it was committed");
            }
        }
        Ok(count)
    }

    fn whole(&self, run: &Run, findings: Vec<Value>) -> Value {
        json!({
            "run_id": run.id,
            "space": run.space,
            "begun_at": run.begun_at,
            "ended_at": run.ended_at,
            "outcome": run.outcome,
            "spaces": run.spaces,
            "spaces_total": run.spaces_total,
            "events": run.events,
            "rows": run.rows,
            "erased": self.erased,
            "findings": findings,
        })
    }
}

/// Says that the only space that was asked for is nothing to verify.
pub(super) fn erased(as_json: bool, space: SpaceId) {
    if as_json {
        println!("{}", json!({ "space": space, "outcome": "erased", "erased": [space], "findings": [] }));
    } else {
        println!("space {space} is being erased; there is nothing to verify");
    }
}

fn document(kept: &Kept) -> Value {
    json!({
        "space": kept.space,
        "code": kept.code,
        "about": kept.about,
        "sentence": kept.sentence,
        "found_at": kept.found_at,
    })
}
