"""Conflicts as something that a device sees and resolves: once, from any device."""

from merge_shorthand import *

TITLE, GONE = asks(TASK, "title"), asks(TASK, "deleted_at")
OPEN = [
    given(0, create(TASK), point="made"),
    given(10, edit(TASK, 10, title="Phone"), base="made"),
    given(20, edit(TASK, 12, title="Browser"), device="browser", base="made", point="open"),
]
ASKED = [
    given(0, create(TASK), point="made"),
    given(10, delete(TASK, 10), base="made"),
    given(20, edit(TASK, 12, rank="b"), device="browser", base="made", point="open"),
]


def one(name, about, *done, base="open", history=OPEN, who="tablet", **more):
    case(name, about, history, {who: device(base, *done)}, **more)


one("conflict_resolved_by_the_current_value", "A third device keeps what is shown.", resolve(TITLE, 30, "current"),
    outcomes={"tablet": [[APPLIED]]})  # fmt: skip
one("conflict_resolved_by_the_other_value", "The other candidate is shown.", resolve(TITLE, 30, "other"),
    outcomes={"tablet": [[APPLIED]]})  # fmt: skip
one("conflict_resolved_by_a_new_value", "Neither of them.", resolve(TITLE, 30, "value", value="New"),
    outcomes={"tablet": [[APPLIED]]})  # fmt: skip
one("conflict_resolved_without_a_base", "It has seen all candidates.", resolve(TITLE, 30, "other"), base=None,
    outcomes={"tablet": [[APPLIED]]})  # fmt: skip
one("conflict_closed_by_an_edit_that_has_seen_all", "Nobody needs to speak of the conflict.", edit(TASK, 30, title="New"),
    outcomes={"tablet": [[APPLIED]]})  # fmt: skip
one("conflict_extended_by_an_edit_that_has_seen_none", "A third candidate.", edit(TASK, 15, title="Tablet"), base="made",
    outcomes={"tablet": [[part(conflicts=[TITLE])]]})  # fmt: skip
one("conflict_with_a_bad_value_is_refused", "The field's own error.", resolve(TITLE, 30, "value", value="x"),
    outcomes={"tablet": [refused("too_short")]})  # fmt: skip
one("conflict_resolved_by_its_own_device", "The browser, which had read the phone's value.", edit(TASK, 30, title="Browser"),
    who="browser", outcomes={"browser": [[APPLIED]]})  # fmt: skip
case(
    "conflict_is_resolved_once",
    "Two devices resolve it apart: the first decides, the second is told that it is closed.",
    OPEN,
    {"tablet": device("open", resolve(TITLE, 30, "other")), "laptop": device("open", resolve(TITLE, 40, "current"))},
    orders="tablet laptop",
    outcomes={"tablet": [[APPLIED]], "laptop": [refused("conflict_closed")]},
)
case(
    "conflict_is_resolved_once_the_other_way_round",
    "By arrival, not by the clocks.",
    OPEN,
    {"tablet": device("open", resolve(TITLE, 30, "other")), "laptop": device("open", resolve(TITLE, 40, "current"))},
    orders="laptop tablet",
    outcomes={"laptop": [[APPLIED]], "tablet": [refused("conflict_closed")]},
)
case(
    "conflict_resolved_and_edited_apart_is_open_again",
    "The edit had not seen the resolution: the two ask anew, under the same id.",
    OPEN,
    {"tablet": device("open", resolve(TITLE, 30, "other")), "laptop": device("open", edit(TASK, 40, title="Laptop"))},
    orders="tablet laptop",
    outcomes={"tablet": [[APPLIED]], "laptop": [[part(conflicts=[TITLE])]]},
)
case(
    "conflict_is_closed_by_two_edits_with_one_value",
    "Both had seen all, and agree.",
    OPEN,
    {"tablet": device("open", edit(TASK, 30, title="Same")), "laptop": device("open", edit(TASK, 40, title="Same"))},
)
case(
    "conflict_is_followed_by_another_when_two_close_it_apart",
    "Both had seen all, and do not agree.",
    OPEN,
    {"tablet": device("open", edit(TASK, 30, title="Tablet")), "laptop": device("open", edit(TASK, 40, title="Laptop"))},
)
case(
    "conflict_half_seen_stays_open",
    "The tablet had read the phone's value only; the browser's is unseen.",
    [
        given(0, create(TASK), point="made"),
        given(10, edit(TASK, 10, title="Phone"), base="made", point="half"),
        given(20, edit(TASK, 12, title="Browser"), device="browser", base="made", point="open"),
    ],
    {"tablet": device("half", edit(TASK, 30, title="Tablet")), "laptop": device("made", edit(TASK, 25, rank="l"))},
)
one("conflict_about_a_tombstone_resolved_by_restoring", "The edit is there.", resolve(GONE, 30, "other"), history=ASKED,
    outcomes={"tablet": [[APPLIED]]})  # fmt: skip
one("conflict_about_a_tombstone_closed_by_a_restore", "A restore that has seen both.", restore(TASK, 30), history=ASKED,
    outcomes={"tablet": [[APPLIED]]})  # fmt: skip
one("conflict_about_a_tombstone_closed_by_a_delete_that_has_seen_the_edit", "It stays deleted, and nobody is asked any more.",
    delete(TASK, 30), history=ASKED)  # fmt: skip
one("conflict_about_a_tombstone_resolved_by_leaving_it_deleted", "It stays deleted.", resolve(GONE, 30, "current"),
    history=ASKED)  # fmt: skip
one("conflict_that_is_not_there_is_refused", "There never was one.", resolve(asks(TASK, "description"), 30, "current"),
    outcomes={"tablet": [refused("not_found")]})  # fmt: skip
