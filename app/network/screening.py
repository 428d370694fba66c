"""What may stand in texts of the network: none names a child, nor somebody hidden."""

from sqlalchemy.orm import Session

from app.cataloguing.screening import screen_texts
from app.gazetteer.territories import read_names
from app.network.children import names_a_child
from app.network.committee_errors import ChildNamed, PlaceNamed
from app.vault.sealing import Vault


def check_child(session: Session, text: str) -> None:
    """Raise ChildNamed."""
    if names_a_child(text, read_names(session).values()):
        raise ChildNamed


def check_text(session: Session, vault: Vault, text: str) -> None:
    """Raise ChildNamed or PlaceNamed."""
    check_child(session, text)
    if screen_texts(session, vault, {"text": text}):
        raise PlaceNamed
