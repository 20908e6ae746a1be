"""A shorthand for writing cases down: entities by short names, times in minutes after noon of 2026-07-01 (UTC)."""

from uuid import UUID, uuid5

from merge_case import SPACE

NOON, MINUTE = 1_782_907_200_000, 60_000
TASK, TASK2, GOAL, GOAL2 = (f"00000000-0000-7000-8000-000000000{n}" for n in ("101", "102", "201", "202"))
STEP, STEP2, SKILL, SKILL2 = (f"00000000-0000-7000-8000-000000000{n}" for n in ("301", "302", "401", "402"))
KIND = {TASK: "task", TASK2: "task", GOAL: "goal", GOAL2: "goal", STEP: "milestone", STEP2: "milestone",
        SKILL: "skill", SKILL2: "skill"}  # fmt: skip
DEVICES = {name: f"00000000-0000-7000-8000-0000000000{n:02x}" for n, name in enumerate(
    ["phone", "browser", "tablet", "laptop", "watch", "car", "desk", "wall", "fridge", "lamp"], 10)}  # fmt: skip
CASES = []


def asks(id, field):
    """The id of the conflict about a field."""
    return str(uuid5(UUID(SPACE), f"conflict/{KIND[id]}/{id}/{field}"))


def at(minute):
    """Unix ms of a minute after noon."""
    return NOON + round(minute * MINUTE)


def command(verb, id, minute, **more):
    return {"type": f"{KIND[id]}.{verb}", "id": id, "at": at(minute)} | more


def create(id, minute=0, **data):
    if id in (STEP, STEP2):
        data = {"goal_id": GOAL} | data
    named = {"name": "First"} if KIND[id] == "skill" else {"title": "First"}
    return command("create", id, minute, data=named | data)


def edit(id, minute, add=None, remove=None, **values):
    parts = {"set": values or None, "add": add, "remove": remove}
    return command("edit", id, minute, **{part: said for part, said in parts.items() if said is not None})


def hero(minute, **values):
    return {"type": "hero.edit", "at": at(minute), "set": values}


def delete(id, minute):
    return command("delete", id, minute)


def restore(id, minute):
    return command("restore", id, minute)


def complete(id, minute):
    return command("complete", id, minute)


def undo(id, minute):
    return command("uncomplete" if KIND[id] == "task" else "reopen", id, minute)


def focus(id, minute, minutes, cycles):
    return command("focus", id, minute, data={"minutes": minutes, "cycles": cycles})


def resolve(conflict, minute, choice, **value):
    return {"type": "conflict.resolve", "id": conflict, "at": at(minute), "data": {"choice": choice} | value}


def given(minute, *commands, device="phone", point=None, **more):
    """A transaction of the history, heard by the server when it was made."""
    named = {} if point is None else {"point": point}
    return {"device": device, "now": at(minute)} | named | {"commands": list(commands)} | more


def sends(*commands, **more):
    """A transaction; `base` and `sent_at` may stand beside its commands."""
    return {**more, "commands": list(commands)}


def device(base, *transactions):
    """What a device did that had read up to `base`. A command alone is a transaction alone."""
    whole = [one if "commands" in one else sends(one) for one in transactions]
    return {"base": base, "transactions": whole}


def case(name, about, history, devices, orders="all", outcomes=None, hero=False, end=None, now=360):
    """Puts a case down. `end` replaces what the calculation cannot know; `outcomes` is written by hand."""
    named = {who: {"id": DEVICES[who]} | done for who, done in devices.items()}
    for transaction in history:
        named.setdefault(transaction["device"], {"id": DEVICES[transaction["device"]], "base": "head", "transactions": []})
    if isinstance(orders, str) and orders != "all":
        orders = [orders.split()]
    made = {"name": name, "about": about, "given": history, "now": at(now), "devices": named, "orders": orders}
    CASES.append((made, outcomes, hero, end))


APPLIED, UNCHANGED, SUPERSEDED = {"outcome": "applied"}, {"outcome": "unchanged"}, {"outcome": "superseded"}


def lost(*fields):
    """An edit of which nothing stands."""
    return {"outcome": "superseded", "superseded": list(fields)}


def part(*fields, **more):
    """An edit of which these fields do not stand, or that opened a conflict."""
    return {"outcome": "merged"} | ({"superseded": list(fields)} if fields else {}) | more


def refused(code):
    return {"rejected": code}
