"""Reads an export's zip and compares it with its manifest."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a zip holds, and what of it is not as the manifest says."""

    files: int
    rows: int
    faults: list[str]


def verified(path: Path) -> Verified:
    """Hash and count every file again."""
    faults: list[str] = []
    rows = 0
    with zipfile.ZipFile(path) as archive:
        entries = json.loads(archive.read(_MANIFEST))["files"]
        listed = {entry["name"] for entry in entries} | {_MANIFEST}
        faults += [f"{name} is not in the manifest" for name in sorted(set(archive.namelist()) - listed)]
        for entry in entries:
            faults += _faults(archive, entry)
            rows += entry["rows"]
    return Verified(len(entries), rows, faults)


def _faults(archive: zipfile.ZipFile, entry: dict[str, object]) -> list[str]:
    name = str(entry["name"])
    try:
        with archive.open(name) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # a member of a zip reads like a file
        with archive.open(name) as file:
            count = _count(file, name)
    except (KeyError, zipfile.BadZipFile) as fault:
        return [f"{name} cannot be read: {fault}"]
    found = [] if digest == entry["sha256"] else [f"{name} was changed"]
    if count != entry["rows"]:
        found.append(f"{name} has {count} rows, the manifest says {entry['rows']}")
    return found


def _count(file: IO[bytes], name: str) -> int:
    if name.startswith("files/"):
        return 0
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    if name.endswith(".json"):
        return len(json.load(text))
    csv.field_size_limit(sys.maxsize)
    return max(0, sum(1 for _row in csv.reader(text)) - 1)
