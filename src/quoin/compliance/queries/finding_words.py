"""What `quoin doctor` says, for those who read its findings on the screen of operations in another language."""

from __future__ import annotations

from quoin.base.ui.stored import stores
from quoin.kernel.words import Phrases, say

PARTS = tuple(
    map(say, ("database", "migrations", "role", "assets", "disk", "mail", "jobs", "backup", "slow", "online"))
)
FINDINGS = (
    say("in order"), say("built"), say("The database does not answer."),
    say("%(size)s MB free", size=""), say("sent through %(host)s", host=""),
    say("Printed to the log. Set QUOIN_SMTP_HOST to send."),
    say("%(waiting)s waiting, %(failed)s failed", waiting="", failed=""),
    say("None was made by `quoin backup` here."),
    say("%(hours)s hours ago, %(size)s MB, %(tables)s tables", hours="", size="", tables=""),
    say("%(count)s in the last five minutes", count=""),
    say("No page took longer than %(limit)s ms since the start.", limit=""),
    say("%(count)s slow; worst /%(page)s with %(time)s ms", count="", page="", time=""),
)  # fmt: skip
stores(Phrases(*PARTS, *FINDINGS))
