//! The server from outside: over HTTP and WebSocket, against a real PostgreSQL, one module per topic.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what goes wrong in a scenario fails it")]

mod access_log;
mod bad_bodies;
mod bad_transactions;
mod browsers;
mod callers;
mod cors;
mod crowd;
mod cursors;
mod device_bad_input;
mod device_keys;
mod device_limit;
mod device_sync;
mod devices;
mod email_verification;
mod every_route;
mod feed;
mod hostile_heads;
mod installation;
mod isolation;
mod keys;
mod live_messages;
mod live_sessions;
mod mail;
mod mail_server;
mod newcomer;
mod origins;
mod password_change;
mod password_reset;
mod proxies;
mod reader;
mod receipts;
mod recorded_lives;
mod refresh;
mod refresh_signatures;
mod sessions;
mod short_tokens;
mod sign_in;
mod stage;
mod statements;
mod storage;
mod tls;
mod unicode;
mod upkeep;
