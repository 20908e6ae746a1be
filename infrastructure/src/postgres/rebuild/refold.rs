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
use super::shadows::Shadows;
use super::{differences, folds, queue};

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
    /// Whether it begins again: what was folded is no longer what the log says. Nothing of it was compared.
    pub(in super::super) again: bool,
    /// Whether another worker has the space by now. Nothing of it was compared.
    pub(super) is_lost: bool,
}

impl Passed {
    fn nothing() -> Self {
        Self { differences: Vec::new(), rows: 0, next: None, again: false, is_lost: false }
    }
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
    /// How often the space had been repaired before its first event was read, and whether that was looked up. Who repairs may
    /// change stored events too, as a redaction does: then what was read of them is worth nothing any more.
    repairs: Option<i64>,
    is_begun: bool,
    is_folded: bool,
    /// The log, as far as it was read.
    pub(in super::super) audit: Audit,
}

impl<'a> Refold<'a> {
    pub(in super::super) fn new(space: SpaceId, shadows: &'a Shadows) -> Self {
        let (repairs, audit) = (None, Audit::new(space));
        let (is_begun, is_folded) = (false, false);
        Self { space, shadows, noted_by: None, with_receipts: true, repairs, is_begun, is_folded, audit }
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

    /// Whether the log was read to its end since it was last begun with.
    pub(in super::super) fn is_folded(&self) -> bool {
        self.is_folded
    }

    /// Reads and folds the next events, and at the end of the log writes the rows that they make; says how many they were.
    pub(in super::super) async fn read_on(&mut self, client: &impl GenericClient) -> Result<usize, Fault> {
        if !self.is_begun {
            self.repairs = repairs(client, self.space).await?;
            self.is_begun = true;
        }
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
        self.is_folded = (count as i64) < EVENTS_MAX;
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
        if head.as_ref().map(|head| head.repairs) != self.repairs {
            self.begin_again(&transaction).await?;
            transaction.commit().await.map_err(|error| write(&error))?;
            return Ok(Passed { next: Some(Reached::default()), again: true, ..Passed::nothing() });
        }
        if pass == Pass::Switch && !self.may_switch(&transaction, head.is_some()).await? {
            return Ok(Passed { is_lost: true, ..Passed::nothing() });
        }
        let passed = self.pass_in(&transaction, head, from, pass).await?;
        if let Some(rebuild) = self.noted_by.filter(|_| counts && !passed.differences.is_empty()) {
            differences::note(&transaction, rebuild, self.space, &passed.differences).await?;
        }
        transaction.commit().await.map_err(|error| write(&error))?;
        if pass == Pass::Switch && !passed.differences.is_empty() {
            // One's own.
            self.repairs = self.repairs.map(|repairs| repairs + 1);
        }
        Ok(passed)
    }

    /// Throws away what was folded.
    async fn begin_again(&mut self, transaction: &Transaction<'_>) -> Result<(), Fault> {
        self.shadows.clear(transaction, self.space).await?;
        self.audit = Audit::new(self.space);
        (self.repairs, self.is_begun, self.is_folded) = (None, false, false);
        Ok(())
    }

    /// Whether rows may be switched, with the head locked: no newer program wants other folds, and the space is still in the
    /// hands of this worker.
    async fn may_switch(&self, transaction: &Transaction<'_>, is_there: bool) -> Result<bool, Fault> {
        folds::must_be_newest(transaction).await?;
        match self.noted_by.filter(|_| is_there) {
            Some(rebuild) => queue::is_mine(transaction, rebuild, self.space).await,
            None => Ok(true),
        }
    }

    async fn pass_in(
        &mut self,
        transaction: &Transaction<'_>,
        head: Option<Head>,
        from: &Reached,
        pass: Pass,
    ) -> Result<Passed, Fault> {
        while self.read_on(transaction).await? as i64 == EVENTS_MAX {}
        match &head {
            Some(head) => self.audit.end(head),
            None => self.audit.found(Flaw::Headless),
        }
        let mut passed = Passed::nothing();
        let Some(head) = head.filter(|_| self.audit.is_sound()) else { return Ok(passed) };
        if *from == Reached::default() {
            let live =
                Counters { live_entities: head.live_entities, checksum: head.checksum, legacy_next: head.legacy_next };
            passed.differences.extend(Difference::of_head(self.space, live, self.audit.fold.counters()));
        }
        self.compare(transaction, from, pass, &mut passed).await?;
        if pass == Pass::Switch && !passed.differences.is_empty() {
            self.repaired(transaction).await?;
        }
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

/// How often a space was repaired; none where it has no head.
pub(in super::super) async fn repairs(client: &impl GenericClient, space: SpaceId) -> Result<Option<i64>, Fault> {
    let row = client.query_opt(include_str!("../sql/rebuild/head.sql"), &[&space.0]).await;
    Ok(row.map_err(|error| read(&error))?.map(|row| row.get("repairs")))
}
