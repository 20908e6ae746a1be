//! What goes wrong beside messages and flights, and how it comes right again.

use crate::agenda::Happening;
use crate::plan::Trouble;
use crate::store::Store;
use crate::world::{Weather, World, Wrong};

const SECOND: i64 = 1_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
const YEAR: i64 = 365 * DAY;

impl<S: Store> World<'_, S> {
    /// One thing goes wrong; the next is planned.
    pub(crate) async fn trouble(&mut self) -> Result<(), Wrong> {
        if self.weather != Weather::Stormy {
            return Ok(());
        }
        let pause = if self.chance.one_in(8) { HOUR } else { 90 * SECOND };
        let pause = self.chance.between(SECOND, pause);
        self.agenda.plan(self.now + pause, Happening::Trouble);
        let mut troubles: Vec<Trouble> = self.plan.troubles.iter().copied().collect();
        // People are away more often than anything breaks.
        troubles.extend([Trouble::Absence; 3].into_iter().filter(|absence| self.plan.has(*absence)));
        let Some(trouble) = self.chance.pick(&troubles).copied() else { return Ok(()) };
        let device = usize::try_from(self.chance.below(self.devices.len() as u64)).unwrap_or_default();
        self.trace.note(self.now, || format!("trouble: {trouble:?}, device {device}"));
        match trouble {
            Trouble::Network => self.server.listeners.retain(|(one, _)| *one != device),
            Trouble::Absence => self.go_away(device),
            Trouble::Clocks => self.jump(device),
            Trouble::DeviceRestarts => {
                self.devices[device].restart();
                self.look(device, self.now + SECOND);
            }
            Trouble::ServerKills => self.server_dies(),
            Trouble::Restores => self.restore_or_back_up().await?,
            Trouble::Tokens => drop(self.server.tokens.insert(device, self.now)),
            Trouble::StoreFaults | Trouble::OtherNode => return Ok(()),
        }
        self.tally.count(format!("trouble: {trouble:?}"));
        Ok(())
    }

    fn go_away(&mut self, device: usize) {
        let long = if self.chance.one_in(8) { 20 * DAY } else { HOUR / 2 };
        let until = self.now + self.chance.between(SECOND, long);
        self.devices[device].away_until = until;
        self.agenda.plan(until, Happening::Return(device));
    }

    fn jump(&mut self, device: usize) {
        if self.chance.one_in(4) {
            self.server.clock_off_ms = self.chance.between(-600 * SECOND, 600 * SECOND);
            return;
        }
        let jumps = [YEAR, -YEAR, -HOUR, HOUR, -90 * SECOND, 59 * SECOND, DAY];
        let jump = self.chance.pick(&jumps).copied().unwrap_or_default();
        let drift = self.chance.between(-SECOND, SECOND);
        let off = self.devices[device].clock_off_ms;
        self.devices[device].clock_off_ms = if self.chance.one_in(3) { 0 } else { off + jump + drift };
    }

    /// It comes back by itself after a while.
    pub(crate) fn server_dies(&mut self) {
        self.server.die();
        self.tally.count("the server died");
        let long = if self.chance.one_in(12) { HOUR } else { 60 * SECOND };
        let pause = self.chance.between(SECOND, long);
        self.agenda.plan(self.now + pause, Happening::ServerUp);
    }

    async fn restore_or_back_up(&mut self) -> Result<(), Wrong> {
        let known = self.server.backups.len();
        if known == 0 || !self.chance.one_in(4) {
            self.tally.count("backups");
            return Ok(self.server.back_up().await?);
        }
        self.server_dies();
        let back = usize::try_from(self.chance.below(3)).unwrap_or_default();
        let epoch = self.chance.uuid();
        self.server.restore(known.saturating_sub(1 + back), epoch).await?;
        self.tally.count("restores");
        Ok(())
    }

    /// Nothing goes wrong any more: everybody is there, and everything arrives.
    pub(crate) fn calm_down(&mut self) {
        self.weather = Weather::Calm;
        self.server.up = true;
        for device in 0..self.devices.len() {
            self.devices[device].connection = 0;
            self.devices[device].caught_up = false;
            self.look(device, self.now + 1);
        }
    }
}
