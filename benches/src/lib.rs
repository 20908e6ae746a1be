//! The program's own benchmarks and the peers beside it: a real `levelup serve` and pgbench take turns on one durable
//! PostgreSQL, on the same two-device conversations that people have with the program.
//!
//! Only numbers come out of here. A smoke run proves that it runs and that everything acknowledged is stored; how fast
//! it was is for people to judge, with the machine and its load in view.

pub mod account;
pub mod aims;
pub mod bare;
pub mod cluster;
pub mod commits;
pub mod failure;
pub mod flood;
pub mod growth;
pub mod http;
pub mod latency;
pub mod load;
pub mod machine;
pub mod metrics;
pub mod options;
pub mod peers;
pub mod processor;
pub mod reading;
pub mod rebuilding;
pub mod report;
pub mod request;
pub mod run;
pub mod server;
pub mod shapes;
pub mod statistics;
pub mod steady;
pub mod stored;
pub mod targets;
pub mod throughput;
