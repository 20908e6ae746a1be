"""Registers of completion: the greatest stamp says whether and when; what is granted is granted once."""

from merge_shorthand import *

MADE = [given(0, create(TASK), create(GOAL), create(SKILL), point="made")]
DONE = [*MADE, given(5, complete(TASK, 5), complete(GOAL, 5), point="done")]
STEPS = [given(0, create(GOAL), create(STEP), create(STEP2), point="made")]
HABIT = [given(0, create(TASK, category="habit"), point="made")]
DAY = 24 * 60


def two(name, about, phone, browser, history=MADE, base="made", hero=True, **more):
    case(name, about, history, {"phone": device(base, *phone), "browser": device(base, *browser)}, hero=hero, **more)


for id, history, base in [(TASK, MADE, "made"), (GOAL, MADE, "made"), (STEP, STEPS, "made")]:
    kind = KIND[id]
    two(
        f"completion_of_a_{kind}_on_two_devices_counts_once",
        "The later moment stands; what it grants is granted once.",
        [complete(id, 20)], [complete(id, 10)], history, base,
    )  # fmt: skip
    two(
        f"completion_of_a_{kind}_later_than_its_undoing_stands",
        "One device completes, undoes; the other completes later.",
        [complete(id, 10), undo(id, 20)], [complete(id, 30)], history, base,
    )  # fmt: skip
    two(
        f"completion_of_a_{kind}_earlier_than_its_undoing_does_not_stand",
        "The undoing has the greatest stamp.",
        [complete(id, 10), undo(id, 30)], [complete(id, 20)], history, base,
    )  # fmt: skip

for id in (TASK, GOAL):
    kind = KIND[id]
    two(
        f"completion_of_a_{kind}_undone_on_two_devices_is_undone_once",
        "What was granted is taken back once.",
        [undo(id, 20)], [undo(id, 10)], DONE, "done",
    )  # fmt: skip
    two(
        f"completion_of_a_{kind}_undone_here_and_repeated_there_later_stands",
        "The other device, which had seen it completed, completed it again: that is the greatest stamp.",
        [undo(id, 20)], [complete(id, 30)], DONE, "done",
    )  # fmt: skip

two("completion_that_comes_after_a_later_undoing_is_superseded", "Nothing is granted.",
    [complete(TASK, 10), undo(TASK, 30)], [complete(TASK, 20)], orders="phone phone browser",
    outcomes={"phone": [[APPLIED], [APPLIED]], "browser": [[SUPERSEDED]]})  # fmt: skip
two("completion_repeated_by_another_device_is_unchanged", "It is so already; the moment moves to the greatest stamp.",
    [complete(TASK, 10)], [complete(TASK, 20)], orders="phone browser",
    outcomes={"phone": [[APPLIED]], "browser": [[UNCHANGED]]})  # fmt: skip
two("completion_earlier_than_the_one_that_stands_is_superseded", "The later moment stays.",
    [complete(TASK, 20)], [complete(TASK, 10)], orders="phone browser",
    outcomes={"phone": [[APPLIED]], "browser": [[SUPERSEDED]]})  # fmt: skip
two("completion_undone_before_it_was_done_is_unchanged", "The register takes note: an earlier completion that is on its way will not stand.",
    [undo(TASK, 30)], [complete(TASK, 20)], orders="phone browser",
    outcomes={"phone": [[UNCHANGED]], "browser": [[SUPERSEDED]]})  # fmt: skip
two("completion_and_undoing_over_and_over_end_in_the_greatest_stamp", "Twenty orders, one end, and XP as if only that had happened.",
    [complete(TASK, 10), undo(TASK, 20), complete(TASK, 50)], [complete(TASK, 15), undo(TASK, 40), undo(TASK, 45)])  # fmt: skip
two("completion_and_an_edit_do_not_meet", "One device completes what another renames.",
    [complete(TASK, 20)], [edit(TASK, 10, title="Renamed")])  # fmt: skip
two("completion_grants_xp_to_the_skill_once", "Two devices complete a task that trains a skill.",
    [complete(TASK, 20)], [complete(TASK, 10)],
    history=[given(0, create(SKILL), create(TASK, skill_id=SKILL), point="made")],
    end={"skill": {SKILL: {"xp": 20, "level": 1}}})  # fmt: skip
two("completion_of_a_goal_and_a_task_of_it_do_not_meet", "Both count.",
    [complete(TASK, 20)], [complete(GOAL, 10)])  # fmt: skip
two("completion_of_two_milestones_counts_two_in_the_goal", "Each device reached another step.",
    [complete(STEP, 20)], [complete(STEP2, 10)], STEPS)  # fmt: skip
two("completion_of_a_goal_with_an_open_milestone_is_refused", "The rules refuse by arrival.",
    [complete(GOAL, 20)], [complete(STEP, 10)], [given(0, create(GOAL), create(STEP), point="made")],
    orders="phone browser", outcomes={"phone": [refused("milestones_open")], "browser": [[APPLIED]]}, hero=False)  # fmt: skip
two("completion_with_focus_adds_the_minutes_of_both", "Focus always counts.",
    [focus(TASK, 10, 25, 1), complete(TASK, 20)], [focus(TASK, 15, 50, 2)])  # fmt: skip

two("habit_done_on_one_day_on_two_devices_counts_once", "A register for each local day.",
    [complete(TASK, 20)], [complete(TASK, 10)], HABIT, now=DAY)  # fmt: skip
two("habit_done_on_two_days_on_two_devices_is_a_streak_of_two", "Two registers.",
    [complete(TASK, 20)], [complete(TASK, DAY + 10)], HABIT, now=2 * DAY)  # fmt: skip
two("habit_done_on_three_days_of_which_the_middle_is_undone", "The day that is undone splits the run.",
    [complete(TASK, 20), complete(TASK, DAY + 20), complete(TASK, 2 * DAY)], [undo(TASK, DAY + 30)], HABIT, now=3 * DAY)  # fmt: skip
two("habit_days_joined_by_a_late_one", "Two runs and the day between them.",
    [complete(TASK, 20), complete(TASK, 2 * DAY)], [complete(TASK, DAY + 20)], HABIT, now=3 * DAY)  # fmt: skip
two("habit_undone_later_than_done_on_that_day", "Of the day's register the greatest stamp stands.",
    [complete(TASK, 20), complete(TASK, DAY)], [complete(TASK, 10), undo(TASK, 30)], HABIT, now=2 * DAY)  # fmt: skip
two("habit_done_later_than_undone_on_that_day", "And here the completion is later.",
    [complete(TASK, 40), complete(TASK, DAY)], [complete(TASK, 10), undo(TASK, 30)], HABIT, now=2 * DAY)  # fmt: skip
two("habit_renamed_while_it_is_done", "Days and fields do not meet.",
    [complete(TASK, 20)], [edit(TASK, 10, title="Renamed")], HABIT, now=DAY)  # fmt: skip
