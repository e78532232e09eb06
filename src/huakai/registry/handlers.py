"""What the registry lends to the record: masked names for the actors' ids."""

from huakai.audit import services as audit
from huakai.registry import queries

audit.names_from(queries.people_brief)
