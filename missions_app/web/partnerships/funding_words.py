"""What the sources of money that came afterwards are called."""

from missions_app.i18n import lazy
from missions_app.partnerships.follow_up_models import FundingLevel

FUNDING_LEVELS = {
    FundingLevel.REGIONAL: lazy("Region or municipality"),
    FundingLevel.NATIONAL: lazy("The state"),
    FundingLevel.EU: lazy("The EU"),
    FundingLevel.PRIVATE: lazy("Private money"),
}
