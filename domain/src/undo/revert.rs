//! What takes back what one transaction did to an entity, field by field: only what nobody has changed since.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::kept::{Kept, Reason, Writer};
use super::life::{Life, session};
use super::restore::{compensate, completion, steps};
use super::touch::{Touch, members, touches};
use crate::compensation::Compensation;
use crate::completion::Focused;
use crate::entity::{Command, Edit, Entity, EntityRef, Event, LifecycleCommand};
use crate::follow_up::life;
use crate::hero::{Adjusted, HeroChange, HeroCommand};

/// An event of an entity, as a revert looks at it.
#[derive(Clone, Debug)]
pub struct Past {
    /// What happened.
    pub event: Event,
    /// Who wrote it.
    pub writer: Writer,
    /// Whether it is of the transaction that is reverted.
    pub ours: bool,
    /// Whether it followed from an event of another entity.
    pub follows: bool,
}

/// What a transaction did to one entity, and what became of that.
struct Trail {
    target: EntityRef,
    then: Life,
    now: Life,
    own: Vec<(Touch, Option<Event>)>,
    later: BTreeMap<Touch, Writer>,
    /// Whoever had anything to do with it since.
    since: Option<Writer>,
    commands: Vec<Command>,
    edit: Edit,
    restores: bool,
    kept: Vec<Kept>,
}

/// The commands that take back what a transaction did to an entity, given all of its events, and what is left as it is.
pub fn revert(target: EntityRef, events: Vec<Past>) -> (Vec<Command>, Vec<Kept>) {
    let Some(mut trail) = Trail::follow(target, events) else { return Default::default() };
    if trail.then.entity.meta().exists() {
        trail.take_back();
    } else {
        trail.unmake();
    }
    (trail.commands, trail.kept)
}

impl Trail {
    fn follow(target: EntityRef, events: Vec<Past>) -> Option<Self> {
        let (mut now, mut then, mut since) = (Life::absent(target.kind), None, None);
        let (mut own, mut later, mut listed) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        for Past { event, writer, ours, follows } in events {
            let touched = touches(&now, &event);
            if ours && !follows {
                then.get_or_insert_with(|| now.clone());
                for touch in touched.into_iter().filter(|touch| is_own(touch, event.mark().position)) {
                    if listed.insert(touch.clone()) {
                        own.push((touch, Some(event.clone())));
                    }
                }
            } else if then.is_some() && !ours {
                since = Some(writer);
                later.extend(touched.into_iter().filter(|_| !follows).map(|touch| (touch, writer)));
            }
            now.apply(event);
        }
        let (commands, kept) = (Vec::new(), Vec::new());
        let edit = Edit::default();
        Some(Self { target, then: then?, now, own, later, since, commands, edit, restores: false, kept })
    }

    /// What the transaction created goes, unless somebody has had to do with it since.
    fn unmake(&mut self) {
        if let Some(by) = self.since {
            let now = self.now.value("created_at");
            self.kept.push(Kept {
                entity: self.target,
                field: "created_at".to_owned(),
                day: None,
                member: None,
                reason: Reason::ChangedSince,
                now,
                by: Some(by),
            });
            return;
        }
        let steps = steps(&self.then, &self.now);
        self.commands.extend(steps.change.into_iter().chain(steps.delete));
    }

    fn take_back(&mut self) {
        let own = std::mem::take(&mut self.own);
        // Deletion first: what is back may be edited.
        let (deletion, rest): (Vec<_>, Vec<_>) = own.into_iter().partition(|(touch, _)| *touch == Touch::Deletion);
        let mut delete = None;
        for (touch, _) in &deletion {
            delete = self.deletion(touch);
        }
        for (touch, event) in &rest {
            match touch {
                Touch::Field(field) => self.field(touch, field),
                Touch::Member(field, member) => self.member(touch, field, member),
                Touch::Completion(_) => self.completion(touch),
                Touch::Session(position) => self.session(touch, *position, event.as_ref()),
                Touch::Energy(position) => self.energy(touch, *position, event.as_ref()),
                Touch::Deletion => {}
            }
        }
        if self.edit != Edit::default() {
            let edit = LifecycleCommand::Edit(std::mem::take(&mut self.edit));
            let place = usize::from(self.restores);
            self.commands.insert(place, life(self.target.kind, edit));
        }
        self.commands.extend(delete);
    }

    fn deletion(&mut self, touch: &Touch) -> Option<Command> {
        let (was, is) = (!self.then.is_deleted_itself(), !self.now.is_deleted_itself());
        if was == is || !self.may(touch) {
            return None;
        }
        if was && self.now.entity.meta().stamps.gone.is_some() {
            self.keep(touch, Reason::Deleted, None);
            return None;
        }
        if was {
            self.restores = true;
            self.commands.push(life(self.target.kind, LifecycleCommand::Restore));
            return None;
        }
        Some(life(self.target.kind, LifecycleCommand::Delete))
    }

    fn field(&mut self, touch: &Touch, field: &str) {
        let before = self.then.value(field);
        if before != self.now.value(field) && self.may(touch) && self.may_edit(touch) {
            self.edit.set.insert(field.to_owned(), before);
        }
    }

    fn member(&mut self, touch: &Touch, field: &str, member: &str) {
        let (before, after) = (self.then.value(field), self.now.value(field));
        let (had, has) = (members(&before).contains(&member), members(&after).contains(&member));
        if had == has || !self.may(touch) || !self.may_edit(touch) {
            return;
        }
        let part = if had { &mut self.edit.add } else { &mut self.edit.remove };
        part.entry(field.to_owned()).or_default().push(Value::from(member));
    }

    fn completion(&mut self, touch: &Touch) {
        let Touch::Completion(day) = touch else { return };
        let (was, is) = (self.then.standing(), self.now.standing());
        let commands = completion(self.target.kind, *day, was.get(day), is.get(day));
        if commands.is_empty() || !self.may(touch) {
            return;
        }
        if day.is_some() != self.now.is_habit() {
            return self.keep(touch, Reason::CategoryChanged, None);
        }
        self.commands.extend(commands);
    }

    fn session(&mut self, touch: &Touch, position: i64, event: Option<&Event>) {
        let Some((focused, back)) = event.and_then(session) else { return };
        if !self.may(touch) {
            return;
        }
        let habit = self.now.sessions.iter().find(|one| one.position == position).map(|one| one.habit);
        if habit.is_some_and(|habit| habit != self.now.is_habit()) {
            return self.keep(touch, Reason::CategoryChanged, None);
        }
        let focused = Focused { of: Some(position), ..focused.clone() };
        let asked = if back { Compensation::Refocus(focused) } else { Compensation::Unfocus(focused) };
        self.commands.extend(compensate(self.target.kind, asked));
    }

    fn energy(&mut self, touch: &Touch, position: i64, event: Option<&Event>) {
        let Some(Event::Hero(event)) = event else { return };
        let (day, balls) = match &event.change {
            HeroChange::EnergyRestored(rested) => (rested.day, rested.spent),
            HeroChange::EnergyAdjusted(adjusted) => (adjusted.day, -adjusted.balls),
            _ => return,
        };
        let goes_on = matches!(&self.now.entity, Entity::Hero(hero) if hero.energy_day == Some(day));
        if balls == 0 || !self.may(touch) {
            return;
        }
        if !goes_on {
            return self.keep(touch, Reason::DayOver, None);
        }
        self.commands.push(Command::Hero(HeroCommand::AdjustEnergy(Adjusted { day, balls, of: Some(position) })));
    }

    /// Whether nobody has written it since; else it is kept.
    fn may(&mut self, touch: &Touch) -> bool {
        let later = self.later.get(touch).copied();
        if later.is_some() {
            self.keep(touch, Reason::ChangedSince, later);
        }
        later.is_none()
    }

    fn may_edit(&mut self, touch: &Touch) -> bool {
        let may = self.now.is_live() || self.restores;
        if !may {
            self.keep(touch, Reason::Deleted, None);
        }
        may
    }

    fn keep(&mut self, touch: &Touch, reason: Reason, by: Option<Writer>) {
        let field = touch.field().to_owned();
        let (day, member) = match touch {
            Touch::Completion(day) => (*day, None),
            Touch::Member(_, member) => (None, Some(member.clone())),
            _ => (None, None),
        };
        let now = self.now.value(&field);
        self.kept.push(Kept { entity: self.target, field, day, member, reason, now, by });
    }
}

/// Whether an event touches this by itself: it also names what it takes back.
fn is_own(touch: &Touch, position: i64) -> bool {
    match touch {
        Touch::Session(of) | Touch::Energy(of) => *of == position,
        _ => true,
    }
}
