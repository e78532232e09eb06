"""Writes of packs: publishing an edition."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import connection, transaction

from huakai.audit import services as audit
from huakai.audit.types import Fact, Subject
from huakai.kernel.errors import N_, RuleBroken
from huakai.kernel.ids import new_id
from huakai.packs import queries, rules
from huakai.packs.definitions import PackManifest
from huakai.packs.events import PACK_PUBLISHED
from huakai.packs.models import Edition
from huakai.packs.types import EditionView, Problem


class PackHasProblems(RuleBroken):
    """The files have errors; nothing was published."""

    def __init__(self, problems: list[Problem]) -> None:
        first = problems[0]
        place = f"{first.file}:{first.line} {first.path}"
        super().__init__(
            "pack_has_problems",
            N_("包里有 {count} 处错误，没有发布。第一处：{place}"),
            count=len(problems),
            place=place,
        )
        self.problems = problems


@transaction.atomic
def publish(*, pack_code: str, root: Path, by: UUID | None, now: datetime) -> EditionView:
    """Store the pack's effective files as a new numbered edition (and the pack it requires before it).

    Files that are as the current edition has them publish nothing: that edition is returned.
    """
    errors = [problem for problem in queries.check_pack(pack_code, root) if problem.level == "error"]
    if errors:
        raise PackHasProblems(errors)
    files, _ = queries.effective_files(pack_code, root)
    manifest = PackManifest.model_validate(files[rules.MANIFEST_FILE].data)
    base = publish(pack_code=manifest.requires, root=root, by=by, now=now) if manifest.requires else None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"packs.publish:{pack_code}"])
    newest = Edition.objects.filter(pack_code=pack_code).order_by("-number").first()
    content = rules.content_of(files)
    digest = rules.content_hash(content)
    if newest is not None and newest.hash == digest:
        return queries.edition(newest.pk)
    row = Edition.objects.create(
        id=new_id(now),
        pack_code=pack_code,
        number=newest.number + 1 if newest else 1,
        hash=digest,
        content=content,
        base_number=base.number if base else None,
        root_code=manifest.root_code,
        published_at=now,
        published_by=by,
    )
    changed = sorted({each.file for each in rules.diff(newest.content if newest else {}, content)})
    audit.record(
        Fact(
            name=PACK_PUBLISHED,
            subject=Subject("pack", pack_code),
            at=now,
            actor_id=by,
            before={"number": newest.number, "hash": newest.hash} if newest else {},
            after={
                "number": row.number,
                "hash": digest,
                "changed_files": changed,
            },
            edition_id=row.pk,
            area_code=manifest.root_code,
        )
    )
    queries.forget_current()
    transaction.on_commit(queries.forget_current)
    return queries.edition(row.pk)
