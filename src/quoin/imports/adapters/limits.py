"""How much an upload may be. The command line may raise the rows; nothing may raise the rest by accident."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Caps on one upload. The ratio counts for members that unpack to more than `small_bytes`."""

    upload_bytes: int = 20_000_000
    unpacked_bytes: int = 200_000_000
    ratio: int = 100
    small_bytes: int = 100_000
    members: int = 1_000
    workbooks: int = 5
    rows: int = 100_000
    columns: int = 200
    cell_characters: int = 32_000
    child_bytes: int = 256_000_000
    child_seconds: int = 20


UPLOAD = Limits()
COMMAND_LINE = Limits(upload_bytes=600_000_000, unpacked_bytes=800_000_000, rows=1_500_000)
