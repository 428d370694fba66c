"""What the mail server of an operator is to do, which no test of ours sees."""

from app.operations.finding import Finding
from app.settings import Settings


def asked_of_relay(settings: Settings) -> list[Finding]:
    """Return what to see to where letters are sent; nothing of it is a fault that we found."""
    if settings.smtp_url is None or settings.public_url is None:
        return []
    if not settings.public_url.startswith("https:"):
        return [
            Finding(
                "MESURE23_PUBLIC_URL",
                "ce n’est pas une adresse https : les lettres partent sans List-Unsubscribe, donc"
                " sans le bouton de désabonnement des messageries. Leur lien reste.",
            )
        ]
    return [
        Finding(
            "MESURE23_SMTP_URL",
            "ce serveur doit signer par DKIM, pour le domaine de MESURE23_MAIL_FROM, les en-têtes"
            " List-Unsubscribe et List-Unsubscribe-Post des lettres : sans cela les messageries"
            " n’en montrent pas le bouton. Envoyez-vous un essai, et lisez « h= » de sa signature.",
        )
    ]
