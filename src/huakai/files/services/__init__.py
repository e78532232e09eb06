"""Writes of files: photos, and imports of an office's sheets."""

from huakai.files.services.importing import (
    Column,
    Importer,
    Table,
    importer_of,
    importers,
    register_importer,
    run_import,
    template_workbook,
)
from huakai.files.services.photos import add_photo, register_owner
from huakai.files.services.pictures import harmless
from huakai.files.services.tables import read_table

__all__ = [
    "Column",
    "Importer",
    "Table",
    "add_photo",
    "harmless",
    "importer_of",
    "importers",
    "read_table",
    "register_importer",
    "register_owner",
    "run_import",
    "template_workbook",
]
