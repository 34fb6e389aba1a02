"""Asking to read documents, and answering: field by field, with a legal ground, once."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from missions_app import clock, db
from missions_app.accounts.actor import REGION, Actor
from missions_app.accounts.policy import permit
from missions_app.accounts.queries import users_with
from missions_app.accounts.rules import email_problems, plain_email
from missions_app.audit import trail
from missions_app.documents import disclosure_rules, policy
from missions_app.documents.disclosure_models import Disclosure, DisclosureField, FieldOutcome
from missions_app.documents.disclosure_rules import Judged
from missions_app.documents.errors import AlreadyDecided
from missions_app.errors import InvalidInput, NotFound, Problem
from missions_app.i18n import N_, current_locale, use_locale
from missions_app.outbox.mail import queue_mail
from missions_app.workflow.models import Journey

LONGEST = 5000


@dataclass(frozen=True, slots=True)
class Asked:
    """A field of a thing that may be asked for, as it stands."""

    name: str
    label: str
    text: str
    is_claimed: bool = False
    claim_reason: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """Things of a kind that may be asked for: those of a case as (key, title), and the fields of one by its key."""

    things: Callable[[Journey], Sequence[tuple[str, str]]]
    fields: Callable[[str], Sequence[Asked]]


_sources: dict[str, Source] = {}


def register(kind: str, source: Source) -> None:
    """Say which things of a kind may be asked for. Called by wiring.py."""
    _sources[kind] = source


def ask(*, what: str, journey: Journey | None, contact_email: str, by: Actor) -> Disclosure:
    """Ask to read something. Nobody has to say who they are, or why.

    Raises:
        InvalidInput (every problem).
    """
    with db.transaction() as session:
        problems = []
        if not what.strip():
            problems.append(Problem("missing", N_("Say what you want to read."), "what"))
        elif len(what) > LONGEST:
            problems.append(Problem("too_long", N_("Use at most %(most)d characters."), "what", {"most": LONGEST}))
        if contact_email.strip():
            problems += email_problems(contact_email, "contact_email")
        if problems:
            raise InvalidInput.of(problems)
        asked = Disclosure(
            token=secrets.token_urlsafe(32), what=what.strip(), journey=journey, locale=current_locale(),
            contact_email=plain_email(contact_email) if contact_email.strip() else "", asked_at=clock.now(),
            asked_by_id=by.user_id,
        )  # fmt: skip
        session.add(asked)
        session.flush()
        trail.record("disclosure.asked", asked, by=by)
        for user in users_with("registrar", REGION) or users_with("secretariat_officer", REGION):
            queue_mail(user.email, "disclosure_asked", locale=user.locale, disclosure=asked.id)
        return asked


def things_of(disclosure: Disclosure) -> list[tuple[str, str, str]]:
    """(kind, key, title) of everything in the case that may be taken up."""
    if disclosure.journey is None:
        return []
    return [(kind, key, title) for kind, source in _sources.items() for key, title in source.things(disclosure.journey)]


def take_up(disclosure: Disclosure, *, kind: str, key: str, by: Actor, expected_version: int) -> None:
    """Add a thing that the request concerns: its fields are kept as they stand now, to be decided one by one.

    Raises:
        NotAllowed, AlreadyDecided, NotFound (no such thing in the case), StaleVersion.
    """
    permit(policy.can_register, by, disclosure)
    with db.transaction() as session:
        _lock(disclosure, expected_version)
        with use_locale(disclosure.locale):  # the answer is read by who asked
            title = next((t for k, one, t in things_of(disclosure) if (k, one) == (kind, key)), None)
            found = _sources[kind].fields(key) if title is not None else []
        if title is None:
            raise NotFound()
        if any((one.kind, one.key) == (kind, key) for one in disclosure.fields):
            return
        for one in found:
            if one.text:
                session.add(
                    DisclosureField(
                        disclosure=disclosure, kind=kind, key=key, title=title[:300], name=one.name, label=one.label,
                        text=one.text, is_claimed=one.is_claimed, claim_reason=one.claim_reason,
                    )
                )  # fmt: skip
        disclosure.version = disclosure.version + 1
        trail.record("disclosure.taken_up", disclosure, by=by, kind=kind, key=key)


def decide(
    disclosure: Disclosure, judged: Mapping[int, Judged], *, message: str, by: Actor, expected_version: int
) -> None:
    """Answer. Every field is given out, or masked on a legal ground with a reason; nothing can be changed afterwards.

    Args:
        judged: field id -> what is decided. message: a word to who asked; needed when nothing was taken up.

    Raises:
        NotAllowed, AlreadyDecided, StaleVersion, InvalidInput (every problem).
    """
    permit(policy.can_register, by, disclosure)
    with db.transaction():
        _lock(disclosure, expected_version)
        problems = []
        if not disclosure.fields and not message.strip():
            text = N_("Say why there is nothing to give out, or take up what was asked for.")
            problems.append(Problem("missing", text, "message"))
        for one in disclosure.fields:
            found = judged.get(one.id)
            name = f"field_{one.id}"
            if found is None:
                problems.append(Problem("missing", N_("Decide about every field."), name))
            else:
                problems += disclosure_rules.problems_of(found, name)
        if problems:
            raise InvalidInput.of(problems)
        for one in disclosure.fields:
            _judge(one, judged[one.id])
        disclosure.decided_at, disclosure.decided_by_id = clock.now(), by.user_id
        disclosure.message = message.strip()
        masked = [one.id for one in disclosure.fields if one.outcome is FieldOutcome.MASK]
        grounds = sorted({one.ground for one in disclosure.fields if one.ground})
        trail.record("disclosure.decided", disclosure, by=by, fields=len(disclosure.fields), masked=masked,
                     grounds=grounds)  # fmt: skip
        if disclosure.contact_email:
            queue_mail(disclosure.contact_email, "disclosure_decided", locale=disclosure.locale, token=disclosure.token)


def _judge(one: DisclosureField, judged: Judged) -> None:
    one.outcome = FieldOutcome.RELEASE if judged.release else FieldOutcome.MASK
    one.ground, one.reasons = ("", "") if judged.release else (judged.ground, judged.reasons.strip())
    if not judged.release:
        one.text = ""


def _lock(disclosure: Disclosure, expected_version: int) -> None:
    db.lock_row(disclosure)
    db.expect_version(disclosure, expected_version)
    if disclosure.decided_at is not None:
        raise AlreadyDecided()


def get_disclosure(disclosure_id: int) -> Disclosure:
    """The request, or NotFound."""
    found = db.session.get(Disclosure, disclosure_id)
    if found is None:
        raise NotFound()
    return found


def get_by_token(token: str) -> Disclosure:
    """The request whose link somebody holds, or NotFound."""
    found = db.session.scalars(select(Disclosure).where(Disclosure.token == token)).first()
    if found is None:
        raise NotFound()
    return found


def disclosures(*, only_open: bool) -> Select[Disclosure]:
    """Requests, those that wait first and the oldest of them on top, for a paged list."""
    query = select(Disclosure).options(selectinload(Disclosure.fields))
    if only_open:
        query = query.where(Disclosure.decided_at.is_(None))
    return query.order_by(Disclosure.decided_at.is_not(None), Disclosure.asked_at, Disclosure.id)
