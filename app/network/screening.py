"""What may stand in texts of the network: none names a child, nor who is hidden by now."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

from sqlalchemy.orm import Session

from app.cataloguing.screening import screen_texts
from app.gazetteer.territories import read_names
from app.network.children import names_a_child
from app.network.committee_errors import ChildNamed, PlaceNamed
from app.vault.sealing import Vault

Key = TypeVar("Key", bound=Hashable)
# Behind each text, so that the next one does not stand beside it.
_APART = "\n\n—"


def check_child(session: Session, text: str) -> None:
    """Raise ChildNamed."""
    if names_a_child(text, read_names(session).values()):
        raise ChildNamed


def check_text(session: Session, vault: Vault, text: str) -> None:
    """Raise ChildNamed or PlaceNamed."""
    check_child(session, text)
    if screen_texts(session, vault, {"text": text}):
        raise PlaceNamed


def hidden_of(session: Session, vault: Vault, texts: Mapping[Key, str]) -> set[Key]:
    """Return which texts name somebody hidden by now, by their keys."""
    fields = {str(key): f"{text}{_APART}" for key, text in texts.items() if text}
    if not fields:
        return set()
    hidden = {each.field for each in screen_texts(session, vault, fields)}
    return {key for key in texts if str(key) in hidden}
