"""Importers of the registry; importing this package registers them (see the bottom of each module)."""

from huakai.registry.imports.places import import_places
from huakai.registry.imports.posts import import_posts
from huakai.registry.imports.shapes import import_shapes
from huakai.registry.imports.teams import import_teams
from huakai.registry.imports.units import import_units
from huakai.registry.imports.volunteers import import_volunteers

__all__ = [
    "import_places",
    "import_posts",
    "import_shapes",
    "import_teams",
    "import_units",
    "import_volunteers",
]
