"""What a sign-in on its way keeps in a cookie, which no browser keeps where it is long."""

from datetime import UTC, datetime

from app.accounts import flows
from app.accounts.flows import LONGEST_TOKEN, Flow
from app.desk.shell.gate import LONGEST_WAY
from app.platform.oidc.provider import Identity
from app.vault.sealing import Vault


def test_a_token_that_is_too_long_is_left_out_and_nobody_is_kept_out(vault: Vault) -> None:
    now = datetime.now(UTC)
    for length, stays in ((LONGEST_TOKEN, True), (LONGEST_TOKEN + 1, False), (50_000, False)):
        token = "x" * length
        identity = Identity("https://idp.example.org/api/v2", "s" * 255, "1" * 14, False, token)
        held = flows.seal(vault, Flow(now, "/" * LONGEST_WAY, step="code", identity=identity))
        assert len(held) < 4_000
        found = flows.read(vault, held, now)
        assert found is not None
        assert found.identity is not None
        assert found.identity.token == (token if stays else "")
