"""The calculation of merges itself: small sets of writes whose end is plain to see."""

import contextlib
import io
import unittest

from merge_case import History
from merge_cases import main
from merge_end import end
from merge_shorthand import DEVICES, SKILL, TASK, asks, at, create, delete, edit, restore

PHONE, BROWSER = DEVICES["phone"], DEVICES["browser"]


def ended(*arrivals):
    """The end after a task and a skill were made, and these (device, base, command) arrived."""
    told = History()
    made = [create(SKILL), create(TASK, tags=["old"])]
    told.arrive(DEVICES["tablet"], {"base": "head", "commands": made, "point": "made"}, at(0))
    for device, base, *commands in arrivals:
        told.arrive(device, {"base": base, "commands": commands}, at(360))
    found = end(told.writes)
    return found["entities"].get("task", {}).get(TASK, {}), found["conflicts"]


class Merge(unittest.TestCase):
    def test_the_greater_device_wins_a_tie(self):
        for order in (1, -1):
            writes = [(PHONE, "made", edit(TASK, 9, rank="p")), (BROWSER, "made", edit(TASK, 9, rank="b"))]
            self.assertEqual(ended(*writes[::order])[0]["rank"], "b")

    def test_what_was_seen_is_replaced_whatever_the_clock_says(self):
        task, conflicts = ended((PHONE, "made", edit(TASK, 90, title="Later")), (BROWSER, "head", edit(TASK, 1, title="Seen")))
        self.assertEqual((task["title"], conflicts), ("Seen", []))

    def test_two_unseen_titles_are_asked_about(self):
        task, conflicts = ended((PHONE, "made", edit(TASK, 9, title="One")), (BROWSER, "made", edit(TASK, 8, title="Two")))
        self.assertEqual((task["title"], conflicts[0]["id"]), ("One", asks(TASK, "title")))
        self.assertEqual([one["value"] for one in conflicts[0]["others"]], ["Two"])

    def test_a_title_without_a_base_asks_nobody(self):
        for base, other in (("made", None), (None, "made"), (None, None)):
            task, conflicts = ended((PHONE, base, edit(TASK, 9, title="One")), (BROWSER, other, edit(TASK, 8, title="Two")))
            self.assertEqual((task["title"], conflicts), ("One", []))

    def test_a_removal_takes_what_it_has_seen(self):
        put, take = edit(TASK, 9, add={"tags": ["x", "old"]}), edit(TASK, 10, remove={"tags": ["x", "old"]})
        self.assertEqual(ended((PHONE, "made", put), (BROWSER, "made", take))[0]["tags"], ["old", "x"])
        self.assertEqual(ended((PHONE, "made", put), (BROWSER, "head", take))[0]["tags"], [])

    def test_a_reference_follows_its_target(self):
        wish, gone = (PHONE, "made", edit(TASK, 9, skill_id=SKILL)), (BROWSER, "made", delete(SKILL, 10))
        self.assertEqual(ended(wish, gone)[0]["skill_id"], None)
        self.assertEqual(ended(gone, wish, (BROWSER, "made", restore(SKILL, 11)))[0]["skill_id"], SKILL)

    def test_a_tombstone_asks_about_an_edit_that_it_has_not_seen(self):
        gone, edited = delete(TASK, 9), edit(TASK, 8, rank="b")
        _, conflicts = ended((PHONE, "made", gone), (BROWSER, "made", edited))
        self.assertEqual([one["field"] for one in conflicts], ["deleted_at"])
        self.assertEqual(ended((BROWSER, "made", edited), (PHONE, "head", gone))[1], [])

    def test_the_files_are_what_the_scenarios_come_to(self):
        with contextlib.redirect_stdout(io.StringIO()) as said:
            self.assertEqual(main(check=True), 0, said.getvalue())


if __name__ == "__main__":
    unittest.main()
