"""Signals: passing on what has been noticed, and what became of it."""

from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.challenges import challenge_service
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.paging import page_of, url_of_page
from missions_app.errors import DomainError
from missions_app.i18n import N_, _, current_locale
from missions_app.organisations import queries as organisations
from missions_app.strategy import policy, queries, signal_service, weekly
from missions_app.strategy.models import Signal, SignalState
from missions_app.web.forms import choices, choices_from, show_error
from missions_app.web.strategy.blueprint import bp
from missions_app.web.strategy.forms import PromoteForm, SetAsideForm, SignalForm
from missions_app.web.subjects import journey_url
from missions_app.workflow.method_service import method_in_force

STATES = {
    SignalState.OPEN: ("wait", N_("Waits")), SignalState.PROMOTED: ("done", N_("Has become a challenge")),
    SignalState.SET_ASIDE: ("not_applicable", N_("Set aside")),
}  # fmt: skip


def _states() -> dict[SignalState, tuple[str, str]]:
    return {state: (kind, _(text)) for state, (kind, text) in STATES.items()}


@bp.get("/signals")
@signed_in
def list_signals() -> ResponseReturnValue:
    """The inbox for those who read it; one's own for everybody else."""
    whole = policy.can_read_signals(actor())
    wanted = request.args.get("state", "open" if whole else "")
    state = SignalState(wanted) if wanted in set(SignalState) else None
    found = page_of(queries.signals(state, noted_by=None if whole else actor().user_id))
    return render_template(
        "strategy/list_signals.html", found=found, page_url=url_of_page, whole=whole, state=state, states=_states(),
        method=method_in_force(),
    )  # fmt: skip


@bp.route("/signals/new", methods=["GET", "POST"])
@signed_in
def note_signal() -> ResponseReturnValue:
    """Pass something on."""
    form = SignalForm()
    form.theme.choices = choices_from(method_in_force().theme, empty=_("I do not know"))
    if form.validate_on_submit():
        try:
            signal = signal_service.note_signal(
                title=form.title.data, what=form.what.data, so_what=form.so_what.data or "",
                source=form.source.data or "", theme=form.theme.data or "", by=actor(),
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Thank you. The secretariat reads it."))
            return redirect(url_for("strategy.show_signal", signal_id=signal.id), 303)
    return render_template("strategy/note_signal.html", form=form)


@bp.get("/signals/week")
@signed_in
def show_week() -> ResponseReturnValue:
    """One week's signals on one page, to go through together."""
    authorise(lambda reader, _subject: policy.can_read_signals(reader), None)
    try:
        asked = date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        asked = clock.today()
    asked = min(max(asked, date(2000, 1, 3)), clock.today())
    monday = weekly.monday_of(asked)
    after = monday + weekly.WEEK
    return render_template(
        "strategy/show_week.html", monday=monday, before=monday - weekly.WEEK, signals=weekly.signals_of_week(monday),
        after=after if after <= clock.today() else None, waiting=weekly.waiting(), states=_states(),
        method=method_in_force(),
    )  # fmt: skip


def _readable(signal_id: int) -> Signal:
    signal = queries.get_signal(signal_id)
    authorise(policy.can_read_signal, signal)
    return signal


@bp.get("/signals/<int:signal_id>")
@signed_in
def show_signal(signal_id: int) -> ResponseReturnValue:
    """What was noticed, and what became of it."""
    signal = _readable(signal_id)
    return render_template(
        "strategy/show_signal.html", signal=signal, states=_states(), method=method_in_force(),
        became=journey_url(signal.became) if signal.became else "",
        can_settle=policy.can_settle_signal(actor(), signal) and signal.state is SignalState.OPEN,
    )  # fmt: skip


@bp.route("/signals/<int:signal_id>/promote", methods=["GET", "POST"])
@signed_in
def promote_signal(signal_id: int) -> ResponseReturnValue:
    """Begin a challenge from it."""
    signal = _readable(signal_id)
    authorise(policy.can_settle_signal, signal)
    form = PromoteForm()
    form.organisation.choices = choices((one.slug, one.name) for one in organisations.all_active())
    if form.validate_on_submit():
        try:
            challenge = challenge_service.promote_signal(
                signal, organisations.get_organisation(form.organisation.data), by=actor(), language=current_locale()
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The draft is saved as %(reference)s.", reference=challenge.reference))
            return redirect(url_for("challenges.show_challenge", reference=challenge.reference), 303)
    return render_template("strategy/promote_signal.html", form=form, signal=signal)


@bp.route("/signals/<int:signal_id>/set-aside", methods=["GET", "POST"])
@signed_in
def set_aside(signal_id: int) -> ResponseReturnValue:
    """Decide not to go on, with a reason."""
    signal = _readable(signal_id)
    authorise(policy.can_settle_signal, signal)
    form = SetAsideForm(version=signal.version)
    if form.validate_on_submit():
        try:
            signal_service.set_aside(
                signal, reason=form.reason.data, by=actor(), expected_version=form.expected_version
            )
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The signal is set aside."))
            return redirect(url_for("strategy.list_signals"), 303)
    return render_template("strategy/set_aside.html", form=form, signal=signal)
