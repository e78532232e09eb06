"""What a case is found by: written after the commit, kept up to date, filled in where it is missing."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from huakai.audit import services as audit
from huakai.cases import services, tasks
from huakai.cases.models import Case, CaseWords
from huakai.cases.queries import search
from huakai.kernel.ids import new_id
from huakai.registry.types import Actor
from tests.cast import DEPARTMENT
from tests.factories.cases import move, open_one

Who = Callable[[str], Actor]


def found(text: str) -> list[UUID]:
    return list(search.matching(Case.objects.all(), text).values_list("id", flat=True))


def test_a_case_is_found_once_its_event_is_delivered(actor: Who, now: datetime) -> None:
    case = open_one(actor("resident"), now, detail="门前路灯不亮")
    assert found("路灯") == []
    audit.deliver_pending()
    assert found("路灯") == [case]
    assert found("家电小修") == [case], "the title"


def test_the_result_is_found_after_the_close(actor: Who, now: datetime) -> None:
    case = open_one(actor("resident"), now, service="", category="road", detail="路上有坑")
    audit.deliver_pending()
    move(case, "assign", actor("centre_staff"), now, unit_code=DEPARTMENT)
    move(case, "accept", actor("dept_handler"), now)
    move(case, "finish", actor("dept_handler"), now, result="已用沥青修补")
    audit.deliver_pending()
    assert found("沥青") == [case] == found("有坑 沥青")


def test_the_reason_of_a_cancelled_case_is_found(actor: Who, now: datetime) -> None:
    case = open_one(actor("resident"), now)
    move(case, "cancel", actor("resident"), now, reason="自己修好了")
    audit.deliver_pending()
    assert found("自己修好") == [case]


def test_indexing_again_follows_the_text_and_changes_nothing_else(actor: Who, now: datetime) -> None:
    case = open_one(actor("resident"), now, detail="门前路灯不亮")
    services.index_case(case)
    services.index_case(case)
    Case.objects.filter(pk=case).update(detail="井盖响")
    services.index_case(case)
    assert found("路灯") == []
    assert found("井盖") == [case]
    assert CaseWords.objects.count() == 1


def test_a_case_that_is_not_there_is_passed_over(now: datetime, db: None) -> None:
    services.index_case(new_id(now))
    assert services.index_cases([]) == 0


def test_all_are_indexed_in_batches_and_progress_is_told(
    actor: Who, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = [open_one(actor("resident"), now, key=f"k{n}", detail="路灯不亮") for n in range(5)]
    monkeypatch.setattr("huakai.cases.services.indexing.BATCH", 2)
    told: list[tuple[int, int]] = []
    assert services.index_all(report=lambda done, total: told.append((done, total))) == 5
    assert told == [(2, 5), (4, 5), (5, 5)]
    assert sorted(found("路灯")) == sorted(ids)


def test_the_nightly_task_indexes_only_what_is_missing(
    actor: Who, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, fresh = (open_one(actor("resident"), now, key=key) for key in "ab")
    services.index_case(known)
    CaseWords.objects.filter(pk=known).update(words="")
    tasks.index_missing(timestamp=0)
    assert CaseWords.objects.get(pk=known).words == ""
    assert found("家电小修") == [fresh]
    assert services.index_all(missing_only=True) == 0
