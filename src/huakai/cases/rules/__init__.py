"""Pure decisions of the case engine. No ORM, no clock."""

from huakai.cases.rules.clocks import due_at
from huakai.cases.rules.drawing import diagram
from huakai.cases.rules.meaning import catalogue_problems, problems_of
from huakai.cases.rules.moves import ASKS, asks_of, chosen_move, missing, open_moves, target_stage
from huakai.cases.rules.scores import combined_score, minutes_credited
from huakai.cases.rules.visits import earliest_visit, visit_slots, visit_span

__all__ = [
    "ASKS",
    "asks_of",
    "catalogue_problems",
    "chosen_move",
    "combined_score",
    "diagram",
    "due_at",
    "earliest_visit",
    "minutes_credited",
    "missing",
    "open_moves",
    "problems_of",
    "target_stage",
    "visit_slots",
    "visit_span",
]
