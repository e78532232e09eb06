"""The machine door as the cast uses it: a bearer token per role, made on first use."""

from datetime import datetime
from typing import Any

from django.test import Client

from huakai.registry import services as registry
from huakai.registry.types import SYSTEM
from tests.cast import COMMUNITY, Cast

ORDER = {"area_code": COMMUNITY, "service": "appliance_repair", "detail": "电扇不转", "address": "3栋401"}


class Api:
    """`api("street_staff", "get", "/cases", …)`: one call with a token of that role."""

    def __init__(self, cast: Cast, now: datetime, client: Client) -> None:
        self.cast, self.now, self.client = cast, now, client
        self.tokens: dict[str, str] = {}

    def __call__(self, role: str, method: str, path: str, key: str = "", **options: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token(role)}"}
        if key:
            headers["Idempotency-Key"] = key
        send = getattr(self.client, method)
        return send(f"/api/v1{path}", content_type="application/json", headers=headers, **options)

    def token(self, role: str) -> str:
        """The role's token, issued on first use."""
        if role not in self.tokens:
            self.tokens[role] = registry.issue_token(
                account_id=self.cast[role].account_id,
                label="test",
                scopes=("cases:read", "cases:write", "ledger:read"),
                days=1,
                by=SYSTEM,
                now=self.now,
            )
        return self.tokens[role]
