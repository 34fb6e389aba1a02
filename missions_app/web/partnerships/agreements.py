"""Letters of intent and agreements: written, read, signed, worded anew, ended."""

from collections.abc import Iterable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from missions_app.challenges.comparing import word_changes
from missions_app.documents.document_service import Authority, is_expired
from missions_app.edge.access import actor, authorise, signed_in
from missions_app.errors import NotFound
from missions_app.experiments import queries as experiments
from missions_app.experiments.models import Experiment
from missions_app.i18n import _, current_locale
from missions_app.missions import queries as missions
from missions_app.missions.models import Mission
from missions_app.organisations import queries as organisations
from missions_app.organisations.models import Organisation
from missions_app.partnerships import agreement_print, agreement_service, clauses, policy, queries
from missions_app.partnerships.models import Agreement, PartnerState
from missions_app.web.form_page import form_page
from missions_app.web.forms import choices
from missions_app.web.partnerships import forms
from missions_app.web.partnerships.blueprint import bp
from missions_app.web.partnerships.clause_forms import clause_form, clauses_of, signed_elsewhere_form, signers_of
from missions_app.web.partnerships.drafts import agreement_drafts, intent_drafts, is_about_sites, lines_used
from missions_app.web.partnerships.partners import partnership_crumbs
from missions_app.workflow.method_parts import Agreement as Declared
from missions_app.workflow.method_service import method_of


def _declared(mission: Mission, kind: str) -> Declared:
    found = method_of(mission.journey.method_version).find_term("agreement", kind)
    if not isinstance(found, Declared):
        raise NotFound()
    return found


def _crumbs(mission: Mission) -> list[tuple[str, str]]:
    return [
        *partnership_crumbs(mission),
        (_("Agreements"), url_for("partnerships.list_agreements", reference=mission.reference)),
    ]


def _crumbs_to(mission: Mission) -> list[tuple[str, str]]:
    """The way to an agreement; the list of all is for those with a part in the mission."""
    return _crumbs(mission) if policy.can_read_partnership(actor(), mission) else partnership_crumbs(mission)


def _committed(mission: Mission) -> list[Organisation]:
    return [one.organisation for one in queries.partners_of(mission) if one.state is PartnerState.COMMITTED]


def _owners(mission: Mission, experiment: Experiment | None = None) -> list[Organisation]:
    """The owners of the sites that the mission's experiments, or one of them, have booked."""
    return [line.resource.site.owner for line in lines_used(mission, experiment)]


def _each(organisations: Iterable[Organisation]) -> list[Organisation]:
    return list({one.id: one for one in organisations}.values())


@bp.get("/missions/<reference>/agreements")
@signed_in
def list_agreements(reference: str) -> ResponseReturnValue:
    """What is to be signed, by whom, and who has."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    found = queries.agreements_of(mission)
    return render_template(
        "partnerships/list_agreements.html",
        mission=mission,
        agreements=found,
        signed={one.id: queries.signed_by(one) for one in found},
        held={one.id for one in found if queries.is_held(one)},
        is_expired=is_expired,
        tests=experiments.experiments_of(mission.id),
        is_about_sites=is_about_sites,
        method=method_of(mission.journey.method_version),
        crumbs=partnership_crumbs(mission),
        can_coordinate=policy.can_coordinate(actor(), mission),
        mine=[one for one in _committed(mission) if policy.can_speak_for(actor(), one.id)],
    )


@bp.get("/missions/<reference>/agreements/<int:agreement_id>")
@signed_in
def show_agreement(reference: str, agreement_id: int) -> ResponseReturnValue:
    """The text that holds, who has signed it, and what changed from version to version."""
    mission = missions.get_mission(reference)
    one = queries.get_agreement(mission, agreement_id)
    authorise(policy.can_read_agreement, one)
    bodies = [version.document.body or "" for version in one.versions]
    return render_template(
        "partnerships/show_agreement.html",
        mission=mission,
        one=one,
        crumbs=_crumbs_to(mission),
        heading_of=clauses.heading,
        declared=_declared(mission, one.kind),
        signed=queries.signed_by(one),
        is_held=queries.is_held(one),
        is_expired=is_expired(one.document),
        can_write=policy.can_write_agreement(actor(), one),
        can_coordinate=policy.can_coordinate(actor(), mission),
        can_sign=[party.organisation for party in one.parties if policy.can_speak_for(actor(), party.organisation_id)],
        changes={
            number: word_changes(bodies[number - 1], bodies[number])
            for number in range(1, len(bodies))
            if bodies[number - 1] and bodies[number]
        },
        print_key=agreement_print.key_of(one.newest),
        voided=next((version for version in reversed(one.versions[:-1]) if version.document.signatures), None),
    )


@bp.route("/missions/<reference>/agreements/intent/<slug>", methods=["GET", "POST"])
@signed_in
def write_intent(reference: str, slug: str) -> ResponseReturnValue:
    """One party's letter of intent; a first wording is made of what is known."""
    mission = missions.get_mission(reference)
    authorise(policy.can_read_partnership, mission)
    organisation = organisations.get_organisation(slug)
    declared = _declared(mission, agreement_service.INTENT)
    known = queries.find_intent(mission, organisation)
    drafts = dict(known.newest.clauses) if known else {}
    form = clause_form(forms.IntentForm, declared, drafts or intent_drafts(mission, organisation))

    def act() -> Agreement:
        return agreement_service.write_intent(mission, organisation, clauses_of(form, declared), by=actor())

    return form_page(
        form, act, heading=_("Letter of intent: %(name)s", name=organisation.name), crumbs=_crumbs(mission),
        button=_("Ready to sign"), done=_("The text is ready to sign."),
        back=lambda made: _address(mission, made.id),
    )  # fmt: skip


@bp.route("/missions/<reference>/agreements/new/<kind>", methods=["GET", "POST"])
@signed_in
def write_agreement(reference: str, kind: str) -> ResponseReturnValue:
    """Draw up an agreement between several; a first wording is made of what is known."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    if kind == agreement_service.INTENT:
        raise NotFound()
    declared = _declared(mission, kind)
    tests = experiments.experiments_of(mission.id)
    meant = next((one for one in tests if one.reference == request.args.get("experiment")), None)
    partners = _each([*_committed(mission), *_owners(mission)])
    form = clause_form(forms.AgreementForm, declared, agreement_drafts(mission, declared, meant))
    form.experiment.choices = choices(
        [("", _("The whole mission")), *((one.reference, f"{one.title} {one.reference}") for one in tests)]
    )
    form.parties.choices = choices((one.slug, one.name) for one in partners)
    running = [one for one in queries.agreements_of(mission) if one.kind == kind and one.terminated_at is None]
    form.replaces.choices = choices(((str(one.id), one.title) for one in running), empty=_("None"))
    if not form.is_typed:
        form.title.data = f"{declared.label.in_(current_locale())} {mission.reference}"
        form.experiment.data = meant.reference if meant else ""
        asked = _committed(mission)
        if is_about_sites(declared):
            users = [one.organisation for one in ([meant] if meant else tests)]
            asked = [one for one in _each([*_owners(mission, meant), *users]) if one in partners] or asked
        form.parties.data = [one.slug for one in asked]

    def act() -> Agreement:
        tested = next((one for one in tests if one.reference == form.experiment.data), None)
        return agreement_service.write_agreement(
            mission,
            kind=kind,
            title=form.title.data or "",
            clauses=clauses_of(form, declared),
            by=actor(),
            parties=[one for one in partners if one.slug in (form.parties.data or [])],
            journey=tested.journey if tested else None,
            valid_until=form.valid_until.data,
            replaces=next((one for one in running if str(one.id) == form.replaces.data), None),
        )

    return form_page(
        form, act, heading=_("Draw up: %(kind)s", kind=declared.label.in_(current_locale())), crumbs=_crumbs(mission),
        button=_("Send for signature"), done=_("The text is ready to sign."),
        back=lambda made: _address(mission, made.id),
    )  # fmt: skip


@bp.route("/missions/<reference>/agreements/<int:agreement_id>/version", methods=["GET", "POST"])
@signed_in
def new_version(reference: str, agreement_id: int) -> ResponseReturnValue:
    """Word an agreement anew; the signatures on the version before no longer hold."""
    mission = missions.get_mission(reference)
    one = queries.get_agreement(mission, agreement_id)
    authorise(policy.can_write_agreement, one)
    declared = _declared(mission, one.kind)
    form = clause_form(
        forms.NewVersionForm,
        declared,
        dict(one.newest.clauses),
        version=one.version,
        valid_until=one.document.valid_until,
    )

    def act() -> None:
        agreement_service.new_version(
            one, clauses_of(form, declared), changed=form.changed.data or "", by=actor(),
            expected_version=form.expected_version, valid_until=form.valid_until.data,
        )  # fmt: skip

    return form_page(
        form, act, heading=_("New version: %(title)s", title=one.title), crumbs=_crumbs(mission),
        button=_("Send for signature"), done=_("The text is ready to sign."), back=_address(mission, one.id),
    )  # fmt: skip


@bp.route("/missions/<reference>/agreements/<int:agreement_id>/sign", methods=["GET", "POST"])
@signed_in
def sign_agreement(reference: str, agreement_id: int) -> ResponseReturnValue:
    """Read the whole text, and sign exactly that."""
    mission = missions.get_mission(reference)
    one = queries.get_agreement(mission, agreement_id)
    authorise(policy.can_read_agreement, one)
    own = [party.organisation for party in one.parties if policy.can_speak_for(actor(), party.organisation_id)]
    waiting = [party for party in own if party.id not in queries.signed_by(one)]
    form = forms.SignForm(checksum=one.document.checksum)
    # All of them, so that a second press says that it is signed already.
    form.organisation.choices = choices((each.slug, each.name) for each in [*waiting, *(set(own) - set(waiting))])

    file = one.document.file_name

    def act() -> None:
        agreement_service.sign_agreement(
            one,
            organisation=organisations.get_organisation(form.organisation.data),
            authority=Authority(form.authority.data or "", form.authority_source.data or "", form.authority_until.data),
            checksum=form.checksum.data or "",
            by=actor(),
        )

    return form_page(
        form, act, heading=_("Sign: %(title)s", title=one.title), crumbs=_crumbs_to(mission), button=_("Sign"),
        done=_("Signed. The signature holds for exactly this text."), back=_address(mission, one.id),
        intro="" if waiting else _("Your organisation has nothing left to sign here: it has signed this version."),
        read_first=(one.title, one.document.body or _("Read the attached file before you sign.")),
        read_links=[(file, url_for("documents.download", document_id=one.document.id))] if file else (),
        read_checksum=one.document.checksum,
    )  # fmt: skip


@bp.route("/missions/<reference>/agreements/<int:agreement_id>/signed-elsewhere", methods=["GET", "POST"])
@signed_in
def upload_signed(reference: str, agreement_id: int) -> ResponseReturnValue:
    """Enter an agreement that was signed on paper or elsewhere."""
    mission = missions.get_mission(reference)
    authorise(policy.can_coordinate, mission)
    one = queries.get_agreement(mission, agreement_id)
    form = signed_elsewhere_form([party.organisation for party in one.parties])
    if not form.is_typed:
        form.version.data = one.version

    def act() -> None:
        sent = form.file.data
        agreement_service.upload_signed(
            one,
            file_name=sent.filename or "",
            content=sent.read(),
            signed_by=signers_of(form, one.parties),
            by=actor(),
            expected_version=form.expected_version,
            valid_until=form.valid_until.data,
        )

    return form_page(form, act, heading=_("Signed elsewhere: %(title)s", title=one.title), crumbs=_crumbs(mission),
                     button=_("Save"), done=_("Saved."), back=_address(mission, one.id))  # fmt: skip


@bp.post("/missions/<reference>/agreements/<int:agreement_id>/countersign/<checksum>")
@signed_in
def countersign(reference: str, agreement_id: int, checksum: str) -> ResponseReturnValue:
    """The coordinator confirms exactly the version that was shown."""
    mission = missions.get_mission(reference)
    one = queries.get_agreement(mission, agreement_id)
    agreement_service.countersign(one, checksum=checksum, by=actor())
    flash(_("Countersigned."))
    return redirect(_address(mission, one.id), 303)


@bp.route("/missions/<reference>/agreements/<int:agreement_id>/terminate", methods=["GET", "POST"])
@signed_in
def terminate(reference: str, agreement_id: int) -> ResponseReturnValue:
    """End an agreement before its time."""
    mission = missions.get_mission(reference)
    one = queries.get_agreement(mission, agreement_id)
    authorise(policy.can_write_agreement, one)
    form = forms.ReasonForm(version=one.version)

    def act() -> None:
        agreement_service.terminate(
            one, reason=form.reason.data or "", by=actor(), expected_version=form.expected_version
        )

    return form_page(
        form,
        act,
        heading=_("End the agreement: %(title)s", title=one.title),
        crumbs=_crumbs(mission),
        button=_("End the agreement"),
        done=_("The agreement has ended. It stays readable."),
        back=_address(mission, one.id),
        intro=_("Checkpoints that relied on it are told."),
    )


def _address(mission: Mission, agreement_id: int) -> str:
    return url_for("partnerships.show_agreement", reference=mission.reference, agreement_id=agreement_id)
