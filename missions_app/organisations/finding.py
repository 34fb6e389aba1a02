"""How an organisation wants to be found: by name, number and what it says of itself."""

from missions_app.organisations.models import Organisation, OrganisationState
from missions_app.search.index import Found


def found(organisation: Organisation) -> Found | None:
    """Its entry in the index; none before it is accepted and after it has ended."""
    if organisation.state is not OrganisationState.ACTIVE:
        return None
    texts = (organisation.number or "", organisation.description_sv, organisation.description_en)
    return Found(
        endpoint="organisations.show_organisation#slug", key=organisation.slug, title_sv=organisation.name,
        title_en=organisation.name, text=" ".join(texts), is_public=True,
    )  # fmt: skip
