//! Counters that stand at nothing from the start: what almost never happens has to be there before it does, or the first
//! time is no rise.

use application::audit::PROJECTION;
use metrics::{counter, gauge};

use crate::metric_names::{
    BACKUP_CHECKS_TOTAL, BACKUPS_TOTAL, CLOCK_CORRECTED_TOTAL, CLOCK_JUMPS_TOTAL, CLOCK_OFFSET_SECONDS,
    CURSOR_READS_TOTAL, DATABASE_CIRCUIT, DATABASE_CIRCUIT_OPENED_TOTAL, DATABASE_CIRCUIT_REFUSED_TOTAL,
    DATABASE_REPLICA_IN_USE, DATABASE_REPLICA_LAG_SECONDS, DATABASE_REPLICA_LOST_TOTAL, ERASURES_TOTAL, EVENTS_TOTAL,
    GROUPS_AHEAD_TOTAL, HEADS_FOUND_TOTAL, HINTS_DROPPED_TOTAL, HINTS_HEARD_TOTAL, HINTS_LOST_TOTAL, HINTS_SAID_TOTAL,
    HINTS_UNREADABLE_TOTAL, MAILS_TOTAL, MEASURES_TOTAL, OVERLOADED_TOTAL, PASSWORD_HASHES_TOTAL,
    PROJECTED_EVENTS_TOTAL, PROJECTION_BEHIND_SPACES, PROJECTION_LAG_SECONDS, PROJECTION_NEWER_SPACES,
    RECEIPTS_REPLAYED_TOTAL, REPAIRED_ROWS_TOTAL, REPAIRS_TOTAL, RETRIED_ALONE_TOTAL, SPANS_DROPPED_TOTAL,
    SPANS_EXPORTED_TOTAL, TRANSACTIONS_TOTAL, TURNS_REFUSED_TOTAL, VERIFIED_EVENTS_TOTAL, VERIFIED_SPACES_TOTAL,
    WAITING_TURNS,
};

/// Those without labels.
const PLAIN: &[&str] = &[
    CLOCK_CORRECTED_TOTAL,
    CLOCK_JUMPS_TOTAL,
    DATABASE_CIRCUIT_OPENED_TOTAL,
    DATABASE_CIRCUIT_REFUSED_TOTAL,
    DATABASE_REPLICA_LOST_TOTAL,
    EVENTS_TOTAL,
    GROUPS_AHEAD_TOTAL,
    HINTS_DROPPED_TOTAL,
    HINTS_HEARD_TOTAL,
    HINTS_LOST_TOTAL,
    HINTS_SAID_TOTAL,
    HINTS_UNREADABLE_TOTAL,
    OVERLOADED_TOTAL,
    RECEIPTS_REPLAYED_TOTAL,
    RETRIED_ALONE_TOTAL,
    REPAIRED_ROWS_TOTAL,
    SPANS_EXPORTED_TOTAL,
    VERIFIED_EVENTS_TOTAL,
    VERIFIED_SPACES_TOTAL,
];

/// Those with one label and a closed list of its values.
const LABELLED: &[(&str, &str, &[&str])] = &[
    (BACKUPS_TOTAL, "outcome", &["made", "failed"]),
    (PROJECTED_EVENTS_TOTAL, "projection", &[PROJECTION]),
    (ERASURES_TOTAL, "outcome", &["finished", "failed"]),
    (HEADS_FOUND_TOTAL, "by", &["hint", "sweep"]),
    (MAILS_TOTAL, "outcome", &["sent", "needless", "failed", "dropped"]),
    (MEASURES_TOTAL, "outcome", &["written", "failed"]),
    (PASSWORD_HASHES_TOTAL, "outcome", &["done", "busy"]),
    (REPAIRS_TOTAL, "outcome", &["done", "exhausted"]),
    (SPANS_DROPPED_TOTAL, "because", &["queue_full", "not_taken"]),
    (TRANSACTIONS_TOTAL, "status", &["committed", "rejected", "deferred"]),
    (TURNS_REFUSED_TOTAL, "queue", &["snapshot", "read"]),
];

/// Sets them, the circuit, which is closed until it opens, and the queues of readers.
pub(super) fn set() {
    gauge!(DATABASE_CIRCUIT).set(0.0);
    gauge!(DATABASE_REPLICA_IN_USE).set(0.0);
    gauge!(DATABASE_REPLICA_LAG_SECONDS).set(0.0);
    gauge!(CLOCK_OFFSET_SECONDS).set(0.0);
    gauge!(PROJECTION_LAG_SECONDS, "projection" => PROJECTION).set(0.0);
    gauge!(PROJECTION_BEHIND_SPACES, "projection" => PROJECTION).set(0.0);
    gauge!(PROJECTION_NEWER_SPACES, "projection" => PROJECTION).set(0.0);
    ["snapshot", "read"].into_iter().for_each(|queue| gauge!(WAITING_TURNS, "queue" => queue).set(0.0));
    for check in ["chain", "verify"] {
        for outcome in ["whole", "damaged"] {
            counter!(BACKUP_CHECKS_TOTAL, "check" => check, "outcome" => outcome).increment(0);
        }
    }
    for what in ["changes", "wait_for"] {
        counter!(CURSOR_READS_TOTAL, "what" => what, "by" => "replica", "because" => "there").increment(0);
    }
    PLAIN.iter().for_each(|name| counter!(*name).increment(0));
    for (name, label, values) in LABELLED {
        values.iter().for_each(|value| counter!(*name, *label => *value).increment(0));
    }
}
