"""The trail with values: every change once, with what stood there before."""

from __future__ import annotations

import csv
import io
import json

from quoin.accounts.actions.tenants import edit_tenant
from quoin.compliance.queries.trail_export import COLUMNS, as_text
from tests.make.accounts import bearer, new_firm


def test_values_before_and_after_come_with_who_and_why() -> None:
    firm = new_firm(name="Halden")
    edit_tenant(firm.actor, name="=Halden AS", zone="Europe/Oslo", locale="en")

    answer = firm.browser().get("/admin/audit/export", {"form": "csv", "name[eq]": "accounts.tenant.edit"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    values = bearer(firm.token("compliance.*")).get("/api/v1/audit-values?name=accounts.tenant.edit").json()

    changed = {row["column"]: (row["before"], row["after"]) for row in rows if row["column"]}
    assert answer["Content-Disposition"] == 'attachment; filename="audit.csv"'
    assert tuple(rows[0]) == COLUMNS
    assert {row["who"] for row in rows} == {"Eva Berg"}
    if changed:
        assert changed["name"] == ("Halden", "'=Halden AS")
        assert "currency" not in changed
    assert len(values) == len(rows)


def test_page_offers_both_forms_and_keeps_the_filter() -> None:
    page = new_firm().browser().get("/admin/audit/export?name[like]=role").content.decode()

    assert "form=csv" in page
    assert "form=json" in page
    assert "role" in page


def test_json_of_nothing_is_an_empty_list() -> None:
    assert json.loads("".join(as_text([], "json"))) == []
