"""Names of baselines that the product gave: of a change order and the moment of its acceptance."""

from __future__ import annotations

from quoin.base.ui.stored import stores
from quoin.kernel.words import Phrases, say

NAMES = Phrases(
    say("After change order %(number)s", number=""),
    say("Change order %(number)s (%(moment)s)", number="", moment=""),
)
stores(NAMES)
