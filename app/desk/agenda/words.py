"""What pages of the agenda share: their address, and how they say what was done."""

from collections.abc import Iterable

from app.announcing.listing import Tab
from app.desk.shell import gate
from app.models.agenda import EventStatus
from app.records.remarks import remark_in_words
from app.records.unpublishing import Remark

HERE = f"{gate.HOME}/agenda"
TABS: dict[Tab, str] = {
    "proposes": "Proposés",
    "brouillons": "Brouillons",
    "a-venir": "À venir",
    "passes": "Passés",
}
EMPTY: dict[Tab, str] = {
    "proposes": "Rien n’attend de lecture. Ce que les référents proposent arrive ici.",
    "brouillons": "Aucun brouillon. « Nouvel événement » en commence un.",
    "a-venir": "Rien n’est annoncé. « Nouvel événement » en annonce un.",
    "passes": "Aucun événement passé.",
}
STATUSES: dict[EventStatus, str] = {
    "draft": "brouillon",
    "proposed": "proposé",
    "published": "publié",
    "cancelled": "annulé",
}
DONE = {
    "enregistre": "C’est enregistré.",
    "proposed": "C’est proposé : un curateur le relit avant publication.",
    "published": "C’est à l’agenda : ses lecteurs l’ont tout de suite.",
    "annule": "C’est annulé : ses lecteurs lisent pourquoi, et les calendriers le disent.",
    "retire": "C’est retiré de l’agenda.",
}
_FIELDS = {"title": "Titre", "text": "Texte", "place": "Lieu", "reason": "Motif"}
_FIELDS |= {"organiser": "Organisateur", "url": "Lien"}


def remarks_in_words(remarks: Iterable[Remark]) -> list[str]:
    """Say why a text is not published, each reason once."""
    return list(
        dict.fromkeys(remark_in_words(each, _FIELDS.get(each.field, "")) for each in remarks)
    )
