"""Cases for the calculator itself, each worked out by hand: python3 tests/oracle/test_expected.py"""

import json
import unittest
from datetime import datetime

from curves import SKILL_SIZES, hero_level, last_run, skill_level
from expected import report, surprises
from rows import Unsupported, load, zone


def at(text, name="UTC"):
    """Unix ms of a wall-clock time in a zone."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone(name)).timestamp() * 1000)


def rows_of(*commands):
    """The rows of commands, each a transaction of the device that it names beside its parts."""
    sent = [{"account": "a", "device": command.pop("device", "A"), "commands": [command]} for command in map(dict, commands)]
    return load(map(json.dumps, sent))["a"]


def command(verb, when, id=None, **parts):
    return {"type": verb, "at": at(*when) if isinstance(when, tuple) else at(when), "id": id, **parts}


def task(id, when, **data):
    return command("task.create", when, id, data={"title": id, **data})


def after(*commands):
    return report(rows_of(*commands))


class Curves(unittest.TestCase):
    def test_the_hero_reaches_levels_at_100_350_750(self):
        levels = {xp: hero_level(xp)["level"] for xp in (0, 99, 100, 349, 350, 749, 750, 1299, 1300)}
        self.assertEqual(levels, {0: 1, 99: 1, 100: 2, 349: 2, 350: 3, 749: 3, 750: 4, 1299: 4, 1300: 5})
        self.assertEqual(hero_level(400), {"xp": 400, "level": 3, "xp_in_level": 50, "xp_to_next": 400})

    def test_a_skill_needs_half_as_much_again_each_level(self):
        self.assertEqual(SKILL_SIZES[:10], [100, 150, 225, 337, 505, 757, 1135, 1702, 2553, 3829])
        self.assertEqual(skill_level(0), {"xp": 0, "level": 1, "xp_in_level": 0, "xp_to_next": 100})
        self.assertEqual(skill_level(249)["level"], 2)
        self.assertEqual(skill_level(260), {"xp": 260, "level": 3, "xp_in_level": 10, "xp_to_next": 225})

    def test_a_streak_is_the_run_that_ends_last(self):
        day = lambda text: datetime.fromisoformat(text).date()  # noqa: E731
        days = [day(f"2026-{text}") for text in ("03-01", "02-27", "02-28", "02-25", "02-28")]
        self.assertEqual(last_run(days), (3, day("2026-03-01")))
        self.assertEqual(last_run([]), (0, None))


class Completions(unittest.TestCase):
    def test_a_habit_counts_once_a_day_and_midnight_parts_days(self):
        seen = after(
            task("h", "2026-03-01T08:00", category="habit", difficulty="easy"),
            command("task.complete", "2026-03-01T23:00", "h"),
            command("task.complete", "2026-03-01T23:59", "h"),
            command("task.complete", "2026-03-02T00:01", "h"),
        )
        habit = seen["habits"]["h"]
        self.assertEqual((habit["completion_count"], habit["streak"]), (2, 2))
        self.assertEqual(habit["days"]["2026-03-02"], {"completions": 1, "minutes": 0, "balls": 1, "xp": 10})
        hero = seen["hero"]
        self.assertEqual((hero["xp"], hero["tasks_completed"], hero["energy_spent"]), (20, 2, 1))

    def test_the_eighteenth_ball_is_the_last_and_an_undone_completion_hands_back_what_it_took(self):
        made = [task(name, "2026-03-01T08:00", difficulty="hard") for name in "abcde"]
        done = [command("task.complete", "2026-03-01T09:00", name) for name in "abcde"]
        full = after(*made, *done)
        self.assertEqual((full["hero"]["energy_spent"], full["hero"]["xp"]), (18, 175))
        back = after(*made, *done, command("task.uncomplete", "2026-03-01T10:00", "e"))
        hero = back["hero"]
        self.assertEqual((hero["energy_spent"], hero["xp"], hero["tasks_completed"]), (16, 140, 4))
        again = after(*made, *done, *(command("task.uncomplete", "2026-03-01T10:00", name) for name in "aa"))
        self.assertEqual(again["hero_days"]["2026-03-01"], {"completions": 4, "minutes": 0, "balls": 14, "xp": 140})

    def test_undone_on_a_later_energy_day_the_balls_stay_gone(self):
        seen = after(
            task("a", "2026-03-01T08:00"),
            task("b", "2026-03-01T08:00"),
            command("task.complete", "2026-03-01T09:00", "a"),
            command("task.complete", "2026-03-02T09:00", "b"),
            command("task.uncomplete", "2026-03-02T10:00", "a"),
        )
        self.assertEqual(seen["hero_days"]["2026-03-01"], {"completions": 0, "minutes": 0, "balls": 2, "xp": 0})
        self.assertEqual((seen["hero"]["streak"], seen["hero"]["last_active_on"]), (1, "2026-03-02"))
        self.assertEqual((seen["hero"]["energy_day"], seen["hero"]["energy_spent"]), ("2026-03-02", 2))
        self.assertFalse(seen["tasks"]["a"]["completed"])

    def test_undone_the_next_morning_before_anything_else_the_energy_day_has_not_moved(self):
        seen = after(
            task("a", "2026-03-01T08:00"),
            command("task.complete", "2026-03-01T09:00", "a"),
            command("task.uncomplete", "2026-03-02T10:00", "a"),
        )
        self.assertEqual((seen["hero"]["energy_day"], seen["hero"]["energy_spent"]), ("2026-03-01", 0))
        self.assertEqual((seen["hero_days"], seen["hero"]["last_active_on"]), ({}, None))

    def test_flying_east_to_west_the_earlier_day_takes_no_ball(self):
        seen = after(
            task("a", "2026-03-01T08:00"),
            task("b", "2026-03-01T08:00"),
            command("hero.edit", "2026-03-01T11:00", set={"time_zone": "Pacific/Kiritimati"}),
            command("task.complete", "2026-03-01T11:00", "a"),
            command("hero.edit", "2026-03-01T12:00", set={"time_zone": "America/New_York"}),
            command("task.complete", "2026-03-01T12:00", "b"),
        )
        balls = {day: row["balls"] for day, row in seen["hero_days"].items()}
        self.assertEqual(balls, {"2026-03-01": 0, "2026-03-02": 2})
        self.assertEqual((seen["hero"]["streak"], seen["hero"]["energy_day"]), (2, "2026-03-02"))

    def test_a_daylight_saving_night_keeps_the_wall_clock(self):
        when = ("2026-03-29T23:30", "Europe/Berlin")
        zoned = command("hero.edit", "2026-03-01T00:00", set={"time_zone": "Europe/Berlin"})
        seen = after(zoned, task("a", "2026-03-02T00:00"), command("task.complete", when, "a"))
        self.assertEqual(list(seen["hero_days"]), ["2026-03-29"])


class Rest(unittest.TestCase):
    def test_focus_pays_each_cycle_and_counts_as_activity(self):
        seen = after(
            command("skill.create", "2026-03-01T07:00", "s", data={"name": "Chess"}),
            task("h", "2026-03-01T08:00", category="habit", skill_id="s", exp_reward=60),
            command("task.focus", "2026-03-01T09:00", "h", data={"minutes": 50, "cycles": 2}),
        )
        row = {"completions": 0, "minutes": 50, "balls": 4, "xp": 120}
        self.assertEqual((seen["hero_days"]["2026-03-01"], seen["habits"]["h"]["days"]["2026-03-01"]), (row, row))
        self.assertEqual((seen["hero"]["streak"], seen["habits"]["h"]["streak"]), (1, 0))
        self.assertEqual((seen["skills"]["s"]["level"], seen["skills"]["s"]["xp_in_level"]), (2, 20))
        self.assertEqual(seen["tasks"]["h"]["focus_energy"], 4)

    def test_a_goal_gives_xp_but_no_active_day(self):
        seen = after(
            command("goal.create", "2026-03-01T07:00", "g", data={"title": "Goal"}),
            command("milestone.create", "2026-03-01T07:00", "m", data={"goal_id": "g", "title": "Step"}),
            command("milestone.complete", "2026-03-01T07:00", "m"),
            command("goal.complete", "2026-03-01T08:00", "g"),
        )
        self.assertEqual(seen["goals"]["g"], {"completed": True, "milestones_done": 1, "milestones_total": 1})
        self.assertEqual((seen["hero"]["level"], seen["hero"]["streak"], seen["hero"]["tasks_completed"]), (2, 0, 0))

    def test_a_goal_completed_on_a_later_day_leaves_the_energy_day_where_it_was(self):
        made = [command("goal.create", "2026-03-01T07:00", "g", data={"title": "Goal"}), task("a", "2026-03-01T08:00")]
        done = [command("task.complete", "2026-03-01T09:00", "a"), command("goal.complete", "2026-03-02T09:00", "g")]
        hero = after(*made, *done)["hero"]
        self.assertEqual((hero["energy_day"], hero["energy_spent"], hero["xp"]), ("2026-03-01", 2, 120))
        focus = command("goal.focus", "2026-03-02T10:00", "g", data={"minutes": 5, "cycles": 0, "balls": 0})
        hero = after(*made, *done, focus)["hero"]
        self.assertEqual((hero["energy_day"], hero["energy_spent"]), ("2026-03-02", 0))

    def test_an_edit_of_difficulty_leaves_the_reward(self):
        edit = command("task.edit", "2026-03-01T08:30", "a", set={"difficulty": "hard"}, add={"tags": ["x", "y"]})
        less = command("task.edit", "2026-03-01T08:40", "a", remove={"tags": ["x"]})
        seen = after(task("a", "2026-03-01T08:00"), edit, less, command("task.complete", "2026-03-01T09:00", "a"))
        self.assertEqual((seen["hero"]["xp"], seen["hero"]["energy_spent"]), (20, 2))
        self.assertEqual((seen["tasks"]["a"]["difficulty"], seen["tasks"]["a"]["tags"]), ("hard", ["y"]))

    def test_a_removal_takes_only_what_its_own_device_added(self):
        tagged = task("a", "2026-03-01T08:00", tags=["x"]) | {"device": "A"}
        theirs = command("task.edit", "2026-03-01T08:30", "a", remove={"tags": ["x"]}) | {"device": "B"}
        self.assertEqual(after(tagged, theirs)["tasks"]["a"]["tags"], ["x"])
        own = theirs | {"device": "A"}
        self.assertEqual(after(tagged, theirs, own)["tasks"]["a"]["tags"], [])

    def test_a_tag_that_one_edit_adds_and_removes_is_there(self):
        both = command("task.edit", "2026-03-01T08:30", "a", add={"tags": ["x"]}, remove={"tags": ["x", "y"]})
        seen = after(task("a", "2026-03-01T08:00", tags=["x", "y"]), both)
        self.assertEqual(seen["tasks"]["a"]["tags"], ["x"])

    def test_work_on_a_deleted_task_is_reported(self):
        made = task("a", "2026-03-01T08:00")
        gone = command("task.delete", "2026-03-01T09:00", "a")
        back = command("task.restore", "2026-03-01T10:00", "a")
        done = command("task.complete", "2026-03-01T11:00", "a")
        self.assertEqual(len(list(surprises(rows_of(made, gone, done)))), 1)
        self.assertEqual(list(surprises(rows_of(made, gone, back, done))), [])
        self.assertEqual(after(made, gone)["counts"]["tasks_deleted"], 1)

    def test_what_is_not_covered_is_refused(self):
        with self.assertRaises(Unsupported):
            after(command("hero.restore_energy", "2026-03-01T08:00"))
        with self.assertRaises(Unsupported):
            after(task("a", "2026-03-01T08:00", skill_id="x"), command("task.complete", "2026-03-01T09:00", "a"))


if __name__ == "__main__":
    unittest.main()
