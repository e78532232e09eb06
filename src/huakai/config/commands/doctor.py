"""What is wrong with this installation, and what to do."""

import importlib

from django.db import DatabaseError

from huakai.config import env as environment
from huakai.config import session, terminal
from huakai.config.trouble import Trouble
from huakai.kernel.clock import SystemClock


def run() -> int:
    """1 when anything is not well."""
    sick = 0
    try:
        with session.platform(log_level="error"):
            doctor = importlib.import_module("huakai.config.doctor")
            for finding in doctor.examine(doctor.Patient(environment.load(), SystemClock().now())):
                sick += not finding.well
                advice = "" if finding.well else f" → {finding.advice}"
                terminal.say(f"{'✓' if finding.well else '✗'} {finding.name}: {finding.text}{advice}")
    except (DatabaseError, Trouble) as error:
        reason = str(error).strip().splitlines()[0]
        terminal.say(f"✗ database: not reachable ({reason}) → check HUAKAI_DATABASE_URL, or unset it")
        sick += 1
    return int(sick > 0)
