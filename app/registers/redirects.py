"""Where the server of a register may lead us."""

from ipaddress import ip_address

import httpx

_NAMES_INSIDE = (".localhost", ".local", ".internal")


def may_lead(first: httpx.URL, url: httpx.URL) -> bool:
    """Return whether an address may be asked where the first one leads there.

    By https alone, and to no machine of our own network, unless that is where it began.
    """
    if not url.host or (_is_inside(url) and not _is_inside(first)):
        return False
    # A server on this machine may point to this machine: a mirror, or a test.
    local = _is_loopback(first) and _is_loopback(url)
    return url.scheme == "https" or (url.scheme == "http" and local)


def _is_inside(url: httpx.URL) -> bool:
    try:
        return not ip_address(url.host).is_global
    except ValueError:
        return "." not in url.host or url.host.endswith(_NAMES_INSIDE)


def _is_loopback(url: httpx.URL) -> bool:
    try:
        return ip_address(url.host).is_loopback
    except ValueError:
        return url.host == "localhost"
