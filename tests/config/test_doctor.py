"""The doctor: each trouble is found, and says what to do."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from huakai.config import doctor
from huakai.config import env as environment
from huakai.kernel.clock import SystemClock
from huakai.packs.types import EditionView


@pytest.fixture
def patient(tmp_path: Path) -> doctor.Patient:
    env = environment.load().model_copy(update={"home": tmp_path})
    return doctor.Patient(env, SystemClock().now())


def report_a_worker(at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def test_without_a_worker_nothing_is_delivered_and_the_doctor_says_so(
    db: None, patient: doctor.Patient
) -> None:
    finding = doctor.worker(patient)
    assert not finding.well
    assert "huakai worker" in finding.advice


def test_a_worker_counts_for_as_long_as_its_heart_beats(db: None, patient: doctor.Patient) -> None:
    report_a_worker(patient.now - timedelta(seconds=5))
    assert doctor.worker(patient).well
    later = replace(patient, now=patient.now + timedelta(minutes=1))
    assert not doctor.worker(later).well


def test_a_key_others_may_read_is_found(patient: doctor.Patient) -> None:
    key = patient.env.home / "field.key"
    key.touch(0o600)
    assert doctor.key_files(patient).well
    key.chmod(0o644)
    assert f"chmod 600 {key}" in doctor.key_files(patient).advice


def test_clocks_that_differ_are_found(db: None, patient: doctor.Patient) -> None:
    assert doctor.clock(patient).well
    assert not doctor.clock(replace(patient, now=patient.now + timedelta(minutes=3))).well


def test_tables_and_version_of_this_database_are_well(db: None, patient: doctor.Patient) -> None:
    assert doctor.migrations(patient).well
    assert doctor.database_version(patient).well


def test_a_year_without_published_holidays_is_found(shizhong: EditionView, patient: doctor.Patient) -> None:
    assert doctor.calendar(replace(patient, now=datetime(2026, 11, 20, tzinfo=UTC))).well
    unknown = doctor.calendar(replace(patient, now=datetime(2031, 5, 1, tzinfo=UTC)))
    assert not unknown.well
    assert "2031" in unknown.text


def test_files_that_are_not_published_are_found(
    shizhong: EditionView, patient: doctor.Patient, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "packs" / "newplace").mkdir(parents=True)
    (tmp_path / "packs" / "newplace" / "pack.yaml").write_text(
        "schema_version: 1\ncode: newplace\ntitle: 新地\ntitle_en: New place\nroot_code: '99'\n"
    )
    settings.PACKS_ROOT = tmp_path / "packs"
    finding = doctor.published(patient)
    assert not finding.well
    assert "newplace" in finding.text


def test_an_unreachable_database_is_one_line_and_exit_1(tmp_path: Path) -> None:
    nowhere = {"HUAKAI_HOME": str(tmp_path), "HUAKAI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "-m", "huakai.config.cli", "doctor"]
    result = subprocess.run(
        command, env=os.environ | nowhere, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 1
    assert "database: not reachable" in result.stdout
    assert "Traceback" not in result.stdout + result.stderr
