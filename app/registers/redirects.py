"""Where the servers of others may lead us: those of registers, those of publishers."""

import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

# Of names that no server of the web has.
_NAMES_INSIDE = (
    *(".localhost", ".local", ".localdomain", ".internal", ".intranet", ".private", ".lan"),
    *(".home", ".corp", ".arpa"),
)
# Whose last four bytes are an address of the old kind.
_TRANSLATED = IPv6Network("64:ff9b::/96")
# Of the web all others lie here: what ipaddress calls global beside them is translated within one
# network, or a group of machines, or given to nobody, as what documents write is.
_WEB, _WRITTEN = IPv6Network("2000::/3"), IPv6Network("3fff::/20")


class LedInside(Exception):
    """A name of the web led to a machine of our own network."""


class Reach:
    """Knows whom connections reached: none of our own network, unless the first one is there."""

    def __init__(self) -> None:
        self._begins_inside: bool | None = None

    def connected(self, peer: str) -> None:
        """Note the address at the other end of a connection; LedInside."""
        inside = _is_inside(peer)
        if self._begins_inside is None:
            self._begins_inside = inside
        elif inside and not self._begins_inside:
            raise LedInside


class Public:
    """Lets connections reach public machines alone, whatever a name of the web stands for."""

    def connected(self, peer: str) -> None:
        """Look at the other end of a connection; LedInside."""
        if _is_inside(peer):
            raise LedInside


def is_public(url: httpx.URL) -> bool:
    """Return whether an address may be one of the web: what its name stands for, Public tells."""
    named = url.scheme in ("http", "https") and bool(url.host) and not url.userinfo
    return named and url.port in (None, 80, 443) and not _is_inside(url.host)


def may_lead(first: httpx.URL, url: httpx.URL) -> bool:
    """Return whether an address may be asked where the first one leads there.

    By https alone, and to no machine of our own network, unless that is where it began. What a name
    of the web stands for only its connection tells: Reach.
    """
    if not url.host or (_is_inside(url.host) and not _is_inside(first.host)):
        return False
    # A server on this machine may point to this machine: a mirror, or a test.
    local = _is_loopback(first) and _is_loopback(url)
    return url.scheme == "https" or (url.scheme == "http" and local)


def _is_inside(host: str) -> bool:
    address = _address(host)
    if address:
        is_other = isinstance(address, IPv6Address) and (address not in _WEB or address in _WRITTEN)
        return is_other or not address.is_global or address.is_multicast
    name = host.rstrip(".").lower()
    return "." not in name or name.endswith(_NAMES_INSIDE)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    """Return the address that a host is written as: "127.1", "0x7f000001", "::ffff:127.0.0.1"."""
    try:
        found = ip_address(host)
    except ValueError:
        try:
            return IPv4Address(socket.inet_aton(host.rstrip(".")))
        except OSError:
            return None
    if isinstance(found, IPv6Address):
        if found in _TRANSLATED:
            return IPv4Address(found.packed[-4:])
        return found.ipv4_mapped or found.sixtofour or found
    return found


def _is_loopback(url: httpx.URL) -> bool:
    try:
        return ip_address(url.host).is_loopback
    except ValueError:
        return url.host == "localhost"
