"""Random walks over every shipped flow: any legal move leads on, and from wherever one stands an end is near."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huakai.cases import queries, services
from huakai.cases.definitions import (
    AllOf,
    AnyOf,
    FieldDef,
    FieldIs,
    Flow,
    HasOutcome,
    HasQuantity,
    Move,
    Need,
)
from huakai.cases.models import Assignment, Case
from huakai.cases.types import Answer, MoveInput, Quantity, Served, Taker, TakerKind, Who
from huakai.kernel.errors import RuleBroken
from huakai.packs import queries as packs
from huakai.packs.types import EditionView
from huakai.registry.models import Unit
from huakai.registry.types import SYSTEM, Actor
from tests.cast import NOW
from tests.factories import cases as factory
from tests.factories import registry
from tests.factories.places import Place, publish

FREE_STEPS = 15
"""So many moves at random; then the shortest way out is taken."""
PACKS = Path(__file__).parents[2] / "packs"
FLOWS = [(path.parts[-3], flow) for path, flow in factory.shipped_flows()]
PLACES = sorted(path.parent.name for path in PACKS.glob("*/pack.yaml") if path.parent.name != "base")


def runs() -> list[tuple[str, str]]:
    """(place, flow) of every flow of every place, those of the base in the first place."""
    return [(pack if pack != "base" else PLACES[0], flow.code) for pack, flow in FLOWS]


def distances(flow: Flow) -> dict[str, int]:
    """Stage → how many moves to the nearest end."""
    found = {stage.code: 0 for stage in flow.stages if stage.status in ("closed", "cancelled")}
    for far in range(1, len(flow.stages) + 1):
        for stage in flow.stages:
            if stage.code not in found and any(found.get(move.to) == far - 1 for move in stage.moves):
                found[stage.code] = far
    return found


@pytest.mark.parametrize(("pack", "flow"), FLOWS, ids=lambda x: x if isinstance(x, str) else x.code)
def test_every_stage_of_a_shipped_flow_can_end(pack: str, flow: Flow) -> None:
    open_stages = [stage for stage in flow.stages if stage.status in ("open", "parked")]
    near = distances(flow)
    for stage in open_stages:
        assert near[stage.code] <= len(open_stages)
        assert any(set(move.by) - {Who.PLATFORM} for move in stage.moves), "somebody can move it on"


@given(data=st.data(), which=st.integers(0, len(FLOWS) - 1))
def test_the_drawing_of_a_flow_walked_at_random_always_leaves_a_way_to_an_end(
    data: st.DataObject, which: int
) -> None:
    _pack, flow = FLOWS[which]
    near, stage = distances(flow), flow.stage(flow.start)
    for _step in range(FREE_STEPS):
        if not stage.moves:
            break
        stage = flow.stage(data.draw(st.sampled_from(stage.moves)).to)
        assert stage.code in near
    while stage.moves and near[stage.code]:
        before = near[stage.code]
        stage = flow.stage(min(stage.moves, key=lambda move: near[move.to]).to)
        assert near[stage.code] < before


@dataclass
class World:
    """A place with somebody for every hat, and one case on its way."""

    place: Place
    flow: Flow
    dice: random.Random
    units: list[str]
    team: UUID
    now: datetime = NOW
    walked: Counter[str] = field(default_factory=Counter)
    actors: dict[str, Actor] = field(default_factory=dict)

    @property
    def area(self) -> str:
        return f"{self.place.root}901001"


def stand_up(pack: str, flow_code: str, seed: int) -> World:
    """A small tree under the root of the place, whatever its real one looks like, and everybody in it."""
    place = Place(publish(pack))
    root = place.root
    for code, kind in ((root, "district"), (f"{root}901", "town"), (f"{root}901001", "community")):
        if not Unit.objects.filter(code=code).exists():
            registry.make_unit(code, kind=kind)
    if not Unit.objects.filter(code=f"{root}D").exists():
        registry.make_unit(f"{root}D", kind="branch")
    units = [f"{root}D8{n}" for n in range(9)]
    for code in units:
        registry.make_unit(code, kind="department")
        place.appoint(code, "dept_handler", code)
    for who, role, at in (
        ("station", "station_staff", f"{root}901001"),
        ("mediator", "mediator", f"{root}901001"),
        ("town", "street_staff", f"{root}901"),
        ("centre", "centre_staff", root),
        ("supervisor", "supervisor", root),
    ):
        place.appoint(who, role, at)
    leader = place.join("leader", home=f"{root}901001")
    team = registry.make_team(f"{root}901001", leader=leader.person_id)
    place.join("resident", home=f"{root}901001")
    flow = place.edition.get("cases", flow_code)
    assert isinstance(flow, Flow)
    return World(place, flow, random.Random(seed), units, team)


def open_case(world: World) -> UUID:
    """An order of a category of the flow, with the questions of the category answered."""
    menu = queries.menu_of(world.place.edition)
    category = next((c for c in menu.categories.values() if c.flow == world.flow.code), None)
    category = category or next(iter(menu.categories.values()))
    order: dict[str, Any] = {"flow": world.flow.code, "category": category.code, "detail": "走一走"}
    answers = {each.code: answer_to(each) for each in category.form}
    resident = world.place.people["resident"].person_id
    return world.place.open(
        "town", area=world.area, answers=answers, requester_id=resident, channel="desk", **order
    )


def answer_to(question: FieldDef) -> str:
    """Something that fits."""
    match question.kind:
        case "choice":
            return next(choice.code for choice in question.choices if not choice.stop)
        case "yes_no":
            return "yes"
        case "date":
            return "2026-03-20"
        case "number":
            return str(question.least if question.least is not None else 1)
        case _:
            return "写明"


def all_needs(needs: Iterable[Need]) -> list[Need]:
    """The needs with those inside others."""
    found: list[Need] = []
    for need in needs:
        found += all_needs(need.of) if isinstance(need, AllOf | AnyOf) else [need]
    return found


def handed_in(world: World, case: Case, move: Move) -> MoveInput:
    """Everything the move could ask for."""
    needs = all_needs(move.needs)
    words = next((n.of for n in needs if isinstance(n, HasOutcome)), ())
    outcomes = words or tuple(each.code for each in world.flow.outcomes)
    wanted = {f.code: answer_to(f) for f in world.flow.form}
    wanted |= {n.field: n.value for n in needs if isinstance(n, FieldIs)}
    asked = [f for n in needs if n.check == "has_fields" for f in n.fields]
    asked += [n.field for n in needs if isinstance(n, FieldIs)]
    refused = Assignment.objects.filter(case=case, state=Answer.DECLINED, is_part=False)
    gone = set(refused.values_list("unit_code", flat=True)) | {case.lead_unit_code}
    parts = Assignment.objects.filter(case=case, is_part=True, state__in=[Answer.OFFERED, Answer.ACCEPTED])
    taken = gone | set(parts.values_list("unit_code", flat=True))
    free = [code for code in world.units if code not in taken]
    return MoveInput(
        result="办好了",
        reason="有原因",
        minutes=30,
        photos=3,
        unit_code=next((code for code in world.units if code not in gone), ""),
        unit_codes=tuple(free[:2]),
        taker=asked_to(world),
        outcome=world.dice.choice(outcomes) if any(isinstance(n, HasOutcome) for n in needs) else "",
        quantities=tuple(Quantity(n.code, Decimal(3)) for n in needs if isinstance(n, HasQuantity)),
        answers={code: wanted[code] for code in asked},
        review_at=world.now + timedelta(days=30),
        due_at=world.now + timedelta(days=3),
        served=() if case.taker_team_id is None else (Served(world.place.people["leader"].person_id, 30),),
    )


def asked_to(world: World) -> Taker:
    """The team, or the person who leads it where the flow asks people."""
    offers = world.flow.offers
    if offers is None or TakerKind.TEAM in offers.takers:
        return Taker(TakerKind.TEAM, world.team)
    return Taker(TakerKind.PERSON, world.place.people["leader"].person_id)


def legal(world: World, case_id: UUID) -> list[tuple[str, Move]]:
    """Who is offered which move on their page of the case, the platform left out."""
    case = Case.objects.get(pk=case_id)
    by_code = {move.code: move for move in world.flow.stage(case.stage).moves}
    chain = Assignment.objects.filter(case=case, state__in=[Answer.OFFERED, Answer.ACCEPTED])
    concerned = {case.lead_unit_code, *chain.values_list("unit_code", flat=True)}
    found = []
    for who in world.place.people:
        if who in world.units and who not in concerned:
            continue
        try:
            card = queries.card(actor_of(world, who), case_id, now=world.now)
        except RuleBroken:
            continue
        found += [(who, by_code[choice.code]) for choice in card.moves]
    return found


def actor_of(world: World, who: str) -> Actor:
    """Who they are; asked once, as nobody's rights change on the way."""
    if who not in world.actors:
        world.actors[who] = world.place.actor(who)
    return world.actors[who]


def step(world: World, case_id: UUID, choices: list[tuple[str, Move]]) -> bool:
    """Try the choices in turn until one is taken; False when every one is refused."""
    for who, move in choices:
        case = Case.objects.get(pk=case_id)
        if any(need.check == "consulted" for need in all_needs(move.needs)):
            meet(world, case_id)
        try:
            services.move_case(
                case_id=case_id,
                move=move.code,
                given=handed_in(world, case, move),
                by=actor_of(world, who),
                now=world.now,
            )
        except RuleBroken:
            assert Case.objects.get(pk=case_id).stage == case.stage, "a refused move changes nothing"
            continue
        world.walked[move.code] += 1
        world.now += timedelta(minutes=7)
        return True
    return False


def meet(world: World, case_id: UUID) -> None:
    """The consultation a move waits for."""
    services.record_consultation(
        case_id=case_id,
        held_on=world.now.date(),
        unit_codes=world.units[:2],
        decision="就这么办",
        by=actor_of(world, "centre"),
        now=world.now,
    )


def way_out(near: Mapping[str, int], choices: list[tuple[str, Move]]) -> list[tuple[str, Move]]:
    """The choices, those towards an end first."""
    return sorted(choices, key=lambda choice: near[choice[1].to])


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(("pack", "flow_code"), runs(), ids=lambda x: str(x))
def test_a_case_that_wanders_at_random_through_the_engine_never_meets_a_dead_end(
    shizhong: EditionView, pack: str, flow_code: str, seed: int
) -> None:
    """Real people, real rights, real effects: after every move somebody can make the next, and an end is reached."""
    world = stand_up(pack, flow_code, seed)
    case_id, near = open_case(world), distances(world.flow)
    for turn in range(FREE_STEPS + 2 * len(world.flow.stages) + 5):
        case = Case.objects.get(pk=case_id)
        if case.status in ("closed", "cancelled"):
            break
        choices = legal(world, case_id)
        assert choices, f"nobody can move {case.stage}"
        world.dice.shuffle(choices)
        if turn < FREE_STEPS:  # wander: an end is only taken when nothing else is left
            ends = [c for c in choices if near[c[1].to] == 0]
            choices = [c for c in choices if near[c[1].to] > 0] + ends
        else:
            choices = way_out(near, choices)
        assert step(world, case_id, choices), f"every move out of {case.stage} is refused"
    ended = Case.objects.get(pk=case_id)
    assert ended.status in ("closed", "cancelled"), (
        f"still {ended.stage} after {sum(world.walked.values())} moves"
    )
    assert not Assignment.objects.filter(case=ended, state__in=[Answer.OFFERED, Answer.ACCEPTED]).exists()
    assert not legal(world, case_id), "what has ended stays ended"
    with pytest.raises(RuleBroken):
        services.move_case(
            case_id=case_id, move="cancel", given=MoveInput(reason="x"), by=SYSTEM, now=world.now
        )
    packs.forget_current()
