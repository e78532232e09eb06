"""The case engine's pure decisions, by table, by random walk and by property."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huakai.cases import rules
from huakai.cases.definitions import (
    Flow,
    HasMinutes,
    HasReason,
    HasResult,
    HasTaker,
    HasUnit,
    MinPhotos,
    Rater,
)
from huakai.cases.types import CaseFacts, MoveInput, Status, Taker, TakerKind, Who
from huakai.kernel.calendar import DayHours, WorkCalendar
from huakai.kernel.errors import RuleBroken
from tests.factories.cases import flow_file, shipped_flows

FLOWS = [flow for _, flow in shipped_flows()]
ORDER = next(f for f in FLOWS if f.code == "volunteer_order")
EVERYBODY = frozenset(Who)


def facts(stage: str, *who: Who) -> CaseFacts:
    return CaseFacts(stage=stage, status=Status.OPEN, caller_kind="resident", who=frozenset(who))


@pytest.mark.parametrize("flow", FLOWS, ids=lambda f: f.code)
def test_every_shipped_flow_makes_sense(flow: Flow) -> None:
    assert rules.problems_of(flow) == []


@pytest.mark.parametrize("flow", FLOWS, ids=lambda f: f.code)
@pytest.mark.parametrize("seed", range(20))
def test_a_random_walk_over_a_shipped_flow_ends(flow: Flow, seed: int) -> None:
    chance, stage = random.Random(seed), flow.start
    for _ in range(500):
        moves = rules.open_moves(flow, replace(facts(stage), who=EVERYBODY))
        if not moves:
            break
        stage = chance.choice(moves).to
    assert flow.stage(stage).status in {"closed", "cancelled"}


def test_only_the_right_hat_opens_a_move() -> None:
    assert [m.code for m in rules.open_moves(ORDER, facts("offered", Who.OFFEREE))] == ["accept", "decline"]
    assert [m.code for m in rules.open_moves(ORDER, facts("serving", Who.TAKER))] == ["finish", "hand_back"]
    assert rules.open_moves(ORDER, facts("serving")) == ()


def test_a_move_of_another_hat_is_refused_by_name() -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.chosen_move(ORDER, facts("ordered", Who.REQUESTER), "offer")
    assert refused.value.code == "not_your_move"


def test_a_move_of_another_stage_says_where_the_case_stands() -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.chosen_move(ORDER, facts("closed", Who.TAKER), "finish")
    assert (refused.value.code, refused.value.params["stage"]) == ("move_not_open", "已办结")


NEEDS: list[Any] = [
    (HasResult(check="has_result"), MoveInput(result="  "), MoveInput(result="好了"), "result_missing"),
    (HasReason(check="has_reason"), MoveInput(), MoveInput(reason="重复"), "reason_missing"),
    (HasMinutes(check="has_minutes"), MoveInput(minutes=0), MoveInput(minutes=30), "minutes_missing"),
    (HasMinutes(check="has_minutes"), MoveInput(minutes=121), MoveInput(minutes=120), "minutes_too_many"),
    (MinPhotos(check="min_photos", count=2), MoveInput(photos=1), MoveInput(photos=2), "photos_missing"),
    (HasUnit(check="has_unit"), MoveInput(), MoveInput(unit_code="370402D01"), "unit_missing"),
    (
        HasTaker(check="has_taker"),
        MoveInput(),
        MoveInput(taker=Taker(TakerKind.TEAM, UUID(int=1))),
        "taker_missing",
    ),
]


@pytest.mark.parametrize(("need", "bad", "good", "code"), NEEDS, ids=lambda v: getattr(v, "check", ""))
def test_each_need_refuses_and_accepts(need: Any, bad: MoveInput, good: MoveInput, code: str) -> None:
    problem = rules.missing([need], bad, max_minutes=120, facts=facts("ordered"), flow=ORDER)
    assert problem is not None
    assert problem.code == code
    assert rules.missing([need], good, max_minutes=120, facts=facts("ordered"), flow=ORDER) is None


def test_any_and_all_combine_needs() -> None:
    parts = {"of": [{"check": "has_result"}, {"check": "has_reason"}]}
    raw = flow_file("volunteer_order")
    move = raw["stages"][0]["moves"][0]
    for check, given_reason_only in (("any", None), ("all", "result_missing")):
        move["needs"] = [{"check": check, **parts}]
        need = Flow.model_validate(raw).stages[0].moves[0].needs
        problem = rules.missing(
            need, MoveInput(reason="有"), max_minutes=None, facts=facts("ordered"), flow=ORDER
        )
        assert (problem.code if problem else None) == given_reason_only


def _set(raw: dict[str, Any], stage: str, **values: Any) -> None:
    next(s for s in raw["stages"] if s["code"] == stage).update(values)


def _moves(raw: dict[str, Any], stage: str) -> list[dict[str, Any]]:
    moves: list[dict[str, Any]] = next(s for s in raw["stages"] if s["code"] == stage)["moves"]
    return moves


BENDS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "unknown target": lambda raw: _moves(raw, "ordered")[0].update(to="nowhere"),
    "no clock": lambda raw: _set(raw, "serving", clock=None),
    "no way out": lambda raw: _set(raw, "serving", moves=[]),
    "endless": lambda raw: [m.update(to="ordered") for m in _moves(raw, "serving")],
    "no owner": lambda raw: [m.update(by=["platform"]) for m in _moves(raw, "offered")],
    "unreachable": lambda raw: raw["stages"].append({**raw["stages"][2], "code": "island"}),
    "twice": lambda raw: raw["stages"].append(raw["stages"][3]),
    "start": lambda raw: raw.update(start="elsewhere"),
    "step": lambda raw: _set(raw, "closed", step=9),
    "offers": lambda raw: raw.pop("offers"),
    "no close": lambda raw: _set(raw, "closed", status="cancelled"),
    "move twice": lambda raw: _moves(raw, "ordered").append(_moves(raw, "ordered")[0]),
}


def _bend(change: str) -> Flow:
    raw = flow_file("volunteer_order")
    BENDS[change](raw)
    return Flow.model_validate(raw)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("unknown target", "没有阶段"),
        ("no clock", "既没有时限"),
        ("no way out", "没有出路"),
        ("endless", "走不到办结"),
        ("no owner", "没有责任人"),
        ("unreachable", "走不到"),
        ("twice", "定义了两次"),
        ("start", "起点"),
        ("step", "进度条"),
        ("offers", "offers"),
        ("no close", "没有办结的阶段"),
        ("move twice", "动作"),
    ],
)
def test_a_flow_without_meaning_is_found_out(change: str, words: str) -> None:
    assert any(words in problem.message for problem in rules.problems_of(_bend(change)))


def test_a_declined_offer_goes_back_only_when_no_other_offer_stands() -> None:
    decline = next(m for m in ORDER.stage("offered").moves if m.code == "decline")
    assert rules.target_stage(decline, other_offers=0) == "ordered"
    assert rules.target_stage(decline, other_offers=1) is None


RATERS = [
    Rater(role="requester", title="群众", title_en="Resident", weight=60),
    Rater(role="station", title="站", title_en="Station", weight=40),
]


def test_combined_score_weighs_roles_and_never_counts_silence() -> None:
    assert rules.combined_score({"requester": [5], "station": [3]}, RATERS) == Decimal("4.20")
    assert rules.combined_score({"station": [3, 4]}, RATERS) == Decimal("3.50")
    assert rules.combined_score({}, RATERS) is None


@given(st.lists(st.integers(1, 5), min_size=1), st.lists(st.integers(1, 5)))
def test_combined_score_stays_between_its_extremes(requester: list[int], station: list[int]) -> None:
    score = rules.combined_score({"requester": requester, "station": station}, RATERS)
    assert score is not None
    assert min(requester + station) <= score <= max(requester + station)


def test_the_diagram_names_every_stage_and_move() -> None:
    text = rules.diagram(ORDER)
    assert all(stage.title in text for stage in ORDER.stages)
    assert "offered --> serving: 接单 (offeree)" in text
    assert "Waiting for acceptance" in rules.diagram(ORDER, english=True)


def test_asks_name_the_inputs_of_a_move() -> None:
    finish = next(m for m in ORDER.stage("serving").moves if m.code == "finish")
    assert rules.asks_of(finish) == ("result", "minutes")


OFFICE = WorkCalendar({}, DayHours(((time(8, 30), time(12)), (time(13, 30), time(17, 30)))))


@pytest.mark.parametrize(
    ("now", "clock", "earliest"),
    [
        ("2026-03-10T10:00+08:00", 4, "2026-03-10T15:30+08:00"),
        ("2026-03-13T22:00+08:00", 4, "2026-03-16T14:00+08:00"),
        ("2026-03-10T10:00+08:00", 1, "2026-03-10T11:30+08:00"),
        ("2026-03-13T22:00+08:00", None, "2026-03-13T23:30+08:00"),
    ],
    ids=["dispatch takes longer", "over a weekend", "notice takes longer", "a start without a clock"],
)
def test_a_visit_can_be_promised_when_dispatch_must_be_done(
    now: str, clock: int | None, earliest: str
) -> None:
    content = flow_file("volunteer_order")
    content["stages"][0]["clock"] = {"amount": clock, "unit": "working_hours"} if clock else None
    flow = Flow.model_validate(content)
    found = rules.earliest_visit(flow, datetime.fromisoformat(now), OFFICE, notice_minutes=90)
    assert found == datetime.fromisoformat(earliest)


@pytest.mark.parametrize(
    ("earliest", "first", "count"),
    [
        ("2026-03-10T09:30+08:00", "2026-03-10T10:30+08:00", 5),
        ("2026-03-10T09:00+08:00", "2026-03-10T09:00+08:00", 5),
        ("2026-03-10T23:00+08:00", "2026-03-11T09:00+08:00", 4),
        ("2026-03-10T17:00+00:00", "2026-03-11T09:00+08:00", 5),
    ],
    ids=["today", "just in time", "tomorrow", "by the day here"],
)
def test_visits_are_offered_at_the_places_times(earliest: str, first: str, count: int) -> None:
    slots = rules.visit_slots(datetime.fromisoformat(earliest), ("10:30", "09:00"))
    assert slots[0] == datetime.fromisoformat(first)
    assert len(slots) == count
    assert slots == sorted(slots)
    assert rules.visit_slots(datetime.fromisoformat(earliest), ()) == []


@pytest.mark.parametrize(
    ("wanted", "span"),
    [
        ("2026-03-10T01:00+00:00", ("2026-03-10T09:00+08:00", "2026-03-10T10:30+08:00")),
        ("2026-03-10T10:29+08:00", ("2026-03-10T09:00+08:00", "2026-03-10T10:30+08:00")),
        ("2026-03-10T20:00+08:00", ("2026-03-10T10:30+08:00", "2026-03-11T00:00+08:00")),
        ("2026-03-10T08:59+08:00", None),
    ],
    ids=["begins", "lasts", "the last one", "before the first"],
)
def test_any_wish_falls_into_the_offered_time_it_follows(wanted: str, span: tuple[str, str] | None) -> None:
    found = rules.visit_span(datetime.fromisoformat(wanted), ("10:30", "09:00"))
    assert found == (span and tuple(map(datetime.fromisoformat, span)))
    assert rules.visit_span(datetime.fromisoformat(wanted), ()) is None
