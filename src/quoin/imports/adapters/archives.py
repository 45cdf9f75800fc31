"""Zip archives, judged by their central directory before a byte is unpacked.

Refused: too many members, too much or too tightly packed, archives in archives, links, encryption, and names that
lead out of the archive.
"""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import PurePosixPath

from quoin.imports.adapters.limits import Limits
from quoin.imports.types import BadFile, bad_file
from quoin.kernel.words import say

_ENCRYPTED = 0x1
_NESTED = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".zst", ".jar", ".docx", ".ods")
_PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_REMEDY = "Pack the files of the export again, without archives in the archive."


def open_archive(file: str, content: bytes, limits: Limits) -> tuple[zipfile.ZipFile, tuple[zipfile.ZipInfo, ...]]:
    """The archive and its files, after all checks that need no unpacking."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = tuple(archive.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError) as error:
        raise bad_file(
            "bad_zip", say("The archive is damaged: %(error)s.", error=error), "Pack it again.", file=file
        ) from error
    if len(members) > limits.members:
        raise _refused(
            file,
            "zip_members",
            say(
                "The archive holds %(count)s files; %(members)s is the most.",
                count=f"{len(members):,}",
                members=f"{limits.members:,}",
            ),
        )
    _check_names(file, members)
    _check_sizes(file, members, len(content), limits)
    return archive, tuple(member for member in members if not member.is_dir())


def read_member(file: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, takes_workbook: bool = False) -> bytes:
    """The bytes of one file, never more than the central directory says. Archives inside are refused, a workbook only
    where the caller does not judge it itself.
    """
    try:
        with archive.open(member) as stream:
            content = stream.read(member.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise bad_file(
            "bad_zip",
            say("%(filename)s cannot be unpacked: %(error)s.", filename=repr(member.filename), error=error),
            "Pack it again.",
            file=file,
        ) from error
    if len(content) != member.file_size:
        raise _refused(
            file,
            "zip_size",
            say("%(filename)s has another size than the archive says.", filename=repr(member.filename)),
        )
    if content.startswith(_PACKED) and not takes_workbook:
        raise _refused(
            file, "zip_nested", say("%(filename)s is an archive inside the archive.", filename=repr(member.filename))
        )
    return content


def _check_names(file: str, members: Sequence[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.filename
        path = PurePosixPath(name.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or "\0" in name or ":" in name:
            raise _refused(file, "zip_slip", say("%(name)s leads out of the archive.", name=repr(name)))
        mode = member.external_attr >> 16
        if mode and not (stat.S_ISREG(mode) or stat.S_ISDIR(mode) or stat.S_IFMT(mode) == 0):
            raise _refused(file, "zip_link", say("%(name)s is a link or a device, not a file.", name=repr(name)))
        if member.flag_bits & _ENCRYPTED:
            raise _refused(file, "zip_encrypted", say("%(name)s is encrypted.", name=repr(name)))
        if name.casefold().endswith(_NESTED):
            raise _refused(file, "zip_nested", say("%(name)s is an archive inside the archive.", name=repr(name)))
        if member.compress_type not in _METHODS:
            raise _refused(file, "zip_method", say("%(name)s is packed by a method that is not read.", name=repr(name)))
        if name.casefold() in seen:
            raise _refused(file, "zip_doubled", say("%(name)s is in the archive twice.", name=repr(name)))
        seen.add(name.casefold())


def _check_sizes(file: str, members: Sequence[zipfile.ZipInfo], packed: int, limits: Limits) -> None:
    unpacked = sum(member.file_size for member in members)
    if unpacked > limits.unpacked_bytes:
        raise _refused(
            file,
            "zip_bomb",
            say(
                "The archive unpacks to %(unpacked)s bytes; %(unpacked_bytes)s is the most.",
                unpacked=f"{unpacked:,}",
                unpacked_bytes=f"{limits.unpacked_bytes:,}",
            ),
        )
    for member in members:
        if member.file_size > limits.small_bytes and member.file_size > limits.ratio * max(member.compress_size, 1):
            raise _refused(
                file,
                "zip_bomb",
                say(
                    "%(filename)s is packed %(times)s to one; %(ratio)s to one is the most.",
                    filename=repr(member.filename),
                    times=member.file_size // max(member.compress_size, 1),
                    ratio=limits.ratio,
                ),
            )
    # Members that share bytes of the archive unpack to more than the archive could hold.
    if sum(member.compress_size for member in members) > packed:
        raise _refused(file, "zip_bomb", "Files of the archive overlap.")


def _refused(file: str, code: str, message: str) -> BadFile:
    return bad_file(code, message, _REMEDY, file=file)
