"""Who comes by an identity provider: the real one vouches for them, or nobody is let in."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from app.platform.oidc.errors import IdentityRefused, ProviderSilent
from app.platform.oidc.provider import Asked, Came, Identity, Provider
from tests.provider import Peer, came_by, identity_provider

pytestmark = pytest.mark.slow
ORIGIN = "https://bureau.example.org"


@pytest.fixture(scope="module")
def peer() -> Iterator[Peer]:
    with identity_provider(ORIGIN) as found:
        yield found


@pytest.fixture(autouse=True)
def person(peer: Peer) -> None:
    peer.person(sub="sub-1", acr="eidas2", siret="11000001500014")


def now() -> datetime:
    return datetime.now(UTC)


def refused(provider: Provider, came: Came, asked: Asked, at: datetime | None = None) -> str:
    with pytest.raises(IdentityRefused) as error:
        provider.identify(came, asked, f"{ORIGIN}/connexion/proconnect/retour", at or now())
    return error.value.why


def identified(peer: Peer, provider: Provider, **said: Any) -> Identity:
    asked = Asked()
    return provider.identify(peer.came(provider, asked, **said), asked, peer.back, now())


@pytest.mark.parametrize("client", ["mesure23", "rsa"])
def test_somebody_comes_with_two_factors(peer: Peer, client: str) -> None:
    found = identified(peer, Provider(peer.registered(client)))
    assert (found.issuer, found.subject) == (peer.address, "sub-1")
    assert (found.siret, found.has_two_factors) == ("11000001500014", True)


def test_it_is_asked_for_two_factors_and_for_nothing_of_the_person(peer: Peer) -> None:
    asked = Asked()
    provider = Provider(peer.registered())
    query = parse_qs(urlsplit(provider.sign_in_url(asked, peer.back, two_factors=True)).query)
    assert [len(asked.state), len(asked.nonce)] == [32, 32]
    assert query["scope"] == ["openid siret"]
    assert query["code_challenge_method"] == ["S256"]
    level = json.loads(query["claims"][0])["id_token"]["acr"]
    assert level == {"essential": True, "values": list(peer.registered().levels)}


def test_a_weaker_level_is_no_two_factors(peer: Peer) -> None:
    provider = Provider(peer.registered())
    peer.person(acr="eidas1")
    # Asked for two, it answers an error, without a code.
    assert peer.came(provider, Asked()).code == ""
    assert not identified(peer, provider, two_factors=False).has_two_factors


def test_a_level_that_was_taken_out_of_the_address_on_its_way_is_judged_by_us(peer: Peer) -> None:
    provider, asked = Provider(peer.registered()), Asked()
    peer.person(acr="eidas1")
    parts = urlsplit(provider.sign_in_url(asked, peer.back, two_factors=True))
    query = {name: each[0] for name, each in parse_qs(parts.query).items() if name != "claims"}
    came = came_by(peer.sign_in(parts._replace(query=urlencode(query)).geturl()))
    assert not provider.identify(came, asked, peer.back, now()).has_two_factors


def test_a_nonce_of_another_sign_in_is_refused(peer: Peer) -> None:
    provider, asked = Provider(peer.registered()), Asked()
    came = peer.came(provider, asked)
    other = Asked(asked.state, Asked().nonce, asked.verifier)
    assert refused(provider, came, other) == "nonce"


def test_a_code_works_once_and_for_who_asked(peer: Peer) -> None:
    provider, asked = Provider(peer.registered()), Asked()
    came = peer.came(provider, asked)
    # Who has read it on its way lacks the proof.
    assert refused(provider, came, Asked(asked.state, asked.nonce)) == "code"
    came = peer.came(provider, asked)
    provider.identify(came, asked, peer.back, now())
    assert refused(provider, came, asked) == "code"
    # Nor for another client of the same provider.
    came = peer.came(provider, asked)
    assert refused(Provider(peer.registered("other")), came, asked) == "code"


def test_a_way_without_the_proof_leads_to_no_code(peer: Peer) -> None:
    provider, asked = Provider(peer.registered()), Asked()
    parts = urlsplit(provider.sign_in_url(asked, peer.back, two_factors=True))
    query = {name: each[0] for name, each in parse_qs(parts.query).items()}
    left = {name: value for name, value in query.items() if not name.startswith("code_challenge")}
    path = peer.sign_in(parts._replace(query=urlencode(left)).geturl())
    assert parse_qs(urlsplit(path).query)["error"] == ["invalid_request"]
    assert came_by(path).code == ""


@pytest.mark.parametrize(
    ("client", "why"),
    [("unsigned", "userinfo"), ("shared", "signature"), ("shared-token", "signature")],
)
def test_what_is_not_signed_by_its_own_key_is_refused(peer: Peer, client: str, why: str) -> None:
    provider, asked = Provider(peer.registered(client)), Asked()
    assert refused(provider, peer.came(provider, asked), asked) == why


@pytest.mark.parametrize(("minutes", "why"), [(3, "expired"), (-3, "issued")])
def test_a_token_of_another_hour_is_refused(peer: Peer, minutes: int, why: str) -> None:
    provider, asked = Provider(peer.registered()), Asked()
    came = peer.came(provider, asked)
    assert refused(provider, came, asked, now() + timedelta(minutes=minutes)) == why


def test_an_answer_of_another_provider_is_refused(peer: Peer) -> None:
    provider, asked = Provider(peer.registered()), Asked()
    came = peer.came(provider, asked)
    for issuer in ("https://other.example.org", ""):
        assert refused(provider, Came(came.code, issuer), asked) == "sent by"


def test_new_keys_are_read_once_a_token_names_one(peer: Peer) -> None:
    provider = Provider(peer.registered())
    identified(peer, provider)
    with identity_provider(ORIGIN) as before:
        other = Provider(before.registered())
        identified(before, other)
    assert other._keys
    read_at, keys = other._keys
    provider._keys = read_at - 20, keys
    assert identified(peer, provider).subject == "sub-1"
    # Not again at once: a stranger's token would make us ask for each of theirs.
    provider._keys = provider._keys[0], keys
    asked = Asked()
    assert refused(provider, peer.came(provider, asked), asked) == "key"


def test_the_session_there_ends_by_its_own_token(peer: Peer) -> None:
    provider = Provider(peer.registered())
    url = provider.sign_out_url(identified(peer, provider).token, f"{ORIGIN}/connexion/sorti")
    assert url
    answer = httpx.get(url)
    assert answer.status_code == 200
    assert "/session/end/confirm" in answer.text


def test_the_provider_is_found_as_an_operator_set_it(peer: Peer) -> None:
    Provider(peer.registered()).check()
    wrong = peer.registered()
    with pytest.raises(ProviderSilent):
        Provider(type(wrong)(f"{wrong.issuer}/api", wrong.client, wrong.secret, ())).check()
