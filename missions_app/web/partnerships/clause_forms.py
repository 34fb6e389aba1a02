"""Forms whose fields are an agreement's clauses, or the parties who signed it elsewhere."""

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from missions_app.i18n import _
from missions_app.organisations.models import Organisation
from missions_app.partnerships import clauses
from missions_app.partnerships.models import AgreementParty
from missions_app.web.forms import Form
from missions_app.web.partnerships.forms import SignedElsewhereForm
from missions_app.workflow.method_parts import Agreement

TEXT = 20_000


def clause_form(base: type[Form], declared: Agreement, drafts: Mapping[str, str], **values: Any) -> Any:
    """A form with a field for each clause the agreement must hold, filled with first wordings."""
    fields = {
        _field(name): TextAreaField(clauses.heading(name), validators=[InputRequired(), Length(max=TEXT)])
        for name in declared.must_hold
    }
    return type("ClauseForm", (base,), fields)(data={_field(name): text for name, text in drafts.items()} | values)


def clauses_of(form: Any, declared: Agreement) -> dict[str, str]:
    """The clauses as written."""
    return {name: form[_field(name)].data or "" for name in declared.must_hold}


def _field(clause: str) -> str:
    """A clause may be called as a field of the form is: both have parties."""
    return f"clause_{clause}"


def signed_elsewhere_form(parties: Iterable[Organisation]) -> Any:
    """A form with the signer and the authority of each party, empty for those who have not signed."""
    fields: dict[str, Any] = {}
    for one in parties:
        fields[f"name_{one.id}"] = StringField(
            _("Who signed for %(name)s", name=one.name), validators=[Optional(), Length(max=200)]
        )
        fields[f"authority_{one.id}"] = StringField(
            _("On which ground, for %(name)s", name=one.name), validators=[Optional(), Length(max=300)]
        )
    return type("SignersForm", (SignedElsewhereForm,), fields)()


def signers_of(form: Any, parties: Iterable[AgreementParty]) -> dict[int, tuple[str, str]]:
    """Organisation id -> (who signed, on which ground), for those parties where either is written."""
    written = {
        one.organisation_id: (form[f"name_{one.organisation_id}"].data, form[f"authority_{one.organisation_id}"].data)
        for one in parties
    }
    return {key: (name or "", ground or "") for key, (name, ground) in written.items() if name or ground}
