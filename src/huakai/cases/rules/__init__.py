"""Pure decisions of the case engine. No ORM, no clock."""

from huakai.cases.rules.clocks import due_at
from huakai.cases.rules.drawing import diagram
from huakai.cases.rules.meaning import catalogue_problems, problems_of
from huakai.cases.rules.moves import ASKS, asks_of, chosen_move, missing, open_moves, target_stage
from huakai.cases.rules.scores import combined_score, minutes_credited
from huakai.cases.rules.visits import visit_slots
from huakai.cases.rules.words import Cut, blocks_between, blocks_of, lexemes, next_stretch, question

__all__ = [
    "ASKS",
    "Cut",
    "asks_of",
    "blocks_between",
    "blocks_of",
    "catalogue_problems",
    "chosen_move",
    "combined_score",
    "diagram",
    "due_at",
    "lexemes",
    "minutes_credited",
    "missing",
    "next_stretch",
    "open_moves",
    "problems_of",
    "question",
    "target_stage",
    "visit_slots",
]
