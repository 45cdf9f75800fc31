"""What rules say of a candidate, for those who read the reasons in another language: they are kept as plain text."""

from __future__ import annotations

from quoin.base.ui.stored import stores
from quoin.kernel.words import Phrases, say

REASONS = (
    say("free on all days"), say("free for %(share)s %% of %(hours)s", share="", hours=""),
    say("does not work in these days"), say("has the role"), say("knows the project"),
    say("%(share)s %% booked in %(week)s; free for %(free)s %% of it", share="", week="", free=""),
    say("tentative elsewhere from %(day)s", day=""), say("margin %(share)s %%", share=""),
    say("%(skill)s is confirmed", skill=""), say("does not want to work with %(skill)s", skill=""),
    say("does not want to work for this client"), say("does not work in %(place)s", place=""),
    say("%(name)s ended on %(day)s", name="", day=""), say("no %(name)s on %(day)s", name="", day=""),
    say("no %(skill)s, needs %(level)s", skill="", level=""),
    say("%(skill)s %(held)s, needs %(level)s", skill="", held="", level=""),
    say("also %(skill)s %(level)s", skill="", level=""),
    say("works in %(place)s", place=""), say("takes %(share)s %% of it", share=""),
    say("starts 1 week later"), say("starts %(weeks)s weeks later", weeks=""),
    say("was asked and has said no"), say("is booked on it already"), say("was asked and is willing"),
    say("costs %(amount)s an hour less than others", amount=""), say("%(hours)s h time difference", hours=""),
    say("is there for %(share)s %% of it, at least %(least)s %% is asked", share="", least=""),
    say("better used on %(others)s; no room on %(full)s", others="", full=""),
)  # fmt: skip
stores(Phrases(*REASONS))
