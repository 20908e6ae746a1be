//! `cargo bench -p benches --bench tokens`: what an access token costs to sign, to verify for the first time, and to
//! verify again while it is remembered. On one thread; each figure is the median of several rounds.

#![expect(clippy::unwrap_used, reason = "what goes wrong in here ends the measurement")]

use std::hint::black_box;
use std::time::Instant;

use application::identity::{AccessClaims, TokenIssuer};
use domain::id::{AccountId, DeviceId, SessionId};
use infrastructure::clock;
use infrastructure::tokens::Tokens;

const TOKENS: usize = 2_000;
const ROUNDS: usize = 9;

fn main() {
    let dir = std::env::temp_dir().join(format!("levelup-bench-{}", clock::uuid_v7()));
    let (mut signed, mut cold, mut warm) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        // A memory that has seen none of them.
        let tokens = Tokens::open(&dir).unwrap();
        let claims: Vec<_> = (0..TOKENS).map(|_| claims()).collect();
        let mut issued = Vec::with_capacity(TOKENS);
        signed.push(each_us(|| issued.extend(claims.iter().map(|claims| tokens.issue(claims).unwrap()))));
        let verify = || {
            for token in &issued {
                black_box(tokens.verify(token.reveal()).unwrap());
            }
        };
        cold.push(each_us(verify));
        warm.push(each_us(verify));
    }
    println!("sign {:.2} us, verify {:.2} us, verify again {:.2} us", median(signed), median(cold), median(warm));
    std::fs::remove_dir_all(&dir).unwrap();
}

fn claims() -> AccessClaims {
    let issued_at_s = clock::now_ms() / 1_000;
    AccessClaims {
        account: AccountId(clock::uuid_v7()),
        device: DeviceId(clock::uuid_v7()),
        session: SessionId(clock::uuid_v7()),
        issued_at_s,
        expires_at_s: issued_at_s + 900,
        csrf: None,
    }
}

/// Microseconds of one of the tokens.
fn each_us(work: impl FnOnce()) -> f64 {
    let started = Instant::now();
    work();
    started.elapsed().as_secs_f64() * 1e6 / TOKENS as f64
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
