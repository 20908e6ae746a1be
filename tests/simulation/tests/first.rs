//! First look.
#[tokio::test]
async fn seeds() {
    let from: u64 = std::env::var("FROM").ok().and_then(|v| v.parse().ok()).unwrap_or(0);
    let n: u64 = std::env::var("N").ok().and_then(|v| v.parse().ok()).unwrap_or(20);
    let mut tally = simulation::Tally::default();
    let mut failed = 0;
    for seed in from..from + n {
        match simulation::run(&simulation::Plan::of(seed), simulation::memory(), false).await {
            Ok(passed) => tally.join(&passed.tally),
            Err(failure) => {
                failed += 1;
                println!("{failure}");
            }
        }
    }
    for (what, count) in tally.all() {
        println!("{count:>8} {what}");
    }
    println!("failed {failed}");
}
