"""Every file in packs/ loads and makes sense; the editor schemas are those of the models.

After a change of a pack model: WRITE_SNAPSHOTS=1, and read the diff.
"""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from huakai.kernel.calendar import coverage
from huakai.packs import queries, rules
from huakai.packs.definitions import CalendarYear, HolidayRange, PackManifest
from huakai.packs.types import PackView

SNAPSHOT = Path(__file__).parents[1] / "snapshots" / "pack-schemas.json"


def test_no_shipped_pack_has_a_problem() -> None:
    found = queries.check(Path(settings.PACKS_ROOT))
    assert [f"{p.file}:{p.line} {p.path} {p.message.format(**p.params)}" for p in found] == []


def test_the_schemas_for_editors_are_up_to_date() -> None:
    if os.environ.get("WRITE_SNAPSHOTS"):
        text = json.dumps(queries.json_schemas(), ensure_ascii=False, indent=1, sort_keys=True)
        SNAPSHOT.write_text(text + "\n", encoding="utf-8")
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == queries.json_schemas()


def _year(**change: object) -> CalendarYear:
    holiday = {"name": "节", "name_en": "Day", "first_on": "2026-05-01", "last_on": "2026-05-05", **change}
    head = {"schema_version": 1, "code": "2026", "title": "年", "title_en": "Year", "source": "通知"}
    return CalendarYear.model_validate({**head, "year": 2026, "holidays": [holiday]})


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"last_on": "2026-04-30"}, "holidays.0"),
        ({"last_on": "2027-05-05"}, "holidays.0"),
        ({"work_on": ["2026-05-07"]}, "holidays.0.work_on.0"),
        ({"work_on": ["2026-05-09", "2026-05-02"]}, "holidays.0.work_on.1"),
    ],
)
def test_a_calendar_that_contradicts_itself_is_named(change: dict[str, object], path: str) -> None:
    view = PackView(pack_code="x", title="", title_en="", root_code="", models={})
    assert [problem.path for problem in rules.calendar_problems(_year(**change), view)] == [path]
    assert rules.calendar_problems(_year(work_on=["2026-05-09"]), view) == []
    misnamed = _year().model_copy(update={"code": "2027"})
    assert [problem.path for problem in rules.calendar_problems(misnamed, view)] == ["year"]


def test_the_shipped_calendar_reaches_2026() -> None:
    files, _ = queries.effective_files("base", Path(settings.PACKS_ROOT))
    models, _ = rules.parsed({name: file for name, file in files.items() if file.section == "calendar"})
    view = PackView(pack_code="base", title="", title_en="", root_code="", models=models)
    assert coverage(rules.calendar_of(view)) == 2026
    spring: HolidayRange = view.get("calendar", "2026").holidays[1]
    assert len(spring.days()) == 9


def test_the_flow_of_the_howto_is_a_sound_flow() -> None:
    page = (Path(settings.PACKS_ROOT).parent / "docs/howto/add-a-flow.md").read_text(encoding="utf-8")
    text = page.split("```yaml\n")[1].split("```")[0]
    files, _ = queries.effective_files("shizhong", Path(settings.PACKS_ROOT))
    mine = rules.read(text, file="howto", name="cases/lamp_out.yaml")
    models, problems = rules.parsed({**files, mine.name: mine})
    manifest = models["pack", "pack"]
    assert isinstance(manifest, PackManifest)
    assert problems + rules.meaning_problems(rules.view_of(manifest, models), {mine.name: mine}) == []
