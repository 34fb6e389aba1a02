"""The pool of assessors: what they know, whether they may be asked, where they used to work."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app.accounts import queries as accounts
from missions_app.accounts.models import User
from missions_app.accounts.policy import is_secretariat
from missions_app.assessments import policy, profile_service, queries
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError, NotAllowed, NotFound
from missions_app.i18n import _
from missions_app.organisations import queries as organisations
from missions_app.web.assessments.blueprint import bp
from missions_app.web.assessments.forms import EmploymentForm, ProfileForm
from missions_app.web.forms import choices, choices_from, show_error
from missions_app.workflow.method_service import method_in_force


@bp.get("/assessors")
@signed_in
def list_assessors() -> ResponseReturnValue:
    """Everybody in the pool, with what they know and how much they have."""
    authorise(policy.can_appoint, None)
    return render_template(
        "assessments/list_assessors.html", people=queries.pool(), profiles=queries.profiles(), loads=queries.loads(),
        method=method_in_force(),
    )  # fmt: skip


def _person(user_id: int) -> User:
    if user_id != actor().user_id and not is_secretariat(actor()):
        raise NotAllowed()
    return accounts.get_user(user_id)


@bp.route("/assessors/<int:user_id>", methods=["GET", "POST"])
@signed_in
def edit_profile(user_id: int) -> ResponseReturnValue:
    """One's own entry in the pool, or the secretariat's look at it."""
    user = _person(user_id)
    profile = profile_service.find_profile(user.id)
    form = ProfileForm(obj=profile)
    form.themes.choices = choices_from(method_in_force().theme)
    if form.validate_on_submit():
        try:
            profile_service.save_profile(
                user, themes=form.themes.data or [], competence=form.competence.data or "",
                is_available=form.is_available.data, by=actor(),
                expected_version=form.expected_version if profile else None,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Saved."))
            return redirect(url_for("assessments.edit_profile", user_id=user.id), 303)
    return _page(user, form, _employment_form())


@bp.post("/assessors/<int:user_id>/employments")
@signed_in
def add_employment(user_id: int) -> ResponseReturnValue:
    """Remember where somebody used to work."""
    user, form = _person(user_id), _employment_form()
    if form.validate_on_submit() and form.until.data:
        profile_service.add_former_employment(
            user, organisations.get_organisation(form.organisation.data), form.until.data, by=actor()
        )
        flash(_("Saved."))
        return redirect(url_for("assessments.edit_profile", user_id=user.id), 303)
    profile = ProfileForm(formdata=None, obj=profile_service.find_profile(user.id))
    profile.themes.choices = choices_from(method_in_force().theme)
    return _page(user, profile, form), 422


@bp.post("/assessors/<int:user_id>/employments/<int:employment_id>/remove")
@signed_in
def remove_employment(user_id: int, employment_id: int) -> ResponseReturnValue:
    """Take back what was entered by mistake."""
    user = _person(user_id)
    found = next((one for one in queries.former_employments(user.id) if one.id == employment_id), None)
    if found is None:
        raise NotFound()
    profile_service.remove_former_employment(found, by=actor())
    flash(_("Taken away."))
    return redirect(url_for("assessments.edit_profile", user_id=user.id), 303)


def _employment_form() -> EmploymentForm:
    form = EmploymentForm()
    owners = ((one.slug, one.name) for one in organisations.all_active())
    form.organisation.choices = choices(owners, empty=_("Choose …"))
    return form


def _page(user: User, form: ProfileForm, employment: EmploymentForm) -> str:
    return render_template(
        "assessments/edit_profile.html", form=form, employment=employment, person=user,
        former=queries.former_employments(user.id), years=method_in_force().limits.former_employer_years,
        can_list=policy.can_appoint(actor()),
    )  # fmt: skip
