//! The life of a real private cluster. Needs the server programs, as `script/test` installs them.

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use super::{Cluster, ensure, status};

/// No measurement: a recovery on a slow disk takes its time.
const GUARD: Duration = Duration::from_secs(60);

/// A data directory of a test's own, gone with it.
struct DataDir(PathBuf);

impl DataDir {
    fn new(name: &str) -> Self {
        let unique = format!("levelup-test-{name}-{}", crate::clock::uuid_v7().simple());
        Self(std::env::temp_dir().join(unique))
    }
}

impl Drop for DataDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn answer(cluster: &Cluster) -> Result<i32, tokio_postgres::Error> {
    let (client, connection) = cluster.config().connect(tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    Ok(client.query_one("SELECT 41 + 1", &[]).await?.get(0))
}

async fn answer_at_last(cluster: &Cluster) -> i32 {
    let deadline = Instant::now() + GUARD;
    loop {
        match answer(cluster).await {
            Ok(number) => return number,
            Err(error) if Instant::now() > deadline => panic!("no answer within {GUARD:?}: {error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
}

/// The new owner hears that its server is ready a moment after the server takes connections.
async fn becomes_owner(guest: &Cluster) {
    let deadline = Instant::now() + GUARD;
    while !guest.owned() {
        assert!(Instant::now() < deadline, "the guest did not take over within {GUARD:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn server_pid(cluster: &Cluster) -> u32 {
    status::read(&cluster.layout.cluster_dir).expect("a running server has a status file").pid
}

fn kill(pid: u32) {
    let killed = std::process::Command::new("sh").arg("-c").arg(format!("kill -9 {pid}")).status();
    assert!(killed.unwrap().success());
}

#[tokio::test]
async fn a_cluster_is_made_used_and_stopped_without_a_trace() {
    let dir = DataDir::new("made");
    let cluster = ensure(&dir.0).await.unwrap();
    assert!(cluster.owned());
    assert_eq!(answer(&cluster).await.unwrap(), 42);
    let (pid, cluster_dir) = (server_pid(&cluster), cluster.layout.cluster_dir.clone());
    cluster.stop().await;
    assert!(!status::runs(pid, &cluster_dir));
    assert!(!cluster_dir.join("postmaster.pid").exists());
}

#[tokio::test]
async fn a_killed_server_comes_back_by_itself() {
    let dir = DataDir::new("killed");
    let cluster = ensure(&dir.0).await.unwrap();
    let before = server_pid(&cluster);
    kill(before);
    assert_eq!(answer_at_last(&cluster).await, 42);
    assert_ne!(server_pid(&cluster), before);
    cluster.stop().await;
}

#[tokio::test]
async fn a_guest_takes_over_when_the_owner_leaves() {
    let dir = DataDir::new("guest");
    let (first, second) = tokio::join!(ensure(&dir.0), ensure(&dir.0));
    let (owner, guest) = match (first.unwrap(), second.unwrap()) {
        (first, second) if first.owned() => (first, second),
        (first, second) => (second, first),
    };
    assert!(!guest.owned());
    owner.stop().await;
    assert_eq!(answer_at_last(&guest).await, 42);
    becomes_owner(&guest).await;
    guest.stop().await;
}

#[tokio::test]
async fn files_that_name_a_process_that_is_not_postgresql_are_no_obstacle() {
    let dir = DataDir::new("stale");
    let cluster = ensure(&dir.0).await.unwrap();
    let claims = [cluster.layout.cluster_dir.join("postmaster.pid"), cluster.layout.socket_lock()];
    let texts = claims.each_ref().map(|file| std::fs::read_to_string(file).unwrap());
    let (server, stranger) = (server_pid(&cluster).to_string(), std::process::id().to_string());
    cluster.stop().await;
    for (file, text) in claims.iter().zip(texts) {
        std::fs::write(file, text.replacen(&server, &stranger, 1)).unwrap();
    }
    let again = ensure(&dir.0).await.unwrap();
    assert_eq!(answer(&again).await.unwrap(), 42);
    again.stop().await;
}
