"""Clocks: moments are held between what the device had seen and the server's clock; ties go to the greater device."""

from merge_shorthand import *

MADE = [given(0, create(TASK), point="made")]
LATER = [*MADE, given(100, edit(TASK, 100, rank="h"), device="tablet", point="later")]
YEAR = 365 * 24 * 60


def two(name, about, phone, browser, history=MADE, base="made", **more):
    case(name, about, history, {"phone": device(base, *phone), "browser": device(base, *browser)}, **more)


two("clock_equal_moments_go_to_the_greater_device_id", "Every replica picks the same.", [edit(TASK, 10, rank="p")], [edit(TASK, 10, rank="b")])  # fmt: skip
two("clock_equal_moments_of_three_writes_go_by_the_counter_first", "The phone's second write of that moment has a greater counter.",
    [edit(TASK, 10, rank="p1"), edit(TASK, 10, rank="p2")], [edit(TASK, 10, rank="b")])  # fmt: skip
two("clock_that_goes_back_keeps_the_devices_own_order", "The second write has an earlier clock, and is later all the same.",
    [edit(TASK, 30, rank="p1"), edit(TASK, 5, rank="p2")], [edit(TASK, 20, rank="b")])  # fmt: skip
two("clock_in_the_future_is_held_at_the_servers", "A future clock does not win for ever: the next device that has seen it is later.",
    [edit(TASK, YEAR, rank="p")], [edit(TASK, 20, rank="b")])  # fmt: skip
two("clock_in_the_past_is_held_at_what_was_seen", "1970 is later than what the device had seen, and earlier than the other.",
    [edit(TASK, -56 * YEAR, rank="p")], [edit(TASK, 120, rank="b")], LATER, "later")  # fmt: skip
two("clock_in_the_past_completes_at_what_was_seen", "The moment is held, not refused.",
    [complete(TASK, -56 * YEAR)], [edit(TASK, 120, rank="b")], LATER, "later")  # fmt: skip
two("clock_in_the_future_completes_at_the_servers", "The moment is held, not refused.",
    [complete(TASK, YEAR)], [edit(TASK, 120, rank="b")], LATER, "later")  # fmt: skip
two("clock_that_is_an_hour_ahead_is_shifted_back", "The request said when it was sent: every moment moves by the difference.",
    [sends(edit(TASK, 80, rank="p"), sent_at=at(420))], [edit(TASK, 30, rank="b")])  # fmt: skip
two("clock_that_is_an_hour_behind_is_shifted_on", "The same the other way: 10 was 70.",
    [sends(edit(TASK, 10, rank="p"), sent_at=at(300))], [edit(TASK, 30, rank="b")])  # fmt: skip
two("clock_that_is_a_minute_off_is_left_alone", "Within the tolerance nothing moves.",
    [sends(edit(TASK, 10, rank="p"), sent_at=at(361))], [edit(TASK, 9.5, rank="b")])  # fmt: skip
two("clock_of_a_blind_device_in_the_past_loses", "Nothing holds it up.",
    [sends(edit(TASK, -YEAR, rank="p"), base=None)], [edit(TASK, 1, rank="b")])  # fmt: skip
two("clock_of_two_devices_that_stand_still_goes_by_device", "Both are held at what they had seen.",
    [edit(TASK, 1, rank="p")], [edit(TASK, 2, rank="b")], LATER, "later")  # fmt: skip
case(
    "clock_in_the_future_loses_to_who_has_seen_it",
    "The phone was a year ahead; the browser, which had read that, is later.",
    [*MADE, given(10, edit(TASK, YEAR, rank="p"), point="ahead")],
    {"browser": device("ahead", edit(TASK, 20, rank="b"))},
)
case(
    "clock_of_the_server_stands_still_and_who_has_seen_is_later",
    "All is recorded in one millisecond.",
    [*MADE, given(0, edit(TASK, 0, rank="h"), device="tablet", point="same")],
    {"browser": device("same", edit(TASK, 0, rank="b"))},
    now=0,
)
