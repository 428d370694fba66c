"""What may stand in texts of the network: none names a child, nor somebody hidden."""

from collections.abc import Mapping

from sqlalchemy.orm import Session

from app.cataloguing.screening import Key, hidden_of, screen_texts
from app.gazetteer.territories import read_names
from app.network.children import names_a_child
from app.network.committee_errors import ChildNamed, PlaceNamed
from app.records.sealed import RecordUnreadable
from app.vault.lenient import UNCHECKED, Lenient
from app.vault.sealing import NotOpened, Vault


def check_child(session: Session, text: str) -> None:
    """Raise ChildNamed."""
    if names_a_child(text, read_names(session).values()):
        raise ChildNamed


def check_text(session: Session, vault: Vault, text: str) -> None:
    """Raise ChildNamed or PlaceNamed."""
    check_child(session, text)
    if screen_texts(session, vault, {"text": text}):
        raise PlaceNamed


def shown_now(session: Session, vault: Vault, texts: Mapping[Key, str]) -> dict[Key, str]:
    """Return texts as they may be read by now: "" of one that names somebody hidden.

    Where a record of these does not open, a lenient vault has each text say that nothing is known
    of it; by another one raises NotOpened or RecordUnreadable.
    """
    try:
        hidden = hidden_of(session, vault, texts)
    except (NotOpened, RecordUnreadable):
        if not isinstance(vault, Lenient):
            raise
        said = [key for key, text in texts.items() if text]
        vault.note_unchecked(said)
        return dict.fromkeys(texts, "") | dict.fromkeys(said, UNCHECKED)
    return {key: "" if key in hidden else text for key, text in texts.items()}
