//! What travels: requests and answers over a network that delays, repeats and loses them, and the flights between.

use crate::agenda::Happening;
use crate::bug::Bug;
use crate::message::{Answer, Ask, Reply, Request};
use crate::plan::Trouble;
use crate::server::{Fate, Flown, TOKEN_MS};
use crate::store::Store;

use super::{PATIENCE_MS, Weather, World, Wrong};

impl<S: Store> World<'_, S> {
    pub(super) fn send(&mut self, request: Request) {
        let (device, number) = (request.device, request.number);
        self.agenda.plan(self.now + PATIENCE_MS, Happening::GiveUp(device, number));
        for _ in 0..self.copies() {
            let delay = self.delay();
            self.agenda.plan(self.now + delay, Happening::Arrive(request.clone()));
        }
    }

    /// How often a message arrives.
    pub(super) fn copies(&mut self) -> usize {
        if !self.storms(Trouble::Network) {
            return 1;
        }
        match self.chance.below(16) {
            0 => 0,
            1 => 2,
            _ => 1,
        }
    }

    pub(super) fn delay(&mut self) -> i64 {
        match self.storms(Trouble::Network) {
            true if self.chance.one_in(8) => self.chance.between(100, 60_000),
            true => self.chance.between(5, 400),
            false => 10,
        }
    }

    pub(super) async fn arrive(&mut self, request: Request) -> Result<(), Wrong> {
        if !self.server.up {
            return Ok(());
        }
        let device = request.device;
        if matches!(request.ask, Ask::Refresh) {
            self.server.tokens.entry(device).and_modify(|until| *until = self.now + TOKEN_MS);
            self.reply(&request, Answer::Refreshed);
        } else if !self.server.knows(device, self.now) {
            self.tally.count("refused tokens");
            self.reply(&request, Answer::Unauthorized);
        } else if let Ask::Changes { cursor, rows } = &request.ask {
            self.server.listeners.insert((device, request.connection));
            let answer = self.server.changes(cursor.as_deref(), *rows).await?;
            self.reply(&request, answer);
        } else if let Ask::Snapshot { page, rows } = &request.ask {
            let answer = self.server.snapshot(page.as_deref(), *rows).await?;
            self.reply(&request, answer);
        } else {
            self.server.waiting.push(request);
            self.plan_flight();
        }
        Ok(())
    }

    pub(super) fn plan_flight(&mut self) {
        if !std::mem::replace(&mut self.flies, true) {
            let gather = if self.chance.one_in(3) { 3_000 } else { 40 };
            let gather = self.chance.between(0, gather);
            self.agenda.plan(self.now + gather, Happening::Fly);
        }
    }

    pub(super) fn reply(&mut self, request: &Request, answer: Answer) {
        if self.copies() == 0 {
            return self.tally.count("answers cut");
        }
        let reply = Reply { server_time: self.now + self.server.clock_off_ms, answer };
        let delay = self.delay();
        self.agenda.plan(self.now + delay, Happening::Answer(request.device, request.number, reply));
    }

    pub(super) async fn fly(&mut self) -> Result<(), Wrong> {
        self.flies = false;
        if !self.server.up || self.server.waiting.is_empty() {
            return Ok(());
        }
        let fate = self.fate();
        let forgetful = self.weather == Weather::Stormy && self.chance.one_in(4);
        let other = self.storms(Trouble::OtherNode) && self.chance.one_in(2);
        if fate != Fate::Written {
            self.tally.count(format!("{fate:?}"));
        }
        let Flown { answers, told, died, beside } = self.server.fly(self.now, fate, forgetful, other).await?;
        if died {
            self.trace.note(self.now, || format!("the server dies in a flight: {fate:?}"));
            self.server_dies();
            return Ok(());
        }
        if told {
            self.tell();
        }
        if beside {
            self.tally.count("flights beside another node's write");
        }
        answers.into_iter().for_each(|(request, answer)| self.reply(&request, answer));
        if !self.server.waiting.is_empty() {
            self.plan_flight();
        }
        Ok(())
    }

    pub(super) fn fate(&mut self) -> Fate {
        let killed = self.storms(Trouble::ServerKills) && self.chance.one_in(20);
        let faulty = self.storms(Trouble::StoreFaults) && self.chance.one_in(8);
        let fates: &[Fate] = match (killed, faulty) {
            (true, _) => &[Fate::DiesBefore, Fate::DiesAfter],
            (false, true) => &[Fate::AnswerLost, Fate::NeverSent, Fate::Away],
            (false, false) => &[Fate::Written],
        };
        self.chance.pick(fates).copied().unwrap_or_default()
    }

    /// Readers are told that there is more. A connection may be dead without anyone knowing.
    pub(super) fn tell(&mut self) {
        let listeners: Vec<(usize, u64)> = self.server.listeners.iter().copied().collect();
        for (device, connection) in listeners {
            let dead = self.storms(Trouble::Network) && self.chance.one_in(10);
            if dead {
                self.server.listeners.remove(&(device, connection));
                self.tally.count("connections that died unnoticed");
            }
            let forgotten = self.plan.bug == Some(Bug::LostHint) && self.chance.one_in(3);
            if !dead && !forgotten {
                let delay = self.delay();
                self.agenda.plan(self.now + delay, Happening::Hint(device, connection));
            }
        }
    }
}
