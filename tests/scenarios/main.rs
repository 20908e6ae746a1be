//! The server from outside: over HTTP and WebSocket, against a real PostgreSQL, one module per topic.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what goes wrong in a scenario fails it")]

mod bad_bodies;
mod bad_transactions;
mod browsers;
mod callers;
mod cors;
mod crowd;
mod cursors;
mod every_route;
mod feed;
mod hostile_heads;
mod isolation;
mod live_messages;
mod origins;
mod reader;
mod receipts;
mod recorded_lives;
mod stage;
mod statements;
mod storage;
mod unicode;
