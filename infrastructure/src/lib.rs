//! The outside world, one file per outside thing: PostgreSQL and the statements sent to it, the private cluster, the
//! clock and chance, the settings, the log and the counters.
//!
//! This ring implements the ports of `application` and gives `api` what it needs to run. It holds no rule of the game
//! and no order of work, and knows nothing of HTTP: a decision found in here belongs further in.

pub mod admin_feed;
pub mod audit_projector;
pub mod backup;
pub mod breaker;
pub mod clock;
pub mod config;
pub mod erasure;
pub mod flags;
pub mod folds;
pub mod founder;
pub mod hints;
pub mod hub;
pub mod import_lines;
pub mod import_writer;
pub mod key_signature;
pub mod legacy_source;
pub mod legacy_target;
pub mod legacy_url;
pub mod life;
pub mod log_file;
pub mod mail;
pub mod measures;
pub mod memory;
pub mod merge_cases;
pub mod metric_names;
pub mod node_notes;
pub mod passwords;
pub mod pipeline;
pub mod postgres;
pub mod presence;
pub mod private_postgres;
pub mod quiet_threads;
pub mod reader;
pub mod rebuilds;
pub mod redactions;
pub mod request_name;
pub mod revocations;
pub mod second_reader;
pub mod sign_in_delays;
pub mod small_pages;
pub mod subscriber;
pub mod sync_notes;
pub mod telemetry;
pub mod tokens;
pub mod turns;
pub mod upkeep;
pub mod verifier;
pub mod wall_clock;
pub mod writer;
