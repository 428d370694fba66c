"""Why an edition of a register is not applied: the last good one stays in force."""

from app.errors import OperatorError


class RegisterUnknown(OperatorError):
    """Aucun registre ne s’appelle « {name} ». Registres connus : {known}."""


class FileOfWhich(OperatorError):
    """De quel registre est ce fichier ? Écrivez son nom avant --file : {known}."""


class NoAddress(OperatorError):
    """L’adresse de « {title} » n’est pas connue. Téléchargez le fichier depuis {page} et donnez-le par --file, ou mettez son adresse dans MESURE23_{code}_URL."""  # noqa: E501


class FileOnly(OperatorError):
    """« {title} » ne se télécharge pas seul : demandez son fichier ({page}), puis donnez-le : mesure23 registers update {name} --file FICHIER."""  # noqa: E501


class NoTerritories(OperatorError):
    """Les territoires ne sont pas encore chargés, et un plan n’écrit rien. Lancez d’abord « mesure23 territories load »."""  # noqa: E501


class UpdateRunning(OperatorError):
    """Une autre mise à jour de registres est en cours : rien n’est fait. Relancez la commande quand elle aura fini."""  # noqa: E501


class OlderEdition(OperatorError):
    """L’édition du {given} de « {title} » est plus ancienne que celle qui est en place, du {present} : rien n’est changé. Pour y revenir quand même, ajoutez --accept."""  # noqa: E501


class DayUnsaid(OperatorError):
    """Ni le fichier « {filename} » ni son nom ne disent de quel jour il est, et une édition ancienne passerait pour la plus récente : rien n’est changé. Ajoutez --day et le jour où il a été publié, sinon téléchargé, par exemple --day 2026-10-06."""  # noqa: E501


class DayToCome(OperatorError):
    """Le {day} n’est pas encore passé : aucun fichier n’est de ce jour. Vérifiez --day."""


class DayOfWhich(OperatorError):
    """--day dit le jour d’un fichier que vous donnez : ajoutez --file et ce fichier, ou retirez --day."""  # noqa: E501


class CanaryWrong(OperatorError):
    """« {title} » ne donne pas « {expected} » pour la commune {commune} : ses lignes semblent décalées, rien n’est changé. Vérifiez l’édition ; si elle est juste, ajoutez --accept."""  # noqa: E501


class TooMuchChanges(OperatorError):
    """Cette édition de « {title} » ferait disparaître {missing} et changerait {updated} des {known} acteurs connus ({where}) : c’est plus d’un cinquième, rien n’y est changé. Regardez le plan (--plan) ; s’il est juste, ajoutez --accept."""  # noqa: E501


class TooManyUnreadable(OperatorError):
    """Dans cette édition de « {title} », {unreadable} fiches sur {entries} ne se lisent pas : un champ a sans doute changé de forme, et ceux qu’elles nomment disparaîtraient. Rien n’est changé. Attendez l’édition suivante ; si le plan (--plan) est juste, ajoutez --accept."""  # noqa: E501


class TooManyCommunes(OperatorError):
    """Cette édition de « {title} » ne dirait plus rien de {missing} communes et dirait autre chose de {updated}, sur {known} : c’est plus d’un cinquième, rien n’est changé. Regardez le plan (--plan) ; s’il est juste, ajoutez --accept."""  # noqa: E501


class LeftAlone(OperatorError):
    """« {title} » n’a pas pu être téléchargé plusieurs fois de suite, ou son serveur demande d’attendre : il n’est plus demandé jusqu’au {until}. Relancez la commande après, ou donnez le fichier avec --file."""  # noqa: E501


class DownloadRunning(OperatorError):
    """« {title} » est déjà en cours de téléchargement : attendez qu’il soit fini, puis relancez la commande."""  # noqa: E501


class DownloadFailed(OperatorError):
    """« {title} » n’a pas pu être téléchargé. Relancez la commande plus tard, ou donnez le fichier avec --file."""  # noqa: E501


class NetworkGone(DownloadFailed):
    """{host} ne répond pas : « {title} » n’est pas téléchargé. Vérifiez la connexion à Internet et le proxy, puis relancez la commande : ce qui est déjà reçu n’est pas perdu."""  # noqa: E501


class ServerBusy(DownloadFailed):
    """{host} reçoit trop de demandes (réponse 429) : « {title} » n’est pas téléchargé. Relancez la commande dans quelques heures, ou donnez le fichier avec --file."""  # noqa: E501


class ServerDown(DownloadFailed):
    """{host} est en panne (réponse {status}) : « {title} » n’est pas téléchargé. Relancez la commande dans quelques heures, ou donnez le fichier avec --file."""  # noqa: E501


class NoFileThere(DownloadFailed):
    """{host} n’a pas ce fichier (réponse {status}) : « {title} » n’est pas téléchargé. Cherchez sa nouvelle adresse sur {page}, puis donnez-la dans les réglages."""  # noqa: E501


class PageInstead(DownloadFailed):
    """{host} envoie une page web à la place de « {title} ». Ouvrez l’adresse dans un navigateur, ou cherchez celle du fichier sur {page}, puis donnez-la dans les réglages."""  # noqa: E501


class PackedOtherwise(DownloadFailed):
    """{host} envoie « {title} » comprimé d’une façon qui n’est pas acceptée : rien n’est téléchargé. Téléchargez le fichier depuis {page}, puis donnez-le avec --file."""  # noqa: E501


class FileTooLarge(DownloadFailed):
    """Le fichier de « {title} » dépasse {most} Mo : il n’est pas téléchargé. Vérifiez son adresse ; s’il est juste, donnez-le avec --file."""  # noqa: E501


class FileCut(DownloadFailed):
    """Le fichier de « {title} » s’arrête avant la fin : {size} octets reçus sur {announced}. Relancez la commande dans quelques minutes, ou donnez le fichier avec --file."""  # noqa: E501


class RedirectRefused(DownloadFailed):
    """{host} renvoie vers une adresse qui n’est pas sûre (sans https, ou dans votre propre réseau), ou tourne en rond : « {title} » n’est pas téléchargé. Cherchez l’adresse du fichier sur {page}, puis donnez-la dans les réglages."""  # noqa: E501


class ApiFailed(OperatorError):
    """{host} ne répond pas comme il faut. Relancez la commande plus tard."""


class ApiGone(ApiFailed):
    """{host} ne répond pas. Vérifiez la connexion à Internet et le proxy, puis relancez la commande."""  # noqa: E501


class ApiBusy(ApiFailed):
    """{host} reçoit trop de demandes (réponse 429). Relancez la commande dans quelques heures."""


class ApiDown(ApiFailed):
    """{host} est en panne (réponse {status}). Relancez la commande dans quelques heures."""


class ApiRefused(ApiFailed):
    """{host} refuse cette demande (réponse {status}). Vérifiez l’adresse de cette API, puis relancez la commande."""  # noqa: E501


class ApiUnreadable(ApiFailed):
    """{host} envoie autre chose que ce que publie cette API. Vérifiez son adresse, puis relancez la commande plus tard."""  # noqa: E501
