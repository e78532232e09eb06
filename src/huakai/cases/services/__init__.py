"""Writes of the case engine: one public function per use case."""

from huakai.cases.services.bulk import BulkResult, extend_many, move_many
from huakai.cases.services.bulk_opening import Intake, open_arrivals
from huakai.cases.services.calling import Call, draw_call_backs, record_call_back
from huakai.cases.services.climbing import climb
from huakai.cases.services.contact import reveal_contact
from huakai.cases.services.editions import move_to_edition
from huakai.cases.services.exporting import record_export
from huakai.cases.services.filtering import forget_filter, save_filter
from huakai.cases.services.grouping import NewGroup, add_to_group, answer_group, group_cases
from huakai.cases.services.indexing import index_all, index_case, index_cases
from huakai.cases.services.linking import follow_case, merge_cases, split_case, unmerge_case
from huakai.cases.services.moving import expire_offers, move_case
from huakai.cases.services.opening import open_case
from huakai.cases.services.ordering import move_with_photos, open_order
from huakai.cases.services.pane import PanePart, pane_parts, register_pane_part
from huakai.cases.services.pausing import ask_extension, ask_pause, decide_request, resume, resume_exhausted
from huakai.cases.services.photos import add_photo
from huakai.cases.services.rating import Aspects, rate_case
from huakai.cases.services.reminding import see_reminders
from huakai.cases.services.reopening import reopen_case
from huakai.cases.services.saying import add_note, record_consultation
from huakai.cases.services.supervision import (
    answer_supervision,
    appeal_account,
    decide_account,
    decide_appeal,
    lift_supervision,
    propose_account,
    supervise,
)
from huakai.cases.services.visiting import NewVisit, VisitRef, record_visit

__all__ = [
    "Aspects",
    "BulkResult",
    "Call",
    "Intake",
    "NewGroup",
    "NewVisit",
    "PanePart",
    "VisitRef",
    "add_note",
    "add_photo",
    "add_to_group",
    "answer_group",
    "answer_supervision",
    "appeal_account",
    "ask_extension",
    "ask_pause",
    "climb",
    "decide_account",
    "decide_appeal",
    "decide_request",
    "draw_call_backs",
    "expire_offers",
    "extend_many",
    "follow_case",
    "forget_filter",
    "group_cases",
    "index_all",
    "index_case",
    "index_cases",
    "lift_supervision",
    "merge_cases",
    "move_case",
    "move_many",
    "move_to_edition",
    "move_with_photos",
    "open_arrivals",
    "open_case",
    "open_order",
    "pane_parts",
    "propose_account",
    "rate_case",
    "record_call_back",
    "record_consultation",
    "record_export",
    "record_visit",
    "register_pane_part",
    "reopen_case",
    "resume",
    "resume_exhausted",
    "reveal_contact",
    "save_filter",
    "see_reminders",
    "split_case",
    "supervise",
    "unmerge_case",
]
