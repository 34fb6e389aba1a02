"""A case's documents, and the register."""

from io import BytesIO

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from wtforms import FileField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.challenges.models import Challenge
from missions_app.challenges.queries import submissions_of
from missions_app.documents import deletion_service, document_service, policy, queries
from missions_app.documents.document_service import Claim, organisation_party
from missions_app.documents.errors import ReferredTo
from missions_app.documents.facts import valid_signers
from missions_app.documents.models import Document, Visibility
from missions_app.documents.policy import InCase
from missions_app.edge.access import actor, authorise, public, signed_in
from missions_app.edge.paging import page_of
from missions_app.edge.words import sentences
from missions_app.errors import NotFound
from missions_app.i18n import _, lazy
from missions_app.organisations import queries as organisations
from missions_app.web.documents.blueprint import bp
from missions_app.web.form_page import form_page
from missions_app.web.forms import Form, LocalDateField, VersionMixin, choices, choices_from
from missions_app.web.language import local_path
from missions_app.web.subjects import subject_url
from missions_app.workflow import journey_queries
from missions_app.workflow.method_service import method_in_force, method_of
from missions_app.workflow.subjects import Subject, subject_of


class UploadForm(Form):
    """A file and what it is."""

    kind = SelectField(lazy("Kind of document"), validators=[InputRequired()])
    title = StringField(lazy("Title"), validators=[InputRequired(), Length(max=300)])
    visibility = SelectField(lazy("Who reads it"), validators=[InputRequired()])
    claim_reason = TextAreaField(
        lazy("Why it should be kept secret, if so"), validators=[Optional(), Length(max=5000)],
        description=lazy("Say which harm would come of showing it. Secrecy is tried when somebody asks for it."),
    )  # fmt: skip
    claim_until = LocalDateField(lazy("Until when, if you know"), validators=[Optional()])
    sender = StringField(lazy("From whom it came, if not from you"), validators=[Optional(), Length(max=200)])
    valid_until = LocalDateField(lazy("Its last day, if it has one"), validators=[Optional()])
    file = FileField(
        lazy("File"), validators=[InputRequired()],
        description=lazy("PDF, picture, text, spreadsheet or word-processing file. Nothing classified."),
    )  # fmt: skip


class RegisterForm(VersionMixin, Form):
    """The register's entry."""

    registry_number = StringField(lazy("Case number"), validators=[InputRequired(), Length(max=60)])
    retention = SelectField(lazy("How long it is kept"), validators=[InputRequired()])


class SignForm(Form):
    """Signing."""

    organisation = SelectField(lazy("You sign for"), validators=[InputRequired()])
    authority = StringField(
        lazy("On which ground you may sign"), validators=[InputRequired(), Length(max=300)],
        description=lazy("For example signatory power or a delegation, with its date."),
    )  # fmt: skip
    checksum = HiddenField(validators=[InputRequired(), Length(max=64)])  # of the text that was shown


def _case(journey_id: int) -> Subject:
    return subject_of(journey_queries.get_journey(journey_id))


def _document(document_id: int) -> tuple[Document, Subject]:
    document = queries.get_document(document_id)
    return document, subject_of(document.journey)


def crumbs_of(subject: Subject) -> list[tuple[str, str]]:
    """The way to a case's documents."""
    return [
        (f"{subject.title} {subject.reference}", subject_url(subject)),
        (_("Documents"), url_for("documents.list_documents", journey_id=subject.journey.id)),
    ]


def _can_delete(one: Document, subject: Subject, *, is_sent: bool) -> bool:
    """Whether it is worth offering; the service looks at everything. What a challenge was sent in with stays."""
    if one.registry_number or one.published_on or one.signatures or is_sent:
        return False
    return one.file is not None and policy.can_change_document(actor(), InCase(one, subject))


@bp.get("/cases/<int:journey_id>/documents")
@signed_in
def list_documents(journey_id: int) -> ResponseReturnValue:
    """The documents of a case: what they are, who has signed, where they are registered."""
    subject = _case(journey_id)
    authorise(policy.can_list_documents, subject)
    found = policy.readable(actor(), queries.documents_of(subject.journey), subject)
    is_sent = isinstance(subject, Challenge) and bool(submissions_of(subject))
    return render_template(
        "documents/list_documents.html",
        subject=subject,
        documents=found,
        crumbs=crumbs_of(subject),
        method=method_of(subject.journey.method_version),
        signed={one.id: valid_signers(one) for one in found},
        can_register=policy.can_register(actor()),
        can_change=lambda one: policy.can_change_document(actor(), InCase(one, subject)),
        can_delete=lambda one: _can_delete(one, subject, is_sent=is_sent),
        can_add=policy.can_add_document(actor(), subject),
    )


@bp.route("/cases/<int:journey_id>/documents/new", methods=["GET", "POST"])
@signed_in
def upload(journey_id: int) -> ResponseReturnValue:
    """Attach a file."""
    subject = _case(journey_id)
    authorise(policy.can_add_document, subject)
    method = method_of(subject.journey.method_version)
    form, back = UploadForm(kind=request.args.get("kind")), request.args.get("back", "")
    form.kind.choices, form.visibility.choices = choices_from(method.document_type), choices_from(method.visibility)

    def act() -> None:
        sent = form.file.data
        document_service.upload(
            subject=subject, kind=form.kind.data, title=form.title.data or "", file_name=sent.filename or "",
            content=sent.read(), by=actor(), visibility=Visibility(form.visibility.data), sender=form.sender.data or "",
            claim=Claim(form.claim_reason.data or "", form.claim_until.data), valid_until=form.valid_until.data,
        )  # fmt: skip

    return form_page(form, act, heading=_("Attach a document"), crumbs=crumbs_of(subject), button=_("Attach"),
                     done=_("The document is attached."), back=local_path(back) if back else "")  # fmt: skip


@bp.get("/documents/<int:document_id>/content")
@public
def download(document_id: int) -> ResponseReturnValue:
    """The document itself, as a file to keep. Whoever may not read it is not told that it exists."""
    document, subject = _document(document_id)
    one = InCase(document, subject)
    if not policy.can_read_document(actor(), one):
        raise NotFound()
    content = document_service.read(one, by=actor())
    name = document.file_name or f"{document.kind}-{document.id}.txt"
    kind = document.file.media_type if document.file else "text/plain; charset=utf-8"
    return send_file(BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


@bp.route("/documents/<int:document_id>/sign", methods=["GET", "POST"])
@signed_in
def sign(document_id: int) -> ResponseReturnValue:
    """Sign for an organisation one speaks for."""
    document, subject = _document(document_id)
    authorise(policy.can_read_document, InCase(document, subject))
    form = SignForm(checksum=document.checksum)
    mine = [
        one for one in organisations.organisations_of(actor())
        if policy.can_sign_for(actor(), organisation_party(one.id))
    ]  # fmt: skip
    form.organisation.choices = choices((one.slug, one.name) for one in mine)

    def act() -> None:
        organisation = organisations.get_organisation(form.organisation.data)
        document_service.sign_for(
            document, subject=subject, party=organisation_party(organisation.id), by=actor(),
            authority=form.authority.data or "", checksum=form.checksum.data or "",
        )  # fmt: skip

    return form_page(
        form,
        act,
        heading=_("Sign: %(title)s", title=document.title),
        crumbs=crumbs_of(subject),
        button=_("Sign"),
        done=_("Signed. The signature holds for exactly this text."),
        read_first=(document.title, document.body or _("Read the attached file before you sign.")),
        read_links=[
            (name, url_for("documents.download", document_id=document.id)) for name in [document.file_name] if name
        ],
        read_checksum=document.checksum,
    )


@bp.route("/documents/<int:document_id>/register", methods=["GET", "POST"])
@signed_in
def register(document_id: int) -> ResponseReturnValue:
    """Give a document its number and how long it is kept."""
    document, subject = _document(document_id)
    authorise(policy.can_register, subject)
    form = RegisterForm(obj=document)
    method = method_of(subject.journey.method_version)
    form.retention.choices = choices_from(method.retention)
    if not document.retention and not form.is_typed:
        form.retention.data = method.term("document_type", document.kind).retention  # type: ignore[attr-defined]

    def act() -> None:
        document_service.register(
            document, registry_number=form.registry_number.data or "", retention=form.retention.data, by=actor(),
            expected_version=form.expected_version, subject=subject,
        )  # fmt: skip

    return form_page(form, act, heading=_("Register: %(title)s", title=document.title), crumbs=crumbs_of(subject),
                     button=_("Register"), done=_("Registered."))  # fmt: skip


@bp.post("/documents/<int:document_id>/publish")
@signed_in
def publish(document_id: int) -> ResponseReturnValue:
    """Let everybody read a document."""
    document, subject = _document(document_id)
    document_service.publish(document, by=actor(), subject=subject, expected_version=document.version)
    flash(_("The document is public."))
    return redirect(url_for("documents.list_documents", journey_id=document.journey_id), 303)


@bp.post("/documents/<int:document_id>/void")
@signed_in
def void(document_id: int) -> ResponseReturnValue:
    """Let a document no longer hold."""
    document, subject = _document(document_id)
    document_service.void(document, by=actor(), subject=subject, expected_version=document.version)
    flash(_("The document no longer holds. It stays readable."))
    return redirect(url_for("documents.list_documents", journey_id=document.journey_id), 303)


@bp.post("/documents/<int:document_id>/delete")
@signed_in
def delete(document_id: int) -> ResponseReturnValue:
    """Delete a document that nothing refers to."""
    document, subject = _document(document_id)
    back = url_for("documents.list_documents", journey_id=document.journey_id)
    try:
        deletion_service.delete(document, subject=subject, by=actor(), expected_version=document.version)
    except ReferredTo as error:
        flash(sentences(error)[0][1])
    else:
        flash(_("The document is deleted."))
    return redirect(back, 303)


@bp.get("/register")
@signed_in
def show_register() -> ResponseReturnValue:
    """The register of official documents."""
    authorise(policy.can_register, None)
    unregistered = request.args.get("unregistered") == "1"
    return render_template(
        "documents/show_register.html", documents=page_of(queries.register(unregistered=unregistered)),
        method=method_in_force(), unregistered=unregistered,
        page_url=lambda number: url_for("documents.show_register", unregistered=int(unregistered), page=number),
    )  # fmt: skip
