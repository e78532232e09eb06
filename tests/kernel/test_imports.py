"""An import report is accepted only without problems."""

from huakai.kernel.imports import ImportLine, ImportReport


def test_one_problem_refuses_the_file() -> None:
    assert ImportReport("units", rows=3, created=3).accepted
    assert not ImportReport("units", rows=3, problems=(ImportLine(2, "编码", "重复"),)).accepted
