"""Deployment configuration: the environment, read once and typed. Refuses to start when it is wrong."""

import os
import secrets
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

PROJECT_ROOT = Path(__file__).resolve().parents[3]


class Env(BaseModel):
    """Every variable the platform reads; `dotenv.sample` lists the same keys (architecture test)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    home: Path = Field(default=PROJECT_ROOT / ".huakai", description="data folder: database, keys, files")
    database_url: str = Field(default="", description="PostgreSQL >= 15; empty: the embedded server")
    secret_key: str = Field(default="", description="signs sessions; empty: a key file in HOME")
    field_key: str = Field(
        default="", description="hex, 32 bytes: encrypts personal fields; empty: a key file"
    )
    allowed_hosts: str = Field(default="127.0.0.1,localhost,[::1]", description="comma-separated host names")
    trusted_origins: str = Field(default="", description="comma-separated https:// origins behind a proxy")
    port: int = Field(default=8000, ge=1, le=65535)
    demo: bool = Field(default=False, description="demo mode: shows one-time codes on the page")
    debug: bool = False
    https: bool = Field(default=False, description="served over https: secure cookies and HSTS")
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    packs: Path = Field(default=PROJECT_ROOT / "packs", description="folder of the packs")
    pool_max: int = Field(default=16, ge=2, le=200, description="database connections per process")
    hotline: str = Field(default="12345", description="telephone number shown where a page fails")
    webhook_http_hosts: str = Field(
        default="", description="comma-separated hosts a webhook may reach over plain http"
    )
    webhook_private_hosts: str = Field(
        default="", description="comma-separated hosts a webhook may reach at private addresses"
    )
    test_db: str = Field(default="", description="name of the test database")

    def key_bytes(self) -> bytes:
        """The 32-byte master key of personal fields: from the environment or a 0600 key file."""
        text = self.field_key or _key_file(self.home / "field.key")
        key = bytes.fromhex(text)
        if len(key) != 32:
            raise SystemExit("HUAKAI_FIELD_KEY must be 64 hexadecimal digits (32 bytes)")
        return key

    def signing_key(self) -> str:
        """The secret that signs sessions: from the environment or a 0600 key file."""
        return self.secret_key or _key_file(self.home / "secret.key")


def _key_file(path: Path) -> str:
    """Read the key file, or make it once with owner-only rights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32))
    return path.read_text().strip()


def load() -> Env:
    """The environment as one object; says in a sentence which variable is wrong."""
    prefix = "HUAKAI_"
    values = {k[len(prefix) :].lower(): v for k, v in os.environ.items() if k.startswith(prefix)}
    try:
        return Env.model_validate(values)
    except ValidationError as error:
        lines = [f"HUAKAI_{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
        raise SystemExit("the environment is wrong:\n  " + "\n  ".join(lines)) from None
