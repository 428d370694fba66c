"""What the closed place of a CDLP refuses, and what to do next."""

from app.errors import Mesure23Error


class CommitteeUnknown(Mesure23Error):
    """Aucun espace de CDLP qui vous soit ouvert n’est à cette adresse."""

    status = 404
    title = "Espace introuvable"
    advice = "Les espaces où vous siégez, et vos invitations, sont dans « Mes CDLP »."


class AlreadySeated(Mesure23Error):
    """Cette personne siège déjà ici."""

    status = 409
    title = "Déjà membre"
    advice = "Pour changer sa fonction, retirez-la, puis invitez-la de nouveau."


class TooManySeats(Mesure23Error):
    """Cet espace a déjà deux cents membres et invitations."""

    status = 409
    title = "Trop d’invitations"
    advice = "Retirez celles qui ne servent plus."


class FunctionWrong(Mesure23Error):
    """Dites la fonction de cette personne dans la commission, en 120 caractères au plus."""

    status = 422
    title = "Fonction à remplir"
    advice = "Par exemple : procureure, représentante du Département."


class TextWrong(Mesure23Error):
    """Écrivez un texte, de 2 000 caractères au plus."""

    status = 422
    title = "Texte à corriger"
    advice = "Corrigez-le ci-dessous, puis enregistrez."


class HoursWrong(Mesure23Error):
    """Donnez les deux heures, la fin après le début, ou aucune."""

    status = 422
    title = "Heures à corriger"
    advice = "Comme 14:30, à l’horloge du département."


class PapersWrong(Mesure23Error):
    """Un document par ligne : son titre, puis son adresse en https:// ; dix au plus."""

    status = 422
    title = "Documents à corriger"
    advice = "Par exemple : Bilan du semestre : https://exemple.fr/bilan.pdf"


class ChildNamed(Mesure23Error):
    """Ce texte semble désigner un enfant : un nom, un prénom ou une initiale y est près d’un âge,
    ou d’une naissance. Rien n’en est enregistré, nulle part.
    """

    status = 422
    title = "Pas d’enfant ici"
    advice = (
        "Dites la décision sans la personne : « les mineurs de 13 à 15 ans ». Ce qui est écrit"
        " ci-dessous n’est que sur votre écran."
    )


class PlaceNamed(Mesure23Error):
    """Ce texte nomme un lieu ou un contact caché, ou pourrait le faire. Rien n’en est gardé."""

    status = 422
    title = "Ce texte ne peut pas être enregistré"
    advice = "Dites-le sans adresse, ni numéro, ni nom de lieu d’hébergement."


class DecisionDayWrong(Mesure23Error):
    """Choisissez le jour de la réunion où la décision a été prise, aujourd’hui au plus tard."""

    status = 422
    title = "Date à corriger"
    advice = "Corrigez la date, puis enregistrez."


class TooManyDecisions(Mesure23Error):
    """Cet espace a déjà mille décisions."""

    status = 409
    title = "Trop de décisions"
    advice = "Effacez les plus anciennes."
