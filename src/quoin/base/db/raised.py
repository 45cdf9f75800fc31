"""What triggers say when they refuse, so that it can be said in another language: PostgreSQL fills in the values.

One pattern for each `RAISE EXCEPTION` with a SQLSTATE of Quoin's own; a test holds the migrations to this list.
"""

from __future__ import annotations

from quoin.kernel.words import Phrases, say

SENTENCES = (
    say("rows of %(one)s are written once and never changed", one=""),
    say("business tables change only inside an action"),
    say("document %(one)s is issued and never changes; credit it", one=""),
    say("number %(one)s leaves a hole after %(two)s", one="", two=""),
    say("the last document of the series, %(one)s, is dated %(two)s; an earlier date is not possible", one="", two=""),
    say("document %(one)s: its lines come to %(two)s, its net is %(three)s", one="", two="", three=""),
    say(
        "document %(one)s, line %(two)s: its work comes to %(three)s, the line says %(four)s",
        one="",
        two="",
        three="",
        four="",
    ),
    say("document %(one)s: the VAT of category %(two)s at %(three)s %% is not exact", one="", two="", three=""),
    say("document %(one)s: VAT comes to %(two)s, the document says %(three)s", one="", two="", three=""),
    say("a credit note is about an issued invoice of the same client and currency"),
    say("line %(one)s of %(two)s was billed for less than is credited", one="", two=""),
    say("each line of a credit note names a line of %(one)s", one=""),
    say("more VAT of category %(one)s would be credited than %(two)s has", one="", two=""),
    say("money is applied to issued invoices only"),
    say("%(one)s is open for less than that", one=""),
    say("a payment in %(one)s cannot pay an invoice in %(two)s", one="", two=""),
    say("the payment has less than that left"),
    say("pack %(one)s would cover work that is not its own, or covered already", one=""),
    say("a pack begins with its sale"),
    say("what was sold does not change; take the sale back"),
    say("what is left of a pack follows from its moves"),
    say("change order %(one)s is kept: it may be withdrawn, not deleted", one=""),
    say("number and project of change order %(one)s stay", one=""),
    say("change order %(one)s was sent: take it back before it is changed", one=""),
    say("change order %(one)s was accepted and stays", one=""),
    say("only a change order that was sent is accepted"),
    say("the lines of a change order that was sent stay"),
    say("status report %(one)s was told and stays", one=""),
    say("journal %(one)s does not balance in each currency", one=""),
    say("journal %(one)s has %(two)s lines and is off by %(three)s in the books' currency", one="", two="", three=""),
    say("a posted journal takes no more lines"),
    say("there is no fiscal period for %(one)s; open it first", one=""),
    say("the period of %(one)s is closed; post to an open day", one=""),
    say("journal %(one)s does not balance in %(two)s", one="", two=""),
    say("journal %(one)s leaves a balance on the clearing account", one=""),
    say("journal %(one)s has no lines", one=""),
    say("a fiscal period is not moved or removed"),
    say('Gate "%(one)s" holds "%(two)s": its list is not met yet, or nobody has passed it.', one="", two=""),
    say('A gate holds the phase, and work on "%(one)s" has begun.', one=""),
    say('Gate "%(one)s" is not met: %(two)s', one="", two=""),
    say('Work behind gate "%(one)s" has begun already: "%(two)s".', one="", two=""),
    say("The gate is decided. Open it again to change what it asks for."),
    say("A published version of a template stays as it is. Change the draft of the next one."),
    say("A project begins from a published version of a template."),
    say("This version of the budget is kept and stays as it is. Begin a draft from it."),
    say("The budget of project %(one)s is kept in versions. Change it there.", one=""),
    say("A booked day keeps its person and date: delete it and add another."),
    say("An override keeps its person and day: delete it and grant another."),
    say("approved time does not change; reopen it first"),
    say("time cannot go from %(one)s to %(two)s", one="", two=""),
    say("an approved expense does not change; reopen it first"),
    say("an expense cannot go from %(one)s to %(two)s", one="", two=""),
    say("what is approved is not deleted; reopen it first"),
)
_STANDS = tuple(map(say, ("open", "submitted", "approved", "returned", "reopened", "billed")))
"""Where a thing stands, as a trigger puts it into its sentence."""
RAISED_WORDS = Phrases(*SENTENCES, *_STANDS)
