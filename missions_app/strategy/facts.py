"""What strategic documents say about a case, for its gates."""

from typing import Any

from missions_app.strategy import queries
from missions_app.strategy.models import Stance
from missions_app.workflow.subjects import Subject


def strategy_facts(subject: Subject) -> dict[str, Any]:
    """strategy_links: one per document, reviewed once a stance is given; clashes: how many of them clash."""
    links = queries.links_of(subject.journey)
    return {
        "strategy_links": [
            {
                "id": link.id,
                "document": link.document.key,
                "edition": link.edition,
                "stance": link.stance.value if link.stance else None,
                "reviewed": link.stance is not None,
            }
            for link in links
        ],
        "clashes": sum(link.stance is Stance.CLASHES for link in links),
    }
