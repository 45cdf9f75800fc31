"""What forms about people offer."""

from quoin.accounts.models import LegalEntity


def entity_choices() -> list[tuple[str, str]]:
    """The tenant's companies, for a form."""
    return [(str(entity.id), entity.name) for entity in LegalEntity.objects.order_by("name")]
