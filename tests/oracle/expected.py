#!/usr/bin/env python3
"""What the server must show after a file of device transactions, worked out without the server.

    python3 tests/oracle/expected.py FILE

prints one JSON object, keyed by account label. Instead of folding events it treats the file as tables: completions are
paired with what undid them, energy is settled day by day, and every total is a sum over one journal of postings
(owner, day, column, amount). Nothing here is shared with the server's code. Rows of days that are all zero are left
out; skills are those made in the file (tasks that name any other are refused); a habit's `completed` is false, its
state is in its days.
"""

import json
import sys
from collections import Counter, defaultdict
from itertools import chain

from account import HERO, Account
from curves import hero_level, last_run, skill_level
from registers import spans
from rows import load


def hero(account):
    days = account.days_of(HERO)
    streak, last = last_run(day for day, row in days.items() if row["completions"] > 0 or row["minutes"] > 0)
    return hero_level(sum(row["xp"] for row in days.values())) | {
        "streak": streak,
        "last_active_on": iso(last),
        "tasks_completed": sum(row["completions"] for row in days.values()),
        "energy_day": iso(account.energy.day),
        "energy_spent": account.energy.spent,
    }


def habit(account, task):
    days = account.days_of(task)
    active = [day for day, row in days.items() if row["completions"] > 0]
    streak, last = last_run(active)
    by_date = {iso(day): row for day, row in days.items()}
    return {"completion_count": len(active), "streak": streak, "last_completed_on": iso(last), "days": by_date}


def last_said(rows, read):
    """{name: value} where the last row that speaks of a name decides; `read` lists a row's (name, value) pairs."""
    return dict(chain.from_iterable(map(read, rows)))


def task_texts(row):
    """(id, field) → value of a create or edit."""
    said = row.body["data"] if row.verb == "task.create" else row.body.get("set", {})
    return [((row.id, field), said[field]) for field in ("title", "difficulty") if field in said]


def task_tags(row):
    """(id, tag, device) → whether that device's add is there, of a create or edit. An edit removes, then adds: a tag in
    both is there. The file has no bases: a removal has seen, and takes, only what its own device added."""
    added = row.body.get("add", {}).get("tags", []) + row.body.get("data", {}).get("tags", [])
    removed = row.body.get("remove", {}).get("tags", [])
    device = row.body.get("device")
    return [((row.id, tag, device), False) for tag in removed] + [((row.id, tag, device), True) for tag in added]


def tasks(account):
    written = [row for row in account.rows if row.verb in ("task.create", "task.edit")]
    texts, marks = last_said(written, task_texts), last_said(written, task_tags)
    tags = defaultdict(set)
    for (task, tag, _), there in marks.items():
        tags[task] |= {tag} if there else set()
    gone = deleted(account.rows)
    standing = {span.done.id for span in account.task_spans if span.undone is None}
    focus = focus_totals(account)
    return {
        task: {
            "completed": task in standing and not account.is_habit(task),
            "deleted": task in gone,
            "title": texts[task, "title"],
            "difficulty": texts.get((task, "difficulty"), "medium"),
            "tags": sorted(tags[task]),
        }
        | focus[task]
        for task in account.ids("task.create")
    }


def deleted(rows):
    """Tasks whose last word is a delete."""
    turns = [row for row in rows if row.verb in ("task.delete", "task.restore")]
    return {task for task, gone in last_said(turns, lambda row: [(row.id, row.verb == "task.delete")]).items() if gone}


def focus_totals(account):
    totals = defaultdict(lambda: dict.fromkeys(("focus_minutes", "focus_cycles", "focus_energy"), 0))
    for row in account.focus:
        total, data = totals[row.id], row.body["data"]
        total["focus_minutes"] += data["minutes"]
        total["focus_cycles"] += data["cycles"]
        total["focus_energy"] += account.energy.taken[row.seq]
    return totals


def goals(account):
    done = {span.key for span in account.goal_spans if span.undone is None}
    steps = spans(account.rows, "milestone.complete", "milestone.reopen", lambda row: row.id)
    goal_of = {step: account.made[step]["goal_id"] for step in account.ids("milestone.create")}
    reached = Counter(goal_of[span.key] for span in steps if span.undone is None)
    planned = Counter(goal_of.values())
    return {
        goal: {"completed": goal in done, "milestones_done": reached[goal], "milestones_total": planned[goal]}
        for goal in account.ids("goal.create")
    }


def counts(account):
    made, gone = set(account.ids("task.create")), deleted(account.rows)
    others = {f"{kind}s": len(account.ids(f"{kind}.create")) for kind in ("goal", "milestone", "skill")}
    return {"tasks_live": len(made - gone), "tasks_deleted": len(gone)} | others


def surprises(rows):
    """Sentences about what the rules above do not foresee: work on a deleted task, or a clock that goes back."""
    turns = defaultdict(list)
    for row in rows:
        if row.verb.startswith("task."):
            turns[row.id].append(row)
    for task, history in turns.items():
        for before in (row for row in history if row.verb == "task.delete"):
            for row in (row for row in history if row.seq > before.seq):
                if row.verb == "task.restore":
                    break
                yield f"{row.verb} at {row.at} reaches the deleted task {task}"
    for before, row in zip(rows, rows[1:]):
        if row.at < before.at:
            yield f"{row.verb} at {row.at} is older than the command before it"


def iso(day):
    return day and day.isoformat()


def report(rows):
    """Everything the server must show for one account."""
    account = Account(rows)
    return {
        "hero": hero(account),
        "skills": {skill: skill_level(xp) for skill, xp in account.skills.items()},
        "hero_days": {iso(day): row for day, row in account.days_of(HERO).items()},
        "habits": {task: habit(account, task) for task in account.ids("task.create") if account.is_habit(task)},
        "tasks": tasks(account),
        "goals": goals(account),
        "counts": counts(account),
    }


def main(path):
    with open(path, encoding="utf-8") as lines:
        accounts = load(lines)
    for account, rows in accounts.items():
        for sentence in surprises(rows):
            print(f"{account}: {sentence}", file=sys.stderr)
    answer = {account: report(rows) for account, rows in accounts.items()}
    json.dump(answer, sys.stdout, sort_keys=True, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: expected.py FILE (NDJSON of labelled device transactions)")
    main(sys.argv[1])
