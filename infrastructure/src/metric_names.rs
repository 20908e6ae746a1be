//! The name of every metric, in one place, with its unit last as Prometheus wants it.

/// Counter: HTTP requests answered, by `method`, `route` (its template) and `status` (its class, such as `2xx`).
pub const HTTP_REQUESTS_TOTAL: &str = "levelup_http_requests_total";
/// Histogram: seconds from the head of a request to the head of its answer, by `method` and `route`.
pub const HTTP_REQUEST_SECONDS: &str = "levelup_http_request_duration_seconds";
/// Counter: requests that were answered with a problem, by its `code`.
pub const PROBLEMS_TOTAL: &str = "levelup_problems_total";
/// Counter: requests to the API answered, by `version` of their path (`1`, `2`) and `platform` of the client (`ios`, `web`, `other`).
pub const API_REQUESTS_TOTAL: &str = "levelup_api_requests_total";
/// Counter: passwords hashed or checked, by `outcome` (`done`, `busy`).
pub const PASSWORD_HASHES_TOTAL: &str = "levelup_password_hashes_total";
/// Counter: sign-ins by `kind` (`register`, `login`, `refresh`) and `outcome` (`done`, `refused`, `failed`).
pub const SIGN_INS_TOTAL: &str = "levelup_sign_ins_total";
/// Counter: refreshes refused, by `code` (`refresh_token_invalid`, `signature_required`, `nonce_invalid`, `signature_invalid`)
/// and `because` (why the session ended, or nothing).
pub const REFRESHES_REFUSED_TOTAL: &str = "levelup_refreshes_refused_total";

/// Counter: accounts erased, by `outcome` (`finished`, `failed`).
pub const ERASURES_TOTAL: &str = "levelup_erasures_total";

/// Counter: bytes of answers handed to connections, after compression and before TLS, by `kind` (`http`, `events`, `stream`).
pub const SENT_BYTES_TOTAL: &str = "levelup_sent_bytes_total";

/// Counter: transactions answered, by `status` (`committed`, `rejected`, `deferred`).
pub const TRANSACTIONS_TOTAL: &str = "levelup_transactions_total";
/// Counter: requests that found the queue full.
pub const OVERLOADED_TOTAL: &str = "levelup_overloaded_requests_total";
/// Counter: requests whose device's clock was off by more than the tolerance.
pub const CLOCK_CORRECTED_TOTAL: &str = "levelup_clock_corrected_requests_total";
/// Counter: spaces that did not land with their group and were tried again alone.
pub const RETRIED_ALONE_TOTAL: &str = "levelup_retried_alone_total";
/// Counter: groups that were decided while the group before them, of the same space, was being written.
pub const GROUPS_AHEAD_TOTAL: &str = "levelup_groups_ahead_total";
/// Histogram: transactions in a group append.
pub const GROUP_TRANSACTIONS: &str = "levelup_group_transactions";
/// Counter: transactions that had been decided before and got the same answer again.
pub const RECEIPTS_REPLAYED_TOTAL: &str = "levelup_receipts_replayed_total";
/// Counter: transactions refused, by `code`.
pub const REJECTIONS_TOTAL: &str = "levelup_rejections_total";
/// Counter: commands committed, by `outcome` (`applied`, `merged`, `superseded`, `unchanged`).
pub const COMMANDS_TOTAL: &str = "levelup_commands_total";
/// Counter: writes of a field that met another write that they had not seen, by `entity`, `field`, `policy` (`ask`: a conflict was
/// opened or changed; `last`, `set`: the later one stands) as `/schema.json` names them.
pub const FIELD_CONFLICTS_TOTAL: &str = "levelup_field_conflicts_total";
/// Histogram: seconds that a transaction waited in the queue for its flight.
pub const QUEUE_WAIT_SECONDS: &str = "levelup_queue_wait_duration_seconds";
/// Histogram: seconds from taking a transaction in to its answer.
pub const WRITE_SECONDS: &str = "levelup_write_duration_seconds";
/// Histogram: seconds in which a group is loaded, from memory or the database; one for each time that something is asked for.
pub const LOAD_SECONDS: &str = "levelup_load_duration_seconds";
/// Histogram: seconds in which a group is decided, without what is loaded meanwhile.
pub const DECIDE_SECONDS: &str = "levelup_decide_duration_seconds";
/// Histogram: seconds in which a group is appended: encoding, a connection, the statement.
pub const APPEND_SECONDS: &str = "levelup_append_duration_seconds";
/// Histogram: seconds of the statement alone that appends a group: its round trip and its commit.
pub const COMMIT_SECONDS: &str = "levelup_commit_duration_seconds";
/// Counter: loads of groups, by `source` (`memory`: nothing had to be asked for; `database`).
pub const LOADS_TOTAL: &str = "levelup_loads_total";
/// Counter: rows read by loads, by `what` (`heads`, `receipts`, `devices`, `bases`, `entities`).
pub const LOADED_ROWS_TOTAL: &str = "levelup_loaded_rows_total";
/// Counter: events appended.
pub const EVENTS_TOTAL: &str = "levelup_appended_events_total";
/// Counter: entities wanted by loads, by `outcome` (`hit`: remembered, `miss`).
pub const ENTITY_MEMORY_LOOKUPS_TOTAL: &str = "levelup_entity_memory_lookups_total";
/// Gauge: bytes of entities that are remembered.
pub const ENTITY_MEMORY_BYTES: &str = "levelup_entity_memory_bytes";
/// Gauge: transactions that wait for a group append.
pub const WAITING_TRANSACTIONS: &str = "levelup_waiting_transactions";
/// Gauge: live feeds open, by `kind` (`stream`, `events`, `poll`).
pub const LIVE_FEEDS: &str = "levelup_live_feeds";
/// Gauge: live connections open, by `protocol` (`json`, `cbor`, `json.zstd`, `cbor.zstd`).
pub const LIVE_CONNECTIONS: &str = "levelup_live_connections";
/// Counter: pages of the feed, by `source` (`memory`: the ring of the hub had them; `log`;
/// `replica`: the log, read there).
pub const FEED_PAGES_TOTAL: &str = "levelup_feed_pages_total";
/// Counter: readers that were told to start again, by `reason` (`epoch`, `ahead`, `forked`, `archived`, `cheaper`).
pub const FEED_RESETS_TOTAL: &str = "levelup_feed_resets_total";
/// Histogram: changes that a reader has still to read after a page.
pub const FEED_LAG_CHANGES: &str = "levelup_feed_lag_changes";
/// Histogram: seconds from the record of a change to its delivery to a reader that waited for it.
pub const DELIVERY_SECONDS: &str = "levelup_delivery_duration_seconds";

/// Gauge: whether other nodes are heard, by `way` (`notify`, `nats`): 1, or 0. There is no series where hints are off.
pub const HINTS_CONNECTED: &str = "levelup_hints_connected";
/// Counter: how often other nodes were not heard any more.
pub const HINTS_LOST_TOTAL: &str = "levelup_hints_lost_total";
/// Counter: hints that this node said.
pub const HINTS_SAID_TOTAL: &str = "levelup_hints_said_total";
/// Counter: hints of other nodes that this node heard.
pub const HINTS_HEARD_TOTAL: &str = "levelup_hints_heard_total";
/// Counter: hints that this node did not say, because too many waited.
pub const HINTS_DROPPED_TOTAL: &str = "levelup_hints_dropped_total";
/// Counter: what was heard and is no letter of a node.
pub const HINTS_UNREADABLE_TOTAL: &str = "levelup_hints_unreadable_total";
/// Histogram: seconds from saying a hint to hearing it oneself.
pub const HINT_ECHO_SECONDS: &str = "levelup_hint_echo_duration_seconds";
/// Counter: heads that were found in the database and that readers here had not heard of, `by` what they were looked for (`hint`,
/// `sweep`: no hint had told of them).
pub const HEADS_FOUND_TOTAL: &str = "levelup_heads_found_total";

/// Counter: reads that carry a cursor, where there is a replica: of `what` (`changes`, `wait_for`), answered `by` the `replica` or the
/// `database`, `because` (`there`: the replica had it; `not_there`; `behind`; `away`; `slow`; `failed`; `doubtful`: one went wrong and
/// nobody has looked since; `outdated`: something was taken out that it may still have).
pub const CURSOR_READS_TOTAL: &str = "levelup_cursor_reads_total";
/// Gauge: whether a replica is read from: 1, or 0.
pub const DATABASE_REPLICA_IN_USE: &str = "levelup_database_replica_in_use";
/// Gauge: seconds since the moment of the database that the replica is of.
pub const DATABASE_REPLICA_LAG_SECONDS: &str = "levelup_database_replica_lag_seconds";
/// Counter: how often it was not read from any more.
pub const DATABASE_REPLICA_LOST_TOTAL: &str = "levelup_database_replica_lost_total";

/// Gauge: seconds that this node's clock is ahead of the database's.
pub const CLOCK_OFFSET_SECONDS: &str = "levelup_clock_offset_seconds";
/// Counter: how often this node's clock has jumped.
pub const CLOCK_JUMPS_TOTAL: &str = "levelup_clock_jumps_total";

/// Counter: repairs of replicas by comparing checksums, by `outcome` (`done`, `exhausted`: the device was told to stop).
pub const REPAIRS_TOTAL: &str = "levelup_replica_repairs_total";

/// Counter: attempts to send a mail, by `outcome` (`sent`, `needless`, `failed`: it is tried again,
/// `dropped`: it is not).
pub const MAILS_TOTAL: &str = "levelup_mails_total";
/// Gauge: mails that are not sent yet, of all nodes.
pub const WAITING_MAILS: &str = "levelup_waiting_mails";

/// Counter: backups that this node made or tried, by `outcome` (`made`, `failed`).
pub const BACKUPS_TOTAL: &str = "levelup_backups_total";
/// Counter: looks at what lies in the folder of backups, by `check` (`chain`: before it is gone on from; `verify`: of each full
/// one that was made) and `outcome` (`whole`, `damaged`).
pub const BACKUP_CHECKS_TOTAL: &str = "levelup_backup_checks_total";
/// Gauge: when the newest backup in the folder was whole, in seconds since 1970.
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
/// Gauge: spaces that it leaves to a newer program, which has read them, by `projection`.
pub const PROJECTION_NEWER_SPACES: &str = "levelup_projection_newer_spaces";
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

/// Gauge: connections to the database, by `state` (`max`, `open`, `available`).
pub const POOL_CONNECTIONS: &str = "levelup_pool_connections";
/// Gauge: callers that wait for a connection to the database.
pub const POOL_WAITING: &str = "levelup_pool_waiting";

/// Counter: spans sent to the collector.
pub const SPANS_EXPORTED_TOTAL: &str = "levelup_exported_spans_total";
/// Counter: spans that were not sent, `because` (`queue_full`, `not_taken`).
pub const SPANS_DROPPED_TOTAL: &str = "levelup_dropped_spans_total";
/// Counter: minutes of measures written to the database, by `outcome` (`written`, `failed`: kept and tried again).
pub const MEASURES_TOTAL: &str = "levelup_measures_total";

/// Gauge: 1, by `version`.
pub const BUILD_INFO: &str = "levelup_build_info";
/// Gauge: bytes of memory that the process holds; named as every client library of Prometheus does.
pub const MEMORY_BYTES: &str = "process_resident_memory_bytes";
/// Gauge: when the process started, in Unix seconds.
pub const START_TIME_SECONDS: &str = "process_start_time_seconds";
/// Gauge: files and sockets that the process has open.
pub const OPEN_FDS: &str = "process_open_fds";

/// Upper bounds of the buckets of every histogram of seconds: from a tenth of a millisecond to half a minute.
pub const SECONDS_BUCKETS: [f64; 16] =
    [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];
/// Upper bounds of the buckets of the size of a group.
pub const GROUP_BUCKETS: [f64; 10] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0];
/// Upper bounds of the buckets of how far a reader is behind.
pub const CHANGES_BUCKETS: [f64; 9] = [0.0, 1.0, 10.0, 100.0, 1_000.0, 10_000.0, 100_000.0, 1_000_000.0, 10_000_000.0];
