"""`mesure23 run`: the site with its demonstration, by one command."""

from app.commands.serve import serve
from app.commands.support.listening import LOOPBACK, Host, Port


def run(host: Host = LOOPBACK, port: Port = 8000) -> None:
    """Tout préparer, charger la démonstration si la base est vide, puis servir."""
    serve(host=host, port=port, prepare=True, demo=True)
