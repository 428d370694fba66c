"""The one identity provider that a service is registered with, asked by OpenID Connect."""

import base64
import hashlib
import json
import math
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx
from pydantic import SecretStr

from app.platform.oidc.errors import IdentityRefused, ProviderSilent
from app.platform.oidc.fetching import Exchanges
from app.platform.oidc.tokens import (
    Expected,
    KeyUnknown,
    check_id_token,
    check_userinfo,
    open_signed,
)

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

ENDPOINTS = (
    *("authorization_endpoint", "token_endpoint", "userinfo_endpoint"),
    *("jwks_uri", "end_session_endpoint"),
)
# Said where each answer names its issuer, so that one without it is another's.
NAMES_ITSELF = "authorization_response_iss_parameter_supported"
# Nothing of a person but a number that is theirs here alone, and their organisation's.
SCOPE = "openid siret"
PAIRS = ("RSA", "EC")
# Seconds: addresses and keys are asked for again after the first; keys that are new, no more often
# than after the second, nor is one that was silent.
STALE, AGAIN = 3600.0, 10.0


@dataclass(frozen=True, slots=True)
class Registered:
    """What a provider knows the service by. levels: which acr are of two factors."""

    issuer: str
    client: str
    secret: SecretStr
    levels: tuple[str, ...]


def _random() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Asked:
    """What one sign-in is known again by: state and nonce of 32 characters, the proof of PKCE."""

    state: str = field(default_factory=_random)
    nonce: str = field(default_factory=_random)
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))


@dataclass(frozen=True, slots=True)
class Came:
    """With what a browser came back. issuer: who sent it, where that is said; else nothing."""

    code: str
    issuer: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is for their provider. siret: 14 digits, or nothing; token: for the logout."""

    issuer: str
    subject: str
    siret: str
    has_two_factors: bool
    token: str = field(repr=False)


class Provider:
    """Asks a provider. Whatever it answers that is not as asked, nobody is let in by it."""

    def __init__(
        self, registered: Registered, transport: httpx.BaseTransport | None = None
    ) -> None:
        self.registered = registered
        self._exchanges = Exchanges(transport)
        self._addresses: tuple[float, dict[str, str]] | None = None
        self._keys: tuple[float, KeySet] | None = None
        self._silent_at = -math.inf

    def sign_in_url(self, asked: Asked, back: str, *, two_factors: bool) -> str:
        """Return where a browser is sent to sign in; back: where it returns to.

        two_factors: whether the provider shall refuse whom it cannot vouch for by two.
        """
        level = {"essential": True, "values": list(self.registered.levels)} if two_factors else None
        challenge = hashlib.sha256(asked.verifier.encode()).digest()
        query = {
            "response_type": "code",
            "client_id": self.registered.client,
            "redirect_uri": back,
            "scope": SCOPE,
            "state": asked.state,
            "nonce": asked.nonce,
            "claims": json.dumps({"id_token": {"acr": level}}),
            "code_challenge": base64.urlsafe_b64encode(challenge).decode().rstrip("="),
            "code_challenge_method": "S256",
        }
        return _with(self._known_addresses(STALE)["authorization_endpoint"], query)

    def sign_out_url(self, token: str, back: str) -> str | None:
        """Return where a browser ends its session at the provider; None while it is silent."""
        try:
            # Those of before as well: nobody waits to be let out.
            addresses = self._known_addresses(math.inf)
        except (ProviderSilent, IdentityRefused):
            return None
        # Nothing is done when it comes back, so that its state is of no use but to be there.
        query = {"id_token_hint": token, "post_logout_redirect_uri": back, "state": _random()}
        return _with(addresses["end_session_endpoint"], query)

    def identify(self, came: Came, asked: Asked, back: str, now: datetime) -> Identity:
        """Return who came back with a code; raise IdentityRefused or ProviderSilent."""
        return self._exchanges.do(lambda: self._identify(came, asked, back, now))

    def check(self) -> None:
        """Read its addresses and keys anew; raise ProviderSilent or IdentityRefused."""
        self._addresses = self._keys = None
        self._exchanges.do(self._read_keys)

    def _identify(self, came: Came, asked: Asked, back: str, now: datetime) -> Identity:
        addresses = self._read_addresses()
        # Another provider's answer is never shown to this one.
        if came.issuer != self.registered.issuer and (came.issuer or addresses[NAMES_ITSELF]):
            raise IdentityRefused("sent by")
        sent = {
            "grant_type": "authorization_code",
            "client_id": self.registered.client,
            "client_secret": self.registered.secret.get_secret_value(),
            "redirect_uri": back,
            "code": came.code,
            "code_verifier": asked.verifier,
        }
        answer = self._exchanges.ask("POST", addresses["token_endpoint"], data=sent)
        if answer.status >= 500:
            raise ProviderSilent
        if answer.status != 200:
            raise IdentityRefused("code")
        tokens = _parsed(answer.body)
        token, access = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(token, str) or not isinstance(access, str) or not access.isascii():
            raise IdentityRefused("tokens")
        expected = Expected(self.registered.issuer, self.registered.client, now)
        claims = self._opened(token)
        subject = check_id_token(claims, expected, asked.nonce)
        siret = check_userinfo(self._userinfo(addresses, access), expected, subject)
        strong = claims.get("acr") in self.registered.levels
        return Identity(self.registered.issuer, subject, siret, strong, token)

    def _userinfo(self, addresses: dict[str, str], access: str) -> dict[str, Any]:
        given = {"Authorization": f"Bearer {access}"}
        answer = self._exchanges.ask("GET", addresses["userinfo_endpoint"], headers=given)
        if answer.status >= 500:
            raise ProviderSilent
        if answer.status != 200 or answer.media != "application/jwt":
            raise IdentityRefused("userinfo")
        return self._opened(answer.body.decode("ascii", "replace"))

    def _opened(self, token: str) -> dict[str, Any]:
        """Open a token, by keys that are read anew where it names one of none of these."""
        try:
            return open_signed(token, self._read_keys())
        except KeyUnknown:
            read_at = self._keys[0] if self._keys else 0.0
            if time.monotonic() - read_at < AGAIN:
                raise IdentityRefused("key") from None
        self._keys = None
        try:
            return open_signed(token, self._read_keys())
        except KeyUnknown:
            raise IdentityRefused("key") from None

    def _known_addresses(self, age: float) -> dict[str, str]:
        """Return its addresses, asked for where those of before are of another age."""
        if self._addresses and time.monotonic() - self._addresses[0] < age:
            return self._addresses[1]
        if time.monotonic() - self._silent_at < AGAIN:
            # Whoever asks and asks would have all turns of the desk meanwhile.
            raise ProviderSilent
        try:
            return self._exchanges.do(self._read_addresses)
        except ProviderSilent:
            self._silent_at = time.monotonic()
            raise

    def _read_addresses(self) -> dict[str, str]:
        if self._addresses and time.monotonic() - self._addresses[0] < STALE:
            return self._addresses[1]
        issuer = self.registered.issuer
        answer = self._exchanges.ask("GET", f"{issuer}/.well-known/openid-configuration")
        if answer.status != 200:
            raise ProviderSilent
        said = _parsed(answer.body)
        if said.get("issuer") != issuer:
            raise IdentityRefused("issuer")
        found = {name: str(said.get(name, "")) for name in ENDPOINTS}
        # What it says of itself leads nowhere but to itself.
        if any(_origin(each) != _origin(issuer) for each in found.values()):
            raise IdentityRefused("addresses")
        found[NAMES_ITSELF] = "yes" if said.get(NAMES_ITSELF) is True else ""
        self._addresses = time.monotonic(), found
        return found

    def _read_keys(self) -> "KeySet":
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        if self._keys and time.monotonic() - self._keys[0] < STALE:
            return self._keys[1]
        answer = self._exchanges.ask("GET", self._read_addresses()["jwks_uri"])
        if answer.status != 200:
            raise ProviderSilent
        said: Any = _parsed(answer.body)
        try:
            # Of a pair alone: a key that it shares with somebody is none to sign by.
            pairs: Any = [each for each in said["keys"] if each["kty"] in PAIRS]
            keys = KeySet.import_key_set({"keys": pairs})
        except (JoseError, ValueError, TypeError, KeyError):
            raise IdentityRefused("keys") from None
        self._keys = time.monotonic(), keys
        return keys


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def _origin(address: str) -> tuple[str, str]:
    try:
        parts = urlsplit(address)
    except ValueError:
        return "", ""
    return parts.scheme, parts.netloc


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise IdentityRefused("answer") from None
    if not isinstance(found, dict):
        raise IdentityRefused("answer")
    return found
