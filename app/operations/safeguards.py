"""Whether a lost disk could be made up for: the register of withdrawals, backups, their trial."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app.models import Withdrawal
from app.operations.backups import (
    SLACK,
    dated_ahead,
    has_repository,
    last_backup,
    rehearsed_at,
)
from app.operations.erasure_register import RegisterNotRead, register_path
from app.operations.erasure_register import count_not_copied as count_erasures
from app.operations.finding import Finding
from app.operations.journal_disk import WAITING, free_beside_the_database
from app.operations.lost_erasures import lost
from app.platform.backup.errors import PlaceUnreadable
from app.platform.backup.gaps import segments_given_up
from app.platform.backup.repository import FOLDER
from app.platform.database.origin import is_restored
from app.platform.database.sessions import read
from app.runtime.addresses import is_outside
from app.settings import Settings
from app.vault.digests import mark_of_database
from app.vault.lines import is_begun, is_there
from app.vault.sealing import Vault
from app.vault.withdrawals import WithdrawalsNotRead, have_added_again, withdrawals_path
from app.vault.withdrawals import count_not_copied as count_withdrawals

_FAILING = text(
    "SELECT last_failed_time > coalesce(last_archived_time, '-infinity') FROM pg_stat_archiver"
)
# Under it the next import may stop the database, and with it every page and every protection.
LEAST_FREE = 2 * 1024**3
_BY_DUMP = (
    " Il n'essaie que l'export de « mesure23 backup run », à faire d'abord : ce que pgBackRest a"
    " fait de ce serveur, son administrateur l'essaie en le restaurant ailleurs."
)
LATE = timedelta(hours=26)
UNTRIED = timedelta(days=40)


def missing_safeguards(staff: Engine, vault: Vault, settings: Settings) -> Iterator[Finding]:
    """Yield what a restored backup would show again, and what nobody could restore."""
    yield from _registered(staff, vault, settings)
    with read(staff) as session:
        failing = session.scalar(_FAILING)
        waiting = session.scalar(WAITING) or 0
    if failing:
        yield Finding(
            f"archivage du journal : {waiting // 1_000_000} Mo attendent",
            "il échoue : un disque perdu coûterait tout ce qui est écrit depuis, et la base remplit"
            " le sien. Regardez si le disque des sauvegardes est plein ou absent. Au-delà de 2 Go"
            " le journal qui attend est abandonné pour que la base continue : une fois la place"
            f" faite, {_run(settings)}.",
        )
    if settings.backup_dir is not None:
        yield from _given_up(settings.backup_dir, settings)
    free = free_beside_the_database(settings)
    if free is not None and free < LEAST_FREE:
        yield Finding(
            f"disque de la base : {free // 1_000_000} Mo libres",
            "plein, il arrête la base, et avec elle les pages et les protections. Libérez de la"
            " place, ou donnez-lui un disque plus grand.",
        )
    yield from late_backups(settings)


def _run(settings: Settings) -> str:
    """Return what makes the next backup."""
    if _of_administrator(settings):
        return "exécutez par le compte postgres « pgbackrest --stanza=mesure23 --type=diff backup »"
    return "exécutez « mesure23 backup run »"


def _of_administrator(settings: Settings) -> bool:
    """Say whether a server outside is backed up by its own pgBackRest, as deploy/ has it."""
    place = settings.backup_dir
    if place is None or not is_outside(settings):
        return False
    try:
        return (place / FOLDER).is_dir()
    except OSError:
        # That the place cannot be read is said by who reads the backups.
        return False


def _given_up(place: Path, settings: Settings) -> Iterator[Finding]:
    """Yield that journal was given up, which stays true once the repository has room again."""
    if count := segments_given_up(place):
        yield Finding(
            f"journal abandonné depuis la dernière sauvegarde : {count} segments",
            "le disque des sauvegardes était plein : ce qui a été écrit alors n'est que dans la"
            f" base, et une restauration s'arrêterait avant. Maintenant {_run(settings)}.",
        )


def late_backups(settings: Settings) -> Iterator[Finding]:
    """Yield that the last backup is too old, that none was tried for too long, or that nobody can
    say.
    """
    try:
        yield from _late(settings)
    except PlaceUnreadable as error:
        yield Finding("sauvegardes illisibles", str(error))


def _late(settings: Settings) -> Iterator[Finding]:
    if not has_repository(settings.backup_dir):
        return
    now = datetime.now(UTC)
    last, tried = last_backup(settings.backup_dir, now), rehearsed_at(settings.backup_dir)
    if settings.backup_dir and (ahead := dated_ahead(settings.backup_dir, now)):
        yield Finding(
            f"sauvegardes datées de plus tard : {', '.join(sorted(ahead))}",
            "l'horloge de cette machine est en retard, ou était en avance quand elles ont été"
            " faites. Réglez-la (timedatectl), exécutez « mesure23 backup run », puis déplacez"
            " ailleurs celles dont la date est fausse.",
        )
    if last is None or now - last > LATE:
        yield Finding(
            "aucune sauvegarde depuis 26 heures",
            f"{_run(settings)}, et regardez pourquoi le minuteur ne l'a pas fait.",
        )
    if tried is None or not -SLACK <= now - tried <= UNTRIED:
        yield Finding(
            "aucune sauvegarde essayée depuis 40 jours",
            "exécutez « mesure23 backup rehearse », qui en restaure une à part et la compare."
            + (_BY_DUMP if _of_administrator(settings) else ""),
        )


def _registered(staff: Engine, vault: Vault, settings: Settings) -> Iterator[Finding]:
    """Yield what the register of withdrawals lacks, so that a backup would show it again."""
    path = withdrawals_path(settings)
    with read(staff) as session:
        waiting = session.scalar(
            select(func.count()).select_from(Withdrawal).where(~Withdrawal.noted)
        )
        restored = is_restored(session.connection())
        database = mark_of_database(session, vault)
    if waiting:
        yield Finding(
            f"retraits hors du registre : {waiting}",
            f"{path} ne peut pas être écrit : une sauvegarde restaurée les montrerait de nouveau."
            " Montez son disque, libérez de la place, ou rendez ce fichier inscriptible.",
        )
    of_erasures = register_path(settings)
    for name, each in (("retraits", path), ("effacements", of_erasures)):
        if not (is_begun(each, database) or restored):
            yield Finding(
                f"registre des {name}",
                f"{each} ne peut pas être commencé : une sauvegarde restaurée ne serait pas"
                " montrée. Montez le disque de son dossier, ou rendez-le inscriptible à ce"
                " compte.",
            )
    if restored:
        yield Finding(
            "base restaurée",
            "ce qui a été caché ou effacé depuis sa sauvegarde ne l'est peut-être pas de nouveau."
            " Exécutez « mesure23 backup replay ».",
        )


def incomplete_registers(settings: Settings, session: Session | None = None) -> Iterator[str]:
    """Yield which registers a restoration from the backups alone would miss something of, by what
    lies in the data directory and, in a session of its owner, by what the database calls added.
    """
    withdrawn, erased = withdrawals_path(settings), register_path(settings)
    # Of a restored one what its registers lack says that they are older copies.
    of = None if session is None or is_restored(session.connection()) else session

    def count_withdrawn() -> int:
        """Count what another machine added to a file of its own as well; have it added here."""
        return count_withdrawals(settings) + (have_added_again(of, withdrawn) if of else 0)

    def count_erased() -> int:
        return count_erasures(settings) + (len(lost(of, settings)) if of else 0)

    for name, path, count in (
        ("retraits", withdrawn, count_withdrawn),
        ("effacements", erased, count_erased),
    ):
        try:
            missing = count()
        except (RegisterNotRead, WithdrawalsNotRead) as error:
            yield str(error)
            continue
        if missing or not is_there(path):
            yield (
                f"le registre des {name} n'est pas entier dans {path}. Donnez le même"
                " MESURE23_BACKUP_DIR au bureau et au worker, sur chaque machine, puis exécutez"
                " « mesure23 doctor », qui le complète : sans lui, rien de ce qui est restauré"
                " n'est montré."
            )
