"""Search: what is found beside plain substring, by whom, page by page, and that no input breaks it."""

import base64
import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from importlib import import_module
from urllib.parse import urlencode
from uuid import UUID

import pytest
from bench import wishes
from django.db import connection
from django.db.models import Q
from django.test import Client

from huakai.cases import queries as cases
from huakai.cases import services
from huakai.cases.models import Case
from huakai.cases.queries import search
from huakai.cases.types import CaseFilter, Page
from huakai.kernel.ids import first_of, new_id
from huakai.registry.types import Actor
from tests.cast import OTHER_COMMUNITY
from tests.factories.api import Api
from tests.factories.cases import open_one

Who = Callable[[str], Actor]
Found = Callable[..., list[str]]


def put(by: Actor, now: datetime, *texts: str, **changes: str) -> list[UUID]:
    """Demands with these texts, indexed."""
    ids = []
    for number, text in enumerate(texts):
        fields = {"service": "", "category": "road", "detail": text} | changes
        ids.append(open_one(by, now + timedelta(seconds=number), key=f"{by.person_id}{text}"[-60:], **fields))
    services.index_cases(ids)
    return ids


@pytest.fixture
def found(actor: Who, now: datetime) -> Found:
    """`found("路灯")`: the texts a reader's list shows for a question."""

    def ask(text: str, role: str = "centre_staff", **narrowed: str) -> list[str]:
        rows = cases.case_list(actor(role), CaseFilter(search=text, **narrowed), now=now).rows  # type: ignore[arg-type]
        details = dict(Case.objects.values_list("id", "detail"))
        return [details[row.id] for row in rows]

    return ask


def test_words_are_all_asked_for_and_need_not_stand_together(actor: Who, now: datetime, found: Found) -> None:
    both, _, _ = put(actor("resident"), now, "文化路上的路灯坏了两盏", "文化路有坑", "楼道路灯不亮")
    assert found("文化路路灯") == ["文化路上的路灯坏了两盏"] == found("路灯 文化路") == found("文化路的路灯")
    assert found("路灯") == ["楼道路灯不亮", "文化路上的路灯坏了两盏"]
    assert found("路灯 井盖") == []
    assert cases.may_see(actor("centre_staff"), str(both))


def test_words_of_the_pack_stay_whole(shizhong: object) -> None:
    assert search.cut("请网格员看看窨井盖") == ["请", "网格员", "看看", "窨井盖"]
    assert {"的", "了"} <= search.left_out()


def test_width_and_capitals_make_no_difference(actor: Who, now: datetime, found: Found) -> None:
    put(actor("resident"), now, "ＷｉＦｉ密码不对，３栋")
    assert found("wifi") == found("WIFI密码") == found("3栋") == found("wif") != []
    assert found("栋3") == []


def test_a_house_number_is_not_part_of_a_longer_one(actor: Who, now: datetime, found: Found) -> None:
    put(actor("resident"), now, "13栋漏水", "3栋漏水")
    assert found("3栋") == ["3栋漏水"]


def test_the_number_of_a_case_finds_it_and_no_text(actor: Who, now: datetime, found: Found) -> None:
    (case,) = put(actor("resident"), now, "路上有坑")
    number = Case.objects.get(pk=case).number
    put(actor("resident"), now, f"上次的单子{number}没办好", "拨打12345没人接")
    assert found(str(number)) == ["路上有坑"] == found("".join(chr(ord(d) + 0xFEE0) for d in str(number)))
    assert found("12345") == ["拨打12345没人接"]
    assert found("9" * 40) == []


def test_names_and_telephones_are_not_in_the_index(actor: Who, now: datetime, found: Found) -> None:
    put(actor("resident"), now, "路上有坑", address="3栋2单元401")
    assert found("王秀英") == found("王") == found("3栋") == []
    assert found("19900000001") == found("王*") == ["路上有坑"]
    assert found("李*") == found("19900000002") == []


@pytest.mark.parametrize(
    ("role", "sees"),
    [("street_staff", True), ("centre_staff", True), ("neighbour_staff", False), ("stranger", False),
     ("resident", True), ("neighbour", False)],
)  # fmt: skip
def test_search_obeys_the_same_predicate(
    role: str, sees: bool, actor: Who, now: datetime, found: Found
) -> None:
    (case,) = put(actor("resident"), now, "路上有坑")
    number = str(Case.objects.get(pk=case).number)
    for text in ("有坑", number, "19900000001"):
        assert found(text, role) == (["路上有坑"] if sees else [])


def test_a_number_out_of_sight_does_not_hide_texts(actor: Who, now: datetime, found: Found) -> None:
    (hidden,) = put(actor("neighbour"), now, "别处的坑", area_code=OTHER_COMMUNITY)
    number = str(Case.objects.get(pk=hidden).number)
    put(actor("resident"), now, f"编号{number}")
    assert found(number, "street_staff") == [f"编号{number}"]
    assert found(f"{number} 编号", "street_staff") == [f"编号{number}"]


def test_other_filters_narrow_what_is_found(actor: Who, now: datetime, found: Found) -> None:
    put(actor("resident"), now, "路上有坑")
    assert found("有坑", category="road", status="open", order="due") == ["路上有坑"]
    assert found("有坑", status="closed") == []


def test_pages_of_a_search_follow_each_other_there_and_back(actor: Who, now: datetime) -> None:
    ids = put(actor("resident"), now, *(f"第{n}盏路灯不亮" for n in range(7)), "井盖响")[:7]
    wanted, centre = CaseFilter(search="路灯"), actor("centre_staff")
    first = cases.case_list(centre, wanted, now=now, limit=3)
    second = cases.case_list(centre, wanted, now=now, limit=3, cursor=first.next_cursor or "")
    third = cases.case_list(centre, wanted, now=now, limit=3, cursor=second.next_cursor or "")
    assert [row.id for page in (first, second, third) for row in page.rows] == ids[::-1]
    assert third.next_cursor is None
    back = cases.case_list(centre, wanted, now=now, limit=3, cursor=second.prev_cursor or "")
    last = cases.case_list(centre, wanted, now=now, limit=3, cursor="last")
    assert back.rows == first.rows
    assert [row.id for row in last.rows] == ids[2::-1]


STRANGE = (
    "🙂", "👨‍👩‍👧", "'", '"', "\\", "a' OR 1=1 --", "'; DROP TABLE cases_case; --", "路灯' & '井盖", "!路灯", "路灯:*",
    "<->", "路灯 | 井盖", "%", "100%", "%s %(x)s {}", "_", "*", "**", "*'\"\\%", "\x00", "路\x00灯", "的", "的了吗",
    "，。！？", "\ud7ff\u200b\ufeff", "١٢٣", "²", "½", "9" * 17, "9" * 18, "灯" * 10_000, "x" * 10_000, "路 " * 5_000,
    "ﷺ" * 80, "𠮷野家", "e\u0301", "\u202e路灯",
)  # fmt: skip


@pytest.mark.parametrize("text", STRANGE, ids=lambda text: ascii(text[:12]))
def test_strange_questions_are_answered(text: str, actor: Who, now: datetime, found: Found, api: Api) -> None:
    put(actor("resident"), now, "路灯不亮，井盖响")
    found(text)
    found(text, "street_staff")
    assert Case.objects.count() == 1
    answer = api("centre_staff", "get", f"/cases?{urlencode({'search': text[:60].replace(chr(0), '')})}")
    assert answer.status_code == 200


def test_tsquery_signs_are_no_orders(actor: Who, now: datetime, found: Found) -> None:
    put(actor("resident"), now, "路灯不亮", "井盖响")
    assert found("路灯 | 井盖") == found("路灯' | '井盖") == []
    assert found("!路灯") == found("路灯:*") == ["路灯不亮"]


def test_a_question_of_another_make_is_refused() -> None:
    for asked in ("'a' | 'b'", "'a') OR (true", "", "'路\\灯'"):
        with pytest.raises(ValueError, match="question"):
            search._Question(asked)


def test_the_texts_of_strange_cases_are_indexed(actor: Who, now: datetime, found: Found) -> None:
    put(actor("resident"), now, "🙂🙂", "' \\ & | !", "灯" * 2000, "x" * 2000, "ﷺ" * 1500)
    assert found("灯灯") == ["灯" * 2000]
    assert found("x" * 32) == found("xxx") == ["x" * 2000]


def _corpus(actor: Actor, now: datetime, count: int) -> list[tuple[UUID, str]]:
    """Generated cases, all indexed; (id, the three texts)."""
    template = Case.objects.get(pk=open_one(actor, now, key="first"))
    made = []
    for number, (title, detail, result) in enumerate(wishes.told(count, seed=3), start=1):
        opened_at = now - timedelta(hours=1.09**number % 100_000)  # eleven years, most of them lately
        case = Case(
            **{field.attname: getattr(template, field.attname) for field in Case._meta.concrete_fields}
        )
        case.id, case.number, case.client_key = new_id(opened_at), 10**9 + number, f"corpus-{number}"
        case.title, case.detail, case.result_text = title, detail, result
        made.append(case)
    Case.objects.bulk_create(made)
    services.index_all()
    return [(case.id, f"{case.title}\n{case.detail}\n{case.result_text}") for case in made]


def test_every_part_of_a_text_that_plain_substring_finds_is_found(actor: Who, now: datetime) -> None:
    corpus = _corpus(actor("resident"), now, 400)
    draw = random.Random(11)
    for length in (1, 2, 2, 2, 3, 4, 6, 9):
        for _ in range(12):
            runs = [run for run in re.findall(r"[一-鿿]+", draw.choice(corpus)[1]) if len(run) >= length]
            if not runs:
                continue
            run = draw.choice(runs)
            start = draw.randrange(len(run) - length + 1)
            part = run[start : start + length]
            plain = set(
                Case.objects.filter(
                    Q(title__icontains=part) | Q(detail__icontains=part) | Q(result_text__icontains=part)
                ).values_list("id", flat=True)
            )
            found = set(search.matching(Case.objects.all(), part).values_list("id", flat=True))
            assert plain <= found, part
            if length <= 2:
                assert plain == found, part


def _pages(step: Callable[[str], Page], begin: str, forth: bool) -> list[list[UUID]]:
    """The ids of all pages from `begin` on, there or back."""
    pages, cursor = [], begin
    while True:
        page = step(cursor)
        pages.append([row.id for row in page.rows])
        following = page.next_cursor if forth else page.prev_cursor
        if not following:
            return pages
        cursor = following


@pytest.mark.parametrize("text", ["路灯", "希望尽快", "小区", "窨井盖", "的", "渡槽 路灯", "桂"])
def test_a_search_over_years_pages_through_all_that_matches(text: str, actor: Who, now: datetime) -> None:
    _corpus(actor("resident"), now, 300)
    centre = actor("centre_staff")

    def step(cursor: str) -> Page:
        return cases.case_list(centre, CaseFilter(search=text), now=now, cursor=cursor, limit=7)

    every = list(search.matching(Case.objects.all(), text).order_by("-id").values_list("id", flat=True))
    forth, back = _pages(step, "", True), _pages(step, "last", False)
    assert [id_ for page in forth for id_ in page] == every
    assert [id_ for page in reversed(back) for id_ in page] == every
    assert all(len(page) == 7 for page in forth[:-1] + back[:-1])


@pytest.mark.parametrize("mark", [UUID(int=0), UUID(int=2**128 - 1), first_of(1)])
@pytest.mark.parametrize("direction", ["after", "before"])
def test_a_cursor_of_any_time_is_answered(mark: UUID, direction: str, actor: Who, now: datetime) -> None:
    put(actor("resident"), now, "路灯不亮")
    cursor = base64.urlsafe_b64encode(f"{direction}|{mark}".encode()).decode().rstrip("=")
    page = cases.case_list(actor("centre_staff"), CaseFilter(search="路灯"), now=now, cursor=cursor)
    assert len(page.rows) == ((mark.int > 2**100) == (direction == "after"))


def test_a_search_of_an_empty_table_is_empty(found: Found) -> None:
    assert found("路灯") == found("1") == found("王*") == []


def test_the_index_serves_a_rare_word(actor: Who, now: datetime) -> None:
    _corpus(actor("resident"), now, 300)
    rows = search.matching(Case.objects.order_by("-id"), "渡槽渡槽")[:50]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "case_by_words" in rows.explain()


def test_words_are_read_and_learned_in_many_threads(shizhong: object) -> None:
    def one(number: int) -> bool:
        with search._lock:
            import_module("rjieba").add_word(f"词{number}", None, None)
        return "".join(search.cut("网格员说窨井盖响")) == "网格员说窨井盖响"

    search.cut("先认得各地的词")
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(one, range(200)))


def test_inbox_and_api_and_export_find_the_same(
    actor: Who, now: datetime, api: Api, client_of: Callable[[str], Client]
) -> None:
    hit, miss = put(actor("resident"), now, "路灯不亮", "井盖响")
    page = client_of("street_staff").get("/desk/?q=路灯").content.decode()
    listed = api("street_staff", "get", "/cases?search=路灯").json()["rows"]
    assert str(hit) in page
    assert str(miss) not in page
    assert [row["id"] for row in listed] == [str(hit)]
