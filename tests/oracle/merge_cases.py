#!/usr/bin/env python3
"""Writes the golden merge cases, or checks that the files are what the scenarios come to.

    python3 tests/oracle/merge_cases.py            writes tests/cases/merge/*.json
    python3 tests/oracle/merge_cases.py --check    compares, and ends with 1 where a file differs

The scenarios (`merge_scenarios/`) and what devices are told (`outcomes`) are written by hand. Shown values, members,
registers and open conflicts come from `merge_end.py`, which knows sets of writes, their stamps and who had seen what,
and nothing of the server's merge.
"""

import json
import sys
from importlib import import_module
from pathlib import Path

from merge_case import history
from merge_end import end, resolve
from merge_shorthand import CASES

FOLDER = Path(__file__).parent.parent / "cases" / "merge"
AREAS = ("last", "ask", "sets", "registers", "deletion", "references", "blind", "clocks", "conflicts")


def cases():
    """All cases, with what is expected of them."""
    if not CASES:
        for area in AREAS:
            import_module(f"merge_scenarios.{area}")
    return [expected(*one) for one in CASES]


def expected(case, outcomes, hero, by_hand):
    told = {"outcomes": outcomes} if outcomes else {}
    found = end(history(case | {"expected": told}, resolve), hero)
    for kind, things in (by_hand or {}).items():
        for id, fields in things.items():
            found["entities"].setdefault(kind, {}).setdefault(id, {}).update(fields)
    return case | {"expected": found | told}


def text(value, indent=0):
    """JSON that is read by people: a command, and what fits on a line, stands on one."""
    flat = json.dumps(value, ensure_ascii=False)
    command = isinstance(value, dict) and "at" in value
    if not isinstance(value, (dict, list)) or len(flat) + indent <= 118 or not value or command:
        return flat
    pad, close = " " * (indent + 2), " " * indent
    if isinstance(value, dict):
        lines = (f"{json.dumps(name)}: {text(part, indent + 2)}" for name, part in value.items())
        return "{\n" + ",\n".join(pad + line for line in lines) + f"\n{close}}}"
    return "[\n" + ",\n".join(pad + text(part, indent + 2) for part in value) + f"\n{close}]"


def main(check):
    wanted = {f"{case['name']}.json": text(case) + "\n" for case in cases()}
    there = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")}
    differing = sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))
    for name in differing:
        print(f"{name}: {'differs' if check else 'written' if name in wanted else 'taken away'}")
        if not check and name in wanted:
            (FOLDER / name).write_text(wanted[name], "utf-8")
        elif not check:
            (FOLDER / name).unlink()
    print(f"{len(wanted)} cases")
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
