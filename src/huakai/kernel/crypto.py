"""Personal fields at rest: AES-256-GCM with a random nonce, and a keyed hash to find them again."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE_BYTES = 12


@dataclass(frozen=True)
class Cipher:
    """Encrypts and finds personal fields with keys derived from one 32-byte master key."""

    master: bytes

    def encrypt(self, text: str, *, context: str) -> bytes:
        """Nonce + ciphertext; `context` (table.column) is authenticated, so cells cannot be swapped."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + AESGCM(self._derive(b"field")).encrypt(nonce, text.encode(), context.encode())

    def decrypt(self, blob: bytes, *, context: str) -> str:
        """The clear text; raises `cryptography.exceptions.InvalidTag` when key or context is wrong."""
        nonce, body = blob[:NONCE_BYTES], blob[NONCE_BYTES:]
        return AESGCM(self._derive(b"field")).decrypt(nonce, body, context.encode()).decode()

    def keyed_hash(self, text: str, *, context: str) -> str:
        """HMAC-SHA256 hex of the normalised text: equal inputs find each other, the table alone tells nothing."""
        message = f"{context}\x00{text.strip()}".encode()
        return hmac.new(self._derive(b"lookup"), message, hashlib.sha256).hexdigest()

    def _derive(self, purpose: bytes) -> bytes:
        return _derived(self.master, purpose)


_cache: dict[tuple[bytes, bytes], bytes] = {}


def _derived(master: bytes, purpose: bytes) -> bytes:
    key = (master, purpose)
    if key not in _cache:
        _cache[key] = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"huakai:" + purpose).derive(master)
    return _cache[key]


_installed: list[Cipher] = []


def install(master: bytes) -> None:
    """Give the process its key; done once by the edge (settings)."""
    _installed[:] = [Cipher(master)]


def field_cipher() -> Cipher:
    """The installation's cipher for personal fields; RuntimeError when the edge gave no key."""
    if not _installed:
        raise RuntimeError("no field key installed")
    return _installed[0]
