"""The environment: refused in a sentence when wrong, and described in dotenv.sample as it is."""

import re
import stat
from pathlib import Path

import pytest

from huakai.config import env as environment


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for key in environment.Env.model_fields:
        monkeypatch.delenv(f"HUAKAI_{key.upper()}", raising=False)
    monkeypatch.setenv("HUAKAI_HOME", str(tmp_path / "home"))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("HUAKAI_PORT", "eighty"),
        ("HUAKAI_PORT", "70000"),
        ("HUAKAI_LOG_LEVEL", "loud"),
        ("HUAKAI_POOL_MAX", "1"),
        ("HUAKAI_HTTPS", "perhaps"),
        ("HUAKAI_DATABSE_URL", "postgresql:///typo"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    monkeypatch.setenv(key, value)
    with pytest.raises(SystemExit, match=key):
        environment.load()


def test_a_key_of_the_wrong_length_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUAKAI_FIELD_KEY", "abcd")
    with pytest.raises(SystemExit, match="32 bytes"):
        environment.load().key_bytes()


def test_key_files_are_made_once_and_for_their_owner_only() -> None:
    env = environment.load()
    assert env.key_bytes() == env.key_bytes()
    assert env.signing_key() != env.key_bytes().hex()
    for name in ("field.key", "secret.key"):
        assert stat.S_IMODE((env.home / name).stat().st_mode) == 0o600


def test_dotenv_sample_has_exactly_the_keys_of_the_environment() -> None:
    sample = (environment.PROJECT_ROOT / "dotenv.sample").read_text(encoding="utf-8")
    named = re.findall(r"^#?(HUAKAI_[A-Z_]+)=", sample, flags=re.MULTILINE)
    assert sorted(named) == sorted(f"HUAKAI_{key.upper()}" for key in environment.Env.model_fields)


def test_dotenv_sample_holds_values_the_platform_accepts(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = (environment.PROJECT_ROOT / "dotenv.sample").read_text(encoding="utf-8")
    for key, value in re.findall(r"^#?(HUAKAI_[A-Z_]+)=(.*)$", sample, flags=re.MULTILINE):
        monkeypatch.setenv(key, value.strip("'"))
    assert environment.load().port == 8000
