"""Every Chinese string of every floor has its English, the same on all floors."""

from collections import defaultdict

import pytest

from huakai.web import catalogue


@pytest.mark.parametrize("floor", catalogue.floors())
def test_every_string_of_the_floor_has_english(floor: str) -> None:
    assert catalogue.missing(floor) == {}


def test_one_chinese_string_has_one_english_on_all_floors() -> None:
    says: defaultdict[str, set[str]] = defaultdict(set)
    for floor in catalogue.floors():
        for text, english in catalogue.english_of(floor).items():
            says[text].add(english)
    assert {text: english for text, english in says.items() if len(english) > 1} == {}


def test_named_places_survive_translation() -> None:
    for floor in catalogue.floors():
        for text, english in catalogue.english_of(floor).items():
            assert catalogue.places_of(text) == catalogue.places_of(english), (floor, text)


def test_template_strings_finds_what_django_would_find() -> None:
    source = """{% translate "甲" %}{% trans '乙' as x %}{% include "x" with a=_("丙") only %}
    {% blocktranslate with n=m %}共 {{ n }} 条{% endblocktranslate %}
    {% blocktranslate trimmed %}
      一
      二
    {% endblocktranslate %}<p title="{{ x|default:_('丁') }}">"""
    assert set(catalogue.template_strings(source)) == {"甲", "乙", "丙", "丁", "共 %(n)s 条", "一 二"}


def test_python_strings_finds_marked_literals_only() -> None:
    source = (
        'a = _("甲")\nraise RuleBroken("x", N_("乙 {n}"), n=1)\nngettext("丙", "丁", 2)\nprint("戊")\n_(name)'
    )
    assert set(catalogue.python_strings(source)) == {"甲", "乙 {n}", "丙", "丁"}
