//! What operators see of a server: spans, counters, analytics, the names of requests; and what nobody may see there.

mod analytics;
mod files;
mod metrics;
mod queries;
mod request_names;
mod scrape;
mod secrets;
mod spans;
