"""Why a letter cannot be written or sent, in French."""

from collections.abc import Sequence

from app.errors import Mesure23Error
from app.records.unpublishing import Remark


class LetterMissing(Mesure23Error):
    """Aucune lettre n’est à cette adresse."""

    status = 404
    title = "Lettre introuvable"
    advice = "Ouvrez Lettres : toutes y sont."


class MonthTaken(Mesure23Error):
    """Une lettre de ce mois existe déjà."""

    status = 409
    title = "Mois déjà pris"
    advice = "Ouvrez-la, ou choisissez un autre mois."


class LetterChanged(Mesure23Error):
    """Quelqu’un a changé cette lettre pendant que vous la lisiez : rien n’est enregistré."""

    status = 409
    title = "Changée entre-temps"
    advice = "Copiez ce que vous avez écrit, rechargez la page, puis reportez-le."


class LetterLeft(Mesure23Error):
    """Cette lettre est partie : elle ne se change plus."""

    status = 409
    title = "Déjà partie"
    advice = "Écrivez la suivante, ou retirez celle-ci de la liste publique."


class LetterEmpty(Mesure23Error):
    """Cette lettre ne dit rien encore."""

    status = 422
    title = "Lettre vide"
    advice = "Écrivez un texte, ou choisissez une ressource ou un événement."


class LetterNotAsked(Mesure23Error):
    """Cette lettre est un brouillon : personne n’a demandé qu’elle parte."""

    status = 409
    title = "Encore un brouillon"
    advice = "Attendez qu’elle soit soumise à un second regard, ou soumettez-la si vous l’écrivez."


class OwnLetter(Mesure23Error):
    """Vous avez écrit dans cette lettre : une autre personne l’approuve."""

    status = 403
    title = "Un second regard est nécessaire"
    advice = "Demandez à un autre curateur, ou à un administrateur, de la lire et de l’envoyer."


class NothingToSendBy(Mesure23Error):
    """Aucun serveur de courrier, ou aucune adresse publique, n’est réglé : rien ne peut partir."""

    status = 409
    title = "Envoi impossible"
    advice = (
        "Demandez à qui exploite le service de régler MESURE23_SMTP_URL et MESURE23_PUBLIC_URL."
    )


class WordsWithheld(Mesure23Error):
    """Ce texte nomme un lieu ou un contact caché, ou pourrait le faire. Rien n’est enregistré."""

    status = 422
    title = "Ce texte ne peut pas être envoyé"
    advice = "Écrivez-le autrement, puis enregistrez de nouveau."

    def __init__(self, remarks: Sequence[Remark] = ()) -> None:
        self.remarks = tuple(remarks)
        super().__init__()
