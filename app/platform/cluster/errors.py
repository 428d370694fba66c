"""Why the embedded cluster cannot be used: each class's docstring is what a person reads."""

import inspect


class ClusterError(Exception):
    """La base de données embarquée ne peut pas être utilisée."""

    def __init__(self, **values: object) -> None:
        super().__init__(inspect.cleandoc(type(self).__doc__ or "").format(**values))


class PostgisMissing(ClusterError):
    """PostgreSQL avec PostGIS est introuvable (version {minimum} ou plus récente).
    Installez-le avec « apt-get install postgresql-NN-postgis-3 » (NN est la version de PostgreSQL,
    par exemple postgresql-17-postgis-3), ou donnez l'adresse d'un serveur dans
    MESURE23_DATABASE_URL."""


class OtherMajorVersion(ClusterError):
    """La base dans {data} est de la version {needed} de PostgreSQL, mais seules ces versions sont
    installées avec PostGIS : {installed}. Installez postgresql-{needed}-postgis-3, ou exportez la
    base (pg_dump) depuis une machine qui l'a et rechargez-la ici dans un dossier neuf."""


class CannotInitialise(ClusterError):
    """La base de données n'a pas pu être créée dans {data}. Voici ce que dit initdb :
    {log}"""


class CannotStart(ClusterError):
    """La base de données dans {data} n'a pas démarré. Si le disque est plein, libérez de la place,
    puis recommencez. Sinon, la fin de son journal dit pourquoi : {path}."""


class RestorationUnfinished(ClusterError):
    """La restauration de la base dans {data} n'est pas finie : rien n'en est montré. Relancez
    « mesure23 backup restore », qui la reprend, ou attendez la fin de celle qui tourne."""


class LostWithBackups(ClusterError):
    """La base dans {data} n'est plus là, et elle a des sauvegardes dans {backups} : aucune base
    vide n'est mise à sa place. Restaurez-la d'abord (« mesure23 backup restore »). Pour repartir
    quand même d'une base vide, supprimez {settings} et choisissez un autre dossier de
    sauvegardes."""


class CannotStop(ClusterError):
    """La base de données dans {data} ne s'arrête pas (processus {pids}).
    Arrêtez ces processus, puis recommencez."""


class StillInUse(ClusterError):
    """La base dans {data} est encore tenue par un PostgreSQL qui ne répond pas sur {socket}
    (processus {pids}). Il tourne peut-être dans un autre conteneur, ou avec un /tmp privé :
    arrêtez-le, puis recommencez."""


class SocketDirectoryTaken(ClusterError):
    """Le dossier {path}, où la base de données doit mettre sa prise, n'est pas à nous
    (propriétaire {owner}, droits {mode}). Supprimez-le, puis recommencez."""


class ForeignCluster(ClusterError):
    """La base dans {home} appartient à l'utilisateur {owner}. Lancez la commande sous ce nom (ou
    sous root), ou choisissez un autre dossier avec MESURE23_DATA_DIR."""


class CannotWrite(ClusterError):
    """Le dossier {path} ne peut pas être créé par l'utilisateur {user} : {reason}. Donnez-lui le
    droit d'y écrire, choisissez un autre dossier avec MESURE23_DATA_DIR, ou donnez l'adresse d'un
    serveur PostgreSQL avec MESURE23_DATABASE_URL."""


class LostHome(ClusterError):
    """Le lien {link} mène à {target}, qui n'existe plus : c'est là qu'était la base de données.
    Remettez ce dossier en place, ou supprimez le lien pour repartir d'une base vide."""


class NoAccount(ClusterError):
    """PostgreSQL refuse de tourner sous root, et l'utilisateur système « {name} » n'a pas pu être
    créé : {log}. Créez-le avec « useradd --system {name} », puis recommencez."""
