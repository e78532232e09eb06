"""A refusal carries a code for machines and a source sentence for people."""

from huakai.kernel.errors import N_, NotAllowed, RuleBroken


def test_a_refusal_keeps_source_and_parameters_apart() -> None:
    broken = RuleBroken("too_many", N_("最多 {count} 张"), field="photos", count=3)
    assert str(broken) == "最多 3 张"
    assert (broken.code, broken.message, broken.params, broken.field) == (
        "too_many",
        "最多 {count} 张",
        {"count": 3},
        "photos",
    )


def test_a_sentence_without_parameters_is_not_formatted() -> None:
    assert str(NotAllowed("no", "含 {花括号}")) == "含 {花括号}"
