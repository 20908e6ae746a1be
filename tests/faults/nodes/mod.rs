//! Several nodes on one database, as processes of their own: what one writes the devices of all hear, over NOTIFY, over NATS
//! and without either; whatever is lost, stands still or is cut off meanwhile.

mod clock;
mod forged;
mod hot_space;
mod lost;
mod over_nats;
mod over_notify;
mod replica;

use std::sync::Arc;

use api::client::retry::patiently;
use api::client::wire::Receipts;
use api::client::{Credentials, Device, Heard, Live, Replica, Session};
use infrastructure::clock::{now_ms, uuid_v7};
use serde_json::json;
use support::commands::new_task;
use support::patience::{GUARD, until, within};
use support::process::{Place, ServerProcess};
use support::{Database, Http};

/// So long that no test sees a sweep.
const NEVER: (&str, &str) = ("LEVELUP_SWEEP_S", "86400");

/// A node.
struct Node {
    server: ServerProcess,
    http: Http,
    _place: Place,
}

impl Node {
    /// Starts one on this database, with these settings.
    async fn start(database: &Database, told: &[(&str, &str)]) -> Self {
        Self::start_at(database.url(), told).await
    }

    async fn start_at(database_url: String, told: &[(&str, &str)]) -> Self {
        let place = Place::fresh();
        let server = ServerProcess::start_told(place.path(), Some(database_url), told).await;
        let http = Http::nobody(server.server().url());
        Self { server, http, _place: place }
    }

    /// What `/readyz` says of a part.
    async fn part(&self, name: &str) -> String {
        let answer = self.http.get("/readyz").await;
        assert!([200, 503].contains(&answer.status), "{}", answer.status);
        answer.json()["parts"][name]["status"].as_str().expect("a part with a status").to_owned()
    }

    /// Waits until `/readyz` says so of a part.
    async fn part_becomes(&self, name: &str, status: &str) {
        until(&format!("{name}: {status}"), async || (self.part(name).await == status).then_some(())).await;
    }

    /// The sum of the series of a metric whose labels hold this text.
    async fn metric(&self, name: &str, label: &str) -> f64 {
        let text = String::from_utf8(self.http.get("/metrics").await.body).unwrap();
        let is_asked = |series: &str| series.split(['{', ' ']).next() == Some(name) && series.contains(label);
        let values = text.lines().filter(|line| is_asked(line)).filter_map(|line| line.rsplit(' ').next());
        values.map(|value| value.parse::<f64>().expect("a number")).sum()
    }
}

/// Somebody with a device on each of these nodes. Whoever is told to come back, as after a moment in which the machine
/// stood still, does.
async fn person(nodes: &[&Node]) -> Vec<Arc<Session>> {
    let email = format!("{}@example.test", uuid_v7().simple());
    let credentials = Credentials { email, password: "correct horse battery".to_owned() };
    let mut sessions = Vec::new();
    for (number, node) in nodes.iter().enumerate() {
        let (server, device) = (node.server.server(), Device::fresh("ios", &format!("device {number}")));
        let signing_in = async || match number {
            0 => Session::register(&server, &credentials, &device).await,
            _ => Session::login(&server, &credentials, &device).await,
        };
        let session = patiently(GUARD, |_, _| (), signing_in).await;
        sessions.push(Arc::new(session.expect("a signed-in device")));
    }
    sessions
}

/// Writes one task; the log's last position with it.
async fn write(session: &Session) -> i64 {
    write_positions(session).await.1
}

/// Writes one task; the first and the last position of it.
async fn write_positions(session: &Session) -> (i64, i64) {
    let body = json!({ "sent_at": now_ms(), "transactions": [new_task("A task")] });
    let sending = patiently(GUARD, |_, _| (), async || session.post("/api/v2/transactions", &body).await);
    let answer: Receipts = within("receipts", sending).await.expect("an answer");
    assert_eq!(answer.receipts[0]["status"], "committed", "{}", answer.receipts[0]);
    let position = |end: &str| answer.receipts[0]["positions"][end].as_i64().expect("positions");
    (position("first"), position("last"))
}

/// A device that listens. Its replica refuses gaps, repeats and disorder.
struct Listening {
    live: Live,
    replica: Replica,
}

impl Listening {
    /// Listens, and has heard everything up to now.
    async fn begin(session: &Arc<Session>) -> Self {
        let mut listening = Self { live: Live::from(Arc::clone(session), None), replica: Replica::default() };
        listening.hear(1).await;
        listening
    }

    /// Waits until it has heard everything up to a position.
    async fn hear(&mut self, position: i64) {
        while self.replica.position() < position {
            let heard = within(&format!("position {position}"), self.live.next()).await;
            match heard.expect("a live connection comes back") {
                Heard::Changes(page) => drop(self.replica.apply(&page).expect("no gap and no duplicate")),
                Heard::Reset(reset) => panic!("the log of a living server was reset: {reset:?}"),
                _ => {}
            }
        }
    }
}
