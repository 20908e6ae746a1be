use jiff::civil::{Date, date};

use crate::rules::energy::{balls_given_back, balls_taken};
use crate::rules::reward::{Difficulty, focus_balls};

const TODAY: Date = date(2026, 7, 1);
const YESTERDAY: Date = date(2026, 6, 30);
const TOMORROW: Date = date(2026, 7, 2);

#[test]
fn rewards_and_costs_rise_with_difficulty() {
    let all = [Difficulty::Trivial, Difficulty::Easy, Difficulty::Medium, Difficulty::Hard];
    assert_eq!(all.map(Difficulty::exp_reward), [5, 10, 20, 35]);
    assert_eq!(all.map(Difficulty::energy_cost), [1, 1, 2, 4]);
    assert_eq!(Difficulty::default(), Difficulty::Medium);
}

#[test]
fn what_is_taken_is_clamped_at_what_is_left() {
    let taken = |wanted, spent| balls_taken(wanted, TODAY, Some(TODAY), spent, 18);
    assert_eq!(
        [(4, 0), (4, 14), (4, 15), (4, 18), (48, 0)].map(|(wanted, spent)| taken(wanted, spent)),
        [4, 4, 3, 0, 18]
    );
    assert_eq!(taken(4, 30), 0, "energy_max was lowered below what is spent");
    assert_eq!(taken(-1, 0), 0);
}

#[test]
fn a_later_day_starts_with_nothing_spent_and_an_earlier_one_takes_none() {
    assert_eq!(balls_taken(4, TOMORROW, Some(TODAY), 18, 18), 4);
    assert_eq!(balls_taken(4, YESTERDAY, Some(TODAY), 0, 18), 0);
    assert_eq!(balls_taken(4, TODAY, None, 0, 18), 4);
}

#[test]
fn balls_come_back_on_their_own_day_only_and_never_below_nothing_spent() {
    assert_eq!(balls_given_back(4, TODAY, Some(TODAY), 10), 4);
    assert_eq!(balls_given_back(4, TODAY, Some(TODAY), 1), 1);
    assert_eq!(balls_given_back(4, TODAY, Some(TOMORROW), 10), 0);
    assert_eq!(balls_given_back(4, TODAY, None, 0), 0);
}

#[test]
fn focus_takes_a_ball_for_each_begun_ball_of_minutes() {
    assert_eq!([1, 14, 15, 16, 30, 31, 480].map(|minutes| focus_balls(minutes, 15)), [1, 1, 1, 2, 2, 3, 32]);
    assert_eq!(focus_balls(25, 60), 1);
}
