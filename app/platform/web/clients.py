"""Who asks, no more exactly than is needed: to count requests, and to read in a log."""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.types import Scope

# What one subscriber is given: an address of IPv4; of IPv6 never less than a /64, in which a
# machine changes its address as it likes.
COUNTED = {4: 32, 6: 64}
# What a log may keep of an address, as the CNIL has it for statistics without consent.
SHOWN = {4: 24, 6: 48}
NOWHERE = "-"


def counted(scope: Scope) -> str:
    """Return what requests are counted by: an IPv4 address, or the /64 of an IPv6 one."""
    return _network(_host(scope), COUNTED[4], COUNTED[6])


def shown(scope: Scope) -> str:
    """Return what a log may say of a client: its /24, or its /48; "-" for what is no address."""
    return _network(_host(scope), SHOWN[4], SHOWN[6])


def _host(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


@lru_cache(maxsize=4096)
def _network(host: str, bits_of_4: int, bits_of_6: int) -> str:
    try:
        address: IPv4Address | IPv6Address = ip_address(host)
    except ValueError:
        return NOWHERE
    if isinstance(address, IPv6Address):
        # A socket that takes both families writes ::ffff:192.0.2.1.
        address = address.ipv4_mapped or IPv6Address(int(address))  # without its scope
    bits = bits_of_4 if address.version == 4 else bits_of_6
    return str(ip_network((address, bits), strict=False))
