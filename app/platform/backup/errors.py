"""Why a backup cannot be made, or restored: each class's docstring is what a person reads."""

from app.errors import OperatorError


class PgbackrestMissing(OperatorError):
    """pgBackRest est introuvable. Installez-le avec « apt-get install pgbackrest », puis relancez
    la commande.
    """


class PlaceMissing(OperatorError):
    """Indiquez dans MESURE23_BACKUP_DIR le dossier des sauvegardes, de préférence sur un autre
    disque, puis relancez la commande.
    """


class PlaceGone(OperatorError):
    """Le dossier des sauvegardes, {place}, n’est pas là : son disque n’est peut-être pas monté.
    Montez-le, ou créez ce dossier s’il est nouveau, puis relancez la commande.
    """


class RepositoryGone(OperatorError):
    """Les sauvegardes de cette base ne sont plus dans {place} : leur disque n’est peut-être pas
    monté. Montez-le, puis relancez la commande ; si elles sont perdues, retirez d’abord {settings}.
    """


class PlaceRefused(OperatorError):
    """L’utilisateur {user}, qui fait tourner la base, ne peut pas écrire dans {path}. Donnez-lui ce
    droit, ou choisissez un autre dossier dans MESURE23_BACKUP_DIR.
    """


class PlaceUnreadable(OperatorError):
    """Les sauvegardes de {place} ne peuvent pas être lues d’ici : {why}. Elles gardent peut-être
    encore ce qui a été caché ou effacé : rendez ce dossier lisible à ce compte, ou refaites cette
    commande depuis le compte qui fait les sauvegardes.
    """


class PassphraseMissing(OperatorError):
    """La phrase secrète des sauvegardes n’est pas dans {path}. Rendez-y celle que vous avez gardée
    à part : sans elle, aucune sauvegarde ne s’ouvre.
    """


class PassphraseWrong(OperatorError):
    """La phrase secrète de {path} n’ouvre pas les sauvegardes de {place}. Rendez-y celle avec
    laquelle elles ont été faites, gardée à part.
    """


class BackupFailed(OperatorError):
    """La sauvegarde n’a pas pu être faite ou lue. Si le disque de {place} est plein, libérez de la
    place, puis recommencez ; sinon, voici ce que dit pgBackRest : {log}
    """


class DatedAhead(OperatorError):
    """La dernière sauvegarde, {label}, est datée de plus tard que maintenant : l’horloge de cette
    machine est en retard, ou était en avance quand elle a été faite, et pgBackRest n’en fait pas
    d’autre avant cette date. Mettez l’horloge à l’heure (timedatectl), puis relancez la commande.
    Si elle y est déjà, renommez {folder}, retirez {settings}, et relancez la commande : elle fait
    une sauvegarde complète dans un dépôt neuf. Détruisez l’ancien une fois que « mesure23 backup
    rehearse » a réussi.
    """


class ProgramsMissing(OperatorError):
    """Les programmes « pg_dump », « pg_restore » et « psql » d’un PostgreSQL {major} ou plus récent
    sont introuvables. Installez-les avec « apt-get install postgresql-client », ou celui de la
    version du serveur, puis relancez la commande.
    """


class DumpFailed(OperatorError):
    """La base n’a pas pu être sauvegardée ou restaurée ; elle est comme avant. Voici ce que disent
    les programmes de PostgreSQL : {log}
    """


class NotWritten(OperatorError):
    """La sauvegarde n’a pas pu être écrite dans {place} : {why}. Libérez de la place ou rendez le
    dossier inscriptible, puis relancez la commande. Les sauvegardes d’avant sont là.
    """


class DumpDamaged(OperatorError):
    """La sauvegarde {label} est abîmée ou coupée : rien n’en est restauré. Détruisez-la, et prenez
    celle d’avant.
    """


class DatabaseNotEmpty(OperatorError):
    """La base « {database} » contient déjà des tables : rien n’est restauré par-dessus. Renommez-la
    (ALTER DATABASE … RENAME TO …), créez-en une vide du même nom, puis relancez la commande.
    """


class OtherName(OperatorError):
    """Cette sauvegarde est celle d’une base nommée « {saved} », dont les identifiants portent le
    nom ; celle-ci se nomme « {database} ». Créez une base vide nommée « {saved} », indiquez-la dans
    MESURE23_OWNER_DATABASE_URL, puis relancez la commande.
    """


class NotArchiving(OperatorError):
    """La base tourne encore sans archiver son journal. Arrêtez le service une fois et relancez-le,
    puis relancez la commande.
    """


class AlreadyBackingUp(OperatorError):
    """Une autre commande de sauvegarde est en cours : attendez sa fin, puis recommencez."""


class NoBackup(OperatorError):
    """Il n’y a pas de sauvegarde complète dans {place}, ou pas d’aussi ancienne. « mesure23 backup
    list » dit lesquelles il y a.
    """


class DatabaseInPlace(OperatorError):
    """Une base est déjà dans {data} : rien n’est restauré par-dessus. Arrêtez le service, déplacez
    ce dossier, puis relancez la commande ; détruisez-le une fois la restauration vérifiée.
    """


class DatabaseInUse(OperatorError):
    """La base de {data} est utilisée. Arrêtez le service et son travail de fond, puis relancez la
    commande.
    """


class NotRestored(OperatorError):
    """La base restaurée n’arrive pas jusqu’au moment demandé : la fin de {path} dit pourquoi. S’il
    est plus récent que ce qui est sauvegardé, relancez la commande avec un moment plus ancien, ou
    sans --until.
    """


class BusyTables(OperatorError):
    """La sauvegarde est faite, mais pas son inventaire : des tables sont restées occupées. Relancez
    « mesure23 backup run » quand aucune liste n’est en cours d’import.
    """
