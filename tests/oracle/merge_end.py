"""What a set of writes comes to. No order of arrival is looked at here: only stamps, and who had seen what."""

from collections import defaultdict
from datetime import UTC, datetime
from functools import cached_property
from uuid import UUID, uuid5

from curves import last_run
from merge_case import SPACE
from merge_policy import DEFAULT, POLICY, REFERS, A, S

REWARD = {"trivial": 5, "easy": 10, "medium": 20, "hard": 35}
COST = {"trivial": 1, "easy": 1, "medium": 2, "hard": 4}


def greatest(writes):
    return max(writes, key=lambda write: write.stamp, default=None)


class Thing:
    """One entity: the writes that it got."""

    def __init__(self, kind, id, writes):
        self.kind, self.id, self.writes = kind, id, writes
        self.made = next(write for write in writes if write.verb == "create")

    def of(self, *verbs):
        return [write for write in self.writes if write.verb in verbs]

    def created(self, field):
        """What the creation wrote into a field."""
        data = self.made.body["data"]
        if field in data:
            return data[field]
        if POLICY[self.kind][field] == S:
            return []
        if self.kind == "task" and field in ("exp_reward", "energy_cost") and "difficulty" in data:
            return (REWARD if field == "exp_reward" else COST)[data["difficulty"]]
        # A rank comes from the moment of the creation; no case leaves one standing.
        return None if field == "rank" else DEFAULT[self.kind][field]

    def writes_of(self, field):
        """(write, value) of a field with one value."""
        edits = [write for write in self.of("edit") if field in write.body.get("set", {})]
        return [(self.made, self.created(field))] + [(edit, edit.body["set"][field]) for edit in edits]

    def value(self, field):
        """The greatest stamp stands."""
        return max(self.writes_of(field), key=lambda pair: pair[0].stamp)[1]

    def candidates(self, field):
        """The writes that no other has seen, the greatest stamp first. One without a base asks nobody."""
        pairs = self.writes_of(field)
        standing = [pair for pair in pairs if not any(other.saw(pair[0]) for other, _ in pairs)]
        blind = [write.stamp for write, _ in pairs if write.base is None]
        floor = max(blind, default=(0, 0, ""))
        top = max(write.stamp for write, _ in pairs)
        kept = [
            (write, value)
            for write, value in standing
            if write.stamp == top or (write.stamp >= floor and write.base is not None)
        ]
        return sorted(kept, key=lambda pair: pair[0].stamp, reverse=True)[:8]

    def members(self, field):
        """A member is there while one of its adds is left; a removal takes the adds that it has seen."""
        adds, removals = [(self.made, set(self.created(field)))], []
        for edit in self.of("edit"):
            put = edit.body.get("set", {}).get(field)
            added = set(put or []) | set(edit.body.get("add", {}).get(field, []))
            taken = edit.body.get("remove", {}).get(field, [])
            adds.append((edit, added))
            removals.append((edit, set(taken), put))
        left = set()
        for write, added in adds:
            for member in added:
                takes = (r for r, named, put in removals if member in named or (put is not None and member not in put))
                if not any(removal.saw(write) for removal in takes):
                    left.add(member)
        return sorted(left)

    @cached_property
    def deletion(self):
        """The standing write of the register, if anything was written to it."""
        return greatest(self.of("delete", "restore"))

    @property
    def own_deleted(self):
        return self.deletion is not None and self.deletion.verb == "delete"

    def touched(self, *fields):
        """Fields that something other than the creation writes."""
        parts = ("set", "add", "remove")
        return {field for edit in self.of("edit") for part in parts for field in edit.body.get(part, {})}

    def standing_writes(self):
        """The last write of each field that was edited. A removal from a set writes nothing that could be restored."""
        for field in self.touched():
            put = lambda edit: [edit.body.get("set", {}).get(field, []), edit.body.get("add", {}).get(field, [])]  # noqa: E731
            yield greatest([self.made, *(edit for edit in self.of("edit") if any(part != [] for part in put(edit)))])

    def unseen_edit(self):
        """An edit that stands, and that the standing delete has not seen, nor it the delete."""
        gone = self.deletion
        apart = [w for w in self.standing_writes() if w.base is not None and not w.saw(gone) and not gone.saw(w)]
        return greatest(apart) if gone.base is not None else None


class End:
    """The end of a case."""

    def __init__(self, writes):
        grouped = defaultdict(list)
        for write in writes:
            grouped[write.kind, write.id].append(write)
        self.things = {name: Thing(*name, group) for name, group in grouped.items()}

    def deleted(self, thing):
        goal = self.goal_of(thing)
        return thing.own_deleted or (goal is not None and goal.own_deleted)

    def goal_of(self, thing):
        return self.things.get(("goal", thing.made.body["data"]["goal_id"])) if thing.kind == "milestone" else None

    def live(self, kind, id):
        thing = self.things.get((kind, id))
        return thing is not None and not self.deleted(thing)

    def shown(self, thing, field):
        """A reference to something deleted is wanted, and not shown."""
        target = REFERS.get((thing.kind, field))
        if POLICY[thing.kind][field] == S:
            members = thing.members(field)
            return [member for member in members if target is None or self.live(target, member)]
        value = thing.value(field)
        return value if target is None or value is None or self.live(target, value) else None

    def fields(self, thing, hero):
        shown = {field: self.shown(thing, field) for field in sorted(thing.touched())}
        shown |= {f: self.shown(thing, f) for (kind, f) in REFERS if kind == thing.kind and f in thing.made.body["data"]}
        if thing.kind == "hero":
            return shown | (self.totals() if hero else {})
        shown["deleted"] = self.deleted(thing)
        if thing.own_deleted:
            shown["deleted_at"] = thing.deletion.moment
        return shown | self.done(thing)

    def done(self, thing):
        ticks = thing.of("complete", "uncomplete", "reopen")
        if thing.kind == "goal":
            return self.counts(thing) | (standing(ticks) if ticks else {})
        if thing.kind == "task" and thing.value("category") == "habit":
            return calendar(ticks)
        focus = thing.of("focus")
        totals = {f"focus_{name}": sum(one.body["data"][name] for one in focus) for name in ("minutes", "cycles")}
        return (standing(ticks) if ticks else {}) | (totals if focus else {})

    def counts(self, goal):
        steps = [one for one in self.things.values() if self.goal_of(one) is goal and not one.own_deleted]
        if not steps or goal.own_deleted:
            return {}
        done = [one for one in steps if standing(one.of("complete", "reopen"))["completed_at"] is not None]
        return {"milestones_done": len(done), "milestones_total": len(steps)}

    def totals(self):
        """XP and tasks completed; right where no reward is edited while something is completed."""
        xp = completed = 0
        for thing in self.things.values():
            ticks = thing.of("complete", "uncomplete", "reopen")
            if not ticks or thing.kind == "milestone":
                continue
            habit = thing.kind == "task" and thing.value("category") == "habit"
            times = calendar(ticks)["completion_count"] if habit else standing(ticks)["completed_at"] is not None
            xp += times * thing.created("exp_reward")
            completed += times if thing.kind == "task" else 0
        cycles = sum(t.created("exp_reward") * f.body["data"]["cycles"] for t in self.things.values() if t.kind == "task" for f in t.of("focus"))  # fmt: skip
        return {"xp": xp + cycles, "tasks_completed": int(completed)}

    def conflicts(self):
        found = [conflict for thing in self.things.values() for conflict in self.conflicts_of(thing)]
        return sorted(found, key=lambda one: (one["entity_kind"], one["entity_id"], one["field"]))

    def conflicts_of(self, thing):
        if self.deleted(thing):
            if thing.own_deleted and thing.unseen_edit():
                gone = thing.deletion
                current = {"value": gone.moment, "device_id": gone.device}
                yield conflict(thing, "deleted_at", current, [{"value": None}])
            return
        for field in POLICY[thing.kind]:
            if POLICY[thing.kind][field] == A and field in thing.touched():
                said = [{"value": value, "device_id": write.device} for write, value in thing.candidates(field)]
                if any(one["value"] != said[0]["value"] for one in said):
                    yield conflict(thing, field, said[0], said[1:])


def conflict(thing, field, current, others):
    id = uuid5(UUID(SPACE), f"conflict/{thing.kind}/{thing.id}/{field}")
    about = {"id": str(id), "entity_kind": thing.kind, "entity_id": thing.id, "field": field}
    return about | {"current": current, "others": others}


def standing(ticks):
    """A register of completion: its greatest stamp says whether, and when."""
    last = greatest(ticks)
    return {"completed_at": last.moment if last is not None and last.verb == "complete" else None}


def calendar(ticks):
    """A habit has a register for each local day; the zone is UTC."""
    days = defaultdict(list)
    for tick in ticks:
        days[datetime.fromtimestamp(tick.moment // 1000, UTC).date()].append(tick)
    done = {day: standing(group)["completed_at"] for day, group in days.items()}
    done = {day: moment for day, moment in done.items() if moment is not None}
    streak, last = last_run(done)
    return {
        "completion_count": len(done),
        "streak": streak,
        "last_completed_on": last and last.isoformat(),
        "last_completed_at": done.get(last),
    }


def resolve(writes, asked):
    """`conflict.resolve` is an edit of the field that the conflict names; the choice is read off the candidates."""
    things = End(writes).things
    named = lambda one, field: conflict(one, field, None, None)["id"] == asked.id  # noqa: E731
    thing, field = next((t, f) for t in things.values() for f in [*t.touched(), "deleted_at"] if named(t, f))
    choice = asked.body["data"]["choice"]
    everything = max(write.transaction for write in writes) + 1
    about = asked._replace(kind=thing.kind, id=thing.id, base=everything if asked.base is None else asked.base)
    if field == "deleted_at":
        return about._replace(verb="delete" if choice == "current" else "restore")
    said = thing.candidates(field)
    others = [value for _, value in said if value != said[0][1]]
    value = {"current": said[0][1], "other": others[0] if others else None}.get(choice, asked.body["data"].get("value"))
    return about._replace(verb="edit", body={"set": {field: value}})


def end(writes, hero=False):
    """{"entities": {kind: {id: fields}}, "conflicts": […]} of a list of writes."""
    result, entities = End(writes), defaultdict(dict)
    for (kind, id), thing in sorted(result.things.items()):
        fields = result.fields(thing, hero)
        if fields not in ({}, {"deleted": False}):
            entities[kind][id] = fields
    return {"entities": dict(entities), "conflicts": result.conflicts()}
