"""Beginning, saving and sending in a challenge. Every save is a revision; nothing is ever overwritten unseen."""

from collections.abc import Mapping
from typing import Any

from missions_app import clock, db
from missions_app.accounts import grant_service
from missions_app.accounts.actor import Actor, challenge_scope
from missions_app.accounts.policy import permit
from missions_app.accounts.queries import get_user
from missions_app.audit import trail
from missions_app.challenges import locking, policy, queries, rules
from missions_app.challenges.content import BY_NAME, plain, typed
from missions_app.challenges.drafting import EVERYWHERE, Answers, drafted, specialisation_of
from missions_app.challenges.errors import NotReady, StaleChallenge
from missions_app.challenges.models import Challenge, Revision, RevisionKind
from missions_app.challenges.revisions import keep_revision, whole_content
from missions_app.errors import InvalidInput
from missions_app.indicators.queries import indicators_of
from missions_app.organisations.models import Organisation
from missions_app.organisations.places import municipality_names
from missions_app.organisations.queries import municipality_keys
from missions_app.references.numbering import next_reference
from missions_app.strategy.models import Signal
from missions_app.strategy.signal_service import mark_promoted
from missions_app.workflow import journey_service
from missions_app.workflow.method_service import method_in_force, method_of

SUBMIT = "submit"
PREFIX = "U"


def start_challenge(
    organisation: Organisation, *, by: Actor, language: str = "sv", values: Mapping[str, Any] | None = None,
    signal: Signal | None = None,
) -> Challenge:  # fmt: skip
    """Begin a draft for an organisation; whoever begins it writes it.

    Args:
        values: fields known from the start, by the names of `content.FIELDS`.
        signal: the signal it grows out of, which is then settled.

    Raises:
        NotAllowed, InvalidInput.
    """
    permit(policy.can_draft, by, organisation.id)
    with db.transaction() as session:
        journey = journey_service.start_journey(queries.KIND, by=by)
        challenge = Challenge(
            reference="", journey=journey, organisation=organisation, created_by_id=by.user_id,
            created_at=clock.now(), language=language, signal=signal,
        )  # fmt: skip
        for name in BY_NAME:
            setattr(challenge, name, typed(name, None))
        _write(challenge, values or {})
        challenge.reference = next_reference(PREFIX)
        session.add(challenge)
        session.flush()
        if by.user_id is not None:
            grant_service.grant(get_user(by.user_id), policy.WRITER, challenge_scope(challenge.id), by=by)
        if signal is not None:
            mark_promoted(signal, journey, by=by)
        keep_revision(challenge, RevisionKind.CREATED, by=by)
        trail.record("challenge.started", challenge, by=by)
        return challenge


def draft_challenge(organisation: Organisation, answers: Answers, *, by: Actor, language: str = "sv") -> Challenge:
    """Begin a draft that builds itself from plain answers, and from the theme of similar challenges.

    Raises:
        NotAllowed, InvalidInput.
    """
    values = drafted(
        answers, method_in_force(), municipalities=municipality_names(), own=organisation.municipality,
        today=clock.today(),
    )  # fmt: skip
    if "theme" not in values and (theme := _theme_of_similar(answers.text, by)):
        values["theme"] = theme
    return start_challenge(organisation, by=by, language=language, values=values)


def promote_signal(signal: Signal, organisation: Organisation, *, by: Actor, language: str = "sv") -> Challenge:
    """Begin a challenge from a signal: what was noticed, what it could mean and where it was seen.

    Raises:
        NotAllowed, SignalSettled.
    """
    source = [f"({signal.source})"] if signal.source else []
    values = {
        "title": signal.title, "problem": "\n\n".join(one for one in [signal.what, signal.so_what, *source] if one),
        "theme": "" if signal.theme == EVERYWHERE else signal.theme,
        "specialisation": specialisation_of(method_in_force()),
    }  # fmt: skip
    return start_challenge(organisation, by=by, language=language, values=values, signal=signal)


def save_challenge(
    challenge: Challenge, changes: Mapping[str, Any], *, by: Actor, expected_version: int | None,
    kind: RevisionKind = RevisionKind.SAVED,
) -> Revision | None:  # fmt: skip
    """Save some fields; those not named stay as they are. Saving what is already there changes nothing.

    Args:
        changes: values by the names of `content.FIELDS`. expected_version: the challenge's version the writer saw.

    Returns:
        the new revision, or None when nothing was different.

    Raises:
        StaleChallenge: somebody saved other content meanwhile; nothing is written.
        NotEditable: it is not the authors' turn. InvalidInput: every wrong value is listed.
    """
    permit(policy.can_edit, by, challenge)
    with db.transaction() as session:
        locking.lock(challenge)
        locking.require_editable(challenge)
        _refuse_wrong(challenge, changes)
        wanted = {name: plain(value) for name, value in changes.items()}
        present = {name: plain(getattr(challenge, name)) for name in wanted}
        if wanted == present:
            return None
        require_fresh(challenge, expected_version)
        _write(challenge, wanted)
        session.flush()
        revision = keep_revision(challenge, kind, by=by)
        trail.record("challenge.saved", challenge, by=by, revision=revision.number, kind=kind.value)
        return revision


def submit_challenge(
    challenge: Challenge, *, by: Actor, expected_version: int | None = None,
    expected_journey_version: int | None = None,
) -> None:  # fmt: skip
    """Send the challenge in: from now on it is an incoming public document. Sending twice is refused the second time.

    Raises:
        NotReady: everything missing is listed with its field. WrongState, WrongRole, StaleChallenge.
    """
    with db.transaction():
        locking.lock(challenge)
        journey = challenge.journey
        if policy.can_submit(by, challenge):  # whoever may not is told so by the move
            require_fresh(challenge, expected_version)
            if policy.is_editable(challenge):
                require_ready(challenge)
        journey_service.move(
            challenge, SUBMIT, by=by, expected_version=expected_journey_version or journey.version
        )  # fmt: skip


def require_ready(challenge: Challenge) -> None:
    """Refuse while anything is missing.

    Raises:
        NotReady: every missing thing at its field.
    """
    problems = rules.missing_to_submit(whole_content(challenge), indicators_of(challenge.journey), today=clock.today())
    if problems:
        raise NotReady.of(problems)


def require_fresh(challenge: Challenge, expected_version: int | None) -> None:
    """Refuse when somebody has saved since the writer looked. Raises StaleChallenge."""
    if expected_version is not None and challenge.version != expected_version:
        raise StaleChallenge(field="version", current=challenge.version)


def _theme_of_similar(text: str, by: Actor) -> str:
    """The theme that most challenges about much the same have; the most alike one decides between equals."""
    themes = [one.challenge.theme for one in queries.similar_to(text, by) if one.challenge.theme]
    return max(themes, key=themes.count, default="")


def _write(challenge: Challenge, changes: Mapping[str, Any]) -> None:
    _refuse_wrong(challenge, changes)
    for name, value in changes.items():
        setattr(challenge, name, typed(name, plain(value)))


def _refuse_wrong(challenge: Challenge, changes: Mapping[str, Any]) -> None:
    """Claims are tried as they came: an empty reason must not be tidied away before anybody has seen it."""
    wanted = {name: plain(value) for name, value in changes.items() if name != "claims"}
    claims = {"claims": changes["claims"]} if "claims" in changes else {}
    method = method_of(challenge.journey.method_version)
    if problems := rules.wrong_values({**wanted, **claims}, method, municipality_keys()):
        raise InvalidInput.of(problems)
