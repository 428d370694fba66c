"""When a form was shown, signed: what comes at once, or much later, was sent by no reader of it."""

import hmac
from datetime import UTC, datetime, timedelta
from typing import Literal

SOONEST = timedelta(seconds=3)
LATEST = timedelta(hours=12)

Pace = Literal["usual", "early", "late"]
# Its form would say "Origin: null" under no-referrer, and be refused as another site's.
OWN_REFERRER = {"Referrer-Policy": "same-origin"}
AGAIN = {
    "early": "Relisez ce que vous avez écrit, puis envoyez de nouveau.",
    "late": "Cette page était ouverte depuis longtemps. Relisez, puis envoyez de nouveau.",
}


def stamp(key: bytes, public_id: str, now: datetime) -> str:
    """Return what a form sends back to say when it was shown, and of which sheet."""
    moment = str(int(now.timestamp()))
    return f"{moment}.{_signature(key, public_id, moment)}"


def pace(key: bytes, public_id: str, given: str, now: datetime) -> Pace:
    """Return whether a form was sent as one reads; what is no stamp of ours is late."""
    moment, _, signature = given.partition(".")
    if not hmac.compare_digest(signature.encode(), _signature(key, public_id, moment).encode()):
        return "late"
    since = now - datetime.fromtimestamp(int(moment), UTC)
    return "early" if since < SOONEST else "late" if since > LATEST else "usual"


def _signature(key: bytes, public_id: str, moment: str) -> str:
    return hmac.digest(key, f"report/{public_id}/{moment}".encode(), "sha256").hex()
