"""What stands around resources is public at once: its texts are looked through before it is saved,
and only what readers have is put anywhere.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.actions import Action
from app.audit.journal import Author, add
from app.cataloguing.publishing import NotYourDecision
from app.cataloguing.screening import screen_texts
from app.errors import Mesure23Error
from app.models import Resource
from app.platform.database.sessions import IMPORT_LOCK, among, hold
from app.vault.sealing import Vault
from app.visibility import Viewer
from geo.text import fold

# Of a text, as much as a sentence about it repeats.
SHORT = 80
# Of the resources that have some words, so many are offered.
MOST_FOUND = 8
_ID = re.compile(r"(?<![0-9a-f])[0-9a-f]{16}(?![0-9a-f])")


class TextNames(Mesure23Error):
    """« {text} » nomme un lieu ou un contact caché, ou dit une adresse près d’un mot
    d’hébergement.
    """

    status = 422
    title = "Ce texte ne peut pas être public"
    advice = "Écrivez-le autrement, puis enregistrez de nouveau."


class TogetherName(TextNames):
    """Lus ensemble, ces textes nomment un lieu ou un contact caché."""

    status = 422
    title = "Ces textes ne peuvent pas être publics"
    advice = "Écrivez-les autrement, puis enregistrez de nouveau."


class NoneFound(Mesure23Error):
    """Aucune ressource publiée ne se trouve par « {text} »."""

    status = 422
    title = "Ressource introuvable"
    advice = "Donnez son adresse sur la carte publique, ou des mots de son titre."


class SeveralFound(Mesure23Error):
    """Plusieurs ressources publiées ont « {text} » dans leur titre."""

    status = 422
    title = "Plusieurs ressources"
    advice = "Choisissez-la ci-dessous, ou donnez d’autres mots de son titre."

    def __init__(self, ids: Sequence[str], text: str) -> None:
        self.ids = tuple(ids)
        super().__init__(text=text)


class ArrangedMeanwhile(Mesure23Error):
    """Ce que vous arrangez a changé depuis que cette page s’est ouverte : rien n’est enregistré."""

    status = 409
    title = "Changé entre-temps"
    advice = (
        "Comparez avec ce qui est en place, puis enregistrez de nouveau ce que vous voulez garder."
    )


def let_change(session: Session, vault: Vault, viewer: Viewer, texts: Mapping[str, str]) -> None:
    """Let a curateur change what stands around resources, by texts that name nobody hidden.

    Under the lock of whoever hides actors. Raises NotYourDecision or TextNames.
    """
    if not viewer.publishes_resources:
        raise NotYourDecision
    hold(session, IMPORT_LOCK)
    remarks = screen_texts(session, vault, {name: text for name, text in texts.items() if text})
    if remarks:
        text = next((texts[each.field] for each in remarks if each.field), "")
        if not text:
            raise TogetherName
        raise TextNames(text=text if len(text) <= SHORT else f"{text[:SHORT]}…")


def digest_of(state: Sequence[object]) -> str:
    """Return the digest of what a form shows, by which it says later what it was based on."""
    said = json.dumps(state, ensure_ascii=False)
    return sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def check_seen(seen: str | None, state: Sequence[object], wanted: Sequence[object]) -> None:
    """Raise ArrangedMeanwhile where a form was based on something else than what is there.

    seen: None where no form was shown. What is wanted already, as of a button pressed twice, is not
    refused.
    """
    if seen is not None and seen != digest_of(state) != digest_of(wanted):
        raise ArrangedMeanwhile


def note(session: Session, vault: Vault, author: Author, what: str, which: str) -> None:
    """Note that somebody changed what stands around resources.

    which: its number, not its words: these are taken as whom they name is hidden, the journal is
    not.
    """
    add(session, vault, author, Action.RESOURCE_ARRANGED, detail={"quoi": what, "lequel": which})


def find_read(session: Session, text: str) -> str:
    """Return the public id of what readers have, by its address or by words of its title.

    Raises NoneFound or SeveralFound.
    """
    if found := _ID.search(text):
        wanted = Resource.public_id == found[0]
    else:
        words = fold(text).split()
        if not words:
            raise NoneFound(text=text)
        wanted = Resource.folded.contains(" ".join(words), autoescape=True)
    ordered = select(Resource.public_id).where(wanted).order_by(Resource.folded, Resource.public_id)
    ids = session.scalars(ordered.limit(MOST_FOUND)).all()
    if not ids:
        raise NoneFound(text=text)
    if len(ids) > 1:
        raise SeveralFound(ids, text)
    return ids[0]


def offered(session: Session, error: Exception | None) -> list[tuple[str, str, str]]:
    """Return those that words were found in: public id, title, and who publishes it, when."""
    if not isinstance(error, SeveralFound):
        return []
    columns = (Resource.public_id, Resource.title, Resource.bodies, Resource.year)
    of = among(Resource.public_id, list(error.ids))
    rows = session.execute(select(*columns).where(of).order_by(Resource.folded, Resource.public_id))
    return [
        (row.public_id, row.title, ", ".join(map(str, filter(None, (*row.bodies, row.year)))))
        for row in rows
    ]


def titles_of(session: Session, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Return public id -> title and audience of those of some public ids that readers have."""
    wanted = among(Resource.public_id, list(ids))
    rows = select(Resource.public_id, Resource.title, Resource.audience).where(wanted)
    return {row.public_id: (row.title, row.audience) for row in session.execute(rows)}


def only_read(session: Session, ids: Iterable[str]) -> list[str]:
    """Return those of some public ids that readers have, each once, in their order."""
    wanted = list(dict.fromkeys(ids))
    rows = select(Resource.public_id).where(among(Resource.public_id, wanted))
    known = set(session.scalars(rows))
    return [each for each in wanted if each in known]
