"""Why an event cannot be written or published, in French."""

from collections.abc import Sequence

from app.errors import Mesure23Error
from app.records.unpublishing import Remark


class EventMissing(Mesure23Error):
    """Aucun événement que vous puissiez ouvrir n’est à cette adresse."""

    status = 404
    title = "Événement introuvable"
    advice = "Ouvrez Agenda : ceux que vous pouvez lire y sont."


class NotYourEvent(Mesure23Error):
    """Un curateur publie, change et annule ce qui est à l’agenda."""

    status = 403
    title = "Réservé aux curateurs"
    advice = "Proposez un événement : un curateur le relit et le publie."


class NotYourTerritory(Mesure23Error):
    """Vous proposez des événements de vos territoires."""

    status = 422
    title = "Territoire à choisir"
    advice = (
        "Choisissez l’un de vos territoires. Un curateur annonce ce qui concerne toute la France."
    )


class EventChanged(Mesure23Error):
    """Quelqu’un a changé cet événement pendant que vous écriviez : rien n’est enregistré."""

    status = 409
    title = "Changé entre-temps"
    advice = "Copiez ce que vous avez écrit, rechargez la page, puis reportez-le."


class ChangedSince(Mesure23Error):
    """Quelqu’un a changé cet événement juste après vous : il n’est pas publié."""

    status = 409
    title = "Changé entre-temps"
    advice = "Rechargez la page, relisez-le, puis publiez-le."


class EventOver(Mesure23Error):
    """Cet événement est passé : il ne se publie plus, et ne s’annule plus."""

    status = 409
    title = "Trop tard"
    advice = "Corrigez ses dates si elles sont fausses."


class ReasonMissing(Mesure23Error):
    """Dites pourquoi l’événement est annulé : qui voulait venir le lira."""

    status = 422
    title = "Motif à remplir"
    advice = "Une phrase suffit. N’y nommez personne."


class TextWithheld(Mesure23Error):
    """Ce texte nomme un lieu ou un contact caché, ou pourrait le faire : il n’est pas publié."""

    status = 422
    title = "Ce texte ne peut pas être publié"
    advice = "Écrivez-le autrement, puis enregistrez de nouveau."

    def __init__(self, remarks: Sequence[Remark] = ()) -> None:
        self.remarks = tuple(remarks)
        super().__init__()


class ChangeWithheld(TextWithheld):
    """Ce texte nomme un lieu ou un contact caché, ou pourrait le faire. Rien n’est enregistré :
    les lecteurs de l’événement ont toujours l’ancien texte.
    """
