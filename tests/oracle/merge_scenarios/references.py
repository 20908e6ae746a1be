"""References to deleted entities: wanted, not shown, and shown again when the target is back."""

from merge_shorthand import *

MADE = [given(0, create(SKILL), create(GOAL), create(TASK2), create(SKILL2), create(GOAL2), create(TASK), point="made")]
HELD = [
    given(
        0,
        create(SKILL),
        create(GOAL),
        create(TASK2),
        create(SKILL2, prerequisites=[SKILL]),
        create(GOAL2, parent_id=GOAL, skill_id=SKILL),
        create(TASK, skill_id=SKILL, goal_id=GOAL, parent_id=TASK2),
        point="made",
    )
]
STEPS = [given(0, create(GOAL), create(STEP), point="made")]

FIELDS = [(TASK, "skill_id", SKILL), (TASK, "goal_id", GOAL), (TASK, "parent_id", TASK2), (GOAL2, "parent_id", GOAL),
          (GOAL2, "skill_id", SKILL)]  # fmt: skip


def two(name, about, phone, browser, history=MADE, **more):
    case(name, about, history, {"phone": device("made", *phone), "browser": device("made", *browser)}, **more)


for id, field, target in FIELDS:
    name = f"reference_of_a_{KIND[id]}_by_{field}"
    two(f"{name}_to_what_another_deletes_is_not_shown", "It is wanted all the same.",
        [edit(id, 20, **{field: target})], [delete(target, 10)])  # fmt: skip
    two(f"{name}_is_shown_again_when_its_target_is_back", "Nobody has set it since.",
        [edit(id, 20, **{field: target})], [delete(target, 10), restore(target, 30)])  # fmt: skip

two("reference_in_a_set_to_what_another_deletes_is_not_shown", "The member is wanted, and not there.",
    [edit(SKILL2, 20, add={"prerequisites": [SKILL]})], [delete(SKILL, 10)])  # fmt: skip
two("reference_in_a_set_is_there_again_when_its_target_is_back", "Its add was never taken.",
    [edit(SKILL2, 20, add={"prerequisites": [SKILL]})], [delete(SKILL, 10), restore(SKILL, 30)])  # fmt: skip
two("reference_removed_from_a_set_while_its_target_was_deleted_stays_removed", "The removal took the add.",
    [edit(SKILL2, 20, remove={"prerequisites": [SKILL]})], [delete(SKILL, 10), restore(SKILL, 30)], HELD)  # fmt: skip
two("reference_held_by_all_is_cleared_by_a_delete", "Task, goal and skill show nothing of it.",
    [edit(TASK, 20, due_at=at(9))], [delete(SKILL, 10), delete(GOAL, 11), delete(TASK2, 12)], HELD)  # fmt: skip
two("reference_held_by_all_is_back_with_the_restore", "As if nothing had been.",
    [edit(TASK, 20, due_at=at(9))], [delete(SKILL, 10), restore(SKILL, 15), delete(GOAL, 16), restore(GOAL, 17)], HELD)  # fmt: skip
two("reference_set_to_null_while_its_target_was_deleted_stays_null", "Somebody has set it since.",
    [edit(TASK, 20, goal_id=None)], [delete(GOAL, 10), restore(GOAL, 30)], HELD)  # fmt: skip
two("reference_set_elsewhere_while_its_target_was_deleted_stays_there", "The later wish stands.",
    [edit(TASK, 20, goal_id=GOAL2)], [delete(GOAL, 10), restore(GOAL, 30)], HELD)  # fmt: skip
two("reference_clearing_has_no_stamp", "The delete is later than the edit, and does not undo it.",
    [edit(TASK, 20, goal_id=GOAL2)], [delete(GOAL, 30)], HELD)  # fmt: skip
two("reference_written_by_two_devices_to_a_live_and_a_deleted_goal", "The greater stamp wants the deleted one: nothing is shown.",
    [edit(TASK, 30, goal_id=GOAL)], [edit(TASK, 20, goal_id=GOAL2), delete(GOAL, 21)])  # fmt: skip
two("reference_to_what_is_deleted_is_accepted_and_not_shown", "The device could not know; it is told.",
    [edit(TASK, 20, goal_id=GOAL)], [delete(GOAL, 10)], orders="browser phone",
    outcomes={"browser": [[APPLIED]], "phone": [[{"outcome": "merged", "cleared": ["goal_id"]}]]})  # fmt: skip
two("reference_of_a_new_task_to_what_is_deleted_is_accepted_and_not_shown", "Creations are treated as edits are.",
    [create(TASK, 20, goal_id=GOAL)], [delete(GOAL, 10)],
    history=[given(0, create(GOAL), point="made")], orders="browser phone",
    outcomes={"browser": [[APPLIED]], "phone": [[{"outcome": "merged", "cleared": ["goal_id"]}]]})  # fmt: skip
two("reference_of_a_new_task_is_shown_when_its_target_is_back", "What was wanted at the creation is shown.",
    [create(TASK, 20, goal_id=GOAL, skill_id=SKILL)], [delete(GOAL, 10), delete(SKILL, 11), restore(GOAL, 30)],
    history=[given(0, create(GOAL), create(SKILL), point="made")])  # fmt: skip
two("reference_to_what_never_existed_is_refused", "Nothing of the transaction is applied.",
    [sends(edit(TASK, 20, rank="p"), edit(TASK, 20, goal_id=TASK))], [], orders="phone",
    outcomes={"phone": [refused("reference_missing")]})  # fmt: skip
two("reference_that_closes_a_cycle_is_refused_by_arrival", "Whichever comes second.",
    [edit(GOAL, 20, parent_id=GOAL2)], [edit(GOAL2, 10, parent_id=GOAL)], orders="phone browser",
    outcomes={"phone": [[APPLIED]], "browser": [refused("reference_cycle")]})  # fmt: skip
two("reference_of_a_milestone_goes_with_its_goal", "A goal that is deleted takes its milestones.",
    [delete(GOAL, 10)], [edit(STEP, 5, title="Renamed")], STEPS)  # fmt: skip
two("reference_of_a_milestone_comes_back_with_its_goal", "And brings them back.",
    [delete(GOAL, 10), restore(GOAL, 20)], [complete(STEP, 15)], STEPS)  # fmt: skip
two("reference_of_a_milestone_deleted_by_itself_does_not_come_back_with_its_goal", "Its own register says so.",
    [delete(GOAL, 10), restore(GOAL, 20)], [delete(STEP, 15)], STEPS)  # fmt: skip
two("reference_of_a_new_milestone_to_a_deleted_goal_is_deleted_with_it", "It is created deleted.",
    [delete(GOAL, 10)], [create(STEP2, 15)], STEPS)  # fmt: skip
two("reference_of_a_new_milestone_to_a_deleted_goal_comes_back_with_it", "It counts in its goal then.",
    [delete(GOAL, 10), restore(GOAL, 30)], [create(STEP2, 15), complete(STEP2, 16)], STEPS)  # fmt: skip
