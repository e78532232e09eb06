"""The cipher of personal fields, with the installation's key, and the words each field is hashed under."""

from huakai.kernel.crypto import Cipher, field_cipher

NAME, PHONE, IDNO, ADDRESS = "person.name", "person.phone", "person.idno", "person.address"


def cipher() -> Cipher:
    """Encrypts, decrypts and hashes with the key of this installation."""
    return field_cipher()


def hash_of(text: str, context: str) -> str:
    """How a personal field is found again."""
    return cipher().keyed_hash(text, context=context)


def clear(blob: bytes | memoryview | None, context: str) -> str:
    """The clear text of a field; empty when there is none."""
    return cipher().decrypt(bytes(blob), context=context) if blob is not None else ""
