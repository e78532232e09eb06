"""What PostgreSQL alone does: pgbench with the statements of one create, on the same database."""

import re
import subprocess
import tempfile
from dataclasses import dataclass

from django.db import connection

from bench import accounting
from huakai.config import postgres
from huakai.packs import queries as packs

SCRIPT = """\
\\set client_key random(1, 9000000000000000)
BEGIN;
INSERT INTO cases_case (
    id, number, edition_id, flow, stage, status, category, service, tag, caller_kind, channel, title, detail,
    urgent, area_id, area_code, lon, lat, address_enc, requester_id, served_for, opened_by_id, client_key,
    opened_at, stage_since, due_at, due_estimated, answer_due_at, finish_due_at, lead_unit_code, result_text,
    photo_count, last_move_key)
VALUES (uuidv7(), nextval('case_number'), '{edition}', 'volunteer_order', 'ordered', 'open', 'home_repair',
    'appliance_repair', 'haitang', 'resident', 'api', '家电小修', '电扇不转，请上午来看看', false, '{area}',
    '{area_code}', 117.55, 34.86, decode(repeat('ab', 60), 'hex'), '{person}', 'self', '{person}',
    'raw:' || :client_key::text, now(), now(), now() + interval '4 hours', false, now() + interval '4 hours',
    now() + interval '5 days', '', '', 0, '') RETURNING id AS case_id \\gset
INSERT INTO audit_event (subject_kind, subject_id, name, at, actor_id, before, after, edition_id, area_code,
    request_id, due)
VALUES ('case', :case_id::text, 'case.opened', now(), '{person}', '{{}}',
    '{{"flow": "volunteer_order", "stage": "ordered", "channel": "api", "service": "appliance_repair",
       "category": "home_repair", "number": 240001, "requester": "{person}"}}', '{edition}', '{area_code}',
    'b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0', ARRAY['matching.propose_taker']) RETURNING seq \\gset
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, args, scheduled_at)
VALUES ('bench', 'huakai.bench.none', 0, 'case:' || :case_id::text,
    jsonb_build_object('event_seq', :seq::bigint), now() + interval '1 day');
COMMIT;
"""
# afterwards, outside the clock: else the worker's sweep would make proposals for all of them
DELIVERED = """
    INSERT INTO audit_delivery (event_id, handler)
    SELECT seq, 'matching.propose_taker' FROM audit_event
     WHERE request_id = 'b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0' ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Raw:
    """One round of pgbench."""

    rate: float
    cpu_ms: float
    """CPU of the backends per transaction."""


def script() -> str:
    """The transaction with this database's keys filled in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u.id, u.code, p.id FROM registry_unit u, registry_person p"
            " WHERE u.kind IN ('community', 'village') ORDER BY u.code, p.id LIMIT 1"
        )
        area, code, person = cursor.fetchone()
    return SCRIPT.format(edition=packs.current("shizhong").id, area=area, area_code=code, person=person)


def run(server: postgres.Server, meter: accounting.Meter, *, clients: int, seconds: int) -> Raw:
    """pgbench, prepared statements, as many clients as the web server is given."""
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script())
        file.flush()
        environment = {**server.client_environment(), "PGAPPNAME": "raw"}
        command = [str(postgres.binaries() / "pgbench"), "--no-vacuum", "--protocol", "prepared", "--file"]
        command += [file.name, "--client", str(clients), "--jobs", "1", "--time", str(seconds)]
        before = accounting.cpu_of(meter.postmaster) + accounting.reaped(meter.postmaster)
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        after = accounting.cpu_of(meter.postmaster) + accounting.reaped(meter.postmaster)
    found = re.search(r"^tps = ([\d.]+)", done.stdout, re.MULTILINE)
    count = re.search(r"transactions actually processed: (\d+)", done.stdout)
    if done.returncode or not found or not count:
        raise SystemExit(f"pgbench failed:\n{done.stdout}{done.stderr}")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'bench'")
        cursor.execute(DELIVERED)
    return Raw(float(found.group(1)), 1000 * (after - before) / int(count.group(1)))
