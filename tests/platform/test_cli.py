"""The command line: data on standard output, everything else on standard error, and codes that scripts can read."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.make.accounts import Firm, new_firm

pytestmark = pytest.mark.slow  # Each command is a process of its own.
ROOT = Path(__file__).resolve().parents[2]


def _quoin(*arguments: str, firm: Firm | None = None) -> subprocess.CompletedProcess[str]:
    who = ("--as", firm.user.email) if firm else ()
    return subprocess.run(
        [sys.executable, "-c", "from quoin.site.cli import main; main()", *who, *arguments],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": "src"}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_json_is_one_document_on_standard_output() -> None:
    firm = new_firm()

    done = _quoin("role", "list", "--json", firm=firm)

    assert (done.returncode, done.stderr) == (0, "")
    assert "Consultant" in {role["name"] for role in json.loads(done.stdout)}


def test_a_dry_run_changes_nothing_and_says_so() -> None:
    firm = new_firm()

    tried = _quoin("user", "create", "ana@a.example", "--dry-run", "--json", firm=firm)
    listed = _quoin("user", "list", "--csv", firm=firm)

    assert json.loads(tried.stdout)[0]["state"] == "invited"
    assert "Dry run" in tried.stderr
    assert "ana@a.example" not in listed.stdout


def test_exit_codes_tell_what_went_wrong() -> None:
    firm = new_firm()

    codes = {
        "wrong usage": _quoin("role", "nothing").returncode,
        "not found": _quoin("role", "grant", firm.user.email, "Nonsense", firm=firm).returncode,
        "validation": _quoin("token", "create", "--days", "9999", firm=firm).returncode,
        "nobody to ask": _quoin("user", "disable", firm.user.email, "--no-input", firm=firm).returncode,
        "conflict": _quoin("user", "disable", firm.user.email, "--yes", firm=firm).returncode,
    }

    assert codes == {"wrong usage": 2, "not found": 3, "validation": 6, "nobody to ask": 2, "conflict": 5}


def test_the_trail_says_that_it_came_from_the_command_line() -> None:
    firm = new_firm()
    _quoin("user", "create", "jo@a.example", firm=firm)

    listed = json.loads(_quoin("audit", "list", "--filter", "name=accounts.member.invite", "--json", firm=firm).stdout)

    assert [(row["source"], row["who"]) for row in listed] == [("cli", "Eva Berg")]


def test_check_and_verify_pass_on_a_sound_firm() -> None:
    firm = new_firm()

    check, verify = _quoin("check", "--fail", "--json", firm=firm), _quoin("audit", "verify", "--json", firm=firm)

    assert (check.returncode, verify.returncode) == (0, 0)
    assert all(rule["holds"] for rule in json.loads(check.stdout))
