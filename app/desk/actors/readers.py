"""What a sheet shows of the fields for professionals: who reads each value, and who may say so."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.errors import Mesure23Error
from app.models import Role
from app.records.bare_names import Near, called_in, names_near
from app.records.correcting import may_correct
from app.records.readers import FIELDS, LINES, TEXTS, Chosen, as_seen, read_chosen, values_of
from app.records.record import ActorRecord
from app.records.sheets import Sheet
from app.records.wording import FIELDS as LABELS
from app.records.wording import said as in_words
from app.vault.sealing import Vault
from app.visibility import Viewer, readers_of
from importers.phones import format_french
from importers.vocabulary import Readers


class CallsHidden(Mesure23Error):
    """Ce texte dit le nom d’un lieu caché. Il reste à l’équipe seule."""

    status = 409
    title = "Nom d’un lieu caché"
    advice = "La fiche dit lequel : relisez-la, puis donnez le texte si c’est un autre lieu."


@dataclass(frozen=True, slots=True)
class ReadersLine:
    """A value of a field that may be for professionals. seen: by what its form names it.

    gives, takes_back: whether its reader may give it to professionals, or leave it to staff again.
    waits, decided: a text of which nobody decided yet, or that is to be given to nobody. calls: the
    hidden places whose names it says, to a curateur; anyway: mark of these.
    """

    field: str
    label: str
    seen: str
    words: str
    readers: Readers
    gives: bool
    takes_back: bool
    waits: bool = False
    decided: bool = False
    calls: tuple[Near, ...] = ()

    @property
    def anyway(self) -> str:
        """Return what is sent back by whoever gives it in spite of the names that it says."""
        return _mark(self.calls)


def readers_lines(
    session: Session, vault: Vault, viewer: Viewer, sheet: Sheet
) -> list[ReadersLine]:
    """Return what of an actor may be for professionals; nothing of one that is masked, or whose
    sheet says its family alone: that is its operator's to choose.
    """
    record = sheet.record
    if record is None or sheet.level not in (None, "held"):
        return []
    chosen = read_chosen(session, vault, sheet.actor_id)
    corrects = not may_correct(viewer, record.category, record.territory)
    is_curateur = viewer.role is Role.CURATEUR
    values = [(field, each) for field in (*FIELDS, LINES) for each in values_of(record, field)]
    # Whoever gives reads the names of all that is hidden, in every list.
    texts = [each for field, each in values if field != LINES] if is_curateur else []
    near = names_near(session, vault, viewer, record.territory, texts)
    return [
        _line(chosen, *each, near, is_curateur=is_curateur, corrects=corrects) for each in values
    ]


def refuse_names(
    session: Session,
    vault: Vault,
    viewer: Viewer,
    record: ActorRecord,
    field: str,
    seen: str,
    anyway: str,
) -> tuple[Near, ...]:
    """Raise CallsHidden where a text that is to be given calls a hidden place by its name, unless
    its reader knows that; return which places it calls.
    """
    texts = [each for each in values_of(record, field) if field != LINES and as_seen(each) == seen]
    near = names_near(session, vault, viewer, record.territory, texts)
    calls = called_in(" ".join(texts), near)
    if calls and _mark(calls) != anyway:
        raise CallsHidden
    return calls


def _mark(calls: tuple[Near, ...]) -> str:
    return as_seen("\n".join(f"{each.actor_id} {each.shown}" for each in calls)) if calls else ""


def may_say(viewer: Viewer, field: str, readers: Readers) -> bool:
    """Say whether a person may say who reads a value: of numbers, and to give, a curateur alone."""
    return viewer.role is Role.CURATEUR or (field != LINES and readers == "protege")


def _line(
    chosen: Chosen,
    field: str,
    value: str,
    near: Sequence[Near],
    *,
    is_curateur: bool,
    corrects: bool,
) -> ReadersLine:
    said = chosen.of(field, value)
    readers = readers_of(field, neutral=False, chosen=said)
    is_number, gives = field == LINES, readers == "protege" and is_curateur
    return ReadersLine(
        field,
        "Numéro que le public ne lit pas" if is_number else LABELS[field],
        as_seen(value),
        format_french(value) if is_number else in_words(field, value),
        readers,
        gives=gives,
        takes_back=readers != "protege" and (is_curateur if is_number else corrects),
        waits=field in TEXTS and said is None,
        decided=said == "protege",
        calls=() if is_number else called_in(value, near),
    )
