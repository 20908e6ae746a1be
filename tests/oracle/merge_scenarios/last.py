"""Policy L: the greatest stamp stands, in whichever order the writes arrive."""

from merge_shorthand import *

MADE = [given(0, create(TASK), create(GOAL), create(SKILL), point="made")]

VALUES = [
    (TASK, "category", "goal", "todo"), (TASK, "kind", "main", "daily"), (TASK, "difficulty", "easy", "hard"),
    (TASK, "exp_reward", 30, 40), (TASK, "energy_cost", 3, 4), (TASK, "estimated_minutes", 50, 60),
    (TASK, "due_at", at(600), None), (TASK, "rank", "a", "b"), (GOAL, "status", "paused", "active"),
    (GOAL, "priority", "high", "low"), (GOAL, "target_at", at(900), at(1000)), (GOAL, "exp_reward", 50, 500),
    (SKILL, "color", "#000000", "#FFFFFF"), (SKILL, "icon", "a", "b"), (SKILL, "kind", "advanced", "mastery"),
    (SKILL, "category", "mind", "body"), (SKILL, "unlocked", False, True),
]  # fmt: skip

for id, field, first, second in VALUES:
    case(
        f"last_{KIND[id]}_{field}_of_the_later_stamp_stands",
        "Two devices set one field apart; the later one stands in both orders.",
        MADE,
        {"phone": device("made", edit(id, 20, **{field: first})), "browser": device("made", edit(id, 10, **{field: second}))},
    )

for field, first, second in [("onboarded", True, False), ("energy_max", 20, 10), ("peak_start", 6, 7)]:
    case(
        f"last_hero_{field}_of_the_later_stamp_stands",
        "The hero's settings merge as every other field does.",
        MADE,
        {"phone": device("made", hero(20, **{field: first})), "browser": device("made", hero(10, **{field: second}))},
    )

case(
    "last_an_earlier_write_that_comes_later_is_superseded",
    "It changes nothing, and its device is told which field.",
    MADE,
    {"phone": device("made", edit(TASK, 20, rank="p")), "browser": device("made", edit(TASK, 10, rank="b"))},
    orders="phone browser",
    outcomes={"phone": [[APPLIED]], "browser": [[lost("rank")]]},
)
case(
    "last_an_earlier_write_that_comes_first_is_replaced",
    "Both are told that theirs was applied.",
    MADE,
    {"phone": device("made", edit(TASK, 20, rank="p")), "browser": device("made", edit(TASK, 10, rank="b"))},
    orders="browser phone",
    outcomes={"phone": [[APPLIED]], "browser": [[APPLIED]]},
)
case(
    "last_an_edit_that_loses_one_field_and_wins_another_is_merged",
    "Fields are merged one by one.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, rank="p")),
        "browser": device("made", edit(TASK, 10, rank="b", estimated_minutes=40)),
    },
    orders="phone browser",
    outcomes={"phone": [[APPLIED]], "browser": [[part("rank")]]},
)
case(
    "last_different_fields_never_meet",
    "Two devices edit two fields; both stand.",
    MADE,
    {"phone": device("made", edit(TASK, 20, rank="p")), "browser": device("made", edit(TASK, 10, due_at=at(99)))},
)
case(
    "last_three_devices_end_with_the_greatest_stamp",
    "Six orders, one end.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, rank="p")),
        "browser": device("made", edit(TASK, 30, rank="b")),
        "tablet": device("made", edit(TASK, 10, rank="t")),
    },
)
case(
    "last_a_device_that_writes_twice_counts_with_its_second",
    "Its second write is later than its first, and than the other's.",
    MADE,
    {
        "phone": device("made", edit(TASK, 10, rank="p1"), edit(TASK, 30, rank="p2")),
        "browser": device("made", edit(TASK, 20, rank="b")),
    },
)
case(
    "last_the_other_device_between_the_two_writes_of_one_field_each",
    "The other is later than the first and earlier than the second write.",
    MADE,
    {
        "phone": device("made", edit(TASK, 10, rank="p", due_at=at(1)), edit(TASK, 30, rank="q")),
        "browser": device("made", edit(TASK, 20, rank="b", due_at=at(2))),
    },
)
case(
    "last_the_same_value_again_holds_its_later_stamp",
    "A value that is there already is written all the same: its stamp decides about the write that is on its way.",
    MADE,
    {
        "phone": device("made", edit(TASK, 30, estimated_minutes=25)),
        "browser": device("made", edit(TASK, 20, estimated_minutes=60)),
    },
)
case(
    "last_different_bases_do_not_matter",
    "One device had seen the edit in the history, the other had not; the greatest stamp stands.",
    [*MADE, given(5, edit(TASK, 5, rank="h"), device="tablet", point="edited")],
    {"phone": device("edited", edit(TASK, 20, rank="p")), "browser": device("made", edit(TASK, 30, rank="b"))},
)
case(
    "last_a_write_that_did_not_see_a_later_one_loses_to_it",
    "The history holds a later write than that of the device that comes back.",
    [*MADE, given(50, edit(TASK, 50, rank="h"), device="tablet", point="edited")],
    {"browser": device("made", edit(TASK, 30, rank="b"))},
    outcomes={"browser": [[lost("rank")]]},
)
case(
    "last_a_write_that_saw_a_later_one_replaces_it",
    "Whatever the device's clock says: what has seen another write is later than it.",
    [*MADE, given(50, edit(TASK, 50, rank="h"), device="tablet", point="edited")],
    {"browser": device("edited", edit(TASK, 30, rank="b"))},
    outcomes={"browser": [[APPLIED]]},
)
case(
    "last_two_tasks_do_not_touch_each_other",
    "Each entity has its own stamps.",
    [given(0, create(TASK), create(TASK2), point="made")],
    {
        "phone": device("made", edit(TASK, 20, rank="p"), edit(TASK2, 21, rank="p")),
        "browser": device("made", edit(TASK2, 30, rank="b"), edit(TASK, 31, due_at=None)),
    },
)
case(
    "last_several_commands_of_one_transaction_are_in_order",
    "Commands of one moment are told apart by the counter.",
    MADE,
    {
        "phone": device("made", sends(edit(TASK, 20, rank="p1"), edit(TASK, 20, rank="p2"))),
        "browser": device("made", edit(TASK, 20, rank="b")),
    },
)
