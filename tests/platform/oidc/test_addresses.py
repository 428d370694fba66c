"""What an identity provider says of itself leads to nobody else, and costs a bounded time."""

import base64
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from threading import Event
from typing import Any

import httpx
import pytest
from joserfc.jwk import KeySet
from pydantic import SecretStr

from app.platform.oidc import fetching
from app.platform.oidc.errors import IdentityRefused, ProviderSilent
from app.platform.oidc.provider import ENDPOINTS, Asked, Came, Provider, Registered
from app.platform.oidc.tokens import Expected, check_id_token, open_signed

ISSUER = "https://idp.example.org/api/v2"
HERE = Registered(ISSUER, "mesure23", SecretStr("secret"), ("eidas2",))
BACK = "https://bureau.example.org/connexion/proconnect/retour"


def metadata(**said: Any) -> dict[str, Any]:
    return {"issuer": ISSUER} | {name: f"{ISSUER}/{name}" for name in ENDPOINTS} | said


def provider(answer: Any) -> Provider:
    """One whose network is a function: what answers here is nobody's service."""

    def respond(request: httpx.Request) -> httpx.Response:
        found = answer(request) if callable(answer) else answer
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    return Provider(HERE, httpx.MockTransport(respond))


def ask(of: Provider) -> str:
    return of.sign_in_url(Asked(), BACK, two_factors=True)


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://idp.example.org"},
        {"token_endpoint": "https://elsewhere.example.org/token"},
        {"jwks_uri": "http://idp.example.org/api/v2/jwks"},
        {"userinfo_endpoint": "https://idp.example.org:8443/me"},
        {"userinfo_endpoint": "https://idp.example.org@elsewhere.example.org/me"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"end_session_endpoint": None},
        {"userinfo_endpoint": "https://["},
    ],
)
def test_it_leads_to_nobody_else(said: dict[str, Any]) -> None:
    with pytest.raises(IdentityRefused):
        ask(provider(metadata(**said)))


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(302, headers={"location": "http://169.254.169.254/"}),
        httpx.Response(500),
        httpx.Response(200, content=b"{" + b" " * fetching.MOST + b"}"),
    ],
)
def test_it_is_followed_nowhere_and_read_no_further(answer: httpx.Response) -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return answer

    with pytest.raises(ProviderSilent):
        ask(provider(respond))
    assert asked == [f"{ISSUER}/.well-known/openid-configuration"]


@pytest.mark.parametrize("body", [b"[]", b"{", b"[" * 90_000, b"\xff"])
def test_what_is_no_answer_is_refused(body: bytes) -> None:
    with pytest.raises(IdentityRefused):
        ask(provider(httpx.Response(200, content=body)))


def test_who_was_silent_is_left_alone_for_a_moment_and_lets_everybody_out() -> None:
    asked: list[str] = []

    def respond(request: httpx.Request) -> Any:
        asked.append(str(request.url))
        return httpx.Response(503) if len(asked) != 2 else metadata()

    of = provider(respond)
    for _ in range(5):
        with pytest.raises(ProviderSilent):
            ask(of)
    assert len(asked) == 1
    assert of.sign_out_url("token", BACK) is None
    of._silent_at = -100.0
    ask(of)
    assert of._addresses
    of._addresses = -5_000.0, of._addresses[1]
    with pytest.raises(ProviderSilent):
        ask(of)
    # By the address of before, and without a question.
    assert of.sign_out_url("token", BACK)
    assert len(asked) == 3


def test_who_is_slow_is_waited_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.05)
    monkeypatch.setattr(fetching, "IN_LINE", 0.05)
    end = Event()
    slow = provider(lambda _: end.wait(10) and metadata())
    for _ in range(fetching.AT_ONCE + 2):
        with pytest.raises(ProviderSilent):
            ask(slow)
    end.set()


class Drip(httpx.SyncByteStream):
    """A body that never ends, a byte at a time."""

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(500):
            time.sleep(0.01)
            yield b" "


def test_one_that_drips_keeps_nobody_else_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE", 0.1)
    answers = iter([httpx.Response(200, stream=Drip()) for _ in range(fetching.AT_ONCE)])
    of = provider(lambda _: next(answers, metadata()))
    for _ in range(fetching.AT_ONCE):
        of._silent_at = -100.0
        with pytest.raises(ProviderSilent):
            ask(of)
    of._silent_at = -100.0
    assert ask(of)


@pytest.mark.parametrize("text", ["half of a character: \ud800", ""])
def test_a_claim_that_is_no_text_is_refused(text: str) -> None:
    at = datetime.now(UTC)
    expected = Expected(ISSUER, HERE.client, at)
    claims = {"iss": ISSUER, "aud": HERE.client, "exp": at.timestamp(), "iat": at.timestamp()}
    for said in ({"nonce": text, "sub": "x"}, {"nonce": "n", "sub": text}):
        with pytest.raises(IdentityRefused):
            check_id_token(claims | said, expected, "n")


def test_a_token_of_many_brackets_is_refused() -> None:
    def part(text: bytes) -> str:
        return base64.urlsafe_b64encode(text).decode().rstrip("=")

    pairs: Any = {"keys": [PAIR]}
    header = part(b'{"alg":"ES256","kid":' + b"[" * 90_000)
    with pytest.raises(IdentityRefused):
        open_signed(f"{header}.e30.AA", KeySet.import_key_set(pairs))


SHARED = {"kty": "oct", "k": "c2VjcmV0LW9mLWFsbC1vZi11cw", "kid": "x"}
PAIR = {
    "kty": "EC",
    "crv": "P-256",
    "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
    "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
}


@pytest.mark.parametrize(("keys", "why"), [([SHARED], "keys"), ([SHARED, PAIR], "signature")])
def test_nothing_is_believed_but_what_a_key_pair_signed(keys: list[Any], why: str) -> None:
    def respond(request: httpx.Request) -> Any:
        if request.url.path.endswith("jwks_uri"):
            return {"keys": keys}
        if request.url.path.endswith("token_endpoint"):
            none = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."
            return {"id_token": none, "access_token": "x"}
        return metadata()

    with pytest.raises(IdentityRefused) as error:
        provider(respond).identify(Came("code", ""), Asked(), BACK, datetime.now(UTC))
    assert error.value.why == why
