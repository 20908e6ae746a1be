//! The server from outside: over HTTP and WebSocket, against a real PostgreSQL, one module per topic.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what goes wrong in a scenario fails it")]

mod access_log;
mod bad_bodies;
mod bad_transactions;
mod callers;
mod crowd;
mod cursors;
mod device_bad_input;
mod device_keys;
mod device_limit;
mod device_sync;
mod devices;
mod feed;
mod installation;
mod isolation;
mod live_messages;
mod reader;
mod receipts;
mod recorded_lives;
mod stage;
mod statements;
mod storage;
mod unicode;
