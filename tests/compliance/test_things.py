"""What the trail calls a thing follows fields that there are."""

import pytest
from django.db.models import Model

from quoin.compliance.queries import things

PREFIXES = sorted(things._models())


@pytest.mark.parametrize("prefix", PREFIXES)
def test_names_follow_fields_that_there_are(prefix: str) -> None:
    for path in things._paths(prefix):
        model: type[Model] = things._models()[prefix]
        for part in path.split("__"):
            field = model._meta.get_field(part)
            model = field.related_model or model


def test_a_thing_of_somebody_or_of_another_says_what_it_is() -> None:
    whose = {prefix for prefix in PREFIXES if things._paths(prefix)[:1] in {("person__name",), ("user__name",)}}

    assert whose == set(things._KINDS)
    assert set(things._BELONGS) <= set(PREFIXES)
    assert things._paths("tpp") == ("template__name",)
