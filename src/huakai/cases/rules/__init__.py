"""Pure decisions of the case engine. No ORM, no clock."""

from huakai.cases.rules.clocks import due_at
from huakai.cases.rules.drawing import diagram
from huakai.cases.rules.meaning import catalogue_problems, problems_of
from huakai.cases.rules.moves import ASKS, asks_of, chosen_move, missing, open_moves, target_stage
from huakai.cases.rules.routing_meaning import power_problems, routing_problems
from huakai.cases.rules.scores import combined_score, minutes_credited
from huakai.cases.rules.visits import visit_slots

__all__ = [
    "ASKS",
    "asks_of",
    "catalogue_problems",
    "chosen_move",
    "combined_score",
    "diagram",
    "due_at",
    "minutes_credited",
    "missing",
    "open_moves",
    "power_problems",
    "problems_of",
    "routing_problems",
    "target_stage",
    "visit_slots",
]
