"""An origin is accepted as browsers write it or not at all, and lets in that one and no other."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.embeds.origins import OriginInvalid, read_origin

# The list of suffixes is read at the first wildcard, on a machine that may do much else.
unhurried = settings(deadline=None)
USUAL = {"http": 80, "https": 443}
LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True).filter(
    # Two hyphens there announce another encoding.
    lambda label: label[2:4] != "--"
)
HOST = st.lists(LABEL, min_size=1, max_size=3).map(lambda labels: ".".join([*labels, "fr"]))
PORT = st.none() | st.integers(1, 65_535)
HARMLESS = re.compile(r"https?://(\*\.)?[a-z0-9.-]+(:[1-9][0-9]{0,4})?")


def lets_in(source: str, ancestor: str) -> bool:
    """Say that a browser shows a frame there: CSP Level 3, 6.7.2, for sources without a path."""
    ours, theirs = urlsplit(source), urlsplit(ancestor)
    if ours.scheme != theirs.scheme:
        return False
    host, other = ours.hostname or "", theirs.hostname or ""
    if host.startswith("*."):
        if not other.endswith(host[1:]):
            return False
    elif host != other:
        return False
    usual = USUAL[theirs.scheme]
    return (ours.port or usual) == (theirs.port or usual)


def written(host: str, port: int | None, scheme: str = "https") -> str:
    return f"{scheme}://{host}" + (f":{port}" if port else "")


@pytest.mark.slow
@unhurried
@given(HOST, PORT)
def test_what_is_accepted_is_read_again_as_it_is(host: str, port: int | None) -> None:
    origin = read_origin(written(host, port))
    assert read_origin(origin) == origin
    parts = urlsplit(origin)
    assert (parts.scheme, parts.hostname, parts.port or 443) == ("https", host, port or 443)


@pytest.mark.slow
@unhurried
@given(HOST, PORT, st.sampled_from(["", "not", "www.", "x-"]), HOST, PORT, st.booleans())
def test_an_origin_lets_in_that_scheme_host_and_port_only(
    host: str, port: int | None, before: str, other: str, other_port: int | None, same: bool
) -> None:
    theirs = before + (host if same else other)
    origin = read_origin(written(host, port))
    exact = (theirs, other_port or 443) == (host, port or 443)
    assert lets_in(origin, written(theirs, other_port)) is exact
    assert not lets_in(origin, written(theirs, other_port, "http"))


@pytest.mark.slow
@unhurried
@given(HOST, HOST)
def test_a_wildcard_lets_in_sub_domains_and_not_what_ends_like_it(host: str, other: str) -> None:
    try:
        origin = read_origin(f"https://*.{host}", subdomains=True)
    except OriginInvalid:
        return  # asso.fr and its like
    assert lets_in(origin, f"https://www.{host}")
    assert not lets_in(origin, f"https://{host}")
    assert not lets_in(origin, f"https://not{host}")
    assert lets_in(origin, f"https://{other}") is other.endswith(f".{host}")


@pytest.mark.slow
@unhurried
@given(st.text(max_size=80) | st.text("htps:/*.-ax0fr;,' \"\n\r\t\\@[]?#%éſ。", max_size=40))
def test_nothing_that_is_accepted_could_end_a_directive_or_a_header(text: str) -> None:
    for given_ in (text, f"https://{text}", f"https://exemple.fr{text}", f"https://*.{text}"):
        try:
            origin = read_origin(given_, subdomains=True)
        except OriginInvalid as refused:
            said = str(refused)
        else:
            said = origin
            assert HARMLESS.fullmatch(origin)
        assert said.isprintable()


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://www.exemple.fr", "https://www.exemple.fr"),
        ("HTTPS://WWW.Exemple.FR/", "https://www.exemple.fr"),
        ("https://exemple.fr:443", "https://exemple.fr"),
        ("https://exemple.fr:8443", "https://exemple.fr:8443"),
        ("https://département.exemple.fr", "https://xn--dpartement-b7a.exemple.fr"),
        ("http://localhost:8080", "http://localhost:8080"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
    ],
)
def test_an_origin_is_written_as_browsers_do(text: str, origin: str) -> None:
    assert read_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        *("exemple.fr", "//exemple.fr", "*", "null", "'self'", "data:", "javascript:alert(1)"),
        *("https://*", "https://exemple.*", "https://www.*.fr", "https://*.*.exemple.fr"),
        *("https://exemple.fr/carte", "https://exemple.fr?a=1", "https://exemple.fr#a"),
        *("https://a@exemple.fr", "https://exemple.fr@exemple.org", "https://exemple.fr\\@x.fr"),
        *("https://exemple.fr; script-src *", "https://exemple.fr,https://x.fr", "https://a.fr\n"),
        *("https://exemple.fr https://x.fr", "https://exemple.fr'", "httpſ://exemple.fr"),
        *("https://exemple.fr:", "https://exemple.fr:0", "https://exemple.fr:0443"),
        *("https://exemple.fr:65536", "https://exemple.fr:٤٤٣", "https://exemple.fr."),
        *(
            "https://1.2.3.4",
            "https://0x7f.1",
            "https://127.1",
            "https://[::1]",
            "https://intranet",
        ),
        *("http://exemple.fr", "http://127.0.0.1.exemple.fr", "ftp://exemple.fr", "https://a_b.fr"),
    ],
)
def test_what_is_not_an_origin_is_refused(text: str) -> None:
    with pytest.raises(OriginInvalid):
        read_origin(text, subdomains=True)


def test_sub_domains_are_let_in_only_where_that_was_asked_for() -> None:
    assert read_origin("https://*.exemple.fr", subdomains=True) == "https://*.exemple.fr"
    with pytest.raises(OriginInvalid, match="tous les sous-domaines"):
        read_origin("https://*.exemple.fr")


@pytest.mark.parametrize(
    "host", ["fr", "gouv.fr", "asso.fr", "github.io", "localhost", "127.0.0.1"]
)
def test_sub_domains_that_anybody_may_have_are_refused(host: str) -> None:
    with pytest.raises(OriginInvalid):
        read_origin(f"https://*.{host}", subdomains=True)
