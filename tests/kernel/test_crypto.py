"""Personal fields: unreadable without the key, not movable between cells, found by hash."""

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from huakai.kernel.crypto import Cipher

CIPHER = Cipher(bytes(range(32)))


@given(st.text())
def test_what_is_encrypted_comes_back(text: str) -> None:
    blob = CIPHER.encrypt(text, context="person.name")
    assert CIPHER.decrypt(blob, context="person.name") == text
    assert blob != CIPHER.encrypt(text, context="person.name"), "the nonce is fresh each time"


def test_a_cell_moved_to_another_column_does_not_open() -> None:
    blob = CIPHER.encrypt("19900001234", context="person.phone")
    with pytest.raises(InvalidTag):
        CIPHER.decrypt(blob, context="person.idno")
    with pytest.raises(InvalidTag):
        Cipher(bytes(32)).decrypt(blob, context="person.phone")
    with pytest.raises(InvalidTag):
        CIPHER.decrypt(blob[:-1] + bytes([blob[-1] ^ 1]), context="person.phone")


def test_equal_values_meet_by_hash_within_their_column_and_key_only() -> None:
    known = CIPHER.keyed_hash("19900001234", context="person.phone")
    assert known == CIPHER.keyed_hash(" 19900001234 ", context="person.phone")
    assert known != CIPHER.keyed_hash("19900001234", context="person.idno")
    assert known != Cipher(bytes(32)).keyed_hash("19900001234", context="person.phone")
