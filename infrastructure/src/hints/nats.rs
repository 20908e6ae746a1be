//! Hints as messages of NATS. Spaces are divided into a fixed number of subjects, and a node has one subscription to all of
//! them: subjects never grow with accounts. The client comes back by itself, also over other servers of the list.

use std::sync::atomic::Ordering;
use std::time::Duration;

use async_nats::connection::State;
use async_nats::{Client, ConnectOptions, Event};
use futures_util::StreamExt;
use tokio::sync::mpsc;

use super::conversation::{Broken, Line, Reading, Turn, Way};
use super::ear::Ear;
use super::nats_servers::{Login, NatsServers};
use crate::clock::jitter_ms;

const SUBJECT: &str = "levelup.hints";
/// How long one attempt to connect may take.
const CONNECT_MS_MAX: u64 = 4_000;
/// The longest pause between two attempts to come back.
const COME_BACK_MS_MAX: u64 = 4_000;
/// How often the client asks whether the server is there.
const PING_MS: u64 = 10_000;
/// Events of the connection that may wait.
const EVENTS_MAX: usize = 64;

/// The way.
pub(super) struct Nats(NatsServers);

/// A client that is connected, or comes back.
pub(super) struct Subscribed {
    client: Client,
    events: mpsc::Receiver<Event>,
    _reading: Reading,
}

impl Nats {
    /// Over these servers.
    pub(super) fn new(servers: NatsServers) -> Self {
        Self(servers)
    }

    fn options(&self, events: mpsc::Sender<Event>) -> ConnectOptions {
        let options = ConnectOptions::new()
            .name("levelup")
            .require_tls(self.0.is_private)
            .connection_timeout(Duration::from_millis(CONNECT_MS_MAX))
            .ping_interval(Duration::from_millis(PING_MS))
            .reconnect_delay_callback(|attempts| {
                let pause_ms = 50_u64.saturating_mul(1 << attempts.saturating_sub(1).min(8)).min(COME_BACK_MS_MAX);
                Duration::from_millis(if attempts <= 1 { 0 } else { pause_ms + jitter_ms(pause_ms / 2) })
            })
            .event_callback(move |event| {
                // Some may be lost here, and the client itself loses some: so it is asked at each beat which connection it has.
                drop(events.try_send(event));
                std::future::ready(())
            });
        match &self.0.login {
            None => options,
            Some(Login::User(user, password)) => options.user_and_password(user.clone(), password.reveal().to_owned()),
            Some(Login::Token(token)) => options.token(token.reveal().to_owned()),
        }
    }
}

impl Way for Nats {
    type Line = Subscribed;
    const PARTS: u128 = 16;

    async fn open(&self, ear: Ear) -> Result<Subscribed, Broken> {
        let (sender, events) = mpsc::channel(EVENTS_MAX);
        let connected = self.options(sender).connect(self.0.addresses.clone()).await;
        let client = connected.map_err(|error| Broken(format!("NATS: {error}")))?;
        let subscribed = client.subscribe(format!("{SUBJECT}.*")).await;
        let mut letters = subscribed.map_err(|error| Broken(format!("NATS: {error}")))?;
        let reading = Reading::start(async move {
            while let Some(letter) = letters.next().await {
                ear.hear(&String::from_utf8_lossy(&letter.payload));
            }
        });
        Ok(Subscribed { client, events, _reading: reading })
    }
}

impl Line for Subscribed {
    async fn say(&mut self, letters: Vec<(u128, String)>) -> Result<(), Broken> {
        for (part, letter) in letters {
            let said = self.client.publish(format!("{SUBJECT}.{part}"), letter.into()).await;
            said.map_err(|error| Broken(format!("NATS: {error}")))?;
        }
        Ok(())
    }

    async fn turn(&mut self) -> Turn {
        loop {
            return match self.events.recv().await {
                Some(Event::Connected) => Turn::Mended,
                Some(Event::Disconnected) => Turn::Interrupted(Broken("NATS: disconnected".to_owned())),
                Some(Event::SlowConsumer(_)) => Turn::Missed,
                Some(Event::Closed) | None => Turn::Ended(Broken("NATS: the client ended".to_owned())),
                Some(event) => {
                    tracing::debug!(nats.event = %event, "NATS");
                    continue;
                }
            };
        }
    }
    fn connection(&self) -> Option<u64> {
        let is_there = self.client.connection_state() == State::Connected;
        is_there.then(|| self.client.statistics().connects.load(Ordering::Relaxed))
    }
}
