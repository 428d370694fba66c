"""What a provider could never sign so, or somebody between it and us changed: nobody is let in."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from pydantic import SecretStr

from app.platform.oidc.errors import IdentityRefused
from app.platform.oidc.provider import ENDPOINTS, Asked, Came, Identity, Provider, Registered

ISSUER, BACK = "https://idp.example.org/api/v2", "https://bureau.example.org/retour"
HERE = Registered(ISSUER, "mesure23", SecretStr("secret of a test"), ("eidas2",))
# Of one name: whoever forges a token says that it is by the provider's own.
OWN, ANOTHER = (ECKey.generate_key("P-256", {"kid": "one"}) for _ in range(2))
SIRET = "11000001500014"
Sign = Callable[[dict[str, Any]], str]


def signed(claims: dict[str, Any], key: ECKey = OWN) -> str:
    return jwt.encode({"alg": "ES256", "kid": "one"}, claims, key, algorithms=["ES256"])


def by_another_key(claims: dict[str, Any]) -> str:
    return signed(claims, ANOTHER)


def by_nothing(claims: dict[str, Any]) -> str:
    return f"{part({'alg': 'none', 'kid': 'one'})}.{part(claims)}."


def by_the_public_key(claims: dict[str, Any]) -> str:
    """By what everybody may read of the provider, as if it were a secret that is shared."""
    return shared(claims, OWN.as_pem(private=False))


def by_the_secret(claims: dict[str, Any]) -> str:
    return shared(claims, HERE.secret.get_secret_value().encode())


def shared(claims: dict[str, Any], secret: bytes) -> str:
    # By hand: no library of today signs by a public key.
    said = f"{part({'alg': 'HS256', 'kid': 'one'})}.{part(claims)}"
    return f"{said}.{encoded(hmac.digest(secret, said.encode(), 'sha256'))}"


def changed(claims: dict[str, Any]) -> str:
    head, _, end = signed({**claims, "sub": "sub-2"}).split(".")
    return f"{head}.{part(claims)}.{end}"


def part(said: dict[str, Any]) -> str:
    return encoded(json.dumps(said).encode())


def encoded(text: bytes) -> str:
    return base64.urlsafe_b64encode(text).decode().rstrip("=")


@dataclass
class Forge:
    """A provider that says what a test has it say. None: it does not say that at all."""

    token: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    sign_token: Sign = signed
    sign_userinfo: Sign = signed
    media: str = "application/jwt"
    asked: Asked = field(default_factory=Asked)
    sent: dict[str, str] = field(default_factory=dict)

    def identify(self, asked: Asked | None = None) -> Identity:
        """Come back from it with a code."""
        provider = Provider(HERE, httpx.MockTransport(self._answer))
        url = provider.sign_in_url(asked or self.asked, BACK, two_factors=True)
        self.sent = {name: each[0] for name, each in parse_qs(urlsplit(url).query).items()}
        return provider.identify(Came("code", ISSUER), self.asked, BACK, datetime.now(UTC))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        match request.url.path.rpartition("/")[2]:
            case "jwks_uri":
                return httpx.Response(200, json={"keys": [OWN.as_dict(private=False)]})
            case "token_endpoint":
                return self._exchanged(parse_qs(request.content.decode()))
            case "userinfo_endpoint":
                body = self.sign_userinfo(self._claims({"siret": SIRET}, self.userinfo))
                return httpx.Response(200, text=body, headers={"content-type": self.media})
        found = {"issuer": ISSUER} | {name: f"{ISSUER}/{name}" for name in ENDPOINTS}
        return httpx.Response(200, json=found)

    def _exchanged(self, form: dict[str, list[str]]) -> httpx.Response:
        """Give tokens to who shows the proof of PKCE, as a provider is to."""
        proof = hashlib.sha256(form["code_verifier"][0].encode()).digest()
        if encoded(proof) != self.sent.get("code_challenge"):
            return httpx.Response(400, json={"error": "invalid_grant"})
        now = int(datetime.now(UTC).timestamp())
        said = {"nonce": self.asked.nonce, "acr": "eidas2", "iat": now, "exp": now + 60}
        token = self.sign_token(self._claims(said, self.token))
        return httpx.Response(200, json={"id_token": token, "access_token": "access"})

    def _claims(self, own: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
        claims = {"iss": ISSUER, "aud": HERE.client, "sub": "sub-1"} | own | said
        return {name: value for name, value in claims.items() if value is not None}


def refused(forge: Forge) -> str:
    with pytest.raises(IdentityRefused) as error:
        forge.identify()
    return error.value.why


def test_what_is_right_is_believed() -> None:
    found = Forge().identify()
    assert (found.subject, found.siret, found.has_two_factors) == ("sub-1", SIRET, True)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"nonce": "n" * 32}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": 1_000_000_000}, "expired"),
        ({"exp": None}, "expired"),
        ({"iat": None}, "expired"),
        ({"iat": 1_000_000_000}, "issued"),
        ({"aud": "other"}, "audience"),
        ({"aud": None}, "audience"),
        ({"aud": ["mesure23", "other"]}, "audience"),
        ({"azp": "other"}, "audience"),
        ({"iss": "https://idp.example.org"}, "issuer"),
        ({"iss": None}, "issuer"),
        ({"sub": None}, "subject"),
    ],
)
def test_an_id_token_that_says_otherwise_is_refused(said: dict[str, Any], why: str) -> None:
    assert refused(Forge(token=said)) == why


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"sub": "sub-2"}, "subject"),
        ({"sub": None}, "subject"),
        ({"aud": "other"}, "audience"),
        ({"aud": None}, "audience"),
        ({"iss": "https://other.example.org"}, "issuer"),
        ({"exp": 1_000_000_000}, "expired"),
    ],
)
def test_a_userinfo_that_says_otherwise_is_refused(said: dict[str, Any], why: str) -> None:
    assert refused(Forge(userinfo=said)) == why


@pytest.mark.parametrize("where", ["sign_token", "sign_userinfo"])
@pytest.mark.parametrize(
    "sign", [by_another_key, by_nothing, by_the_public_key, by_the_secret, changed]
)
def test_what_its_own_key_did_not_sign_is_refused(where: str, sign: Sign) -> None:
    given: dict[str, Any] = {where: sign}
    assert refused(Forge(**given)) == "signature"


@pytest.mark.parametrize("media", ["application/json", "text/plain", ""])
def test_a_userinfo_that_is_none_that_is_signed_is_refused(media: str) -> None:
    assert refused(Forge(media=media)) == "userinfo"


@pytest.mark.parametrize("acr", ["eidas1", "", None, ["eidas2"], True])
def test_any_level_but_one_of_two_factors_is_none(acr: Any) -> None:
    assert not Forge(token={"acr": acr}).identify().has_two_factors


@pytest.mark.parametrize("siret", [None, "", "0" * 14, "1100000150001", "٣" * 14, 11000001500014.5])
def test_an_organisation_that_is_missing_is_none_and_refuses_nobody(siret: Any) -> None:
    assert Forge(userinfo={"siret": siret}).identify().siret == ""


def test_who_lacks_the_proof_of_who_left_is_refused() -> None:
    forge = Forge()
    with pytest.raises(IdentityRefused) as error:
        forge.identify(Asked(forge.asked.state, forge.asked.nonce))
    assert error.value.why == "code"
    assert forge.sent["code_challenge_method"] == "S256"
