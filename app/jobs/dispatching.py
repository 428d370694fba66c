"""Sends letters: each to one recipient in a message of its own, as things stand when it leaves."""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.composing import recipients, writing
from app.composing.recipients import Going, Recipient
from app.errors import LetterUnknown
from app.inbox.opening import link_signer
from app.jobs.log import say
from app.jobs.mailing import NEVER, SENDER, MailSilent, code_of
from app.jobs.receiving import receive_all
from app.jobs.subscribing import act_all
from app.letters.letter import Block, subject_of
from app.letters.mail import halves_of
from app.letters.queries import read_blocks, read_issue
from app.models.letter_issue import MailStatus
from app.platform.database.ahead import Ahead, ahead
from app.platform.database.sessions import read, write
from app.platform.mail.conversation import Conversation, InDoubt
from app.platform.mail.links import Aim, Link, headers_to_leave, signed
from app.platform.mail.many import TOKEN, Made, Mail, ascii_address
from app.platform.mail.sending import address_of
from app.runtime.staff import Runtime
from app.settings import Settings
from geo.zones import paris_day

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Whole:
    """A letter as its readers may read it now, whole and as a link alone. version: of all that is
    public.
    """

    version: UUID | None
    whole: Made
    link_only: Made


def dispatch(runtime: Runtime, now: Callable[[], datetime]) -> None:
    """Send all that was approved; raise MailSilent where no server takes any mail.

    What visitors asked is done before, and again between some and the next.
    """
    settings = runtime.settings
    if settings.smtp_url is None or settings.public_url is None:
        return
    receive_all(runtime)
    act_all(runtime)
    with read(runtime.staff) as session:
        found = [(each.id, each.month) for each in recipients.to_send(session)]
    for letter, month in found:
        _send(runtime, settings.smtp_url.get_secret_value(), letter, month, now)


def _send(
    runtime: Runtime, url: str, letter: UUID, month: str, now: Callable[[], datetime]
) -> None:
    with write(runtime.staff) as session:
        recipients.queue(session, runtime.vault, letter, now(), paris_day(now()))
        # One of these jobs runs at a time: whatever another one handed over, it was ended.
        doubtful = recipients.leave_in_doubt(session, letter)
        key = link_signer(session, runtime.vault)
    if doubtful:
        say("letters in doubt", count=doubtful)
    try:
        with (
            ahead(runtime.staff, recipients.BEGIN) as steps,
            Conversation(url) as server,
        ):
            sending = _Sending(runtime, letter, month, now, key, steps, server)
            while sending.some():
                act_all(runtime)
    finally:
        with write(runtime.staff) as session:
            recipients.note_sent(session, letter, paris_day(now()))
    with write(runtime.staff) as session:
        recipients.end(session, letter, now())


class _Sending:
    """The sending of one letter. steps: what begins each mail."""

    def __init__(
        self,
        runtime: Runtime,
        letter: UUID,
        month: str,
        now: Callable[[], datetime],
        key: bytes,
        steps: Ahead,
        server: Conversation,
    ) -> None:
        self.runtime, self.letter, self.month, self.now = runtime, letter, month, now
        self.key, self.steps, self.server = key, steps, server
        self.sender = address_of(runtime.settings)
        self.skipped: list[UUID] = []
        self.former: UUID | None = None
        self.made: Whole | None = None

    def some(self) -> bool:
        """Send to some; return whether there were any."""
        with read(self.runtime.staff) as session:
            given = (session, self.runtime.vault, self.letter, self.now(), self.skipped)
            found, unopened = recipients.next_ones(*given)
        if unopened:
            say("mails not written", count=len(unopened), first=str(unopened[0]))
            with write(self.runtime.staff) as session:
                recipients.step_back(session, self.letter, unopened, self.now())
        try:
            for each in found:
                self._one(each)
        finally:
            self._done()
        return bool(found or unopened)

    def _one(self, each: Recipient) -> None:
        """Send to one; the database is asked while a server takes the address. Raise MailSilent."""
        begun = _Begun(self, each.id)
        try:
            taken = self.server.hand_over(
                self.sender, ascii_address(each.mail), lambda: self._message(each, begun)
            )
        except InDoubt:
            self._note(each.id, lambda session: self._became(session, each.id, "doubt"))
            raise MailSilent from None
        except (OSError, ValueError) as error:
            # smtplib says of all that it is an OSError.
            self._refused(each, begun, code_of(error, each.mail))
            return
        if taken:
            self.former = each.id
        else:
            self.skipped.append(each.id)

    def _message(self, each: Recipient, begun: "_Begun") -> bytes | None:
        # While the database writes down that it begins.
        token = signed(self.key, Link(Aim.LEAVE, each.id))
        going = begun.read()
        if going is None:
            return None
        made = self.made
        if made is None or made.version != going.version:
            made = self.made = self._make()
        if made is None:
            # Readers lost it meanwhile: nobody is sent it any more.
            self._note(each.id, lambda session: self._became(session, each.id, "queued"))
            return None
        mail = made.link_only if going.link_only else made.whole
        return mail.to(ascii_address(each.mail), going.mark, token, datetime.now(UTC))

    def _make(self) -> Whole | None:
        """Return the letter as it may be read now, None of one that readers lost."""
        with read(self.runtime.staff) as session:
            version = recipients.version_now(session)
            try:
                blocks = read_issue(session, self.month).blocks
            except LetterUnknown:
                return None
            return make(session, self.runtime.settings, self.month, blocks, version)

    def _refused(self, each: Recipient, begun: "_Begun", code: int) -> None:
        going = begun.read()
        if going is not None:
            now = self.now()

            def refuse(session: Session) -> None:
                if code >= NEVER:
                    self._became(session, each.id, "refused")
                    recipients.note_refused(session, each.id, now)
                elif code:
                    recipients.note_later(session, self.letter, each.id, now)
                else:
                    self._became(session, each.id, "queued")

            self._note(each.id, refuse)
        else:
            self.skipped.append(each.id)
        if not code:
            raise MailSilent from None

    def _became(self, session: Session, subscriber: UUID, status: MailStatus) -> None:
        recipients.note(session, self.letter, subscriber, status)

    def _note(self, subscriber: UUID, write_down: Callable[[Session], None]) -> None:
        with write(self.runtime.staff) as session:
            write_down(session)

    def _done(self) -> None:
        """Say of the last one that it is done."""
        if self.former is not None:
            former, self.former = self.former, None
            self._note(former, lambda session: self._became(session, former, "gone"))


class _Begun:
    """A mail of a letter that is asked for, and begun once that is read."""

    def __init__(self, sending: _Sending, subscriber: UUID) -> None:
        self._sending, self._is_read = sending, False
        self._going: Going | None = None
        recipients.ask_to_start(sending.steps, sending.letter, sending.former, subscriber)

    def read(self) -> Going | None:
        """Return what is known of it, None where it may not leave."""
        if not self._is_read:
            self._going, self._is_read = recipients.started(self._sending.steps), True
            # It is written that the one before is done.
            self._sending.former = None
        return self._going


def make(
    session: Session,
    settings: Settings,
    month: str,
    blocks: tuple[Block, ...],
    version: UUID | None,
) -> Whole:
    """Return the two mails of a letter, as visitors may read it now."""
    site = settings.public_url or ""
    leave = f"{site}/lettres/quitter/{TOKEN}"
    headers = headers_to_leave("lettre", site, leave) | {"Auto-Submitted": "auto-generated"}
    shown = read_blocks(session, blocks)
    made = []
    for link_only in (False, True):
        halves = halves_of(month, shown, site=site, leave=leave, link_only=link_only)
        mail = (address_of(settings), SENDER, subject_of(month), headers, halves.text, halves.html)
        made.append(Made(Mail(*mail)))
    return Whole(version, *made)


def try_out(runtime: Runtime, letter: UUID, account: UUID) -> None:
    """Send a letter as it would leave now to who wants to see it; raise MailSilent."""
    settings = runtime.settings
    if settings.smtp_url is None or settings.public_url is None:
        return
    with read(runtime.staff) as session:
        trial = writing.read_trial(session, runtime.vault, letter, account)
        if trial is None:
            return
        made = make(session, settings, trial.month, trial.blocks, None)
        token = signed(link_signer(session, runtime.vault), Link(Aim.LEAVE, NOBODY))
    to = ascii_address(trial.mail)
    whole = made.whole.to(to, f"essai.{letter.hex}", token, datetime.now(UTC))
    try:
        with Conversation(settings.smtp_url.get_secret_value()) as server:
            server.hand_over(address_of(settings), to, lambda: whole)
    except (InDoubt, OSError) as error:
        if isinstance(error, smtplib.SMTPRecipientsRefused):
            return
        raise MailSilent from None
