"""A merge case as a list of writes: who wrote what, with which stamp, and which other writes that device had seen."""

from typing import Any, NamedTuple

SPACE = "01970000-0000-7000-8000-000000005bac"
SERVER = "00000000-0000-0000-0000-000000000000"
INSTANT_MIN = -62_135_596_800_000
CLOCK_TOLERANCE_MS = 60_000


class Write(NamedTuple):
    """One command that was accepted. `base` counts the transactions that its device had read; None: it did not say."""

    stamp: tuple
    device: str
    transaction: int
    base: int | None
    moment: int
    kind: str
    verb: str
    id: str
    body: dict

    def saw(self, other):
        """Whether this device had seen the other write when it made this one."""
        if other.device == self.device:
            return other.stamp < self.stamp
        if other.device == SERVER:
            return True
        return self.base is not None and other.transaction < self.base


class Place(NamedTuple):
    """A point of the history: how many transactions have come, and when the last was recorded."""

    transactions: int
    recorded_at: int


def founding():
    """The hero is there before anything else, and everybody knows."""
    return Write((0, 0, SERVER), SERVER, -1, None, 0, "hero", "create", SPACE, {"data": {}})


class History:
    """Transactions as they arrive. Stamps are given here, and nowhere else."""

    def __init__(self):
        self.writes, self.points, self.last, self.transactions, self.recorded_at = [founding()], {}, {}, 0, 0

    def arrive(self, device, transaction, now, accepted=True, resolve=None):
        """One transaction arrives; one that is refused leaves nothing."""
        now = max(transaction.get("now", now), self.recorded_at)
        self.transactions += 1
        place = self.place(transaction["base"])
        if accepted:
            self.recorded_at = now
            for command in transaction["commands"]:
                self.write(device, transaction, command, place, now, resolve)
        if "point" in transaction:
            self.points[transaction["point"]] = Place(self.transactions, self.recorded_at)

    def place(self, base):
        if base == "head":
            return Place(self.transactions - 1, self.recorded_at)
        return None if base is None else self.points[base]

    def write(self, device, transaction, command, place, now, resolve):
        off = now - transaction.get("sent_at", now)
        shift = off if abs(off) > CLOCK_TOLERANCE_MS else 0
        # A write is later than everything that it has seen, and no later than the server's clock.
        earliest = place.recorded_at if place and place.transactions else INSTANT_MIN
        moment = max(min(command["at"] + shift, now), min(earliest, now))
        ms = max(moment, earliest + 1) if earliest != INSTANT_MIN else moment
        counter = 0
        if device in self.last and ms <= self.last[device][0]:
            ms, counter = self.last[device][0], self.last[device][1] + 1
        self.last[device] = (ms, counter)
        self.recorded_at = max(self.recorded_at, ms)
        kind, verb = command["type"].split(".")
        base = place.transactions if place else None
        made = Write((ms, counter, device), device, self.transactions - 1, base, moment, kind, verb,
                     command.get("id", SPACE), command)  # fmt: skip
        self.writes.append(resolve(self.writes, made) if kind == "conflict" else made)


def arrivals(case, order):
    """(device id, transaction) in the order of arrival; the history comes first, each device in its own order."""
    ids = {name: device["id"] for name, device in case["devices"].items()}
    left = {name: iter(device["transactions"]) for name, device in case["devices"].items()}
    for transaction in case["given"]:
        yield ids[transaction["device"]], {"base": "head"} | transaction, transaction["now"]
    for name in order:
        base = {"base": case["devices"][name]["base"]}
        yield ids[name], base | next(left[name]), case["now"]


def some_order(case):
    """The first order of the case; where all are asked for, the devices one after the other."""
    if case["orders"] != "all":
        return case["orders"][0]
    return [name for name, device in case["devices"].items() for _ in device["transactions"]]


def refused(case):
    """{(device name, number of its transaction)} of those that the case says are refused."""
    said = case["expected"].get("outcomes", {})
    return {(name, i) for name, each in said.items() for i, one in enumerate(each) if "rejected" in one}


def history(case, resolve, order=None) -> Any:
    """All accepted writes of a case in one order of arrival."""
    order = some_order(case) if order is None else order
    told, names = History(), {device["id"]: name for name, device in case["devices"].items()}
    bad, count = refused(case), {name: 0 for name in case["devices"]}
    for number, (device, transaction, now) in enumerate(arrivals(case, order)):
        accepted = True
        if number >= len(case["given"]):
            name = names[device]
            accepted = (name, count[name]) not in bad
            count[name] += 1
        told.arrive(device, transaction, now, accepted, resolve)
    return told.writes
