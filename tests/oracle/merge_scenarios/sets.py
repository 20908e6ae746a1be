"""Policy S: adds by device; a removal takes the adds that it has seen."""

from merge_shorthand import *

MADE = [given(0, create(TASK, tags=["old", "both"]), create(GOAL, tags=["old"]), create(SKILL), create(SKILL2), point="made")]


def tags(minute, add=None, remove=None, id=TASK, **values):
    wrapped = lambda members: None if members is None else {"tags": members}  # noqa: E731
    return edit(id, minute, add=wrapped(add), remove=wrapped(remove), **values)


def two(name, about, phone, browser, history=MADE, **more):
    case(name, about, history, {"phone": device("made", *phone), "browser": device("made", *browser)}, **more)


two("set_members_added_apart_are_all_there", "Both adds stand.", [tags(20, add=["p"])], [tags(10, add=["b"])])
two("set_a_member_added_twice_is_there_once", "Each device has its add.", [tags(20, add=["x"])], [tags(10, add=["x"])])
two("set_a_member_removed_apart_is_gone", "Both remove what both have seen.", [tags(20, remove=["old"])], [tags(10, remove=["old"])])  # fmt: skip
two(
    "set_an_add_that_a_removal_has_not_seen_stays",
    "The browser adds again what the phone removes: the removal has not seen that add, whichever is later.",
    [tags(20, remove=["old"])],
    [tags(10, add=["old"])],
)
two(
    "set_an_add_that_a_removal_has_not_seen_stays_when_it_is_earlier_too",
    "Stamps do not decide about members.",
    [tags(10, remove=["old"])],
    [tags(20, add=["old"])],
)
two("set_a_device_takes_back_its_own_add", "It has seen its own.", [tags(10, add=["x"]), tags(11, remove=["x"])], [tags(20, add=["y"])])  # fmt: skip
two(
    "set_a_device_takes_back_its_own_add_and_the_others_stays",
    "The other device's add of the same member was not seen.",
    [tags(10, add=["x"]), tags(11, remove=["x"])],
    [tags(5, add=["x"])],
)
two("set_a_member_removed_and_added_again_is_there", "By one device, in order.", [tags(10, remove=["old"]), tags(11, add=["old"])], [tags(20, remove=["old"])])  # fmt: skip
two("set_an_edit_that_removes_and_adds_a_member_leaves_it", "Removed first, then added.", [tags(10, add=["old"], remove=["old"])], [tags(20, remove=["both"])])  # fmt: skip
two("set_whole_sets_written_apart_are_united", "Each removes what it has seen and does not list.", [tags(20, tags=["p"])], [tags(10, tags=["b"])])  # fmt: skip
two("set_a_whole_set_keeps_what_it_lists", "`both` is listed by the one and removed by the other.", [tags(20, tags=["both", "p"])], [tags(10, remove=["both"])])  # fmt: skip
two("set_a_whole_set_takes_nothing_that_it_has_not_seen", "The other's add stays.", [tags(20, tags=["p"])], [tags(10, add=["b"])])  # fmt: skip
two("set_an_empty_set_removes_all_that_was_seen", "And no more.", [tags(20, tags=[])], [tags(10, add=["b"])])
two(
    "set_of_a_goal_merges_alike",
    "Goals have tags too.",
    [tags(20, add=["p"], remove=["old"], id=GOAL)],
    [tags(10, add=["b", "old"], id=GOAL)],
)
two(
    "set_two_set_fields_do_not_meet",
    "Tags and goal tags.",
    [edit(TASK, 10, add={"goal_tags": ["x"]})],
    [edit(TASK, 10, add={"tags": ["x"]}, remove={"goal_tags": ["x"]})],
)
two(
    "set_prerequisites_merge_as_tags_do",
    "A set of references.",
    [edit(SKILL2, 10, add={"prerequisites": [SKILL]})],
    [edit(SKILL2, 20, add={"prerequisites": [SKILL]}), edit(SKILL2, 21, remove={"prerequisites": [SKILL]})],
)
two(
    "set_a_removal_that_takes_nothing_is_unchanged",
    "There is no such member.",
    [tags(20, remove=["never"])],
    [],
    outcomes={"phone": [[UNCHANGED]]},
)
two(
    "set_an_add_of_what_is_there_is_recorded",
    "It is a later add of this device, which the other's removal has not seen: that takes nothing.",
    [tags(10, add=["old"])],
    [tags(20, remove=["old"])],
    orders="phone browser",
    outcomes={"phone": [[APPLIED]], "browser": [[UNCHANGED]]},
)
case(
    "set_a_removal_takes_the_adds_of_all_devices_that_it_has_seen",
    "Phone and tablet added it; the browser had read both.",
    [*MADE, given(5, tags(5, add=["x"])), given(6, tags(6, add=["x"]), device="tablet", point="added")],
    {"browser": device("added", tags(20, remove=["x"])), "laptop": device("made", tags(30, add=["y"]))},
)
case(
    "set_a_removal_takes_only_the_adds_up_to_its_base",
    "The browser had read the phone's add and not the tablet's.",
    [*MADE, given(5, tags(5, add=["x"]), point="one"), given(6, tags(6, add=["x"]), device="tablet", point="added")],
    {"browser": device("one", tags(20, remove=["x"]))},
)
case(
    "set_a_later_add_of_the_same_device_counts_anew",
    "The removal had seen the phone's first add, not its second.",
    [*MADE, given(5, tags(5, add=["x"]), point="added")],
    {"phone": device("added", tags(20, add=["x"])), "browser": device("added", tags(30, remove=["x"]))},
)
case(
    "set_three_devices_add_remove_and_write_the_whole",
    "Ninety orders, one end.",
    MADE,
    {
        "phone": device("made", tags(10, add=["x"]), tags(11, remove=["old"])),
        "browser": device("made", tags(12, tags=["x", "b"]), tags(13, add=["c"])),
        "tablet": device("made", tags(14, remove=["both"]), tags(15, remove=["x"])),
    },
)
MANY = [f"t{n:02}" for n in range(15)]
FULL = [given(0, create(TASK, tags=MANY), point="made")]
two(
    "set_two_devices_may_exceed_the_limit_together",
    "Each was within it by what it had seen.",
    [tags(10, add=["a1", "a2", "a3", "a4", "a5"])],
    [tags(20, add=["b1", "b2", "b3", "b4", "b5"])],
    history=FULL,
)
two(
    "set_a_device_may_not_exceed_the_limit_by_what_it_has_seen",
    "Twenty is the most; nothing of the transaction is applied.",
    [tags(10, add=["a1", "a2", "a3", "a4", "a5", "a6"])],
    [tags(20, add=["b1"])],
    history=FULL,
    orders="phone browser",
    outcomes={"phone": [refused("too_many")], "browser": [[APPLIED]]},
)
