"""Writes without a base: stamps decide, and no conflict opens."""

from merge_shorthand import *

MADE = [given(0, create(TASK, tags=["old"]), create(GOAL), point="made")]


def two(name, about, phone, browser, bases=(None, None), history=MADE, **more):
    case(name, about, history, {"phone": device(bases[0], *phone), "browser": device(bases[1], *browser)}, **more)


P, B = edit(TASK, 20, title="Phone"), edit(TASK, 10, title="Browser")
two("blind_titles_are_decided_by_their_stamps", "Nobody is asked.", [P], [B])
two("blind_title_later_than_one_with_a_base", "It stands alone.", [P], [B], (None, "made"))
two("blind_title_earlier_than_one_with_a_base", "It is dropped.", [P], [B], ("made", None))
two("blind_title_that_is_earlier_is_superseded", "Its device is told.", [P], [B], orders="phone browser",
    outcomes={"phone": [[APPLIED]], "browser": [[lost("title")]]})  # fmt: skip
two("blind_rank_is_decided_by_its_stamp", "As with a base.", [edit(TASK, 20, rank="p")], [edit(TASK, 10, rank="b")], ("made", None))  # fmt: skip
two("blind_removal_takes_only_its_own_adds", "It has seen nothing else.",
    [edit(TASK, 20, add={"tags": ["x"]}), edit(TASK, 21, remove={"tags": ["x", "old"]})],
    [edit(TASK, 10, add={"tags": ["x"]})], (None, "made"), history=[given(0, create(TASK, tags=["old"]), device="tablet", point="made")])  # fmt: skip
two("blind_set_adds_and_takes_nothing_of_others", "Whole sets without a base are united.",
    [edit(TASK, 20, tags=["p"])], [edit(TASK, 10, tags=["b"])],
    history=[given(0, create(TASK, tags=["old"]), device="tablet", point="made")])  # fmt: skip
two("blind_deletion_asks_nothing", "The edit is kept in the tombstone.", [delete(TASK, 10)], [edit(TASK, 20, rank="b")], (None, "made"))  # fmt: skip
two("blind_edit_of_a_tombstone_asks_nothing", "It is kept as well.", [delete(TASK, 10)], [edit(TASK, 20, rank="b")], ("made", None))  # fmt: skip
two("blind_completions_count_once", "Registers go by stamps.", [complete(TASK, 10)], [complete(TASK, 20)], hero=True)
two("blind_deletion_and_restore_go_by_stamps", "The greatest stands.", [delete(TASK, 10), restore(TASK, 20)], [delete(TASK, 15)])  # fmt: skip
case(
    "blind_title_between_two_with_a_base_leaves_the_later",
    "What is earlier than the blind one goes, and the blind one goes before the later: nobody is asked.",
    MADE,
    {
        "phone": device("made", edit(TASK, 10, title="Phone")),
        "browser": device(None, edit(TASK, 20, title="Browser")),
        "tablet": device("made", edit(TASK, 30, title="Tablet")),
    },
)
case(
    "blind_title_below_two_with_a_base_leaves_their_conflict",
    "It is dropped; the two others ask as ever.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, title="Phone")),
        "browser": device(None, edit(TASK, 10, title="Browser")),
        "tablet": device("made", edit(TASK, 30, title="Tablet")),
    },
)
case(
    "blind_title_above_two_with_a_base_ends_their_conflict",
    "It stands alone, in whichever order they come.",
    MADE,
    {
        "phone": device("made", edit(TASK, 20, title="Phone")),
        "browser": device(None, edit(TASK, 40, title="Browser")),
        "tablet": device("made", edit(TASK, 30, title="Tablet")),
    },
)
case(
    "blind_title_that_was_seen_still_keeps_earlier_ones_out",
    "The tablet had seen the blind write; the phone's, which is earlier than both, comes late.",
    [*MADE, given(30, edit(TASK, 30, title="Browser"), device="browser", base=None, point="blind")],
    {"phone": device("made", edit(TASK, 20, title="Phone")), "tablet": device("blind", edit(TASK, 40, title="Tablet"))},
)
case(
    "blind_and_then_with_a_base_a_device_has_seen_its_own",
    "Its second write replaces its first and asks about the other's.",
    MADE,
    {
        "phone": device("made", sends(edit(TASK, 10, title="Phone 1"), base=None), edit(TASK, 30, title="Phone 2")),
        "browser": device("made", edit(TASK, 20, title="Browser")),
    },
)
