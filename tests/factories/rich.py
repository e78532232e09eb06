"""A flow that uses every word of the engine, published over the place's demand flow, for pages and journeys."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

from huakai.packs import queries as packs
from huakai.packs import services as pack_services
from huakai.packs.types import EditionView
from tests.factories.cases import flow_file

DAY = {"amount": 1, "unit": "working_days"}
CAP = {"amount": 3, "unit": "working_days"}


def _title(zh: str, en: str) -> dict[str, str]:
    return {"title": zh, "title_en": en}


def _move(code: str, title: str, to: str, by: list[str], **more: Any) -> dict[str, Any]:
    return {"code": code, **_title(title, code.replace("_", " ").title()), "to": to, "by": by, **more}


def rich_flow() -> dict[str, Any]:
    """The shipped demand flow with parts, a form, outcomes, quantities, pauses, parking, a check and ratings."""
    flow = flow_file("demand")
    stages = {stage["code"]: stage for stage in flow["stages"]}
    handling = stages["handling"]["moves"]
    handling[:] = [m for m in handling if m["code"] != "finish"]
    handling += [
        _move("give_parts", "交协办", "handling", ["dispatcher", "handler"], needs=[{"check": "has_units"}], effect="co_assign"),
        _move("part_accept", "协办受理", "handling", ["co_handler"], effect="part_accept"),
        _move("part_done", "协办办完", "handling", ["co_handler"], needs=[{"check": "has_result"}], effect="part_done"),
        _move("promise", "承诺期限", "handling", ["handler"], needs=[{"check": "has_due"}]),
        _move("park", "转入台账", "parked", ["handler", "dispatcher"], needs=[{"check": "has_reason"}, {"check": "has_review"}], effect="park"),
        _move(
            "report", "报送结果", "check", ["handler"], effect="report", tone="primary",
            needs=[
                {"check": "has_result"}, {"check": "has_outcome"}, {"check": "has_quantity", "code": "lamps"},
                {"check": "has_fields", "fields": ["safe", "contact", "done_on"]}, {"check": "parts_done"},
            ],
        ),
    ]  # fmt: skip
    check = {
        "code": "check", **_title("待复查", "To check"), "tone": "amber", "step": 5, "clock": DAY,
        "moves": [
            _move("pass", "复查合格", "closed", ["dispatcher"], effect="check_ok", tone="primary", needs=[{"check": "other_person"}]),
            _move("fail", "复查不合格", "handling", ["dispatcher"], effect="check_fail", needs=[{"check": "has_reason"}]),
        ],
    }  # fmt: skip
    parked = {
        "code": "parked", **_title("台账", "Parked"), "status": "parked", "tone": "grey", "step": 4,
        "moves": [_move("review", "重新研究", "handling", ["handler", "dispatcher"], effect="review", tone="primary")],
    }  # fmt: skip
    at = flow["stages"].index(stages["closed"])
    flow["stages"][at:at] = [check, parked]
    return flow | {
        "public": True,
        "source": "《供排水条例》第十二条",
        "parts": {"accept": DAY, "finish": CAP},
        "pause": {"ask": ["handler"], "allow": ["dispatcher"], "cap": CAP},
        "extension": {"ask": ["handler"], "allow": ["dispatcher"], "times": 1, "cap": CAP},
        "ladder": [
            {"code": "late", **_title("逾期提醒", "Late"), "to": "holder", "act": "remind"},
            {"code": "watch", **_title("逾期督办", "Watched"), "span": DAY, "to": "supervisor", "act": "supervise"},
        ],
        "form": [
            {"code": "safe", **_title("有无安全隐患", "Safe"), "kind": "choice", "required": True, "choices": [
                {"code": "none", **_title("没有", "None")},
                {"code": "gas", **_title("有燃气泄漏", "Gas leak"), "stop": "有燃气泄漏请先拨打119", "stop_en": "Call 119 first"},
            ]},
            {"code": "contact", **_title("现场联系人", "Contact"), "private": True},
            {"code": "done_on", **_title("完工日期", "Done on"), "kind": "date"},
        ],
        "outcomes": [
            {"code": "fixed", **_title("已修复", "Fixed")},
            {"code": "explained", **_title("已解释", "Explained"), "solved": False},
        ],
        "quantities": [{"code": "lamps", **_title("更换路灯", "Lamps changed"), "measure": "盏"}],
        "texts": [
            {"code": "thanks", **_title("办结并致谢", "Done with thanks"), "text": "已办好，感谢您的监督。", "moves": ["report"]},
        ],
        "views": [{"code": "handed", **_title("交办清单", "Handed over"), "query": "stage=handling"}],
        "rating": {
            "days": 15,
            "raters": [{"role": "requester", **_title("诉求人", "Caller"), "weight": 100}],
            "aspects": True, "unhappy_stars": 2, "recheck": "check",
            "call_back": {"percent": 100, "within": CAP},
        },
    }  # fmt: skip


CATALOGUE = {
    "schema_version": 1,
    "code": "rich",
    **_title("走访与上报", "Visits"),
    "categories": [
        {
            "code": "lamp_out", **_title("楼院灯不亮", "Yard lamp out"), "kind": "demand", "icon": "lamp", "flow": "demand",
            "form": [
                {"code": "how_many", **_title("几盏不亮", "How many"), "kind": "number", "required": True, "least": 1, "most": 99},
                {"code": "wire", **_title("有没有裸露电线", "Bare wires"), "kind": "choice", "choices": [
                    {"code": "no", **_title("没有", "No")},
                    {"code": "yes", **_title("有", "Yes"), "stop": "有裸露电线请先远离并拨打95598", "stop_en": "Keep away and call 95598"},
                ]},
            ],
        }
    ],
    "visit_kinds": [
        {"code": "patrol", **_title("夜间巡查", "Night patrol"), "categories": ["lamp_out", "road"]},
    ],
}  # fmt: skip


def publish_rich(folder: Path, now: datetime, **changes: Any) -> EditionView:
    """Publish the place's pack with the rich demand flow (bent by `changes`) as its next edition."""
    root = folder / "packs"
    shutil.copytree(settings.PACKS_ROOT, root)
    place = root / "shizhong"
    (place / "cases").mkdir(exist_ok=True)
    (place / "cases/demand.yaml").write_text(yaml.safe_dump(rich_flow() | changes, allow_unicode=True))
    (place / "catalogue/rich.yaml").write_text(yaml.safe_dump(CATALOGUE, allow_unicode=True))
    made = pack_services.publish(pack_code="shizhong", root=root, by=None, now=now)
    packs.forget_current()
    return made
