"""CPU seconds by process, as the kernel accounts them (Linux: /proc/<pid>/stat)."""

import os
from dataclasses import dataclass
from pathlib import Path

import psycopg

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Used:
    """CPU seconds since some beginning, by who spent them."""

    web: float
    web_database: float
    """Backends that serve the web server, and PostgreSQL's own processes (WAL writer, checkpointer …)."""
    worker: float
    worker_database: float

    def since(self, before: "Used") -> "Used":
        return Used(
            self.web - before.web,
            self.web_database - before.web_database,
            self.worker - before.worker,
            self.worker_database - before.worker_database,
        )

    @property
    def request(self) -> float:
        """What a request costs: application and database."""
        return self.web + self.web_database


@dataclass(frozen=True)
class Meter:
    """Reads the accounts of the web server, the worker and PostgreSQL. Backends tell by their application name."""

    database_url: str
    web: int
    worker: int | None
    postmaster: int

    def read(self) -> Used:
        with psycopg.connect(self.database_url, application_name="bench-meter") as connection:
            rows = connection.execute("SELECT pid, application_name FROM pg_stat_activity").fetchall()
        names: dict[int, str] = dict(rows)
        web_database = worker_database = 0.0
        for pid in [self.postmaster, *children_of(self.postmaster)]:
            name = names.get(pid, "")
            if name.startswith("bench"):
                continue
            if name == "huakai-worker":
                worker_database += cpu_of(pid)
            else:
                web_database += cpu_of(pid)
        return Used(
            sum(cpu_of(pid) for pid in family_of(self.web)),
            web_database,
            sum(cpu_of(pid) for pid in family_of(self.worker)) if self.worker else 0.0,
            worker_database,
        )


def cpu_of(pid: int) -> float:
    """User and system seconds of a process and all its threads; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def reaped(pid: int) -> float:
    """CPU of the children that have ended: pgbench's backends are gone when it returns."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / TICKS


def resident_mb(pid: int) -> float:
    """Resident memory of a process in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def children_of(pid: int) -> list[int]:
    """Direct children."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == pid:
                found.append(int(folder.name))
    return found


def family_of(pid: int) -> list[int]:
    """The process and everything it started."""
    found = [pid]
    for child in children_of(pid):
        found += family_of(child)
    return found
