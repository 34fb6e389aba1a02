"""What the worker forgets, and what a person gets about themselves."""

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from missions_app import clock
from missions_app.accounts import attempts, export, jobs, kept_forms, sign_in_service, token_service
from missions_app.accounts.models import KeptForm, SignInAttempt, UserSession
from tests.factories.accounts import actor_of, make_user


def test_what_has_served_is_deleted_and_the_rest_stays(session: Session) -> None:
    now = clock.now()
    with clock.fixed(now - timedelta(days=40)):
        sign_in_service.open_session(make_user(), agent="old")
        kept_forms.keep("/x", [("a", "b")], user_id=None)
        attempts.take_turn(attempts.Counter("x", "y", 5))
    sign_in_service.open_session(make_user(), agent="new")
    kept_forms.keep("/x", [("a", "b")], user_id=None)

    jobs.forget_old({})

    assert session.scalars(select(UserSession.agent)).all() == ["new"]
    assert session.scalar(select(func.count()).select_from(KeptForm)) == 1
    assert session.scalar(select(func.count()).select_from(SignInAttempt)) == 0


def test_own_data_hold_everything_but_secrets(session: Session) -> None:
    user = make_user("Anna", email="anna@example.se")
    sign_in_service.open_session(user, agent="Firefox")
    token_service.make_token(name="Kalender", scopes=["read"], days=1, by=actor_of(user))

    data = export.own_data(user)

    assert data["account"]["email"] == "anna@example.se"
    assert [one["browser"] for one in data["sessions"]] == ["Firefox"]
    assert [one["name"] for one in data["tokens"]] == ["Kalender"]
    assert [one["action"] for one in data["acts"]] == ["account.signed_in", "token.made"]
    assert "hash" not in str(data)


def test_a_kept_form_is_given_to_its_user_only_and_without_passwords(session: Session) -> None:
    user, other = make_user(), make_user()
    fields = [("title", "Ålgräs"), ("tag", "a"), ("tag", "b"), ("password", "x"), ("csrf_token", "y")]

    token = kept_forms.keep("/challenges/new", fields, user_id=user.id)

    assert token is not None
    assert kept_forms.find(token, user_id=other.id) is None
    assert kept_forms.find(token, user_id=None) is None
    kept = kept_forms.find(token, user_id=user.id)
    assert kept is not None
    assert (kept.path, list(kept.fields)) == ("/challenges/new", fields[:3])
    kept_forms.forget(token)
    assert kept_forms.find(token, user_id=user.id) is None


def test_a_form_too_large_to_keep_is_not_kept(session: Session) -> None:
    assert kept_forms.keep("/x", [("a", "b" * kept_forms.LARGEST)], user_id=None) is None
