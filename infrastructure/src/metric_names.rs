//! The name of every metric, in one place, with its unit last as Prometheus wants it.

/// Counter: HTTP requests answered, by `method`, `route` (its template) and `status` (its class, such as `2xx`).
pub const HTTP_REQUESTS_TOTAL: &str = "levelup_http_requests_total";
/// Histogram: seconds from the head of a request to the head of its answer, by `method` and `route`.
pub const HTTP_REQUEST_SECONDS: &str = "levelup_http_request_duration_seconds";
/// Counter: requests that were answered with a problem, by its `code`.
pub const PROBLEMS_TOTAL: &str = "levelup_problems_total";
/// Counter: passwords hashed or checked, by `outcome` (`done`, `busy`).
pub const PASSWORD_HASHES_TOTAL: &str = "levelup_password_hashes_total";
/// Counter: sign-ins by `kind` (`register`, `login`, `refresh`) and `outcome` (`done`, `refused`, `failed`).
pub const SIGN_INS_TOTAL: &str = "levelup_sign_ins_total";
/// Counter: refreshes refused, by `code` (`refresh_token_invalid`, `signature_required`, `nonce_invalid`, `signature_invalid`)
/// and `because` (why the session ended, or nothing).
pub const REFRESHES_REFUSED_TOTAL: &str = "levelup_refreshes_refused_total";

/// Counter: accounts erased, by `outcome` (`finished`, `failed`).
pub const ERASURES_TOTAL: &str = "levelup_erasures_total";

/// Counter: transactions answered, by `status` (`committed`, `rejected`, `deferred`).
pub const TRANSACTIONS_TOTAL: &str = "levelup_transactions_total";
/// Counter: requests that found the queue full.
pub const OVERLOADED_TOTAL: &str = "levelup_overloaded_requests_total";
/// Counter: requests whose device's clock was off by more than the tolerance.
pub const CLOCK_CORRECTED_TOTAL: &str = "levelup_clock_corrected_requests_total";
/// Counter: spaces that did not land with their group and were tried again alone.
pub const RETRIED_ALONE_TOTAL: &str = "levelup_retried_alone_total";
/// Histogram: transactions in a group append.
pub const GROUP_TRANSACTIONS: &str = "levelup_group_transactions";
/// Gauge: transactions that wait for a group append.
pub const WAITING_TRANSACTIONS: &str = "levelup_waiting_transactions";
/// Gauge: live feeds open, by `kind` (`stream`, `events`, `poll`).
pub const LIVE_FEEDS: &str = "levelup_live_feeds";
/// Histogram: seconds from the record of a change to its delivery to a live reader.
pub const DELIVERY_SECONDS: &str = "levelup_delivery_duration_seconds";

/// Counter: repairs of replicas by comparing checksums, by `outcome` (`done`, `exhausted`: the device was told to stop).
pub const REPAIRS_TOTAL: &str = "levelup_replica_repairs_total";

/// Counter: attempts to send a mail, by `outcome` (`sent`, `needless`, `failed`: it is tried again,
/// `dropped`: it is not).
pub const MAILS_TOTAL: &str = "levelup_mails_total";
/// Gauge: mails that are not sent yet, of all nodes.
pub const WAITING_MAILS: &str = "levelup_waiting_mails";

/// Counter: backups that this node made or tried, by `outcome` (`made`, `failed`).
pub const BACKUPS_TOTAL: &str = "levelup_backups_total";
/// Gauge: when the last backup that is known here was whole, in seconds since 1970.
pub const BACKUP_LAST_SUCCESS: &str = "levelup_backup_last_success_timestamp_seconds";
/// Gauge: bytes of the last backup that this node made.
pub const BACKUP_BYTES: &str = "levelup_backup_bytes";
/// Gauge: seconds that it took.
pub const BACKUP_SECONDS: &str = "levelup_backup_seconds";

/// Counter: requests and messages over a rate limit, by `class` and `scope` (`address`, `account`, `device`).
pub const RATE_LIMITED_TOTAL: &str = "levelup_rate_limited_requests_total";
/// Gauge: requests that wait for their turn, by `queue` (`snapshot`, `read`).
pub const WAITING_TURNS: &str = "levelup_waiting_turns";
/// Counter: requests that got no turn, by `queue`.
pub const TURNS_REFUSED_TOTAL: &str = "levelup_refused_turns_total";
/// Gauge: the circuit to the database: 0 closed, 1 half open, 2 open.
pub const DATABASE_CIRCUIT: &str = "levelup_database_circuit_state";
/// Counter: how often the circuit to the database has opened.
pub const DATABASE_CIRCUIT_OPENED_TOTAL: &str = "levelup_database_circuit_opened_total";
/// Counter: requests and messages that were refused at once because the circuit was open.
pub const DATABASE_CIRCUIT_REFUSED_TOTAL: &str = "levelup_database_circuit_refused_total";

/// Gauge: seconds since the oldest event was recorded that an asynchronous projection has not read, by `projection`.
pub const PROJECTION_LAG_SECONDS: &str = "levelup_projection_lag_seconds";
/// Gauge: spaces in which it had something to read when it last looked, by `projection`.
pub const PROJECTION_BEHIND_SPACES: &str = "levelup_projection_behind_spaces";
/// Counter: events that it has read, by `projection`.
pub const PROJECTED_EVENTS_TOTAL: &str = "levelup_projected_events_total";

/// Counter: events that a verify beside serving has read from the log.
pub const VERIFIED_EVENTS_TOTAL: &str = "levelup_verified_events_total";
/// Counter: spaces that a verify beside serving has looked at.
pub const VERIFIED_SPACES_TOTAL: &str = "levelup_verified_spaces_total";
/// Gauge: what is known to be wrong with what is stored, of all nodes, by `code`.
pub const VERIFY_FINDINGS: &str = "levelup_verify_findings";
/// Counter: rows of projections that a repair has put right.
pub const REPAIRED_ROWS_TOTAL: &str = "levelup_repaired_rows_total";

/// Upper bounds of the buckets of every histogram of seconds: from a tenth of a millisecond to half a minute.
pub const SECONDS_BUCKETS: [f64; 16] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];
/// Upper bounds of the buckets of the size of a group.
pub const GROUP_BUCKETS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];
