//! Devices of several accounts at work: each writes and listens at the same time.

use std::sync::Arc;

use api::client::retry::patiently;
use api::client::{Credentials, Device, Server, Session, feed};
use infrastructure::clock::uuid_v7;
use support::patience::{GUARD, within};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::listener::{Listened, listen};
use crate::progress::{Moment, Progress};
use crate::script::Script;
use crate::seed::Seed;
use crate::writer::{Acknowledged, Writer};

const ACCOUNTS: usize = 3;
const DEVICES: usize = 2;

/// Accounts with devices at work.
pub(crate) struct Fleet {
    pub(crate) accounts: Vec<Account>,
    progress: Progress,
    stop: CancellationToken,
    tasks: JoinSet<Done>,
    /// Of all accounts.
    devices: usize,
}

/// An account, and what its devices have to show in the end.
pub(crate) struct Account {
    pub(crate) session: Arc<Session>,
    pub(crate) written: Vec<(Arc<Session>, Vec<Acknowledged>)>,
    pub(crate) listened: Vec<Listened>,
    target: watch::Sender<Option<i64>>,
}

enum Done {
    Wrote(usize, Arc<Session>, Vec<Acknowledged>),
    Listened(usize, Listened),
}

impl Fleet {
    /// Signs everybody up on a server that answers, and lets them begin. `may_vanish`: whether the server itself will be
    /// away at times.
    pub(crate) async fn start(server: &Server, seed: &Seed, may_vanish: bool) -> Self {
        Self::start_on(std::slice::from_ref(server), ACCOUNTS, DEVICES, seed, may_vanish).await
    }

    /// The same of so many accounts with so many devices each, which share the nodes of one service.
    pub(crate) async fn start_on(
        nodes: &[Server],
        accounts: usize,
        devices: usize,
        seed: &Seed,
        may_vanish: bool,
    ) -> Self {
        let (progress, stop) = (Progress::new(), CancellationToken::new());
        let tasks = JoinSet::new();
        let mut fleet = Self { accounts: Vec::new(), progress, stop, tasks, devices: accounts * devices };
        // Nobody begins before everybody has an account: whoever signs up is not whom plans strike.
        let mut signed_up = Vec::new();
        for _ in 0..accounts {
            signed_up.push(within("signing up", sign_up(nodes, devices)).await);
        }
        for (account, sessions) in signed_up.into_iter().enumerate() {
            let target = watch::Sender::new(None);
            for (device, session) in sessions.iter().enumerate() {
                let part = format!("{account}/{device}");
                fleet.set_to_work(account, Arc::clone(session), seed, &part, may_vanish, &target);
            }
            let session = Arc::clone(&sessions[0]);
            fleet.accounts.push(Account { session, written: Vec::new(), listened: Vec::new(), target });
        }
        fleet
    }

    fn set_to_work(
        &mut self,
        account: usize,
        session: Arc<Session>,
        seed: &Seed,
        part: &str,
        may_vanish: bool,
        target: &watch::Sender<Option<i64>>,
    ) {
        let (cursor, stands) = watch::channel(None);
        let script = Script::new(seed.part(&format!("{part}/script")), session.account_id());
        let (chance, progress) = (seed.part(&format!("{part}/writer")), self.progress.clone());
        let writer = Writer { session: Arc::clone(&session), script, chance, cursor: stands, progress, may_vanish };
        let (stop, listening, target) = (self.stop.clone(), Arc::clone(&session), target.subscribe());
        self.tasks.spawn(async move { Done::Wrote(account, session, writer.write(stop).await) });
        self.tasks.spawn(async move { Done::Listened(account, listen(listening, cursor, target).await) });
    }

    /// Waits for a moment under load. A device that fails meanwhile fails the test.
    pub(crate) async fn reach(&mut self, moment: Moment) {
        let progress = self.progress.clone();
        self.during(&format!("{moment:?}"), progress.reach(moment)).await;
    }

    /// Waits for something while the devices work.
    pub(crate) async fn during<T>(&mut self, what: &str, awaited: impl Future<Output = T>) -> T {
        tokio::select! {
            output = within(what, awaited) => output,
            Some(ended) = self.tasks.join_next() => match ended {
                Err(failure) => std::panic::resume_unwind(failure.into_panic()),
                Ok(_) => panic!("a device stopped working by itself"),
            },
        }
    }

    /// No new work; returns when everything that was sent is acknowledged and every listener has heard all of it.
    pub(crate) async fn finish(mut self) -> Vec<Account> {
        self.stop.cancel();
        for _ in 0..self.devices {
            self.collect("the last receipts").await;
        }
        for account in &self.accounts {
            let head = feed::changes(&account.session, None, 1, 0).await.expect("the server answers").head;
            account.target.send_replace(Some(head));
        }
        for _ in 0..self.devices {
            self.collect("the last changes").await;
        }
        println!("{:?}", self.progress.now());
        self.accounts
    }

    async fn collect(&mut self, what: &str) {
        match within(what, self.tasks.join_next()).await.expect("as many as were started") {
            Ok(Done::Wrote(account, session, written)) => self.accounts[account].written.push((session, written)),
            Ok(Done::Listened(account, listened)) => self.accounts[account].listened.push(listened),
            Err(failure) => std::panic::resume_unwind(failure.into_panic()),
        }
    }
}

async fn sign_up(nodes: &[Server], devices: usize) -> Vec<Arc<Session>> {
    let email = format!("{}@example.test", uuid_v7().simple());
    let credentials = Credentials { email, password: "correct horse battery".to_owned() };
    let device = Device::fresh("ios", "device 0");
    let first = patiently(GUARD, |_, _| (), async || Session::register(&nodes[0], &credentials, &device).await).await;
    let mut sessions = vec![Arc::new(first.expect("a new account"))];
    for number in 1..devices {
        let device = Device::fresh("web", &format!("device {number}"));
        let node = &nodes[number % nodes.len()];
        let another = patiently(GUARD, |_, _| (), async || Session::login(node, &credentials, &device).await).await;
        sessions.push(Arc::new(another.expect("another device")));
    }
    sessions
}
