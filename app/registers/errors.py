"""Why an edition of a register is not applied: the last good one stays in force."""

from app.errors import OperatorError


class RegisterUnknown(OperatorError):
    """Aucun registre ne s’appelle « {name} ». Registres connus : {known}."""


class OlderEdition(OperatorError):
    """L’édition du {given} de « {title} » est plus ancienne que celle qui est en place, du {present} : rien n’est changé. Pour y revenir quand même, ajoutez --accept."""  # noqa: E501


class CanaryWrong(OperatorError):
    """« {title} » donne « {found} » pour la commune {commune}, où l’on attend « {expected} » : ses lignes semblent décalées, rien n’est changé. Vérifiez l’édition ; si elle est juste, ajoutez --accept."""  # noqa: E501


class TooMuchChanges(OperatorError):
    """Cette édition de « {title} » ferait disparaître {missing} et changerait {updated} des {known} acteurs connus ({where}) : c’est plus d’un cinquième, rien n’est changé. Regardez le plan (--plan) ; s’il est juste, ajoutez --accept."""  # noqa: E501
