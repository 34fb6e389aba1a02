"""Developing the method: drafts from the first word to the body's decision, and proposals to change it."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from missions_app import clock
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import DomainError, InvalidInput, Problem
from missions_app.i18n import N_, _
from missions_app.web.form_page import form_page
from missions_app.web.forms import show_error
from missions_app.web.subjects import subject_url
from missions_app.web.workflow.blueprint import bp
from missions_app.web.workflow.method_forms import AdoptForm, AnswerForm, DraftForm, ProposalForm
from missions_app.workflow import (
    draft_service,
    method_document,
    method_queries,
    method_simulation,
    policy,
    proposal_service,
)
from missions_app.workflow.method_diff import differences
from missions_app.workflow.method_models import ProposalState
from missions_app.workflow.method_reading import grouped
from missions_app.workflow.method_service import method_of, version_in_force
from missions_app.workflow.method_words import GROUPS, field_words, part_words
from missions_app.workflow.models import MethodVersion

DRAFT = "/method/drafts/<int:number>"
LARGEST_FILE = 2_000_000


def crumbs_of(draft: MethodVersion | None = None) -> list[tuple[str, str]]:
    """The way to the page of the method's development, or of a draft."""
    found = [
        (_("Method"), url_for("workflow.show_method")), (_("Development"), url_for("workflow.show_development")),
    ]  # fmt: skip
    if draft is not None:
        words = _("Draft of version %(number)s", number=draft.number)
        found.append((words, url_for("workflow.show_draft", number=draft.number)))
    return found


@bp.get("/method/development")
@signed_in
def show_development() -> ResponseReturnValue:
    """Versions, drafts and proposals: how the method changes, and how to take part in it."""
    return render_template(
        "workflow/show_development.html", versions=method_queries.settled_versions(), drafts=method_queries.drafts(),
        proposals=method_queries.proposals(), in_force=version_in_force(), method=method_of(version_in_force()),
        may_edit=policy.can_edit_method(actor(), None),
    )  # fmt: skip


@bp.route("/method/drafts/new", methods=["GET", "POST"])
@signed_in
def start_draft() -> ResponseReturnValue:
    """Begin a draft, or bring one in from a file."""
    authorise(policy.can_edit_method, None)
    form = DraftForm()
    if form.validate_on_submit():
        try:
            draft = _begin(form)
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The draft is begun. Nothing changes for anybody before it is adopted."))
            return redirect(url_for("workflow.show_draft", number=draft.number), 303)
    return render_template(
        "_form_page.html", form=form, heading=_("Begin a draft"), crumbs=crumbs_of(), button=_("Begin"), has_file=True,
        intro=_("A draft is the next version of the method. It may be changed until it is adopted."), read_first=None,
    )  # fmt: skip


def _begin(form: DraftForm) -> MethodVersion:
    upload = form.file.data
    if not upload or not upload.filename:
        return draft_service.start_draft(summary=form.summary.data or "", by=actor())
    content = upload.read(LARGEST_FILE + 1)
    try:
        document = content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInput.of([Problem("not_text", N_("The file is not a method file."), "file")]) from error
    return draft_service.import_draft(document, summary=form.summary.data or "", by=actor())


def _draft(number: int) -> MethodVersion:
    authorise(policy.can_edit_method, None)
    return method_queries.get_draft(number)


@bp.get(DRAFT)
@signed_in
def show_draft(number: int) -> ResponseReturnValue:
    """Every part, what is wrong, and what to do next."""
    draft = _draft(number)
    tables = method_document.load(draft.document)
    problems = [
        (one, draft_service.place_of(method_document.page_path(method_document.path_of(tables, one.place))))
        for one in draft_service.problems_of(draft)
    ]
    sizes = {name: len(value) if isinstance(value, list) else 1 for name, value in tables.items()}
    accepted = [one for one in method_queries.proposals(ProposalState.ACCEPTED) if one.method_version_id == draft.id]
    return render_template(
        "workflow/show_draft.html", draft=draft, problems=problems, groups=GROUPS, part_words=part_words, sizes=sizes,
        accepted=accepted, changes=len(differences(_base(draft).document, draft.document)), crumbs=crumbs_of(),
    )  # fmt: skip


def _base(draft: MethodVersion) -> MethodVersion:
    return draft.based_on or version_in_force()


@bp.get(f"{DRAFT}/changes")
@signed_in
def show_changes(number: int) -> ResponseReturnValue:
    """What differs from the version the draft began from."""
    draft = _draft(number)
    base = _base(draft)
    return render_template(
        "workflow/show_changes.html", draft=draft, base=base, groups=grouped(base.document, draft.document),
        part_words=part_words, field_words=field_words,
        crumbs=crumbs_of(draft),
    )  # fmt: skip


@bp.get(f"{DRAFT}/simulation")
@signed_in
def show_simulation(number: int) -> ResponseReturnValue:
    """What the draft would mean for every running case."""
    draft = _draft(number)
    problems = draft_service.problems_of(draft)
    return render_template(
        "workflow/show_simulation.html", draft=draft, crumbs=crumbs_of(draft), problems=problems,
        found=None if problems else method_simulation.simulate(draft), subject_url=subject_url,
        method=None if problems else method_of(draft), older=method_of(_base(draft)),
    )  # fmt: skip


@bp.get(f"{DRAFT}/file")
@signed_in
def export_draft(number: int) -> ResponseReturnValue:
    """The draft as a file."""
    return file_answer(_draft(number))


def file_answer(version: MethodVersion) -> Response:
    """A version's document as it is kept, byte for byte."""
    answer = Response(version.document.encode("utf-8"), mimetype="application/toml")
    answer.headers["Content-Disposition"] = f'attachment; filename="{version.key}-{version.number}.toml"'
    return answer


@bp.route(f"{DRAFT}/adopt", methods=["GET", "POST"])
@signed_in
def adopt_draft(number: int) -> ResponseReturnValue:
    """Record the deciding body's decision."""
    draft = _draft(number)
    form = AdoptForm(version=draft.version, decided_on=clock.today(), valid_from=clock.today())

    def act() -> None:
        draft_service.adopt_draft(
            draft, decided_on=form.decided_on.data, valid_from=form.valid_from.data,
            registry_number=form.registry_number.data or "", by=actor(), expected_version=form.expected_version,
        )  # fmt: skip

    return form_page(
        form, act, heading=_("Adopt version %(number)s", number=number), crumbs=crumbs_of(draft), button=_("Adopt"),
        done=_("The version is adopted. It can no longer be changed."), back=url_for("workflow.show_development"),
        intro=_("The body that decides on the method has to have decided first. Here you record its decision."),
    )  # fmt: skip


@bp.post(f"{DRAFT}/discard")
@signed_in
def discard_draft(number: int) -> ResponseReturnValue:
    """Throw the draft away."""
    draft = _draft(number)
    draft_service.discard_draft(draft, by=actor(), expected_version=draft.version)
    flash(_("The draft is thrown away."))
    return redirect(url_for("workflow.show_development"), 303)


@bp.route("/method/proposals/new", methods=["GET", "POST"])
@signed_in
def propose_change() -> ResponseReturnValue:
    """Propose a change of the method."""
    form = ProposalForm()
    if form.validate_on_submit():
        try:
            proposal = proposal_service.propose(
                title=form.title.data, change=form.change.data, reason=form.reason.data, place=form.place.data or "",
                evidence=[
                    proposal_service.Evidence(one["kind"], one["reference"] or "", one["text"] or "")
                    for one in form.given_evidence()
                ],
                by=actor(),
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("Thank you. The secretariat answers, with reasons."))
            return redirect(url_for("workflow.show_proposal", proposal_id=proposal.id), 303)
    return render_template("workflow/propose_change.html", form=form, crumbs=crumbs_of())


@bp.route("/method/proposals/<int:proposal_id>", methods=["GET", "POST"])
@signed_in
def show_proposal(proposal_id: int) -> ResponseReturnValue:
    """One proposal: what, why, on which evidence, and the answer."""
    proposal = method_queries.get_proposal(proposal_id)
    may_answer = policy.can_edit_method(actor(), None) and proposal.state is ProposalState.PROPOSED
    form = AnswerForm(version=proposal.version)
    if form.validate_on_submit():
        authorise(policy.can_edit_method, None)
        try:
            proposal_service.answer(
                proposal, accept=form.accept.data == "yes", text=form.answer.data, by=actor(),
                expected_version=form.expected_version,
            )  # fmt: skip
        except DomainError as error:
            show_error(form, error)
        else:
            flash(_("The answer is recorded."))
            return redirect(url_for("workflow.show_proposal", proposal_id=proposal_id), 303)
    return render_template(
        "workflow/show_proposal.html", proposal=proposal, form=form, may_answer=may_answer, crumbs=crumbs_of()
    )
