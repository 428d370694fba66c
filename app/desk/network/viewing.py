"""How a professional reads of members: signed in, at this moment."""

from app.accounts.sessions import SignedIn
from app.desk.shell import gate
from app.desk.shell.gate import Desk
from app.visibility import Viewer


def viewer_of(desk: Desk, signed: SignedIn) -> Viewer:
    """Return who reads."""
    return Viewer.professional(gate.asker_of(signed, desk.now()))
