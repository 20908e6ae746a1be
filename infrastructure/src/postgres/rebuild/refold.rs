//! One space, folded from its log into shadow tables and compared with its live rows, beside writers.
//!
//! Comparing holds nobody up. A pass reads, in one snapshot, the head, the events up to it and a chunk of rows: the
//! append writes all of them in one commit, so they are of one position. Only what differed is looked at again with
//! the head locked, and switched there.

use application::fault::Fault;
use application::ledger::Head;
use application::rebuild::{Counters, Difference};
use application::verify::{Audit, Flaw};
use domain::id::SpaceId;
use tokio_postgres::{Client, GenericClient, IsolationLevel, Transaction};
use uuid::Uuid;

use super::super::fault::{read, write};
use super::super::ledger::rows;
use super::super::verify::stored;
use super::differences;
use super::shadows::Shadows;

/// Entities whose rows are held and written together.
const ENTITIES_MAX: usize = 1_000;
/// Events that are read at once.
pub(in super::super) const EVENTS_MAX: i64 = 1_000;
/// Rows that one pass compares and, at most, switches.
const ROWS_MAX: i64 = 1_000;

/// What a pass may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Pass {
    /// Compare, in a snapshot.
    Look,
    /// Compare and switch what differs, with the head locked.
    Switch,
}

/// How far the comparison is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Reached {
    table: usize,
    after: Option<Vec<String>>,
}

/// What a pass found.
#[derive(Debug)]
pub(in super::super) struct Passed {
    /// What differs.
    pub(in super::super) differences: Vec<Difference>,
    /// Rows that were compared.
    pub(in super::super) rows: i64,
    /// Where the next pass begins; none after the last, or when the log turned out to be damaged.
    pub(in super::super) next: Option<Reached>,
}

/// One space on its way.
#[derive(Debug)]
pub(in super::super) struct Refold<'a> {
    space: SpaceId,
    shadows: &'a Shadows,
    /// The rebuild that keeps what is found.
    noted_by: Option<Uuid>,
    /// Whether the receipts are looked at too.
    with_receipts: bool,
    /// The log, as far as it was read.
    pub(in super::super) audit: Audit,
}

impl<'a> Refold<'a> {
    pub(in super::super) fn new(space: SpaceId, shadows: &'a Shadows) -> Self {
        Self { space, shadows, noted_by: None, with_receipts: true, audit: Audit::new(space) }
    }

    /// A pass that switches, or the passes of a check, note what they find with this rebuild, in their own transaction.
    pub(super) fn noted_by(mut self, rebuild: Uuid) -> Self {
        self.noted_by = Some(rebuild);
        self
    }

    /// Leaves the receipts to verify: what is rebuilt does not come from them.
    pub(super) fn without_receipts(mut self) -> Self {
        self.with_receipts = false;
        self
    }

    /// Reads and folds the next events, and at the end of the log writes the rows that they make; says how many they were.
    pub(in super::super) async fn read_on(&mut self, client: &impl GenericClient) -> Result<usize, Fault> {
        let after = self.audit.position();
        let events = match self.with_receipts {
            true => stored::events(client, self.space, after, EVENTS_MAX).await?,
            false => stored::events_alone(client, self.space, after, EVENTS_MAX).await?,
        };
        let count = events.len();
        events.into_iter().for_each(|logged| self.audit.read(logged));
        // Each event has its own activity, which is not kept until the end.
        self.shadows.write(client, self.audit.fold.take_activity()).await?;
        // An entity is written once, however many of its events were read.
        while (count as i64) < EVENTS_MAX && self.audit.fold.has_rows() {
            self.shadows.write(client, self.audit.fold.take_rows_of(ENTITIES_MAX)).await?;
        }
        Ok(count)
    }

    /// Compares the next rows with what the log says.
    pub(in super::super) async fn pass(
        &mut self,
        client: &mut Client,
        from: &Reached,
        pass: Pass,
    ) -> Result<Passed, Fault> {
        self.pass_and_note(client, from, pass, pass == Pass::Switch).await
    }

    /// The same; what is found is noted if it counts.
    pub(super) async fn pass_and_note(
        &mut self,
        client: &mut Client,
        from: &Reached,
        pass: Pass,
        counts: bool,
    ) -> Result<Passed, Fault> {
        let isolation = match pass {
            Pass::Look => IsolationLevel::RepeatableRead,
            Pass::Switch => IsolationLevel::ReadCommitted,
        };
        let begun = client.build_transaction().isolation_level(isolation).start().await;
        let transaction = begun.map_err(|error| read(&error))?;
        let head = self.head(&transaction, pass).await?;
        while self.read_on(&transaction).await? as i64 == EVENTS_MAX {}
        match &head {
            Some(head) => self.audit.end(head),
            None => self.audit.found(Flaw::Headless),
        }
        let mut passed = Passed { differences: Vec::new(), rows: 0, next: None };
        if let Some(head) = head.filter(|_| self.audit.is_sound()) {
            if *from == Reached::default() {
                let live = Counters {
                    live_entities: head.live_entities,
                    checksum: head.checksum,
                    legacy_next: head.legacy_next,
                };
                passed.differences.extend(Difference::of_head(self.space, live, self.audit.fold.counters()));
            }
            self.compare(&transaction, from, pass, &mut passed).await?;
            if pass == Pass::Switch && !passed.differences.is_empty() {
                self.repaired(&transaction).await?;
            }
        }
        if let Some(rebuild) = self.noted_by.filter(|_| counts && !passed.differences.is_empty()) {
            differences::note(&transaction, rebuild, self.space, &passed.differences).await?;
        }
        transaction.commit().await.map_err(|error| write(&error))?;
        Ok(passed)
    }

    async fn head(&self, transaction: &Transaction<'_>, pass: Pass) -> Result<Option<Head>, Fault> {
        let sql = match pass {
            Pass::Look => include_str!("../sql/rebuild/head.sql"),
            Pass::Switch => include_str!("../sql/rebuild/lock_head.sql"),
        };
        let row = transaction.query_opt(sql, &[&self.space.0]).await.map_err(|error| read(&error))?;
        row.as_ref().map(rows::head).transpose()
    }

    async fn compare(
        &self,
        transaction: &Transaction<'_>,
        from: &Reached,
        pass: Pass,
        passed: &mut Passed,
    ) -> Result<(), Fault> {
        let mut reached = from.clone();
        while let Some(shadow) = self.shadows.all().nth(reached.table) {
            if passed.rows >= ROWS_MAX {
                passed.next = Some(reached);
                break;
            }
            let after = reached.after.as_deref();
            let Some(chunk) = shadow.chunk(transaction, self.space, after, ROWS_MAX - passed.rows).await? else {
                reached = Reached { table: reached.table + 1, after: None };
                continue;
            };
            let differing = shadow.compare(transaction, self.space, after, &chunk.upto).await?;
            if pass == Pass::Switch {
                shadow.switch(transaction, self.space, &differing).await?;
            }
            passed.differences.extend(differing.into_iter().map(|(difference, _)| difference));
            passed.rows += chunk.rows;
            reached.after = Some(chunk.upto);
        }
        Ok(())
    }

    /// Counts the repair in the head, whose other counters become what the log says.
    async fn repaired(&self, transaction: &Transaction<'_>) -> Result<(), Fault> {
        let counters = self.audit.fold.counters();
        let sql = include_str!("../sql/rebuild/repaired.sql");
        let checksum = counters.checksum.cast_signed();
        transaction
            .execute(sql, &[&self.space.0, &counters.legacy_next, &counters.live_entities, &checksum])
            .await
            .map_err(|error| write(&error))?;
        Ok(())
    }
}
