"""Deletion and restoration: one register, the greatest stamp stands; what happens to a tombstone is kept."""

from merge_shorthand import *

MADE = [given(0, create(TASK), create(GOAL), create(SKILL), point="made")]
STEPS = [given(0, create(GOAL), create(STEP), create(STEP2), point="made")]
GONE = [*MADE, given(5, delete(TASK, 5), device="tablet", point="gone")]


def two(name, about, phone, browser, history=MADE, base="made", other=None, **more):
    case(name, about, history, {"phone": device(base, *phone), "browser": device(other or base, *browser)}, **more)


for id, history in [(TASK, MADE), (GOAL, MADE), (SKILL, MADE), (STEP, STEPS)]:
    kind = KIND[id]
    two(f"deletion_of_a_{kind}_on_two_devices_is_one", "The later moment stands.", [delete(id, 20)], [delete(id, 10)], history)
    two(
        f"deletion_of_a_{kind}_restored_by_its_device_and_deleted_later_by_another",
        "The greatest stamp is a delete.",
        [delete(id, 10), restore(id, 20)], [delete(id, 30)], history,
    )  # fmt: skip
    two(
        f"deletion_of_a_{kind}_earlier_than_the_restore_that_has_not_seen_it",
        "The greatest stamp is the restore.",
        [delete(id, 10), restore(id, 30)], [delete(id, 20)], history,
    )  # fmt: skip

two("deletion_restored_on_two_devices_is_restored_once", "Both had seen it deleted.",
    [restore(TASK, 20)], [restore(TASK, 10)], GONE, "gone")  # fmt: skip
two("deletion_restored_here_and_repeated_there_later", "Both had seen it deleted; the later one deletes it again.",
    [restore(TASK, 20)], [delete(TASK, 30)], GONE, "gone")  # fmt: skip
two("deletion_that_comes_after_a_later_restore_is_superseded", "It stays.",
    [delete(TASK, 10), restore(TASK, 30)], [delete(TASK, 20)], orders="phone phone browser",
    outcomes={"phone": [[APPLIED], [APPLIED]], "browser": [[SUPERSEDED]]})  # fmt: skip
two("deletion_repeated_is_unchanged", "It is deleted already; the moment moves.",
    [delete(TASK, 10)], [delete(TASK, 20)], orders="phone browser",
    outcomes={"phone": [[APPLIED]], "browser": [[UNCHANGED]]})  # fmt: skip
two("deletion_of_a_task_that_another_completes_leaves_a_tombstone_that_is_done", "The completion counts, and it stays deleted.",
    [delete(TASK, 10)], [complete(TASK, 20)], hero=True)  # fmt: skip
two("deletion_of_a_task_that_another_completes_earlier", "In whichever order they were made.",
    [delete(TASK, 20)], [complete(TASK, 10)], hero=True)  # fmt: skip
two("deletion_of_a_task_that_another_focuses_on", "Minutes on a tombstone count.",
    [delete(TASK, 10)], [focus(TASK, 20, 30, 1)], hero=True)  # fmt: skip
two("deletion_of_a_task_that_another_edits_asks_whether_to_restore", "The edit is kept in the tombstone; one conflict offers to restore.",
    [delete(TASK, 10)], [edit(TASK, 20, rank="b")])  # fmt: skip
two("deletion_later_than_an_edit_that_it_has_not_seen_asks_too", "The question does not depend on the clocks.",
    [delete(TASK, 20)], [edit(TASK, 10, rank="b")])  # fmt: skip
two("deletion_of_a_task_whose_tags_another_edits_asks_too", "A set is a field.",
    [delete(TASK, 10)], [edit(TASK, 20, add={"tags": ["b"]})])  # fmt: skip
for id, field, history in [(GOAL, "priority", MADE), (SKILL, "color", MADE), (STEP, "title", STEPS)]:
    value = {"priority": "high", "color": "#000000", "title": "Renamed"}[field]
    two(f"deletion_of_a_{KIND[id]}_that_another_edits_asks_whether_to_restore", "As with tasks.",
        [delete(id, 10)], [edit(id, 20, **{field: value})], history)  # fmt: skip
two("deletion_that_has_seen_the_edit_asks_nothing", "The device deleted what it had seen.",
    [delete(TASK, 20)], [], [*MADE, given(5, edit(TASK, 5, rank="b"), device="browser", point="edited")], "edited")  # fmt: skip
two("deletion_after_its_own_edit_asks_nothing", "A device has seen its own edit.",
    [edit(TASK, 10, rank="p"), delete(TASK, 20)], [], MADE)  # fmt: skip
two("deletion_restored_by_its_own_device_shows_the_edit_and_asks_nothing", "It is live: there is nothing to restore.",
    [delete(TASK, 10), restore(TASK, 30)], [edit(TASK, 20, rank="b")])  # fmt: skip
two("deletion_closes_the_conflict_about_a_field_while_it_lasts", "The candidates are kept in the tombstone.",
    [edit(TASK, 10, title="Phone"), delete(TASK, 12)], [edit(TASK, 20, title="Browser")])  # fmt: skip
two("deletion_restored_asks_about_the_field_again", "What the candidates were they are again.",
    [edit(TASK, 10, title="Phone"), delete(TASK, 12), restore(TASK, 14)], [edit(TASK, 20, title="Browser")])  # fmt: skip
two("tombstone_that_was_seen_takes_no_edit", "The device knew: restore first.",
    [edit(TASK, 20, rank="p")], [], GONE, "gone", orders="phone", outcomes={"phone": [refused("deleted")]})  # fmt: skip
two("tombstone_that_was_seen_takes_no_completion", "Nor this.",
    [complete(TASK, 20)], [], GONE, "gone", orders="phone", outcomes={"phone": [refused("deleted")]})  # fmt: skip
two("tombstone_that_was_not_seen_keeps_the_edit", "The device that comes back from long absence loses nothing; nothing comes back to life.",
    [edit(TASK, 20, rank="p")], [], GONE, "made", orders="phone",
    outcomes={"phone": [[part(conflicts=[asks(TASK, "deleted_at")])]]})  # fmt: skip
two("tombstone_takes_a_completion_from_a_device_that_did_not_know", "It counts, and stays deleted.",
    [complete(TASK, 20)], [], GONE, "made", orders="phone", outcomes={"phone": [[APPLIED]]}, hero=True)  # fmt: skip
two("tombstone_keeps_edits_of_two_devices_by_their_stamps", "Fields merge in it as ever.",
    [edit(TASK, 20, rank="p", title="Phone")], [edit(TASK, 30, rank="b", title="Browser")], GONE, "made")  # fmt: skip
two("tombstone_restored_shows_what_was_edited_meanwhile", "One device restores, another had edited unseen.",
    [restore(TASK, 20)], [edit(TASK, 10, rank="b", title="Browser")], GONE, "gone", "made")  # fmt: skip
two("deletion_restored_by_who_had_not_seen_it_deleted_is_unchanged", "There was nothing to restore.",
    [restore(TASK, 20)], [], orders="phone", outcomes={"phone": [[UNCHANGED]]})  # fmt: skip
case(
    "deletion_by_three_devices_with_an_edit_of_a_fourth",
    "Delete, restore, delete, and an edit that none of them has seen.",
    MADE,
    {
        "phone": device("made", delete(TASK, 10), restore(TASK, 25)),
        "browser": device("made", delete(TASK, 20)),
        "tablet": device("made", edit(TASK, 15, due_at=at(77))),
        "laptop": device("made", complete(TASK, 30)),
    },
)
