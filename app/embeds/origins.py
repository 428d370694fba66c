"""Origins of the sites that may show a registered embed, as frame-ancestors names them.

An origin is a scheme, a host and a port, and a browser compares all three: `exemple.fr` is neither
`www.exemple.fr` nor `notexample.fr`. What is accepted is made of letters, digits and ".:/*-" alone,
so that nothing of it can end a directive or a header.
"""

import re
from functools import cache

import idna
from publicsuffixlist import PublicSuffixList

from app.errors import Mesure23Error

PARTS = re.compile(
    r"(https?)://(\*\.)?([^/:\[\]@?#\\\s]+)(?::([1-9][0-9]{0,4}))?/?",
    # Without ASCII, IGNORECASE takes "ſ" for an "s".
    re.IGNORECASE | re.ASCII,
)
# The last label begins with a letter: hosts that end in a number are addresses to a browser, in
# whichever of their many ways of being written.
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
HOST_MAX = 253
PORT_MAX = 65_535
USUAL = {"http": "80", "https": "443"}
# Hosts whose http is accepted: no network can alter what they send. 127.0.0.1 is the only address
# in numbers that frame-ancestors matches (CSP Level 3, 6.7.2.8).
LOOPBACK = frozenset({"localhost", "127.0.0.1"})


class OriginInvalid(Mesure23Error):
    """« {origin} » ne peut pas être l’origine d’un site : {problem}.
    Une origine s’écrit https://www.exemple.fr, avec son port s’il n’est pas le port habituel.
    """


def read_origin(text: str, *, subdomains: bool = False) -> str:
    """Return an origin as browsers write it: lower case, in ASCII, without its scheme's own port.

    subdomains: "https://*.exemple.fr" is accepted too: any sub-domain, but not exemple.fr itself.
    Raises OriginInvalid.
    """
    parts = PARTS.fullmatch(text)
    if not parts:
        raise _invalid(text, "elle compte un schéma, un nom d’hôte et au besoin un port, sans plus")
    scheme, wildcard, given, port = parts[1].lower(), parts[2] or "", parts[3], parts[4] or ""
    host = _host(text, given)
    if scheme == "http" and host not in LOOPBACK:
        raise _invalid(
            text, "sans https, n’importe qui sur le réseau peut se faire passer pour lui"
        )
    if port and int(port) > PORT_MAX:
        raise _invalid(text, f"un port est un nombre entre 1 et {PORT_MAX}")
    if wildcard:
        _check_wildcard(text, host, allowed=subdomains)
    return f"{scheme}://{wildcard}{host}" + (f":{port}" if port not in ("", USUAL[scheme]) else "")


def _host(text: str, given: str) -> str:
    try:
        host = idna.encode(given, uts46=True).decode("ascii")
    except UnicodeError:
        raise _invalid(text, "ce nom d’hôte n’existe pas") from None
    if host in LOOPBACK:
        return host
    if len(host) > HOST_MAX or not HOST.fullmatch(host):
        raise _invalid(text, "il faut un nom d’hôte entier, et non un nom court ou un numéro")
    return host


def _check_wildcard(text: str, host: str, *, allowed: bool) -> None:
    """Raise OriginInvalid unless all sub-domains of a host are somebody's, and were asked for."""
    if not allowed:
        raise _invalid(text, "« * » vaut pour tous les sous-domaines : dites si vous les voulez")
    if host in LOOPBACK or _suffixes().privatesuffix(host) is None:
        raise _invalid(text, f"les sous-domaines de « {host} » appartiennent à n’importe qui")


def _invalid(text: str, problem: str) -> OriginInvalid:
    shown = "".join(each if each.isprintable() else "?" for each in text[:100])
    return OriginInvalid(origin=shown, problem=problem)


@cache
def _suffixes() -> PublicSuffixList:
    # Domains under which anybody may have one, as browsers know them: fr, gouv.fr, github.io.
    return PublicSuffixList()
