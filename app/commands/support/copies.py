"""What a command that hides something waits for: each copy of the database hides it as well."""

from app.errors import OperatorError
from app.platform.database.lag import copies_without
from app.runtime.staff import Runtime


class CopiesBehind(OperatorError):
    """C'est fait ici, mais pas encore dans toutes les copies de la base. Elles ne l'ont pas rejoué,
    ou l'identifiant de MESURE23_OWNER_DATABASE_URL ne peut pas le voir (il lui faut
    pg_read_all_stats) : {names}. Arrêtez les pages publiques qui lisent ces copies, ou remettez
    leur réplication en marche, puis relancez la commande.
    """


def wait_for_copies(runtime: Runtime) -> None:
    """Return once each copy has replayed what was committed; raises CopiesBehind."""
    names = copies_without(runtime.owner_url, runtime.settings.lag_most)
    if names:
        raise CopiesBehind(names=", ".join(names))
