"""What the rules say of each field: how concurrent writes meet, what it refers to, and what a creation leaves out."""

L, A, S = "L", "A", "S"

POLICY = {
    "task": {
        "title": A, "description": A, "category": L, "kind": L, "difficulty": L, "exp_reward": L, "energy_cost": L,
        "estimated_minutes": L, "due_at": L, "skill_id": L, "goal_id": L, "parent_id": L, "tags": S, "goal_tags": S,
        "rank": L,
    },
    "goal": {
        "title": A, "description": A, "status": L, "priority": L, "target_at": L, "parent_id": L, "skill_id": L,
        "exp_reward": L, "tags": S,
    },
    "milestone": {"title": A, "description": A, "rank": L},
    "skill": {"name": A, "color": L, "icon": L, "kind": L, "category": L, "unlocked": L, "prerequisites": S},
    "hero": {
        "name": A, "age": A, "occupation": A, "mission": A, "onboarded": L, "tutorial_done": L, "time_zone": L,
        "energy_max": L, "ball_minutes": L, "peak_start": L, "peak_end": L,
    },
}  # fmt: skip

REFERS = {
    ("task", "skill_id"): "skill", ("task", "goal_id"): "goal", ("task", "parent_id"): "task",
    ("goal", "skill_id"): "skill", ("goal", "parent_id"): "goal", ("skill", "prerequisites"): "skill",
}  # fmt: skip

DEFAULT = {
    "task": {
        "description": None, "category": "todo", "kind": "simple", "difficulty": "medium", "exp_reward": 20,
        "energy_cost": 2, "estimated_minutes": 25, "due_at": None, "skill_id": None, "goal_id": None,
        "parent_id": None,
    },
    "goal": {
        "description": None, "status": "active", "priority": "medium", "target_at": None, "parent_id": None,
        "skill_id": None, "exp_reward": 100,
    },
    "milestone": {"description": None},
    "skill": {
        "color": "#6366F1", "icon": "fas fa-star", "kind": "basic", "category": "general", "unlocked": True,
    },
    "hero": {
        "name": "", "age": "", "occupation": "", "mission": "", "onboarded": False, "tutorial_done": False,
        "time_zone": "UTC", "energy_max": 18, "ball_minutes": 15, "peak_start": 9, "peak_end": 12,
    },
}  # fmt: skip
