"""What is wrong with a request itself, or with the service that should answer it."""

from app.errors import RETRY, Mesure23Error


class MethodUnknown(Mesure23Error):
    """Cette adresse ne se demande pas de cette façon."""

    status = 405
    title = "Méthode refusée"
    advice = "Repartez de la carte de France."


class TooManyRequests(Mesure23Error):
    """Trop de demandes sont venues de votre connexion en une minute."""

    status = 429
    title = "Trop de demandes"
    advice = "Attendez une minute. Si un enfant est en danger, appelez le 119, en urgence le 17."


class HostUnknown(Mesure23Error):
    """Ce service ne répond pas sous ce nom."""

    status = 421
    title = "Adresse inconnue"
    advice = (
        "Vérifiez l’adresse qui vous a été donnée. Si vous exploitez ce service, "
        "indiquez la sienne dans MESURE23_PUBLIC_URL."
    )


class ForeignForm(Mesure23Error):
    """Cette demande ne vient pas d’une page de ce service : rien n’a été fait."""

    status = 403
    title = "Demande refusée"
    advice = "Rouvrez la page dans ce navigateur, puis recommencez depuis elle."


class BodyTooLarge(Mesure23Error):
    """Ce qui est envoyé est trop volumineux pour cette adresse."""

    status = 413
    title = "Demande trop volumineuse"
    advice = "Repartez de la carte de France."


class AddressTooLong(Mesure23Error):
    """Cette adresse est trop longue."""

    status = 414
    title = "Adresse trop longue"
    advice = "Choisissez les filtres dans la page."


class HeadersTooLarge(Mesure23Error):
    """Les en-têtes de cette demande sont trop volumineux."""

    status = 431
    title = "Demande trop volumineuse"
    advice = "Effacez les cookies de ce site, puis réessayez."


class RequestTooSlow(Mesure23Error):
    """Cette demande n’est pas arrivée en entier dans le temps imparti."""

    status = 408
    title = "Demande trop lente"
    advice = "Vérifiez votre connexion, puis réessayez."


class AnswerTooSlow(Mesure23Error):
    """La réponse demandait trop de temps : la recherche a été arrêtée."""

    status = 503
    title = "Réponse trop longue"
    advice = RETRY


class TooBusy(Mesure23Error):
    """Trop de personnes consultent ce service en même temps : votre demande n’a pas pu passer."""

    status = 503
    title = "Service très demandé"
    advice = (
        "Réessayez dans quelques secondes. Si un enfant est en danger, appelez le 119, "
        "en urgence le 17."
    )


class KeysWrong(Mesure23Error):
    """Les clés de ce service n’ouvrent plus sa base de données."""

    status = 503
    title = "Clés incorrectes"
    advice = "L’exploitant doit rendre à ce service les clés de sa base, puis le relancer."


class DatabaseUnreachable(Mesure23Error):
    """Le service est momentanément indisponible : sa base de données ne répond pas."""

    status = 503
    title = "Service momentanément indisponible"
    advice = RETRY


class SchemaTooOld(Mesure23Error):
    """Le service est momentanément indisponible : sa base de données attend une mise à jour."""

    status = 503
    title = "Mise à jour en cours"
    advice = RETRY


class Ending(Mesure23Error):
    """Ce processus du service s’arrête, et un autre prend sa suite."""

    status = 503
    title = "Arrêt en cours"
    advice = RETRY


class DiskFull(Mesure23Error):
    """Le service n’a plus de place sur son disque : rien n’est enregistré, rien n’est perdu."""

    status = 503
    title = "Plus de place"
    advice = (
        "Prévenez la personne qui exploite le service, puis recommencez plus tard. Si un enfant "
        "est en danger, appelez le 119, en urgence le 17."
    )


class ListRefused(Mesure23Error):
    """{problem}"""

    status = 422
    title = "Liste refusée"
    advice = "Corrigez ce que dit cette phrase, puis renvoyez la liste."


class OutOfOrder(Mesure23Error):
    """Le service ne peut pas répondre avant que la personne qui l’exploite n’intervienne."""

    status = 503
    title = "Service momentanément indisponible"
    advice = RETRY


class Unexpected(Mesure23Error):
    """Le service n’a pas pu répondre. L’incident est noté de notre côté."""

    status = 500
    title = "Une erreur est survenue"
    advice = RETRY
