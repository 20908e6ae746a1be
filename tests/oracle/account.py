"""One account as tables: completions with what undid them, energy settled, and one journal of all amounts."""

from collections import Counter, defaultdict
from itertools import chain

from energy import Draw, settle
from registers import spans
from rows import Unsupported

HERO = "hero"
COLUMNS = ("completions", "minutes", "balls", "xp")
REWARD = {"trivial": 5, "easy": 10, "medium": 20, "hard": 35}
COST = {"trivial": 1, "easy": 1, "medium": 2, "hard": 4}
GOAL_REWARD, GOAL_CYCLE_REWARD, BALL_MINUTES = 100, 10, 15


class Account:
    """One account's rows, cut into the tables that everything else is computed from."""

    def __init__(self, rows):
        self.rows = rows
        self.made = {row.id: row.body["data"] for row in rows if row.verb.endswith(".create")}
        self.task_spans = spans(rows, "task.complete", "task.uncomplete", self.register)
        self.goal_spans = spans(rows, "goal.complete", "goal.reopen", lambda row: row.id)
        self.focus = self.of("task.focus") + self.of("goal.focus")
        self.energy = settle(chain(map(self.completion_draw, self.task_spans), map(focus_draw, self.focus)))
        self.days, self.skills = self.post()

    def of(self, verb):
        return [row for row in self.rows if row.verb == verb]

    def ids(self, verb):
        return sorted(row.id for row in self.of(verb))

    def is_habit(self, task):
        return self.made[task].get("category", "todo") == "habit"

    def register(self, row):
        """A habit has one completion a local day, every other task one."""
        return (row.id, row.day) if self.is_habit(row.id) else (row.id, None)

    def by_difficulty(self, task, field, table):
        made = self.made[task]
        return made[field] if made.get(field) is not None else table[made.get("difficulty", "medium")]

    def reward(self, task):
        return self.by_difficulty(task, "exp_reward", REWARD)

    def completion_draw(self, span):
        wanted = self.by_difficulty(span.done.id, "energy_cost", COST)
        return Draw(span.done.seq, span.done.day, wanted, span.undone and span.undone.seq)

    def post(self):
        """The journal, summed: {(owner, day): Counter of columns} and {skill: XP}."""
        days, skills = defaultdict(Counter), Counter({skill: 0 for skill in self.ids("skill.create")})
        for row, amounts in chain(self.completion_postings(), self.focus_postings(), self.goal_postings()):
            owners = [HERO, row.id] if row.verb.startswith("task.") and self.is_habit(row.id) else [HERO]
            for owner in owners:
                days[owner, row.day].update(amounts)
            skill = self.made[row.id].get("skill_id") if row.verb != "goal.focus" else None
            if skill is not None and skill not in skills:
                raise Unsupported(f"{row.id} names the skill {skill}, which this account does not make in the file")
            if skill is not None:
                skills[skill] += amounts["xp"]
        return days, skills

    def completion_postings(self):
        """What is undone leaves only the balls that did not come back."""
        for _, done, undone in self.task_spans:
            stands = undone is None
            balls = self.energy.taken[done.seq] - self.energy.given[done.seq]
            yield done, {"completions": int(stands), "balls": balls, "xp": self.reward(done.id) * stands}

    def focus_postings(self):
        for row in self.focus:
            data, each = row.body["data"], GOAL_CYCLE_REWARD if row.verb == "goal.focus" else self.reward(row.id)
            xp = each * data["cycles"]
            yield row, {"minutes": data["minutes"], "balls": self.energy.taken[row.seq], "xp": xp}

    def goal_postings(self):
        for goal, done, undone in self.goal_spans:
            reward = self.made[goal].get("exp_reward")
            yield done, {"xp": (GOAL_REWARD if reward is None else reward) * (undone is None)}

    def days_of(self, owner):
        """{day: {column: amount}} of the hero or a habit, without days on which nothing is left."""
        mine = {day: amounts for (name, day), amounts in sorted(self.days.items(), key=str) if name == owner}
        left = {day: amounts for day, amounts in mine.items() if any(amounts.values())}
        return {day: {name: amounts[name] for name in COLUMNS} for day, amounts in left.items()}


def focus_draw(row):
    given = row.body["data"].get("balls")
    return Draw(row.seq, row.day, -(-row.body["data"]["minutes"] // BALL_MINUTES) if given is None else given, None)
