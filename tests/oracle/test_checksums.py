"""The cases of tests/cases/checksums, reckoned without the program: canonical forms, checksums of entities, sums of spaces."""

import hashlib
import json
import pathlib
import unittest

CASES = pathlib.Path(__file__).parent.parent / "cases" / "checksums"


def cases(name):
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))["cases"]


def is_empty(value):
    return value is None or value is False or value in ("", [], {}) or (type(value) is int and value == 0)


def in_order(value):
    if isinstance(value, dict):
        return {name: in_order(value[name]) for name in sorted(value, key=str.encode)}
    if isinstance(value, list):
        return [in_order(member) for member in value]
    return value


def canonical(entity):
    fields = entity["fields"].items()
    counted = {name: value for name, value in fields if not is_empty(value) and name not in ("id", "version")}
    form = [entity["entity"], entity["id"], entity["version"], in_order(counted)]
    return json.dumps(form, ensure_ascii=False, separators=(",", ":"))


def checksum(entity):
    return hashlib.sha256(canonical(entity).encode()).hexdigest()[:16]


class Checksums(unittest.TestCase):
    def test_entities_have_the_canonical_form_and_checksum_of_the_cases(self):
        for case in cases("entities"):
            with self.subTest(case["name"]):
                self.assertEqual(canonical(case), case["canonical"])
                self.assertEqual(checksum(case), case["checksum"])

    def test_spaces_have_the_sums_of_the_cases(self):
        for case in cases("spaces"):
            with self.subTest(case["name"]):
                live = (entity for entity in case["entities"] if entity["fields"].get("deleted_at") is None)
                total = sum(int(checksum(entity), 16) for entity in live) % 2**64
                self.assertEqual(f"{total:016x}", case["checksum"])


if __name__ == "__main__":
    unittest.main()
