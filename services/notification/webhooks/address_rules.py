"""Where a webhook may go: rules against being made to call our own network (SSRF)."""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from services.notification.settings import is_loopback

LONGEST_URL = 2000
_PRIVATE = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
# Metadata and platform services at addresses that otherwise look public or private.
_METADATA = tuple(map(ip_network, ("168.63.129.16/32", "fd00:ec2::/32", "192.0.0.0/24")))
_GLOBAL_UNICAST = ip_network("2000::/3")
# Documentation, and forms that carry an IPv4 address inside: 6to4, Teredo and other special ones.
_NOT_PLAIN = tuple(map(ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))


@dataclass(frozen=True, slots=True)
class Rules:
    """What the settings allow besides public addresses over TLS."""

    allow_loopback: bool = False
    allow_private: bool = False
    require_https: bool = True


@dataclass(frozen=True, slots=True)
class Refusal:
    """A stable code, what is wrong, and what to do."""

    code: str
    detail: str


def refused_address(address: str, rules: Rules) -> bool:
    """Whether a webhook must not go to this IP address. A name's every address is asked at each connection."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if any(ip in network for network in _METADATA if network.version == ip.version):
        return True
    if ip.is_loopback:
        return not rules.allow_loopback
    if any(ip in network for network in _PRIVATE if network.version == ip.version):
        return not rules.allow_private
    if isinstance(ip, IPv4Address):
        return not ip.is_global or ip.is_multicast
    return ip not in _GLOBAL_UNICAST or any(ip in network for network in _NOT_PLAIN)


def refused_url(url: str, rules: Rules) -> Refusal | None:
    """What is wrong with a URL by itself, before its host is looked up; None: nothing."""
    if len(url) > LONGEST_URL:
        return Refusal("url_too_long", f"The URL has more than {LONGEST_URL} characters; give a shorter one.")
    try:
        parts = httpx.URL(url)
        host = parts.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError):
        return Refusal("url_invalid", "This is not a URL; give one like https://host/path.")
    if parts.scheme not in ("http", "https") or not host or "%" in host or parts.port == 0:
        return Refusal("url_invalid", "The URL must be like https://host/path: http or https, and a host.")
    if (parts.port or 443) > 65535:
        return Refusal("url_invalid", "The URL's port is above 65535.")
    if parts.userinfo:
        return Refusal(
            "url_has_credentials",
            "The URL has a user or password in it; leave them out, each message is signed instead.",
        )
    if parts.scheme == "http" and rules.require_https and not (rules.allow_loopback and is_loopback(host)):
        return Refusal(
            "url_needs_https", "The URL must begin with https://, so that nobody reads the events."
        )
    return None
