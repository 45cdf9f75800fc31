"""Files of templates: kept with a draft, copied by reference to the next version and to projects that begin from it."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from quoin.base.actor import Actor
from quoin.base.db.faults import explain
from quoin.base.files.keep import keep_document, safe_name
from quoin.kernel.errors import invalid
from quoin.kernel.words import say
from quoin.projects.models import Project, ProjectDocument, TemplateFile, TemplateVersion
from quoin.projects.queries.template_files import FILES, file_at_hand, files_of
from quoin.projects.rules.templates.laying import filled

explain(
    "template_file_name", "The template has a file of that name. Take it off first, or give the new one another name."
)
MOST_BYTES = 10 * 1024 * 1024
_MOST_FILES = 50
_WORDS = {"name", "content", "sha256", "size_bytes", "content_type"}


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file of a document that is read in: its bytes, or the hash of bytes that are known here."""

    name: str
    content: bytes | None
    sha256: str


def apart(document: Any) -> tuple[Any, Any]:
    """A document without its files, and what it says of them; None if it says nothing."""
    if not isinstance(document, Mapping) or FILES not in document:
        return document, None
    return {key: value for key, value in document.items() if key != FILES}, document[FILES]


def write_files(actor: Actor, version: TemplateVersion, told: Any) -> None:
    """The files of a draft are these from now on; None leaves them as they are."""
    if told is None:
        return
    given = _read(told)
    TemplateFile.objects.filter(version=version).delete()
    for number, one in enumerate(given):
        _add(actor, version, one, where=f"/{FILES}/{number}", position=number + 1)


def add_file(actor: Actor, version: TemplateVersion, *, name: str, content: bytes, sha256: str = "") -> TemplateFile:
    """One file more on a draft; the bytes, or the hash of bytes that the actor may see here."""
    position = TemplateFile.objects.filter(version=version).count() + 1
    if position > _MOST_FILES:
        raise invalid("/file", say("A template has at most %(most)s files.", most=_MOST_FILES), code="too_many")
    one = GivenFile(_named(name, "/file_name"), content if content or not sha256 else None, sha256)
    return _add(actor, version, one, where="/file", position=position)


def carry_files(source: TemplateVersion | None, version: TemplateVersion) -> None:
    """A new draft begins with the files of the version before."""
    if source is not None:
        TemplateFile.objects.bulk_create(
            TemplateFile(version=version, position=one.position, name=one.name, file_id=one.file_id)
            for one in files_of(source.id)
        )


def draw_files(project_id: UUID, version: TemplateVersion) -> None:
    """A template drawn from a project has the files that the project began with."""
    rows = ProjectDocument.objects.filter(project=project_id, file__isnull=False).order_by("position", "id")
    TemplateFile.objects.bulk_create(
        TemplateFile(version=version, position=number, name=row.name, file_id=row.file_id)
        for number, row in enumerate(rows, 1)
        if row.file_id
    )


def hand_over(project: Project, version_id: UUID, words: Mapping[str, str]) -> None:
    """The version's files become documents of the project, behind its texts; no byte is copied."""
    taken = set(ProjectDocument.objects.filter(project=project).values_list("name", flat=True))
    made = []
    for one in files_of(version_id):
        name = _free(filled(one.name, words), taken)
        taken.add(name)
        made.append(ProjectDocument(project=project, position=len(taken), name=name, file_id=one.file_id))
    ProjectDocument.objects.bulk_create(made)


def _free(name: str, taken: set[str]) -> str:
    plain = PurePosixPath(name)
    number = 1
    while name in taken:
        number += 1
        name = f"{plain.stem} ({number}){plain.suffix}"
    return name


def _add(actor: Actor, version: TemplateVersion, one: GivenFile, *, where: str, position: int) -> TemplateFile:
    if one.content is None:
        kept = file_at_hand(actor, version.template_id, one.sha256)
        if kept is None:
            raise invalid(
                where,
                say("The document does not carry %(name)s, and it is not known here.", name=one.name),
                code="unknown",
                remedy=say("Take it out of the list of files, and upload it to the template afterwards."),
            )
    else:
        kept = keep_document(
            actor,
            name=one.name,
            content=one.content,
            field=where,
            what=say("A file of a template"),
            most_bytes=MOST_BYTES,
        )
    return TemplateFile.objects.create(version=version, position=position, name=one.name, file=kept)


def _read(told: Any) -> list[GivenFile]:
    if not isinstance(told, Sequence) or isinstance(told, str):
        raise invalid(f"/{FILES}", "This is a list.", code="wrong_type")
    if len(told) > _MOST_FILES:
        raise invalid(f"/{FILES}", say("A template has at most %(most)s files.", most=_MOST_FILES), code="too_many")
    found = [_given(one, f"/{FILES}/{number}") for number, one in enumerate(told)]
    names: set[str] = set()
    for number, one in enumerate(found):
        if one.name in names:
            raise invalid(f"/{FILES}/{number}/name", say("%(name)s is there twice.", name=one.name), code="taken")
        names.add(one.name)
    return found


def _given(told: Any, where: str) -> GivenFile:
    if not isinstance(told, Mapping):
        raise invalid(where, "This is an object.", code="wrong_type")
    if strange := set(told) - _WORDS:
        raise invalid(
            f"{where}/{min(strange)}", say("There is no field %(name)s.", name=min(strange)), code="unknown_field"
        )
    name, sha256 = _named(told.get("name"), f"{where}/name"), str(told.get("sha256") or "").lower()
    if told.get("content") is None:
        return GivenFile(name, None, sha256)
    try:
        content = base64.b64decode(str(told["content"]), validate=True)
    except (binascii.Error, ValueError):
        raise invalid(f"{where}/content", "The bytes of a file are written as base64.", code="unreadable") from None
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise invalid(f"{where}/content", say("The bytes of %(name)s are not those of its hash.", name=name))
    return GivenFile(name, content, sha256)


def _named(name: Any, where: str) -> str:
    if not isinstance(name, str) or not name.strip():
        raise invalid(where, "A file needs a name.", code="required")
    return safe_name(name)
