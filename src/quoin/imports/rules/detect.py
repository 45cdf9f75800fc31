"""Which export it is, told from headers and file names, with the reason."""

from __future__ import annotations

from collections.abc import Sequence

from quoin.imports.rules.headers import Profile, rank
from quoin.imports.rules.profiles import clockify, expenses, generic, harvest, kimai, toggl
from quoin.imports.types import BadFile, Detection, Table, Upload, bad_file
from quoin.kernel.words import say

PROFILES: tuple[Profile, ...] = (
    toggl.TIME,
    harvest.TIME,
    harvest.CLIENTS,
    clockify.TIME,
    clockify.PROJECTS,
    kimai.TIME,
    generic.TIME,
    expenses.EXPENSES,
    generic.PROJECTS,
    generic.CLIENTS,
)
SOLIDTIME = "solidtime"
TOGGL_WORKSPACE = "toggl_workspace"
_SOLIDTIME_FILES = frozenset({"time_entries.csv", "members.csv", "projects.csv", "clients.csv", "tasks.csv"})
_TOGGL_FILES = frozenset({"clients.json", "projects.json", "workspace_users.json"})
_SURE = 40
_TIE = 5
_FULL = 100


def base_name(file: str) -> str:
    """`time_entries.csv` of `export/time_entries.csv`."""
    return file.rsplit("/", 1)[-1].casefold()


def profile_names() -> tuple[str, ...]:
    """What may be given as a profile: a tool, or one kind of its exports."""
    return tuple(dict.fromkeys([*(p.source for p in PROFILES), *(p.key for p in PROFILES), SOLIDTIME, TOGGL_WORKSPACE]))


def detect_bundle(upload: Upload) -> Detection | None:
    """An export that is made of several files with fixed names, if it is one."""
    names = {base_name(table.file) for table in upload.tables}
    if names >= _SOLIDTIME_FILES:
        return Detection(SOLIDTIME, _FULL, say("the files are those of a solidtime export"))
    documents = {base_name(document.file) for document in upload.documents}
    found = len(documents & _TOGGL_FILES)
    if found >= 2:  # noqa: PLR2004 - one name alone could be anybody's
        return Detection(
            TOGGL_WORKSPACE, found * _FULL // len(_TOGGL_FILES), say("the files are those of a Toggl workspace")
        )
    return None


def candidates(profile: str | None) -> tuple[Profile, ...]:
    """The profiles that may be meant; BadFile for an unknown name."""
    if profile is None:
        return PROFILES
    found = tuple(each for each in PROFILES if profile in {each.key, each.source})
    if not found:
        raise bad_file(
            "unknown_profile",
            say("There is no profile %(profile)s.", profile=repr(profile)),
            say("Take one of: %(names)s.", names=", ".join(profile_names())),
        )
    return found


def choose(table: Table, profiles: Sequence[Profile], *, is_asked: bool) -> tuple[Profile, tuple[Detection, ...]]:
    """The profile of a table; BadFile where none fits or two fit alike."""
    ranked = rank(table, profiles)
    best = ranked[0]
    if best.score < _SURE:
        raise _no_fit(table, ranked)
    rival = ranked[1] if len(ranked) > 1 else None
    if rival is not None and not is_asked and best.score - rival.score < _TIE:
        raise bad_file(
            "ambiguous_profile",
            say(
                "The file may be %(profile)s (%(reason)s) or %(rival)s (%(rival_reason)s).",
                profile=best.profile,
                reason=best.reason,
                rival=rival.profile,
                rival_reason=rival.reason,
            ),
            "Say which profile to use.",
            file=table.file,
        )
    by_key = {profile.key: profile for profile in profiles}
    return by_key[best.profile], ranked


def _no_fit(table: Table, ranked: Sequence[Detection]) -> BadFile:
    headers = ", ".join(header for header in table.headers[:12] if header.strip()) or say("none")
    best = ranked[0]
    return bad_file(
        "unknown_export",
        say(
            "No profile fits the headers (%(headers)s). The nearest is %(profile)s: %(reason)s.",
            headers=headers,
            profile=best.profile,
            reason=best.reason,
        ),
        "Export the detailed time report, or say which column means what.",
        file=table.file,
        line=table.header_line,
    )
