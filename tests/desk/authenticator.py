"""A passkey of software: what a browser and its authenticator answer, as WebAuthn has it."""

import hashlib
import json
import os
import struct
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as b64

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One key, of one account, as its browser uses it. origin: what the browser says it is at."""

    origin: str
    host: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential: bytes = field(default_factory=lambda: os.urandom(32))
    handle: str = ""
    count: int = 0
    verifies: bool = True

    def create(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer navigator.credentials.create."""
        self.handle = asked["options"]["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        attested = bytes(16) + struct.pack(">H", len(self.credential)) + self.credential + public
        data = self._data(ATTESTED) + attested
        client = self._client("webauthn.create", asked)
        response = {
            "clientDataJSON": b64(client),
            "attestationObject": b64(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(asked, response)

    def get(self, asked: dict[str, Any]) -> dict[str, Any]:
        """Answer navigator.credentials.get."""
        self.count += 1
        data = self._data(0)
        client = self._client("webauthn.get", asked)
        signed = data + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(data),
            "signature": b64(self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": self.handle,
        }
        return self._answer(asked, response)

    def _client(self, deed: str, asked: dict[str, Any]) -> bytes:
        challenge = asked["options"]["challenge"]
        said = {"type": deed, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _data(self, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.count)

    def _answer(self, asked: dict[str, Any], response: dict[str, Any]) -> dict[str, Any]:
        credential = {
            "id": b64(self.credential),
            "rawId": b64(self.credential),
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }
        return {"challenge_id": asked["challenge_id"], "credential": credential}
