"""A reverse proxy as an operator puts one in front: TLS on 443, and 80 leads there."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tests.serving import serving

HOST = "localhost"
METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
# Those of one connection only, and what the next server writes itself.
HOP = {"connection", "keep-alive", "transfer-encoding", "upgrade", "content-length", "host"}
HOP |= {"date", "server"}


@contextmanager
def tls_proxy(service: str, folder: Path) -> Iterator[Path]:
    """Forward https://localhost/ to a service; yield the certificate to trust.

    Skips the test where this account, or another program, does not leave ports 80 and 443 to us.
    """
    for port in (80, 443):
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError as error:
            pytest.skip(f"Port {port} of the loopback cannot be bound: {error.strerror}.")
    certificate, key = make_certificate(folder)

    async def forward(request: Request) -> Response:
        headers = [(k, v) for k, v in request.headers.items() if k not in HOP]
        headers += [("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "127.0.0.1")]
        url = f"{service}{request.url.path}?{request.url.query}".rstrip("?")
        async with httpx.AsyncClient(trust_env=False) as client:
            asked = client.build_request(request.method, url, headers=headers)
            answer = await client.send(asked)
        passed = {k: v for k, v in answer.headers.items() if k not in HOP | {"content-encoding"}}
        return Response(answer.content, answer.status_code, passed)

    async def upgrade(request: Request) -> Response:
        return RedirectResponse(str(request.url.replace(scheme="https", port=None)), 301)

    inside = Starlette(routes=[Route("/{path:path}", forward, methods=METHODS)])
    outside = Starlette(routes=[Route("/{path:path}", upgrade, methods=METHODS)])
    with (
        serving(inside, port=443, ssl_certfile=certificate, ssl_keyfile=key),
        serving(outside, port=80),
    ):
        yield certificate


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Write a certificate that signs itself, and its key; return where."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    names = [x509.DNSName(HOST), x509.IPAddress(ip_address("127.0.0.1"))]
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    pem = serialization.Encoding.PEM
    certificate.write_bytes(signed.public_bytes(pem))
    private, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(pem, private, plain))
    return certificate, secret
