"""What the registry tells the floor below: masked names of those who act."""

from huakai.audit import services as audit
from huakai.registry import queries

audit.names_from(queries.people_brief)
