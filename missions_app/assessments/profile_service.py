"""The pool of assessors: what they know, whether they may be asked, and where they used to work."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from missions_app import db
from missions_app.accounts.actor import Actor
from missions_app.accounts.models import User
from missions_app.accounts.policy import is_secretariat
from missions_app.assessments.models import AssessorProfile, FormerEmployment
from missions_app.audit import trail
from missions_app.errors import NotAllowed
from missions_app.organisations.models import Organisation


def find_profile(user_id: int) -> AssessorProfile | None:
    """What the pool knows about somebody, or None."""
    return db.session.scalars(select(AssessorProfile).where(AssessorProfile.user_id == user_id)).first()


def save_profile(
    user: User, *, themes: Sequence[str], competence: str, is_available: bool, by: Actor,
    expected_version: int | None = None,
) -> AssessorProfile:  # fmt: skip
    """Put somebody in the pool, or change what it says. The person themselves or the secretariat."""
    _require_own(user, by)
    with db.transaction() as session:
        profile = find_profile(user.id)
        if profile is None:
            profile = AssessorProfile(user=user, themes=[])
            session.add(profile)
        else:
            db.expect_version(profile, expected_version)
        profile.themes, profile.competence, profile.is_available = list(themes), competence.strip(), is_available
        session.flush()
        trail.record("assessor.profile_saved", profile, by=by)
        return profile


def add_former_employment(user: User, organisation: Organisation, until: date, *, by: Actor) -> FormerEmployment:
    """Remember where somebody used to work, and until when."""
    _require_own(user, by)
    with db.transaction() as session:
        known = session.scalars(
            select(FormerEmployment).where(
                FormerEmployment.user_id == user.id, FormerEmployment.organisation_id == organisation.id,
                FormerEmployment.until == until,
            )
        ).first()  # fmt: skip
        if known is not None:
            return known
        employment = FormerEmployment(user_id=user.id, organisation=organisation, until=until)
        session.add(employment)
        session.flush()
        trail.record("assessor.former_employment_added", employment, by=by)
        return employment


def remove_former_employment(employment: FormerEmployment, *, by: Actor) -> None:
    """Take back what was entered by mistake."""
    if by.user_id != employment.user_id and not is_secretariat(by):
        raise NotAllowed()
    with db.transaction() as session:
        trail.record("assessor.former_employment_removed", employment, by=by)
        session.delete(employment)


def _require_own(user: User, by: Actor) -> None:
    if not by.is_system and by.user_id != user.id and not is_secretariat(by):
        raise NotAllowed()
