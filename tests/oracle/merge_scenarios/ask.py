"""Policy A: what nobody has seen is kept, the greatest stamp is shown, and two different values are one open conflict."""

from merge_shorthand import *

MADE = [given(0, create(TASK), create(GOAL), create(STEP), create(SKILL), point="made")]

FIELDS = [(TASK, "title"), (TASK, "description"), (GOAL, "title"), (GOAL, "description"), (STEP, "title"),
          (STEP, "description"), (SKILL, "name")]  # fmt: skip

for id, field in FIELDS:
    case(
        f"ask_{KIND[id]}_{field}_written_apart_opens_a_conflict",
        "The later value is shown, the earlier is kept beside it.",
        MADE,
        {"phone": device("made", edit(id, 20, **{field: "Phone"})), "browser": device("made", edit(id, 10, **{field: "Browser"}))},
    )

for field in ("name", "age", "occupation", "mission"):
    case(
        f"ask_hero_{field}_written_apart_opens_a_conflict",
        "The hero's texts are asked about too.",
        MADE,
        {"phone": device("made", hero(20, **{field: "Phone"})), "browser": device("made", hero(10, **{field: "Browser"}))},
    )

APART = {
    "phone": device("made", edit(TASK, 20, title="Phone")),
    "browser": device("made", edit(TASK, 10, title="Browser")),
}
TITLE = asks(TASK, "title")

case(
    "ask_an_earlier_value_that_comes_later_is_kept_and_not_shown",
    "Its device is told: merged, not shown, and which conflict it is in.",
    MADE, APART, orders="phone browser",
    outcomes={"phone": [[APPLIED]], "browser": [[part("title", conflicts=[TITLE])]]},
)  # fmt: skip
case(
    "ask_a_later_value_that_comes_later_is_shown_in_a_conflict",
    "Its device is told which conflict it opened.",
    MADE, APART, orders="browser phone",
    outcomes={"browser": [[APPLIED]], "phone": [[part(conflicts=[TITLE])]]},
)  # fmt: skip
case(
    "ask_the_same_value_on_two_devices_is_no_conflict",
    "There is nothing to ask.",
    MADE,
    {"phone": device("made", edit(TASK, 20, title="Same")), "browser": device("made", edit(TASK, 10, title="Same"))},
)
case(
    "ask_two_equal_values_and_a_third_are_one_conflict",
    "All three are kept, the greatest stamp is shown.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, title="Same")),
        "browser": device("made", edit(TASK, 10, title="Same")),
        "tablet": device("made", edit(TASK, 30, title="Other")),
    },
)
case(
    "ask_three_values_are_one_conflict",
    "A third device extends the conflict that the first two opened.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, title="Phone")),
        "browser": device("made", edit(TASK, 10, title="Browser")),
        "tablet": device("made", edit(TASK, 15, title="Tablet")),
    },
)
case(
    "ask_a_device_replaces_its_own_candidate",
    "A device has seen its own writes: of each device one value is left.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, title="Phone 1"), edit(TASK, 40, title="Phone 2")),
        "browser": device("made", edit(TASK, 30, title="Browser")),
    },
)
case(
    "ask_a_device_that_comes_round_to_the_others_value_ends_the_conflict",
    "Its second write replaces its first; both candidates are equal then.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, title="Phone"), edit(TASK, 40, title="Browser")),
        "browser": device("made", edit(TASK, 30, title="Browser")),
    },
)
case(
    "ask_two_fields_are_two_conflicts",
    "A conflict is about one field.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, title="Phone", description="P")),
        "browser": device("made", edit(TASK, 10, title="Browser", description="B")),
    },
)
case(
    "ask_crossed_stamps_show_each_field_of_its_later_write",
    "Title of the one, description of the other.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, title="Phone"), edit(TASK, 21, description="P")),
        "browser": device("made", edit(TASK, 22, title="Browser"), edit(TASK, 23, title="Browser again", description="B")),
    },
)
case(
    "ask_a_write_that_has_seen_the_other_replaces_it_silently",
    "What was seen is replaced; there is no conflict.",
    [*MADE, given(5, edit(TASK, 5, title="Tablet"), device="tablet", point="edited")],
    {"phone": device("edited", edit(TASK, 20, title="Phone"))},
    outcomes={"phone": [[APPLIED]]},
)
case(
    "ask_a_write_that_has_not_seen_the_one_in_the_history_opens_a_conflict",
    "One device went away before the edit, another after it.",
    [*MADE, given(5, edit(TASK, 5, title="Tablet"), device="tablet", point="edited")],
    {"phone": device("made", edit(TASK, 20, title="Phone"))},
    outcomes={"phone": [[part(conflicts=[TITLE])]]},
)
case(
    "ask_one_has_seen_the_history_the_other_not",
    "The edit of the history was seen by the phone: two candidates are left, not three.",
    [*MADE, given(5, edit(TASK, 5, title="Tablet"), device="tablet", point="edited")],
    {"phone": device("edited", edit(TASK, 20, title="Phone")), "browser": device("made", edit(TASK, 30, title="Browser"))},
)
case(
    "ask_a_write_that_has_not_seen_a_later_one_is_kept_beside_it",
    "The history's stamp is greater: the write that comes is kept and not shown.",
    [*MADE, given(50, edit(TASK, 50, title="Tablet"), device="tablet", point="edited")],
    {"phone": device("made", edit(TASK, 20, title="Phone"))},
    outcomes={"phone": [[part("title", conflicts=[TITLE])]]},
)
case(
    "ask_null_is_a_value_like_any_other",
    "One device clears the description, another writes one.",
    [given(0, create(TASK, description="Old"), point="made")],
    {"phone": device("made", edit(TASK, 20, description=None)), "browser": device("made", edit(TASK, 10, description="New"))},
)
case(
    "ask_the_value_from_before_is_a_value_like_any_other",
    "One device writes what was there; the other something new.",
    MADE,
    {"phone": device("made", edit(TASK, 20, title="First")), "browser": device("made", edit(TASK, 10, title="New"))},
)
case(
    "ask_a_conflict_hinders_nothing_else",
    "While the title is asked about, the task is completed and its rank set.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, title="Phone", rank="p"), complete(TASK, 25)),
        "browser": device("made", edit(TASK, 10, title="Browser", rank="b")),
    },
    hero=True,
)
NINE = list(DEVICES)[:9]
case(
    "ask_at_most_eight_candidates_are_kept",
    "Of nine values the one with the smallest stamp leaves.",
    MADE,
    {who: device("made", edit(TASK, 10 + n, title=who)) for n, who in enumerate(NINE)},
    orders=[NINE, NINE[::-1], NINE[3:] + NINE[:3]],
)
