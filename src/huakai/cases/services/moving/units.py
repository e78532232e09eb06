"""Effects on units: assign, answer, return, hand over, parts of further units."""

from uuid import UUID

from huakai.cases.models import Assignment
from huakai.cases.queries import facts
from huakai.cases.services import timing
from huakai.cases.services.moving.step import Step
from huakai.cases.types import Answer, TakerKind
from huakai.kernel.clock import CHINA
from huakai.kernel.errors import N_, RuleBroken
from huakai.packs import queries as packs
from huakai.registry import queries as registry
from huakai.registry.types import UnitCard


def unit_named(step: Step, code: str, field: str = "unit") -> UnitCard:
    """The unit of that code that may be asked, or a refusal beside the field.

    It stands today, in the place of the case (one installation holds several), and has not returned this case before.
    """
    unit, today = registry.unit_by_code(code), step.now.astimezone(CHINA).date()
    gone = unit is not None and unit.ends_on is not None and unit.ends_on < today
    if unit is None or gone or packs.pack_of(unit.code) != packs.pack_of(step.case.area_code):
        raise RuleBroken("unit_unknown", N_("没有这个单位，请从列表里选"), field=field)
    if any(o.unit_id == unit.id and o.state == Answer.DECLINED for o in step.offers):
        raise RuleBroken("declined_already", N_("这个单位已经退回过，请派给别的单位"), field=field)
    if any(o.unit_id == unit.id and o.is_part and o.state in facts.STANDING for o in step.offers):
        raise RuleBroken("part_already", N_("{unit}已经在办这件事了"), field=field, unit=unit.name)
    return unit


def head_of(step: Step, unit: UnitCard) -> UUID | None:
    """第一责任人 of the unit today."""
    posts = registry.first_posts(unit.code)
    return registry.first_responsible(unit.code, step.now.astimezone(CHINA).date(), posts) if posts else None


def assign(step: Step) -> None:
    """Give it to a lead unit (主办). A unit that returned it is not asked again; one that was asked is told so."""
    unit = unit_named(step, step.given.unit_code)
    for each in step.standing():
        step.settle(each, Answer.WITHDRAWN, step.given.reason)
    _lead(step, unit)


def _lead(step: Step, unit: UnitCard) -> None:
    case = step.case
    head = head_of(step, unit)
    case.lead_unit_id, case.lead_unit_code, case.head_id = unit.id, unit.code, head
    case.assigned_at = case.assigned_at or step.now
    step.assign_unit(unit, head=head)
    step.payload["unit"] = unit.code


def transfer(step: Step) -> None:
    """Hand over to another unit: the old one's assignment ends, the new one's own clock starts."""
    if step.given.unit_code == step.case.lead_unit_code:
        raise RuleBroken("same_unit", N_("已经是这个单位在办了，请选别的单位"), field="unit")
    unit = unit_named(step, step.given.unit_code)
    for each in step.standing():
        step.settle(each, Answer.WITHDRAWN, step.given.reason)
    step.payload["from_unit"] = step.case.lead_unit_code
    _lead(step, unit)


def give_back(step: Step) -> None:
    """The unit returns it with the reason; the chain is kept, also of what it had done and was opened again."""
    standing = step.standing()
    if not standing and step.case.lead_unit_id is not None:
        unit = registry.unit_by_id(step.case.lead_unit_id)
        assert unit is not None
        again = step.assign_unit(unit, head=step.case.head_id, state=Answer.DECLINED)
        again.reason = step.given.reason[:300]
    for each in standing:
        step.settle(each, Answer.DECLINED, step.given.reason)
    step.payload["unit"] = step.case.lead_unit_code
    step.case.lead_unit_id, step.case.lead_unit_code, step.case.head_id = None, "", None


def answer(step: Step) -> None:
    """The first answer, or a further one; accepting it when the move goes on."""
    step.answered()
    if step.move.to != step.case.stage:
        for each in (o for o in step.open_offers() if o.kind == TakerKind.UNIT):
            step.settle(each, Answer.ACCEPTED)
            each.accepted_at = step.now
        step.case.accepted_at = step.case.accepted_at or step.now


def feedback(step: Step) -> None:
    """One round of the repeating duty; the next starts."""
    step.answered()
    step.lines += timing.feedback_lines(step.case, step.flow, timing.calendar_of(step.case)[1], step.at)


def co_assign(step: Step) -> None:
    """Give parts to further units, each with its own deadlines."""
    parts = step.flow.parts
    if parts is None:
        raise RuleBroken("no_parts", N_("这类事项不设协办"))
    for code in dict.fromkeys(step.given.unit_codes):
        unit = unit_named(step, code, "units")
        if code == step.case.lead_unit_code:
            raise RuleBroken("part_already", N_("{unit}已经在办这件事了"), field="units", unit=unit.name)
        part = step.assign_unit(unit, head=head_of(step, unit), is_part=True)
        part.accept_due_at, part.due_at = step.due(parts.accept), step.due(parts.finish)
    step.payload["units"] = list(step.given.unit_codes)


def _my_part(step: Step, *states: Answer) -> Assignment:
    """The part of the unit named, else of the actor's own unit: a community also moves for the units under it."""
    mine = [part for part in step.my_parts() if part.state in states]
    if step.given.unit_code:
        mine = [part for part in mine if part.unit_code == step.given.unit_code]
    found = [part for part in mine if part.unit_code in step.by.prefixes("case.move")] or mine
    if not found:
        raise RuleBroken("no_part", N_("贵单位在这件事里没有待办的部分"))
    if len(found) > 1:
        raise RuleBroken("which_part", N_("请选择是哪个单位的部分"), field="unit")
    return found[0]


def part_accept(step: Step) -> None:
    """A co-handler takes its part."""
    part = _my_part(step, Answer.OFFERED)
    step.settle(part, Answer.ACCEPTED)
    part.accepted_at = step.now
    step.payload["unit"] = part.unit_code


def part_done(step: Step) -> None:
    """A co-handler has done its part."""
    part = _my_part(step, Answer.ACCEPTED, Answer.OFFERED)
    step.settle(part, Answer.DONE)
    part.accepted_at = part.accepted_at or step.now
    part.result = step.given.result.strip()
    step.payload["unit"] = part.unit_code


def part_return(step: Step) -> None:
    """A co-handler gives its part back, with the reason."""
    part = _my_part(step, Answer.ACCEPTED, Answer.OFFERED)
    step.settle(part, Answer.DECLINED, step.given.reason)
    step.payload["unit"] = part.unit_code
