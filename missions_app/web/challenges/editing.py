"""Writing a challenge: one page, saved as it goes, sent in when nothing is missing."""

import json
from collections.abc import Sequence
from typing import Any

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.challenges import challenge_service, drafting, policy, queries, ready_service, rules
from missions_app.challenges.comparing import Difference, differences, marked
from missions_app.challenges.content import BY_NAME, FieldKind, is_well_formed, plain
from missions_app.challenges.errors import NotReady, StaleChallenge
from missions_app.challenges.hints import GOOD_TARGET, hints, is_good_target
from missions_app.challenges.models import Challenge, RevisionKind
from missions_app.challenges.queries import Similar
from missions_app.challenges.revisions import attachments_of, whole_content
from missions_app.challenges.rules import EFFECT
from missions_app.documents import policy as documents
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.edge.errors import status_of
from missions_app.edge.words import sentence
from missions_app.errors import DomainError, InvalidInput, Problem
from missions_app.evaluation.offered import lessons_for
from missions_app.i18n import _
from missions_app.indicators.queries import indicators_of
from missions_app.moments import local_time
from missions_app.strategy import queries as strategy
from missions_app.web.challenges import words
from missions_app.web.challenges.blueprint import bp
from missions_app.web.challenges.forms import ChallengeForm, MergeForm, together
from missions_app.web.challenges.starting import similar_rows
from missions_app.web.glossary import words_meant
from missions_app.web.start.coast import coast_map
from missions_app.workflow.method_parts import Indicator

EDIT = "/challenges/<reference>/edit"


def writable(reference: str) -> Challenge:
    """The challenge, for one of its authors."""
    challenge = queries.get_readable(reference, actor())
    authorise(policy.can_edit, challenge)
    return challenge


@bp.route(EDIT, methods=["GET", "POST"])
@signed_in
def edit_challenge(reference: str) -> ResponseReturnValue:
    """The whole challenge in one form; each button saves first."""
    challenge = writable(reference)
    if not policy.is_editable(challenge):
        return _closed(challenge, _typed_now(challenge))
    form = ChallengeForm(challenge, policy.method_for(challenge))
    if not form.validate_on_submit():
        form.is_refused = request.method == "POST"
        if request.method == "GET" and request.args.get("check"):
            form.point_out(_missing(challenge))
        return _page(challenge, form)
    try:
        challenge_service.save_challenge(challenge, form.changes(), by=actor(), expected_version=form.expected_version)
    except StaleChallenge:
        mine = {name: plain(value) for name, value in form.changes().items()}
        return conflict_page(challenge, mine, form.expected_version), 409
    except DomainError as error:
        form.is_refused = True
        form.point_out(list(error.problems))
        return _page(challenge, form), status_of(error)
    return _next(challenge, form, request.form.get("next", "save"))


def _typed_now(challenge: Challenge) -> dict[str, Any]:
    form = ChallengeForm(challenge, policy.method_for(challenge))
    form.validate()
    return {name: plain(value) for name, value in form.changes().items() if name in request.form}


def _closed(challenge: Challenge, mine: dict[str, Any]) -> ResponseReturnValue:
    """It is no longer the authors' turn: what they had typed and nobody has is shown, to be kept elsewhere."""
    latest, method = queries.latest_revision(challenge).content, policy.method_for(challenge)
    unsaved = {name: value for name, value in mine.items() if value and value != latest.get(name)}
    if not unsaved:
        flash(_("The challenge cannot be changed now. You see it as it was sent in."))
        return redirect(url_for("challenges.show_challenge", reference=challenge.reference), 303)
    page = render_template(
        "challenges/show_unsaved.html", challenge=challenge, title_of=words.title_of,
        rows=[(words.label_of(name), words.value_words(name, value, method)) for name, value in unsaved.items()],
        form=MergeForm(formdata=None, version=challenge.version, mine=json.dumps(unsaved)),
    )  # fmt: skip
    return page, 409


def _next(challenge: Challenge, form: ChallengeForm, wanted: str) -> ResponseReturnValue:
    where: dict[str, Any] = {"reference": challenge.reference}
    if wanted == "submit":
        return _submit(challenge, form) if policy.can_submit(actor(), challenge) else _ask(challenge, form)
    act, _colon, choice = wanted.partition(":")
    if act == "attachment":
        back = url_for("challenges.edit_challenge", **where, _anchor="attachments")
        return redirect(url_for("documents.upload", journey_id=challenge.journey_id, back=back), 303)
    if act in ("indicator", "document"):
        endpoint = {"indicator": "challenges.add_indicator", "document": "challenges.add_link"}[act]
        return redirect(url_for(endpoint, **where, choice=choice or None), 303)
    if wanted == "preview":
        return redirect(url_for("challenges.show_challenge", **where), 303)
    flash(_("Saved %(time)s.", time=local_time(clock.now())))
    return redirect(url_for("challenges.edit_challenge", **where), 303)


def _ask(challenge: Challenge, form: ChallengeForm) -> ResponseReturnValue:
    """Whoever writes but does not represent the owner asks those who do."""
    form.version.data = str(challenge.version)
    try:
        people = ready_service.tell_ready(challenge, by=actor())
    except NotReady as error:
        form.point_out(list(error.problems))
        return _page(challenge, form), 422
    except DomainError as error:
        form.form_problems += [sentence(problem) for problem in error.problems]
        return _page(challenge, form), status_of(error)
    flash(_("Asked to send it in: %(names)s.", names=", ".join(one.name for one in people)))
    return redirect(url_for("challenges.edit_challenge", reference=challenge.reference), 303)


def _submit(challenge: Challenge, form: ChallengeForm) -> ResponseReturnValue:
    form.version.data = str(challenge.version)
    try:
        challenge_service.submit_challenge(challenge, by=actor(), expected_version=challenge.version)
    except NotReady as error:
        form.point_out(list(error.problems))
        return _page(challenge, form), 422
    except DomainError as error:
        form.form_problems += [sentence(problem) for problem in error.problems]
        return _page(challenge, form), status_of(error)
    return redirect(url_for("challenges.show_receipt", reference=challenge.reference), 303)


@bp.post("/challenges/<reference>/autosave")
@signed_in
def autosave(reference: str) -> ResponseReturnValue:
    """Save what has been typed so far; answers with the new version, or says that somebody else has written. What is
    half typed, such as a date, holds nothing else up: it waits in the page."""
    challenge = writable(reference)
    form = ChallengeForm(challenge, policy.method_for(challenge))
    form.validate()
    try:
        left_out = _save_readable(challenge, form)
    except StaleChallenge as error:
        message = _("Somebody else has changed this. Save, and you can choose between the texts.")
        return _json(409, message=message, code=error.code, current_version=challenge.version)
    except DomainError as error:
        return _json(status_of(error), message=" ".join(sentence(one) for one in error.problems), code=error.code)
    now = local_time(clock.now())
    if left_out:
        names = ", ".join(words.label_of(name) for name in left_out)
        message = _("Saved %(time)s, except “%(fields)s”. Press Save to see what to correct.", time=now, fields=names)
        return _json(200, version=challenge.version, message=message, left_out=left_out)
    return _json(200, version=challenge.version, message=_("Saved %(time)s.", time=now))


def _save_readable(challenge: Challenge, form: ChallengeForm) -> list[str]:
    """Save the fields that can be read and kept; the others by name, in the order of the page."""

    def save(left_out: set[str]) -> None:
        changes = {name: value for name, value in form.changes().items() if name not in left_out}
        challenge_service.save_challenge(
            challenge, changes, by=actor(), expected_version=form.expected_version, kind=RevisionKind.AUTOSAVED
        )

    wrong = form.unread()
    try:
        save(wrong)
    except StaleChallenge:
        raise
    except InvalidInput as error:
        wrong = wrong.union(*(together(problem.field or "") for problem in error.problems))
        save(wrong)
    return [name for name in form.changes() if name in wrong and name != "claims"]


def _json(status: int, **body: Any) -> Response:
    response = make_response(jsonify(body), status)
    return response


@bp.post("/challenges/<reference>/merge")
@signed_in
def merge_texts(reference: str) -> ResponseReturnValue:
    """Save what was chosen, field by field, after two people had written at the same time."""
    challenge, form = writable(reference), MergeForm()
    mine = _typed_before(form.mine.data)
    if not policy.is_editable(challenge):
        return _closed(challenge, mine)
    changes = {}
    for name, value in mine.items():
        picked = request.form.get(f"pick_{name}", "")
        if picked == "mine":
            changes[name] = value
        elif picked == "own" and BY_NAME[name].kind in (FieldKind.TEXT, FieldKind.LINE):
            changes[name] = request.form.get(f"own_{name}", "")
    try:
        challenge_service.save_challenge(
            challenge, changes, by=actor(), expected_version=form.expected_version, kind=RevisionKind.MERGED
        )
    except StaleChallenge:
        return conflict_page(challenge, mine, form.expected_version), 409
    except InvalidInput as error:
        problems = [sentence(problem) for problem in error.problems]
        return conflict_page(challenge, mine, form.expected_version, problems), 422
    flash(_("Your choices are saved."))
    return redirect(url_for("challenges.edit_challenge", reference=reference), 303)


@bp.post("/challenges/<reference>/my-text")
@signed_in
def download_text(reference: str) -> ResponseReturnValue:
    """My own text as a file, so that it is safe whatever happens."""
    challenge = writable(reference)
    mine, method = _typed_before(request.form.get("mine")), policy.method_for(challenge)
    parts = [f"{words.label_of(name)}\n{words.value_words(name, value, method)}" for name, value in mine.items()]
    response = make_response("\n\n".join(part for part in parts) + "\n")
    response.mimetype = "text/plain"
    response.headers["Content-Disposition"] = f'attachment; filename="{challenge.reference}.txt"'
    return response


def _typed_before(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        found = None
    if not isinstance(found, dict) or not all(is_well_formed(name, value) for name, value in found.items()):
        raise InvalidInput.of([Problem("unreadable", InvalidInput.message, "mine")])
    return found


def conflict_page(challenge: Challenge, mine: dict[str, Any], opened: int, problems: Sequence[str] = ()) -> str:
    """Mine and theirs beside each other, field by field, with everything I typed kept in the page."""
    latest = queries.latest_revision(challenge)
    base = queries.revision_seen(challenge, opened).content
    method = policy.method_for(challenge)
    found = differences(base, mine, latest.content)
    form = MergeForm(formdata=None, version=challenge.version, mine=json.dumps(mine))
    form.form_problems = list(problems)
    return render_template(
        "challenges/show_conflict.html", challenge=challenge, form=form, latest=latest,
        rows=[_row(one, method) for one in found], same=len(mine) - len(found), title_of=words.title_of,
        now=clock.now(),
    )  # fmt: skip


def _row(one: Difference, method: Any) -> dict[str, Any]:
    is_text = BY_NAME[one.field].kind in (FieldKind.TEXT, FieldKind.LINE, FieldKind.TEXTS)
    mine, theirs = (words.value_words(one.field, value, method) for value in (one.mine, one.theirs))
    return {
        "name": one.field, "label": words.label_of(one.field), "preferred": one.preferred, "own": mine,
        "can_write": BY_NAME[one.field].kind in (FieldKind.TEXT, FieldKind.LINE),
        "mine": marked(mine, theirs) if is_text else None, "theirs": marked(theirs, mine) if is_text else None,
        "mine_words": mine, "theirs_words": theirs, "base_words": words.value_words(one.field, one.base, method),
    }  # fmt: skip


def _missing(challenge: Challenge) -> list[Problem]:
    return rules.missing_to_submit(whole_content(challenge), indicators_of(challenge.journey), today=clock.today())


def _page(challenge: Challenge, form: ChallengeForm) -> str:
    plans, method, missing = indicators_of(challenge.journey), policy.method_for(challenge), _missing(challenge)
    typed = {name: plain(value) for name, value in form.changes().items()}
    given = hints(
        typed, organisation=challenge.organisation.name,
        baselines=[one.baseline_on for one in plans if one.baseline_on], today=clock.today(),
    )  # fmt: skip
    by_field: dict[str, list[str]] = {}
    for hint in given:
        by_field.setdefault(hint.field or "", []).append(sentence(hint))
    good = is_good_target(form.target_statement.data or "") and "target_statement" not in by_field
    return render_template(
        "challenges/edit_challenge.html", form=form, challenge=challenge, method=method, indicators=plans,
        links=strategy.links_of(challenge.journey), hints=by_field, good_target=_(GOOD_TARGET) if good else "",
        sections=words.sections_with_counts([one.field or "" for one in missing], typed),
        missing=len(missing),
        points=queries.points_of(challenge), writers=queries.writers_of(challenge),
        latest=queries.latest_revision(challenge), writing_aids=_aids(challenge, form, bool(plans)),
        can_submit=policy.can_submit(actor(), challenge),
        representatives=[one.name for one in ready_service.representatives_of(challenge)],
        title_of=words.title_of, label_of=words.label_of,
        indicator_words=words.indicator_words, beside=_beside(form), reply_days=queries.reply_days(method),
    )  # fmt: skip


SIMILAR_FROM = ("title", "problem", "affected", "target_statement", "place")
TERMS = {"target": ("effect", "indicator", "baseline"), "links": ("bottleneck", "specialisation"),
         "mandate": ("mandate", "registry_number")}  # fmt: skip


def _aids(challenge: Challenge, form: ChallengeForm, has_indicators: bool) -> dict[str, Any]:
    """What helps the writer: similar challenges, how others have put it, indicators that fit, and words explained."""
    text = " ".join(str(form[name].data or "") for name in SIMILAR_FROM)
    theme = str(form.theme.data or "")
    similar = queries.similar_to(text, actor(), besides=challenge, most=3)
    fitting = [] if has_indicators else _fitting(challenge, text, theme, similar)
    return {
        **similar_rows(similar), "fitting": fitting, "lessons": lessons_for(text, theme),
        "examples": queries.examples_of(theme, actor(), besides=challenge),
        "attachments": documents.readable(actor(), attachments_of(challenge), challenge),
        "map": coast_map(*_place(form)),
        "terms": {section: words_meant(*ids) for section, ids in TERMS.items()},
    }  # fmt: skip


def _place(form: ChallengeForm) -> tuple[float | None, float | None, float | None]:
    return form.latitude.data, form.longitude.data, form.radius_km.data


def _fitting(challenge: Challenge, text: str, theme: str, similar: Sequence[Similar]) -> list[Indicator]:
    """Indicators that share words with the text; where none does, those that similar challenges have chosen."""
    method = policy.method_for(challenge)
    if found := drafting.indicators_for(text, theme, method):
        return found
    keys = {plan.library_key for one in similar for plan in indicators_of(one.challenge.journey)}
    return [one for one in method.indicator if one.id in keys and one.level == EFFECT]


def _beside(form: ChallengeForm) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, text in form.beside:
        found.setdefault("-".join(name.split("-")[:2]), []).append(text)
    return found
