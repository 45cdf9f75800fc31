"""An upload that was opened: its bytes' name, size and hash, and the tables in it."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from typing_extensions import override

from quoin.imports.adapters.files import open_path, open_upload
from quoin.imports.adapters.limits import COMMAND_LINE, UPLOAD, Limits
from quoin.imports.types import Upload, bad_file
from quoin.kernel.words import say

_BLOCK = 1 << 20


class Opened:
    """No dataclass, so that the audit trail writes its name and does not copy it. `content` is None for a folder."""

    __slots__ = ("content", "name", "sha256", "size", "upload")

    def __init__(self, *, name: str, size: int, digest: str, upload: Upload, content: bytes | None) -> None:
        self.name, self.size, self.sha256 = name, size, digest
        self.upload, self.content = upload, content

    @override
    def __str__(self) -> str:
        return f"{self.name} ({self.size} bytes, SHA-256 {self.sha256})"


def open_bytes(name: str, content: bytes, limits: Limits = UPLOAD) -> Opened:
    """An upload; BadFile says why it is refused."""
    upload = open_upload(name, content, limits)
    base = name.replace("\\", "/").rpartition("/")[2][:200] or "upload"
    return Opened(name=base, size=len(content), digest=sha256(content).hexdigest(), upload=upload, content=content)


def open_file(path: Path, limits: Limits = COMMAND_LINE) -> Opened:
    """A file or folder of this machine. Only what a browser could have uploaded is kept to be read again."""
    upload = open_path(path, limits)
    digest, size = sha256(), 0
    members = sorted(member for member in path.rglob("*") if member.is_file()) if path.is_dir() else [path]
    try:
        for member in members:
            if path.is_dir():
                digest.update(f"{member.relative_to(path).as_posix()}\0".encode())
            with member.open("rb") as stream:
                while block := stream.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
    except OSError as error:
        raise bad_file(
            "no_file",
            say("%(name)s cannot be read: %(strerror)s.", name=path.name, strerror=error.strerror),
            "Check the path.",
        ) from error
    return Opened(name=path.name, size=size, digest=digest.hexdigest(), upload=upload, content=None)
