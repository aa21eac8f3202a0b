import pytest

from services.notification.webhooks.address_rules import Rules, refused_address, refused_url

PUBLIC = ["8.8.8.8", "93.184.216.34", "2606:4700::1111", "::ffff:8.8.8.8"]
LOOPBACK = ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"]
PRIVATE = ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fd12:3456::1", "::ffff:10.0.0.1"]
NEVER = [
    "169.254.169.254",  # metadata of most clouds
    "169.254.170.2",
    "fd00:ec2::254",
    "168.63.129.16",
    "100.100.100.200",  # in the shared address space
    "192.0.0.192",
    "::ffff:169.254.169.254",
    "::ffff:a9fe:a9fe",
    "64:ff9b::a9fe:a9fe",  # NAT64
    "2002:a9fe:a9fe::",  # 6to4
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",  # Teredo
    "::127.0.0.1",  # IPv4-compatible
    "fe80::1",
    "fe80::1%eth0",
    "0.0.0.0",
    "::",
    "255.255.255.255",
    "224.0.0.1",
    "ff02::1",
    "240.0.0.1",
    "198.18.0.1",
    "192.0.2.1",
    "2001:db8::1",
    "fec0::1",
]
NOTHING, EVERYTHING = Rules(), Rules(allow_loopback=True, allow_private=True, require_https=False)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    assert not refused_address(address, NOTHING)


@pytest.mark.parametrize("address", LOOPBACK)
def test_loopback_needs_its_setting(address: str) -> None:
    assert refused_address(address, Rules(allow_private=True))
    assert not refused_address(address, Rules(allow_loopback=True))


@pytest.mark.parametrize("address", PRIVATE)
def test_private_networks_need_their_setting(address: str) -> None:
    assert refused_address(address, Rules(allow_loopback=True))
    assert not refused_address(address, Rules(allow_private=True))


@pytest.mark.parametrize("address", NEVER)
def test_no_setting_opens_metadata_link_local_or_reserved_addresses(address: str) -> None:
    assert refused_address(address, EVERYTHING)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://integrator.example/hook?key=1", None),
        ("https://integrator.example:8443/hook", None),
        ("https://xn--e1afmkfd.xn--p1ai/", None),
        ("http://integrator.example/hook", "url_needs_https"),
        ("http://127.0.0.1:9/", "url_needs_https"),
        ("https://user:word@integrator.example/", "url_has_credentials"),
        ("https://user@integrator.example/", "url_has_credentials"),
        ("https://public.example\\@inside.example/", "url_has_credentials"),
        ("ftp://integrator.example/", "url_invalid"),
        ("file:///etc/passwd", "url_invalid"),
        ("gopher://integrator.example/", "url_invalid"),
        ("https:///hook", "url_invalid"),
        ("integrator.example/hook", "url_invalid"),
        ("", "url_invalid"),
        ("https://a b.example/", "url_invalid"),
        ("https://integrator.example\r\nHost: inside/", "url_invalid"),
        ("https://integrator.example:0/", "url_invalid"),
        ("https://integrator.example:99999/", "url_invalid"),
        ("https://integrator.example:x/", "url_invalid"),
        ("https://" + "a" * 3000 + ".example/", "url_too_long"),
    ],
)
def test_a_url_is_judged_before_its_host_is_looked_up(url: str, code: str | None) -> None:
    refusal = refused_url(url, NOTHING)
    assert (refusal.code if refusal else None) == code


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://localhost/", "http://[::1]:80/"])
def test_loopback_may_do_without_tls_where_it_is_allowed(url: str) -> None:
    assert refused_url(url, Rules(allow_loopback=True)) is None
