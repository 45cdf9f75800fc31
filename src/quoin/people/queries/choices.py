"""What forms about people offer."""

from quoin.accounts.models import LegalEntity
from quoin.people.models import Certificate


def entity_choices() -> list[tuple[str, str]]:
    """The tenant's companies, for a form."""
    return [(str(entity.id), entity.name) for entity in LegalEntity.objects.order_by("name")]


def certificate_choices() -> list[tuple[str, str]]:
    """The kinds of proof that work may ask for, for a form."""
    return [(str(one.id), one.name) for one in Certificate.objects.order_by("name")]
