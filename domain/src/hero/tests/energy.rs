use cqrs_es::test::TestFramework;
use jiff::civil::date;
use serde_json::json;

use crate::entity::OutcomeKind::{Applied, Unchanged};
use crate::entity::Recorded;
use crate::hero::{Hero, HeroChange, HeroCommand, Rested, Tally};
use crate::testing::{DAY, HOUR, NOON, SPACE, Space, id, mark, of, phone};

fn tally(day: i8, balls: i64) -> Tally {
    Tally { day: date(2026, 7, day), completions: 1, minutes: 0, balls, xp: 20 }
}

fn happened(position: i64, change: HeroChange) -> Recorded<HeroChange> {
    Recorded { mark: mark(phone(), position, NOON), change }
}

#[test]
fn a_reward_takes_no_more_balls_than_are_left() {
    // A hero that was never founded has none.
    TestFramework::<Hero>::with(of(phone(), 1, NOON))
        .given(Vec::new())
        .when(HeroCommand::Reward(tally(1, 2)))
        .then_expect_events(vec![happened(1, HeroChange::Rewarded(tally(1, 0)))]);
}

#[test]
fn what_is_taken_back_names_the_balls_that_really_come_back() {
    let given = vec![happened(1, HeroChange::Rewarded(tally(1, 4))), happened(2, HeroChange::Rewarded(tally(2, 3)))];
    for (undone, balls) in [(tally(1, 4), 0), (tally(2, 3), 3), (tally(2, 5), 3)] {
        TestFramework::<Hero>::with(of(phone(), 3, NOON))
            .given(given.clone())
            .when(HeroCommand::TakeBack(undone))
            .then_expect_events(vec![happened(3, HeroChange::TakenBack(Tally { balls, ..undone }))]);
    }
}

#[test]
fn energy_is_restored_for_the_day_of_the_moment() {
    TestFramework::<Hero>::with(of(phone(), 2, NOON))
        .given(vec![happened(1, HeroChange::Rewarded(tally(1, 4)))])
        .when(HeroCommand::RestoreEnergy)
        .then_expect_events(vec![happened(2, HeroChange::EnergyRestored(Rested { day: date(2026, 7, 1), spent: 4 }))]);
}

/// Six hard tasks: 24 balls, six more than a day has.
fn busy() -> Space {
    let mut space = Space::founded("UTC");
    for number in 1..=6 {
        let data = json!({ "title": "Work", "difficulty": "hard" });
        space.does(phone(), NOON - 5 * DAY, "task.create", id(number), data).unwrap();
    }
    space
}

fn complete(space: &mut Space, number: u128, at: i64) -> [serde_json::Value; 2] {
    space.does(phone(), at, "task.complete", id(number), json!(null)).unwrap();
    [space.hero("energy_day"), space.hero("energy_spent")]
}

#[test]
fn a_day_has_eighteen_balls_and_completing_is_never_refused_for_lack_of_them() {
    let mut space = busy();
    let spent: Vec<_> = (1..=6).map(|number| complete(&mut space, number, NOON)[1].clone()).collect();
    assert_eq!(spent, [4, 8, 12, 16, 18, 18]);
    assert_eq!(space.hero("xp"), 6 * 35);
    space.does(phone(), NOON, "task.uncomplete", id(6), json!(null)).unwrap();
    assert_eq!(space.hero("energy_spent"), 18, "it took none, so none comes back");
    space.does(phone(), NOON, "task.uncomplete", id(5), json!(null)).unwrap();
    assert_eq!(space.hero("energy_spent"), 16);
}

#[test]
fn the_energy_day_never_goes_back() {
    let mut space = busy();
    assert_eq!(complete(&mut space, 1, NOON), [json!("2026-07-01"), json!(4)]);
    assert_eq!(complete(&mut space, 2, NOON - DAY), [json!("2026-07-01"), json!(4)]);
    assert_eq!(complete(&mut space, 3, NOON + DAY), [json!("2026-07-02"), json!(4)]);
    assert_eq!(complete(&mut space, 4, NOON), [json!("2026-07-02"), json!(4)]);
    assert_eq!(space.day("hero", SPACE.into(), "2026-07-01"), [2, 0, 4, 70]);
}

#[test]
fn a_move_across_the_date_line_to_an_earlier_day_takes_no_ball() {
    let mut space = busy();
    let mut moves = |zone: &str| {
        space.does(phone(), NOON, "hero.edit", id(0), json!({ "set": { "time_zone": zone } })).unwrap();
    };
    moves("Pacific/Kiritimati");
    assert_eq!(complete(&mut space, 1, NOON), [json!("2026-07-02"), json!(4)]);
    space.does(phone(), NOON, "hero.edit", id(0), json!({ "set": { "time_zone": "Pacific/Pago_Pago" } })).unwrap();
    assert_eq!(complete(&mut space, 2, NOON + HOUR), [json!("2026-07-02"), json!(4)]);
    assert_eq!([space.hero("streak"), space.hero("last_active_on")], [json!(2), json!("2026-07-02")]);
}

#[test]
fn balls_of_a_day_that_is_over_do_not_come_back() {
    let mut space = busy();
    complete(&mut space, 1, NOON);
    complete(&mut space, 2, NOON + DAY);
    space.does(phone(), NOON, "task.uncomplete", id(1), json!(null)).unwrap();
    assert_eq!(space.hero("energy_spent"), 4);
    assert_eq!(space.day("hero", SPACE.into(), "2026-07-01"), [0, 0, 4, 0]);
    space.does(phone(), NOON + DAY, "task.uncomplete", id(2), json!(null)).unwrap();
    assert_eq!(space.hero("energy_spent"), 0);
    assert_eq!([space.hero("streak"), space.hero("last_active_on")], [json!(0), json!(null)]);
}

#[test]
fn restoring_energy_sets_what_is_spent_to_nothing() {
    let mut space = busy();
    let rest = |space: &mut Space, at| {
        let told = space.does(phone(), at, "hero.restore_energy", id(0), json!(null)).unwrap();
        (told.kind(), space.hero("energy_spent").as_i64().unwrap())
    };
    complete(&mut space, 1, NOON);
    assert_eq!(rest(&mut space, NOON - DAY), (Unchanged, 4), "an earlier day is over");
    assert_eq!(rest(&mut space, NOON), (Applied, 0));
    assert_eq!(rest(&mut space, NOON), (Unchanged, 0));
    space.does(phone(), NOON, "task.uncomplete", id(1), json!(null)).unwrap();
    assert_eq!(space.hero("energy_spent"), 0, "never below nothing spent");
    complete(&mut space, 2, NOON);
    assert_eq!(rest(&mut space, NOON + DAY), (Applied, 0));
    assert_eq!(complete(&mut space, 3, NOON), [json!("2026-07-02"), json!(0)]);
}

#[test]
fn a_hero_with_less_energy_than_is_spent_takes_none() {
    let mut space = busy();
    complete(&mut space, 1, NOON);
    space.does(phone(), NOON, "hero.edit", id(0), json!({ "set": { "energy_max": 1 } })).unwrap();
    assert_eq!(complete(&mut space, 2, NOON), [json!("2026-07-01"), json!(4)]);
    space.does(phone(), NOON, "hero.edit", id(0), json!({ "set": { "energy_max": 48 } })).unwrap();
    assert_eq!(complete(&mut space, 3, NOON), [json!("2026-07-01"), json!(8)]);
}
