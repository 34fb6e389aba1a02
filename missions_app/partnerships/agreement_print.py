"""An agreement as a tagged PDF: its text, and the record of who signed exactly that text."""

from collections.abc import Mapping
from typing import Any

from babel.dates import format_date, format_datetime

from missions_app import clock
from missions_app.accounts.actor import Actor
from missions_app.documents.document_service import organisation_party
from missions_app.documents.models import Signature
from missions_app.documents.print_service import Print
from missions_app.errors import NotFound
from missions_app.i18n import _, both, current_locale
from missions_app.missions import queries as missions
from missions_app.partnerships import clauses, policy, queries
from missions_app.partnerships.models import Agreement, AgreementVersion
from missions_app.workflow.method_service import method_of

KIND = "agreement"


def key_of(version: AgreementVersion) -> str:
    """How a version of an agreement is named to the printer."""
    return f"{version.agreement.mission.reference}/{version.agreement_id}/{version.number}"


def printed() -> Print:
    """How agreements are printed."""
    return Print("agreement.typ", _data, _may_read)


def _version(key: str) -> tuple[Agreement, AgreementVersion]:
    reference, _slash, numbers = key.partition("/")
    agreement_id, _slash, number = numbers.partition("/")
    if not (agreement_id.isdecimal() and number.isdecimal()):
        raise NotFound()
    agreement = queries.get_agreement(missions.get_mission(reference), int(agreement_id))
    version = next((one for one in agreement.versions if one.number == int(number)), None)
    if version is None:
        raise NotFound()
    return agreement, version


def _may_read(actor: Actor, key: str) -> bool:
    return policy.can_read_agreement(actor, _version(key)[0])


def _data(key: str) -> Mapping[str, Any]:
    agreement, version = _version(key)
    mission, document = agreement.mission, version.document
    declared: Any = method_of(mission.journey.method_version).term("agreement", agreement.kind)
    names = {organisation_party(one.organisation_id): one.organisation.name for one in agreement.parties}
    given = [one for one in document.signatures if one.withdrawn_at is None]
    waiting = [name for party, name in names.items() if party not in {one.party for one in given}]
    texts = [
        {"heading": clauses.heading(name), "text": version.clauses.get(name, "")}
        for name in declared.must_hold
        if version.clauses
    ]
    file_text = _("The text is the file %(name)s, kept in the register.", name=document.file_name)
    return {
        "title": agreement.title,
        "subtitle": " ".join([
            f"{declared.label.in_(current_locale())}.", _("Version %(number)s", number=version.number) + ".",
            f"{both(mission.title_sv, mission.title_en)}, {mission.reference}.",
        ]),
        "footer": f"{mission.reference}, {document.checksum[:16]}",
        "clauses": texts or [{"heading": _("The text"), "text": file_text}],
        "record": {
            "heading": _("Signatures"),
            "intro": _("Each signature holds for exactly this text, by its check sum: %(sum)s", sum=document.checksum),
            "head": [_("Who signed"), _("For"), _("On which ground"), _("When")],
            "rows": [_signed(one, names) for one in given],
            "notes": _notes(version, waiting),
        },
    }  # fmt: skip


def _signed(one: Signature, names: Mapping[str, str]) -> list[str]:
    ground = ". ".join(part for part in (one.authority, one.authority_source) if part)
    if one.authority_until is not None:
        ground += f". {_('Holds until %(day)s.', day=format_date(one.authority_until, locale=current_locale()))}"
    if one.is_outside:
        ground += f". {_('Signed elsewhere')}"
    when = format_datetime(one.signed_at, "d MMM y HH:mm", tzinfo=clock.zone(), locale=current_locale())
    return [one.signed_name, names.get(one.party, ""), ground, when]


def _notes(version: AgreementVersion, waiting: list[str]) -> list[str]:
    agreement, notes = version.agreement, []
    if version.number != agreement.newest.number:
        notes.append(_("A newer version has taken this one's place; these signatures no longer hold."))
    if waiting:
        notes.append(_("Not signed by: %(names)s.", names=", ".join(waiting)))
    if version.document.valid_until is not None:
        day = format_date(version.document.valid_until, "d MMMM y", locale=current_locale())
        notes.append(_("Its last day is %(day)s.", day=day))
    if version.countersigned_at is not None:
        day = format_date(version.countersigned_at.astimezone(clock.zone()), "d MMMM y", locale=current_locale())
        notes.append(_("Countersigned by %(name)s %(day)s.", name=version.countersigned_name, day=day))
    if agreement.terminated_at is not None:
        day = format_date(agreement.terminated_at.astimezone(clock.zone()), "d MMMM y", locale=current_locale())
        notes.append(_("Ended %(day)s: %(why)s", day=day, why=_(agreement.terminated_because)))
    return notes
