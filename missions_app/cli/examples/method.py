"""The method being developed in the example: proposals from those who use it, a draft on the way, a waiver given."""

from datetime import timedelta

from sqlalchemy import select

from missions_app import clock, db
from missions_app.cli.examples.acts import OFFICER
from missions_app.cli.examples.people import Cast
from missions_app.missions.models import Mission
from missions_app.workflow import draft_service, gate_service, method_document, proposal_service
from missions_app.workflow.models import MethodVersion
from missions_app.workflow.proposal_service import Evidence

COORDINATOR = "koordinator"
RESEARCHER = "forskare"
WAIVED_IN = "Avfall utan tomma turer"


def load_method_work(cast: Cast) -> None:
    """Two proposals, one of them accepted and worked into a draft; one waiver."""
    with clock.fixed(clock.now() - timedelta(days=2)):
        _waive(cast)
        _propose(cast)


def _waive(cast: Cast) -> None:
    mission = db.session.scalars(select(Mission).where(Mission.title_sv == WAIVED_IN)).one()
    gate_service.waive(
        mission, "g2.solutions", expires_on=clock.today() + timedelta(days=120), by=cast.actor(OFFICER),
        reason="Sopbilarna byts i vår. Ett spår hinner prövas i år, det andra planeras till nästa.",
    )  # fmt: skip


def _propose(cast: Cast) -> None:
    accepted = proposal_service.propose(
        title="Ingen part bör stå för mer än hälften",
        change="Sänk gränsen i g2.balance från 70 till 50 procent och låt kravet stoppa.",
        reason="När en part bar nästan allt blev de andra åskådare, och ingen tog emot resultatet.",
        place="g2.balance", by=cast.actor(COORDINATOR),
        evidence=[Evidence("lesson", "M-2026-001", "Kommunen bar nästan allt. De andra kom inte till mötena.")],
    )  # fmt: skip
    proposal_service.propose(
        title="Fler svar på frågan om plats",
        change="Låt frågan om miljö ha svaret ”både land och hav”.",
        reason="Strandnära försök passar inte in i något av svaren vi har.",
        place="site_question", by=cast.actor(RESEARCHER),
    )  # fmt: skip
    officer = cast.actor(OFFICER)
    proposal_service.answer(
        accepted, accept=True, text="Erfarenheten delas av flera. Vi prövar gränsen i ett utkast.", by=officer
    )
    draft = draft_service.start_draft(summary="Ingen part ska stå för mer än hälften av insatsen.", by=officer)
    _change(draft, "gate[g2].criterion[g2.balance]", cast)


def _change(draft: MethodVersion, place: str, cast: Cast) -> None:
    tables = method_document.load(draft.document)
    path = method_document.path_of(tables, place)
    row = method_document.at(tables, path)
    label = {
        "sv": "Ingen part står för mer än 50 procent av insatsen",
        "en": "No party accounts for more than 50 per cent of the contributions",
    }
    changed = row | {"label": label, "params": row["params"] | {"max": 0.5}, "severity": "block"}
    draft_service.save_part(draft, path, changed, seen=method_document.fingerprint(row), by=cast.actor(OFFICER))
