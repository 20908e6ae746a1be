//! A sign-in flood beside normal commands: what it does to those who only write.
//!
//! Commands come in open loop, at three tenths of what was measured as the most, and their latency runs from the moment
//! that they were due: a server that is slow gets no fewer of them. The flood is an open loop too, the same with and
//! without limits: every attempt for another account, from many addresses of the loopback, so that no counter of one
//! account or one address stops it.

mod attacker;

use std::path::Path;

use api::client::http::Server as Remote;

use crate::account::{self, Account};
use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::load::Stop;
use crate::options::FloodSizes;
use crate::server::Server;
use crate::statistics::Series;
use crate::steady::{Device, write};
pub use attacker::Answers;
use attacker::attack;

/// The part of the most that a server can do at which it is measured.
const PART_OF_MOST: f64 = 0.3;

/// What protects against a flood, as it is by default. Writers are limited neither here nor there: a device stands for
/// many people.
const PROTECTED: [(&str, &str); 1] = [("LEVELUP_LIMIT_WRITE", "off")];
/// None of it: passwords are hashed on all processors, with the priority of everything else.
const UNPROTECTED: [(&str, &str); 4] = [
    ("LEVELUP_LIMIT_WRITE", "off"),
    ("LEVELUP_LIMIT_SIGN_IN", "off"),
    ("LEVELUP_SIGN_IN_DELAY", "off"),
    ("LEVELUP_HASH_NICENESS", "0"),
];

/// What was measured.
#[derive(Clone, Debug)]
pub struct Flood {
    /// Commands a second that were due.
    pub due_per_s: f64,
    /// Attempts a second of the flood that were due.
    pub flood_per_s: f64,
    /// Addresses that they came from.
    pub addresses: usize,
    /// Milliseconds from due to answered, without a flood.
    pub quiet: Series,
    /// The same under the flood, with limits.
    pub protected: Series,
    /// What the flood was answered with limits.
    pub protected_answers: Answers,
    /// Milliseconds under the flood, without limits.
    pub unprotected: Series,
    /// What the flood was answered without limits.
    pub unprotected_answers: Answers,
}

/// Measures all three.
pub async fn measure(program: &Path, scratch: &Scratch, most_per_s: f64, sizes: &FloodSizes) -> Result<Flood, Failure> {
    let due_per_s = (most_per_s * PART_OF_MOST).max(1.0);
    let server = Server::start(program, scratch, &PROTECTED).await?;
    let accounts = account::register(&Remote::at(&server.url())?, "flood", sizes.devices).await?;
    // Tokens outlive the server that gave them: the next has the same key.
    let mut devices = Vec::new();
    for Account { session, script, .. } in accounts {
        devices.push(Device { token: session.access_token().await?, script });
    }
    write(server.address, &mut devices, due_per_s, sizes.warm_up).await?;
    eprintln!("flood: quiet");
    let quiet = write(server.address, &mut devices, due_per_s, sizes.length).await?;
    eprintln!("flood: with limits");
    let (protected, protected_answers) = under_flood(&server, &mut devices, due_per_s, sizes).await?;
    server.stop().await?;

    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get).to_string();
    let mut unprotected = UNPROTECTED.to_vec();
    unprotected.push(("LEVELUP_HASH_THREADS", &cores));
    let server = Server::start(program, scratch, &unprotected).await?;
    write(server.address, &mut devices, due_per_s, sizes.warm_up).await?;
    eprintln!("flood: without limits");
    let (unprotected, unprotected_answers) = under_flood(&server, &mut devices, due_per_s, sizes).await?;
    server.stop().await?;
    let (flood_per_s, addresses) = (sizes.attempts_per_s, sizes.addresses);
    Ok(Flood {
        due_per_s,
        flood_per_s,
        addresses,
        quiet,
        protected,
        protected_answers,
        unprotected,
        unprotected_answers,
    })
}

async fn under_flood(
    server: &Server,
    devices: &mut [Device],
    due_per_s: f64,
    sizes: &FloodSizes,
) -> Result<(Series, Answers), Failure> {
    let stop = Stop::default();
    let writing = async {
        // The flood is there before the first command that counts.
        let written = match write(server.address, devices, due_per_s, sizes.warm_up).await {
            Ok(_) => write(server.address, devices, due_per_s, sizes.length).await,
            Err(failure) => Err(failure),
        };
        stop.stop();
        written
    };
    let attacking = attack(server.address, sizes.addresses, sizes.attempts_per_s, &stop);
    let (written, answers): (Result<Series, Failure>, _) = tokio::join!(writing, attacking);
    Ok((written?, answers?))
}
