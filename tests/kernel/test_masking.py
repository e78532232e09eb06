"""What everybody may see of a personal field."""

import pytest

from huakai.kernel.masking import mask_idno, mask_name, mask_phone


@pytest.mark.parametrize(
    ("name", "honorific", "shown"),
    [
        ("王秀英", "女士", "王女士"),
        ("王秀英", "", "王**"),
        ("欧阳娜娜", "", "欧阳**"),
        ("欧阳", "", "欧*"),
        ("李", "", "李*"),
        ("  ", "先生", ""),
    ],
)
def test_a_name_shows_the_surname(name: str, honorific: str, shown: str) -> None:
    assert mask_name(name, honorific) == shown


@pytest.mark.parametrize(
    ("phone", "shown"), [("13912345678", "139****5678"), ("12345", "***45"), ("1", "1"), ("", "")]
)
def test_a_phone_hides_its_middle(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("idno", "shown"), [("370402199001011234", "3704**********1234"), ("12345678", "********"), ("", "")]
)
def test_an_id_number_hides_birth_and_serial(idno: str, shown: str) -> None:
    assert mask_idno(idno) == shown
