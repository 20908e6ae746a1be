//! What all shapes share: the cluster, the targets at work, and where results are kept.

use std::path::Path;

use tokio_postgres::{Client, Config};

use super::lines::{Figures, Keeper, Line, Round};
use crate::cluster::Scratch;
use crate::failure::Failure;
use crate::processor::Used;
use crate::server::{self, Server};
use crate::shapes::Shape;
use crate::shapes::sizes::Sizes;
use crate::stored::{Stored, stored, stored_by};
use crate::targets::bare_sql::BareSql;
use crate::targets::http_peer::HttpPeer;
use crate::targets::levelup::Levelup;
use crate::targets::zero::Zero;
use crate::targets::{Running, Target};

/// The stage of a run.
pub(crate) struct Stage<'a> {
    /// The cluster.
    pub(crate) scratch: &'a Scratch,
    /// The program of this server.
    pub(crate) program: &'a Path,
    /// How much of everything.
    pub(crate) sizes: Sizes,
    /// The targets at work, this server first whether or not it was chosen.
    pub(crate) running: Vec<Running>,
    /// Rounds so far, of all shapes: no id and no hot space comes twice.
    pub(crate) serial: usize,
    chosen: Vec<Target>,
    keeper: &'a mut Keeper,
    failures: usize,
}

impl<'a> Stage<'a> {
    /// Starts the chosen targets that are there, and keeps why the others are not.
    pub(super) async fn set(
        scratch: &'a Scratch,
        program: &'a Path,
        sizes: Sizes,
        chosen: Vec<Target>,
        keeper: &'a mut Keeper,
    ) -> Result<Self, Failure> {
        let server = Server::start(program, scratch, &server::UNLIMITED).await?;
        let mut levelup = Levelup::new(server, scratch.client(&scratch.served()).await?)?;
        let mut others = Vec::new();
        let run = keeper.run.clone();
        for target in chosen.iter().copied() {
            if let Some(reason) = target.missing() {
                eprintln!("{} is left out: {reason}", target.name());
                keeper.keep(Line::Skipped { run: run.clone(), target, reason })?;
                continue;
            }
            eprintln!("starting {}", target.name());
            if target == Target::Zero {
                others.push(Running::Zero(Box::new(Zero::start(scratch).await?)));
            } else if target == Target::BareSql {
                others.push(Running::BareSql(Box::new(BareSql::start(scratch, &mut levelup).await?)));
            } else if let Some(peer) = HttpPeer::start(target, scratch).await? {
                others.push(Running::Peer(Box::new(peer)));
            }
        }
        let running = [Running::Levelup(Box::new(levelup))].into_iter().chain(others).collect();
        Ok(Self { scratch, program, sizes, running, serial: 0, chosen, keeper, failures: 0 })
    }

    /// Those at work that were chosen and take the shape, by their place in `running`.
    pub(crate) fn players(&self, shape: Shape) -> Vec<usize> {
        let plays = |running: &Running| {
            let target = running.target();
            self.chosen.contains(&target) && shape.refuses(target).is_none()
        };
        (0..self.running.len()).filter(|place| self.running.get(*place).is_some_and(plays)).collect()
    }

    /// One of those at work.
    pub(crate) fn player(&mut self, place: usize) -> Result<&mut Running, Failure> {
        self.running.get_mut(place).ok_or_else(|| Failure::new("nobody is at that place"))
    }

    /// This server.
    pub(crate) fn levelup(&mut self) -> Result<&mut Levelup, Failure> {
        match self.running.first_mut() {
            Some(Running::Levelup(levelup)) => Ok(levelup),
            _ => Err(Failure::new("the server is not at work")),
        }
    }

    /// Keeps what a round found; a round that counts for nothing has the number 0.
    pub(crate) fn keep(&mut self, round: Round) -> Result<(), Failure> {
        if round.round == 0 {
            return Ok(());
        }
        let Round { shape, target, variant, connections, round: number, figures, .. } = &round;
        let first = shape.columns().first().map_or("", |(name, _)| name);
        let figure = figures.get(first).copied().unwrap_or(f64::NAN);
        eprintln!("{}, {connections} {variant} round {number}: {} {first} {figure:.2}", shape.name(), target.name());
        let run = self.keeper.run.clone();
        self.keeper.keep(Line::Round(Round { run, ..round }))
    }

    /// Keeps why a target has no result.
    pub(crate) fn fail(&mut self, shape: Shape, target: Target, reason: &Failure) -> Result<(), Failure> {
        eprintln!("{}: {} failed: {reason}", shape.name(), target.name());
        self.failures += 1;
        let run = self.keeper.run.clone();
        self.keeper.keep(Line::Failed { run, shape, target, reason: reason.to_string() })
    }

    /// What a target has stored.
    pub(crate) async fn stored(&self, place: usize) -> Result<Stored, Failure> {
        match self.running.get(place) {
            Some(Running::Levelup(levelup)) => stored(&levelup.client).await,
            Some(Running::BareSql(bare)) => stored(&bare.client).await,
            Some(Running::Peer(peer)) => stored_by(&peer.client, peer.count()).await,
            Some(Running::Zero(zero)) => stored_by(&zero.client, include_str!("../targets/sql/zero.sql")).await,
            None => Err(Failure::new("nobody is at that place")),
        }
    }

    /// Where a target's rows are.
    pub(crate) fn config(&self, place: usize) -> Config {
        match self.running.get(place) {
            Some(Running::BareSql(_)) => self.scratch.bare(),
            Some(Running::Peer(peer)) => peer.config.clone(),
            _ => self.scratch.served(),
        }
    }

    /// After a checkpoint a page's first change is logged whole: every round starts right after one.
    pub(crate) async fn checkpoint(&mut self) -> Result<(), Failure> {
        let client: &Client = &self.levelup()?.client;
        Ok(client.batch_execute("CHECKPOINT").await?)
    }

    /// The processor time that a target, PostgreSQL and the generator have used.
    pub(crate) fn used(&self, place: usize) -> Result<Used, Failure> {
        let pid = self.running.get(place).map_or(0, Running::pid);
        Ok(Used::until_now(pid, self.scratch.postmaster()?))
    }

    /// Stops everything; how many failed.
    pub(super) async fn clear(self) -> Result<usize, Failure> {
        for running in self.running {
            match running {
                Running::Levelup(levelup) => levelup.server.stop().await?,
                Running::Peer(peer) => peer.server.stop().await?,
                Running::Zero(zero) => zero.stop().await?,
                Running::BareSql(_) => {}
            }
        }
        Ok(self.failures)
    }
}

/// Named figures.
pub(crate) fn figures<const N: usize>(named: [(&str, f64); N]) -> Figures {
    named.into_iter().filter(|(_, value)| value.is_finite()).map(|(name, value)| (name.to_owned(), value)).collect()
}
