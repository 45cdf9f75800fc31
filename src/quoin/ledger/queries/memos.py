"""The texts of journals. They are posted in English and never change; readers see them in their language."""

from __future__ import annotations

from quoin.kernel.words import Phrases, say

MEMOS = Phrases(
    say("%(memo)s, reversed", memo=""),
    say("Time approved"),
    say("Approval taken back"),
    say("Expenses approved"),
    say("Priced again"),
    say("Payment applied"),
    say("Retainer settled"),
    say("Retainer %(month)s settled", month=""),
    say("Covered by a prepaid pack"),
    say("Given back to a prepaid pack"),
    say("Pack %(number)s expired", number=""),
    say("Pack %(number)s revived", number=""),
    say("Credit note %(number)s on %(invoice)s", number="", invoice=""),
    say("Acceptance of %(invoice)s", invoice=""),
    say("Revenue of %(contract)s up to %(day)s", contract="", day=""),
    say("Revaluation %(day)s", day=""),
    say("Invoice %(number)s", number=""),
)
"""Where one text fits two patterns, the longer stands first."""
