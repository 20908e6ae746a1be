//! What operators and machines ask: health, readiness, counters and documentation.

pub mod docs;
pub mod gauges;
pub mod health;
pub mod http_metrics;
pub mod jwks;
pub mod metrics;
pub mod parts;
pub mod ready;
pub mod schema;
pub mod sent_body;
