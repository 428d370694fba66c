"""How people chose that the columns and words of a source are read, sealed with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.lists.followed import SourceUnknown
from app.models import Source, SourceFile
from app.records.erased import GONE, read_erased
from app.records.lists_of import lists_known_to
from app.vault.digests import index_key
from app.vault.sealing import Vault
from app.visibility import Viewer
from importers.chosen import Chosen

TABLE, COLUMN = Source.__tablename__, "mapping"
# Former choices by which known lines are still found, beside that of the last applied list.
MOST_FORMER = 3
# They go again within the hour, or stay.
MOST_TAUGHT = 200
# More than any list has in its columns of words.
MOST_WORDS = 2_000


class ChoiceWrong(Mesure23Error):
    """Une réponse n’est pas de celles que la page propose. Rien n’est enregistré."""

    status = 422
    title = "Ce choix n’existe pas"
    advice = "Revenez à la page des colonnes, choisissez dans ses menus, puis enregistrez."


class TooManyWords(Mesure23Error):
    """Rien n’est enregistré : le sens de 2 000 mots au plus est retenu pour une source."""

    status = 422
    title = "Trop de mots pour cette source"
    advice = (
        "Revenez à la page des colonnes, et ne répondez que pour les mots utiles. S’il y en a tant,"
        " vérifiez que la colonne lue comme une catégorie ou une mission l’est bien."
    )


class NotChosenHere(Mesure23Error):
    """De cette liste, un curateur ou qui l’a déposée dit ce que contiennent ses colonnes."""

    status = 403
    title = "Choix réservé"
    advice = "Demandez-le à un curateur, ou déposez la liste vous-même."


class ChosenMeanwhile(Mesure23Error):
    """Rien n’est enregistré : quelqu’un a choisi comment lire cette source depuis l’affichage de la
    page.
    """

    status = 409
    title = "Colonnes choisies entre-temps"
    advice = (
        "Rouvrez la page des colonnes : elle montre ce qui est choisi. Choisissez ensuite, si vous"
        " le voulez."
    )


class Taught(NamedTuple):
    """A word of categories that was answered as actors were classified. batch: that of history."""

    word: str
    batch: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What is chosen of a source, None where nobody did; former: what was before, latest first.

    applied: what its last applied list was read by, alone in a tuple, since it is None where nobody
    had chosen; an empty tuple where it is not known. at: when somebody last chose. taught: what was
    answered elsewhere, as long as nobody chose anything on the page of its columns since.
    """

    chosen: Chosen | None = None
    former: tuple[Chosen | None, ...] = ()
    applied: tuple[Chosen | None, ...] = ()
    at: datetime | None = None
    taught: tuple[Taught, ...] = ()


def choices_of(session: Session, vault: Vault, source_id: UUID | None) -> Choices:
    """Return what people chose of a source; of one that is unknown or a register, nothing."""
    if source_id is None:
        return Choices()
    statement = select(Source.mapping, Source.mapped_at).where(Source.id == source_id)
    sealed, at = session.execute(statement).one_or_none() or (None, None)
    if sealed is None:
        return Choices()
    opened = vault.open_json(TABLE, source_id, COLUMN, sealed)
    former, applied = (
        tuple(each and _opened(each) for each in opened.get(name, ()))
        for name in ("former", "applied")
    )
    said = (Taught(*each) for each in opened.get("taught", ()))
    taught = tuple(each for each in said if GONE not in each.word)
    return Choices(_opened(opened["chosen"]), former, applied, at, taught)


def _listed(chosen: Chosen) -> dict[str, Any]:
    """Return choices as they are sealed: titles and words as values, since those are erased."""
    return {
        "columns": [list(each) for each in chosen.columns.items()],
        "splits": [[key, each.model_dump(mode="json")] for key, each in chosen.splits.items()],
        "words": [
            [word, field, code]
            for field, words in chosen.words.items()
            for word, code in words.items()
        ],
        "untitled": chosen.untitled,
        "sheets": [[each] for each in chosen.left_out],
    }


def _opened(listed: dict[str, Any]) -> Chosen:
    """Return choices as they were sealed, without those of a title or word that was erased."""
    left = {
        name: [each for each in some if each[0] and GONE not in each[0]]
        for name, some in listed.items()
        if name != "untitled"
    }
    words: dict[str, dict[str, str]] = {}
    for word, field, code in left["words"]:
        words.setdefault(field, {})[word] = code
    columns, splits = dict(left["columns"]), dict(left["splits"])
    untitled = listed.get("untitled", False)
    found = {"columns": columns, "splits": splits, "words": words, "untitled": untitled}
    sheets = [each[0] for each in left.get("sheets", ())]
    return Chosen.model_validate({**found, "left_out": sheets})


def held_choices(session: Session, vault: Vault, source_id: UUID) -> Choices:
    """Return what people chose of a source; whoever else chooses of it waits."""
    session.execute(
        select(Source.id).where(Source.id == source_id).with_for_update(key_share=True)
    ).one()
    return choices_of(session, vault, source_id)


def read_chosen(given: dict[str, object]) -> Chosen:
    """Return what a form says; raise ChoiceWrong or TooManyWords."""
    try:
        chosen = Chosen.model_validate(given)
    except ValidationError:
        raise ChoiceWrong from None
    if sum(map(len, chosen.words.values())) > MOST_WORDS:
        raise TooManyWords
    return chosen


def choose(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    source_id: UUID,
    chosen: Chosen,
    taught: Sequence[Taught] = (),
) -> bool:
    """Let a source be read so from now on; return whether that is new. Raises SourceUnknown.

    taught: of its words, those that go again with the deed that answered them.
    """
    statement = select(Source).where(Source.id == source_id, lists_known_to(viewer))
    source = session.scalar(statement.with_for_update(key_share=True))
    if source is None:
        raise SourceUnknown
    # A page that was open meanwhile would bring back what was erased.
    erased = read_erased(session, index_key(session, vault))
    chosen = _opened(erased.json(_listed(chosen)))
    before = choices_of(session, vault, source_id)
    if before.chosen == chosen:
        return False
    applied = (before.chosen,) if _is_applied(session, source) else before.applied
    former = [each for each in (before.chosen, *before.former) if each != chosen]
    unique = [each for place, each in enumerate(former) if each not in former[:place]]
    # By the choice of the last applied list its lines are known, however often one chooses since.
    latest = unique[:MOST_FORMER]
    latest += [each for each in applied if each in unique[MOST_FORMER:]]
    said = {
        "chosen": _listed(chosen),
        "former": [each and _listed(each) for each in latest],
        "applied": [each and _listed(each) for each in applied],
        "taught": erased.json([list(each) for each in taught[-MOST_TAUGHT:]]),
    }
    source.mapping = vault.seal_json(TABLE, source_id, COLUMN, said)
    source.mapped_at = func.clock_timestamp()
    return True


def _is_applied(session: Session, source: Source) -> bool:
    """Return whether a list of a source was applied since somebody chose how it is read."""
    here = (SourceFile.source_id == source.id, SourceFile.status == "imported")
    last = session.scalar(select(func.max(SourceFile.imported_at)).where(*here))
    return last is not None and (source.mapped_at is None or last > source.mapped_at)
