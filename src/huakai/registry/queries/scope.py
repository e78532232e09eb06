"""The one predicate *role x unit subtree x action x time* as a database condition."""

from django.db.models import Q

from huakai.registry.types import Actor


def scope_q(actor: Actor, action: str, *, area_field: str = "area_code", own: Q | None = None) -> Q:
    """Rows `actor` may touch with `action`: under a granted unit, or (when the role says so) own rows."""
    allowed = Q(pk__in=[])
    for prefix in actor.prefixes(action):
        if prefix == "":
            return Q()
        allowed |= Q(**{f"{area_field}__startswith": prefix})
    if own is not None and action in actor.own:
        allowed |= own
    return allowed
