"""Where a webhook may go: addresses by table, network addresses by table."""

import pytest

from huakai.kernel.errors import RuleBroken
from huakai.publishing import rules
from huakai.publishing.types import Target


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://city.example/hooks", Target("https", "city.example", 443, "/hooks")),
        (" https://CITY.example ", Target("https", "city.example", 443, "/")),
        ("https://city.example:8443/a?b=c", Target("https", "city.example", 8443, "/a?b=c")),
        ("http://inner.example/x", Target("http", "inner.example", 80, "/x")),
        ("https://[2001:db8::1]/x", Target("https", "2001:db8::1", 443, "/x")),
    ],
)
def test_an_address_is_taken_apart(url: str, target: Target) -> None:
    assert rules.target_of(url, http_hosts={"inner.example"}) == target


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "url_wrong"),
        ("city.example/hooks", "url_wrong"),
        ("ftp://city.example/", "url_wrong"),
        ("file:///etc/passwd", "url_wrong"),
        ("https://", "url_wrong"),
        ("https://city.example:99999/", "url_wrong"),
        ("https://city.example:x/", "url_wrong"),
        ("https://[::1", "url_wrong"),
        ("https://city.example/a b", "url_wrong"),
        ("https://city.example/a\r\nHost: x", "url_wrong"),
        ("https://city.example\\@evil.example/", "url_wrong"),
        ("https://市.example/", "url_wrong"),
        ("https://city.example/" + "a" * 300, "url_wrong"),
        ("https://user:pass@city.example/", "url_holds_password"),
        ("http://city.example/", "url_not_https"),
        ("http://inner.example.evil.example/", "url_not_https"),
    ],
)
def test_an_address_a_webhook_may_not_have_is_refused(url: str, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.target_of(url, http_hosts={"inner.example"})
    assert (refused.value.code, refused.value.field) == (code, "url")


@pytest.mark.parametrize("address", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8"])
def test_public_addresses_are_open(address: str) -> None:
    assert not rules.address_trouble(address, private_allowed=False)


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3", "172.16.0.1", "192.168.1.1", "127.0.0.1", "127.9.9.9", "::1", "fd00::1", "::ffff:10.0.0.1",
        "64:ff9b::a00:1", "2002:a00:1::", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_inside_addresses_are_open_only_where_the_deployment_says_so(address: str) -> None:
    assert rules.address_trouble(address, private_allowed=False)
    assert not rules.address_trouble(address, private_allowed=True)


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254", "fe80::1", "fe80::1%eth0", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255",
        "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "100.64.0.1",
    ],
)  # fmt: skip
def test_some_addresses_are_never_open(address: str) -> None:
    assert rules.address_trouble(address, private_allowed=True)
