"""What forms about people offer."""

from uuid import UUID

from django.db.models import Q

from quoin.accounts.models import LegalEntity
from quoin.people.models import Certificate


def entity_choices() -> list[tuple[str, str]]:
    """The tenant's companies, for a form."""
    return [(str(entity.id), entity.name) for entity in LegalEntity.objects.order_by("name")]


def entity_named(wanted: str) -> UUID | None:
    """The company of that code or name."""
    found = LegalEntity.objects.filter(Q(code__iexact=wanted) | Q(name__iexact=wanted))
    return found.values_list("id", flat=True).first()


def certificate_choices() -> list[tuple[str, str]]:
    """The kinds of proof that work may ask for, for a form."""
    return [(str(one.id), one.name) for one in Certificate.objects.order_by("name")]
