"""Proof that the record is whole."""

from huakai.audit import queries as audit
from huakai.config import terminal, wording
from huakai.config.session import Here


def run(here: Here) -> int:
    """Each changed or missing row; 1 when there is one."""
    with terminal.progress("reading the record") as report:
        problems = audit.verify(report)
    for problem in problems:
        where = f"{problem.subject.kind}:{problem.subject.id} #{problem.subject_seq} (row {problem.seq})"
        terminal.say(f"✗ {where}: {wording.sentence(problem.message)}")
    terminal.say(f"{len(problems)} problems" if problems else "✓ the record is whole")
    return int(bool(problems))
