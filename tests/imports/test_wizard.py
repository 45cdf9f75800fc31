"""The wizard without a script: five steps, undo, reconciliation, errors as CSV."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from quoin.imports.models import ImportBatch
from quoin.timesheets.models import TimeEntry
from tests.make import World
from tests.make import imports as make
from tests.make.web import signed_in

AMBIGUOUS = ("03/04/2026,Ana Ruiz,ana@file.example,Nordkraft,Grid,Design,Sketch,2.5,yes,95,EUR",)


def uploaded(browser: Client, *rows: str) -> str:
    opened = make.csv(*rows)
    content = SimpleUploadedFile("time.csv", opened.content or b"", content_type="text/csv")
    response = browser.post("/admin/import/new", {"file": content, "profile": ""})
    assert response.status_code == 303, response.content.decode()
    return response["Location"].removesuffix("/columns")


def columns_form(page: str) -> dict[str, list[str] | str]:
    """What a browser would send of the form of step 2."""
    was = re.findall(r'name="was" value="([^"]*)"', page)
    return {
        "header": re.findall(r'name="header" value="([^"]*)"', page), "was": was, "meaning": was,
        "profile": "generic", "rounding": "nearest",
    }  # fmt: skip


def test_wizard_from_file_to_undo(world: World) -> None:
    browser = signed_in(world)
    before = make.counts(world)
    url = uploaded(browser, *AMBIGUOUS)

    page = browser.get(f"{url}/columns").content.decode()
    assert "03 Apr 2026 or 04 Mar 2026" in page
    step = browser.post(f"{url}/columns", {**columns_form(page), "date_order": "dmy"})
    assert step["Location"] == f"{url}/values"
    page = browser.get(f"{url}/values").content.decode()
    assert "Nordkraft" in page
    assert "Ana Ruiz" in page
    step = browser.post(f"{url}/values", {"status": "approved", "takes_changes": "on"})
    assert step["Location"] == f"{url}/dry-run", step.content.decode()
    page = browser.get(f"{url}/dry-run").content.decode()
    assert "Apply 5 new, 0 changes" in page, page[page.index("<main") :]
    assert make.counts(world) == before

    step = browser.post(f"{url}/apply")
    assert step["Location"] == url
    page = browser.get(url).content.decode()
    assert "The file ties out" in page
    with world.inside():
        entry = TimeEntry.objects.get()
        assert (entry.minutes, entry.status, str(entry.work_on)) == (150, "approved", "2026-04-03")
    page = browser.get(f"{url}/reconcile?by=person").content.decode()
    assert "237.50" in page
    assert browser.post(f"{url}/undo").status_code == 303
    with world.inside():
        assert TimeEntry.objects.count() == 0
        assert ImportBatch.objects.get().status == "undone"
    assert "Taken back." in browser.get(url).content.decode()


def test_wizard_row_errors_are_shown_downloaded_and_may_be_left_out(world: World) -> None:
    browser = signed_in(world)
    url = uploaded(
        browser, "2026-05-04,Ana Ruiz,ana@file.example,Nordkraft,Grid,,Good,1,yes,95,EUR",
        "2026-05-05,Ana Ruiz,ana@file.example,Nordkraft,Grid,,Bad,soon,yes,95,EUR",
    )  # fmt: skip

    browser.post(f"{url}/columns", columns_form(browser.get(f"{url}/columns").content.decode()))
    browser.post(f"{url}/values", {"status": "open", "takes_changes": "on"})
    page = browser.get(f"{url}/dry-run").content.decode()
    assert "time.csv:3" in page
    assert "Download errors" in page
    refused = browser.post(f"{url}/apply")
    assert refused.status_code == 422
    lines = browser.get(f"{url}/errors.csv").content.decode().splitlines()
    assert lines[1].startswith("time.csv,3,hours,soon")

    assert browser.post(f"{url}/apply", {"leave_errors": "1"})["Location"] == url
    with world.inside():
        assert TimeEntry.objects.count() == 1


def test_wizard_person_that_may_be_two_is_asked_about(world: World) -> None:
    ana, alba = world.person("Ana Ruiz"), world.person("Alba Ruiz")
    browser = signed_in(world)
    url = uploaded(browser, "2026-05-04,A. Ruiz,,Nordkraft,Grid,,Good,1,yes,95,EUR")
    browser.post(f"{url}/columns", columns_form(browser.get(f"{url}/columns").content.decode()))

    page = browser.get(f"{url}/values").content.decode()
    assert f'value="{ana.id}"' in page
    assert f'value="{alba.id}"' in page
    told = {"status": "open", "takes_changes": "on", "people-key": "a. ruiz", "people-answer": str(alba.id)}
    browser.post(f"{url}/values", told)
    browser.post(f"{url}/apply")

    with world.inside():
        assert TimeEntry.objects.get().person_id == alba.id


def test_wizard_bad_file_is_refused_in_words(world: World) -> None:
    browser = signed_in(world)
    content = SimpleUploadedFile("time.xlsx", b"%PDF-1.7", content_type="application/pdf")

    response = browser.post("/admin/import/new", {"file": content})

    assert response.status_code == 422
    assert "time.xlsx" in response.content.decode()
    with world.inside():
        assert ImportBatch.objects.count() == 0
