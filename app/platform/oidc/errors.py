"""Why nobody is let in by an identity provider; what exactly was wrong is for the journal alone."""

from app.errors import Mesure23Error


class ProviderSilent(Mesure23Error):
    """Le service d’identification ne répond pas : rien n’a été fait."""

    status = 503
    title = "Identification momentanément impossible"
    advice = "Connectez-vous par une clé d’accès ou par mot de passe, ou réessayez dans une minute."


class IdentityRefused(Mesure23Error):
    """L’identification n’a pas abouti : rien n’a été fait. Recommencez-la depuis cette page."""

    # why: a word for the journal; no page says it.
    status = 422
    title = "Identification refusée"
    advice = "Si elle échoue encore, connectez-vous par une clé d’accès ou par mot de passe."

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why
