"""Where a webhook may go: the shape of its address, and which network addresses it may reach."""

from collections.abc import Collection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from huakai.kernel.errors import N_, RuleBroken
from huakai.publishing.types import Target

NAT64 = ip_network("64:ff9b::/96")
"""RFC 6052: the last 32 bits are an IPv4 address."""
URL_CHARACTERS = 300


def target_of(url: str, *, http_hosts: Collection[str]) -> Target:
    """The parts of a peer's address; RuleBroken when it is none a webhook may have.

    https only; http to hosts the deployment names (`HUAKAI_WEBHOOK_HTTP_HOSTS`).
    """
    parts = _parts(url.strip())
    if parts is None or not parts.hostname:
        raise RuleBroken(
            "url_wrong", N_("请填写完整的地址，以 https:// 开头，不超过 300 个字符"), field="url"
        )
    if parts.username is not None or parts.password is not None:
        raise RuleBroken("url_holds_password", N_("地址里不能写用户名和密码，签名已能证明来源"), field="url")
    if parts.scheme == "http" and parts.hostname not in http_hosts:
        message = N_("只能用 https:// 地址；内网要用 http，请运维把主机名加入 HUAKAI_WEBHOOK_HTTP_HOSTS")
        raise RuleBroken("url_not_https", message, field="url")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.hostname, port, path)


def _parts(url: str) -> SplitResult | None:
    """The parts of a web address of sound shape, else None."""
    if len(url) > URL_CHARACTERS or not _is_plain(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # refuses what is no number, or too large
    except ValueError:
        return None
    return parts if parts.scheme in {"https", "http"} else None


def _is_plain(url: str) -> bool:
    """Visible ASCII only: nothing that could split a header or be read in two ways."""
    return all("!" <= c <= "~" and c not in '\\"<>^`{|}' for c in url)


def address_trouble(address: str, *, private_allowed: bool) -> bool:
    """Must no webhook go to this network address?

    Private and loopback ones only where the deployment says so for the host (`HUAKAI_WEBHOOK_PRIVATE_HOSTS`);
    link-local (cloud metadata), multicast, reserved and unspecified ones never.
    """
    found = _unwrapped(ip_address(address.partition("%")[0]))
    if found.is_link_local or found.is_multicast or found.is_unspecified or found == IPv4Address(2**32 - 1):
        return True
    if found.is_global:
        return False
    return not (private_allowed and (found.is_private or found.is_loopback))


def _unwrapped(found: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address inside a mapped, 6to4, Teredo or NAT64 one: that is where the packets end."""
    if isinstance(found, IPv4Address):
        return found
    if found in NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    teredo = found.teredo[1] if found.teredo else None
    return found.ipv4_mapped or found.sixtofour or teredo or found
