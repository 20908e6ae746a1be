"""The file as a table: one row a command, in order, each with the local day on which it happened."""

import json
from bisect import bisect_left
from collections import defaultdict
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HERO_FIELDS = {"name", "age", "occupation", "mission", "onboarded", "tutorial_done", "time_zone"}
TASK_FIELDS = {"title", "description", "difficulty", "due_at", "estimated_minutes", "rank"}
KNOWN = {
    "task.create", "task.edit", "task.delete", "task.restore", "task.complete", "task.uncomplete", "task.focus",
    "goal.create", "goal.edit", "goal.complete", "goal.reopen", "goal.focus",
    "milestone.create", "milestone.edit", "milestone.complete", "milestone.reopen",
    "skill.create", "skill.edit", "hero.edit",
}  # fmt: skip


class Row(NamedTuple):
    """One command: its place in the file, moment (UTC ms), local day, type, entity and the command itself."""

    seq: int
    at: int
    day: date | None
    verb: str
    id: str | None
    body: dict


class Unsupported(ValueError):
    """The file asks for a rule that this calculator does not know; an answer would be a guess."""


def load(lines):
    """{account label: [Row, …]} in file order, with local days."""
    accounts = defaultdict(list)
    for number, line in enumerate(lines, 1):
        transaction = json.loads(line)
        for command in transaction["commands"]:
            _refuse_unknown(number, command)
            rows = accounts[transaction["account"]]
            body = command | {"device": transaction.get("device")}
            rows.append(Row(len(rows), command["at"], None, command["type"], command.get("id"), body))
    return {account: _with_days(rows) for account, rows in accounts.items()}


def _refuse_unknown(number, command):
    verb, fields = command["type"], set(command.get("set", {}))
    allowed = {"task.edit": TASK_FIELDS, "hero.edit": HERO_FIELDS, "goal.edit": {"title", "description"}}
    if verb not in KNOWN:
        raise Unsupported(f"line {number}: {verb} is not covered; teach the calculator its rule first")
    if unknown := sorted(fields - allowed.get(verb, fields)):
        raise Unsupported(f"line {number}: {verb} of {', '.join(unknown)} is not covered; teach the calculator first")


def _with_days(rows):
    """Fill in each row's local day. A change of zone counts from the next row on."""
    moves = [row for row in rows if row.verb == "hero.edit" and "time_zone" in row.body["set"]]
    after = [row.seq for row in moves]
    zones = [zone("UTC")] + [zone(row.body["set"]["time_zone"]) for row in moves]
    return [row._replace(day=local_day(row.at, zones[bisect_left(after, row.seq)])) for row in rows]


def zone(name):
    """The IANA zone, or a sentence that says what the machine lacks."""
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        raise SystemExit(f"no time-zone data for {name}: install the system package tzdata") from None


def local_day(at_ms, tz):
    """The date on the wall of the zone at that moment."""
    return datetime.fromtimestamp(at_ms // 1000, tz).date()
