"""The three project templates that Halden starts from, the tasks of its other work, and what people note about them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

from quoin.projects.rules.templates.values import FORMAT


@dataclass(frozen=True, slots=True)
class Template:
    """A template; `share_percent` of a milestone is its part of a fixed price."""

    key: str
    name: str
    description: str
    contract_kind: str
    tasks: tuple[tuple[str, int, int, int, int], ...]
    """(name, hours, starts after days, lasts days, share_percent); a share makes it a milestone."""

    def shared(self, whole: int) -> list[tuple[str, int]]:
        """The whole in parts of the tasks, by their hours: (name, part)."""
        tasks = [(name, hours) for name, hours, *_rest in self.tasks if hours]
        ends = [0, *accumulate(hours for _name, hours in tasks)]
        return [
            (name, whole * end // ends[-1] - whole * start // ends[-1])
            for (name, _hours), (start, end) in zip(tasks, pairwise(ends), strict=True)
        ]

    def document(self) -> dict[str, Any]:
        """The template as people share it; its projects keep the days they begin with."""
        rows = [
            {
                "key": f"t{number}", "name": name, "kind": "milestone" if share else "task",
                "effort_minutes": hours * 60, "duration_minutes": None if share else lasts * 480,
                "starts_after_days": after,
            }
            for number, (name, hours, after, lasts, share) in enumerate(self.tasks, 1)
        ]  # fmt: skip
        shares = [
            {"row": f"t{number}", "share_ratio": str(Decimal(task[-1]) / 100)}
            for number, task in enumerate(self.tasks, 1)
            if task[-1]
        ]
        return {
            "format": FORMAT, "name": self.name, "description": self.description, "dates": "by_hand", "rows": rows,
            "billing": {"contract_kind": self.contract_kind, "shares": shares},
        }  # fmt: skip


TEMPLATES = (
    Template(
        "rollout", "Software roll-out", "From workshops to hypercare, with four milestones.", "time_and_materials",
        (
            ("Discovery workshops", 80, 0, 15, 0), ("Process design", 140, 10, 30, 0),
            ("Design accepted", 0, 40, 1, 30),
            ("Configuration", 260, 40, 60, 0), ("Interfaces", 180, 55, 50, 0), ("Data migration", 160, 80, 40, 0),
            ("Migration rehearsed", 0, 120, 1, 40), ("Acceptance test", 120, 120, 20, 0), ("Training", 70, 130, 15, 0),
            ("Go-live", 0, 145, 1, 20), ("Hypercare", 90, 145, 20, 0), ("Handed over", 0, 165, 1, 10),
        ),
    ),
    Template(
        "installation", "Machine installation", "Site survey to acceptance; billed 30/40/20/10.", "fixed_price",
        (
            ("Site survey", 40, 0, 5, 0), ("Order placed", 0, 5, 1, 30), ("Foundations and media", 180, 10, 25, 0),
            ("Delivery and unloading", 90, 35, 8, 0), ("Machine delivered", 0, 43, 1, 40),
            ("Mechanical assembly", 320, 43, 35, 0), ("Electrical works", 220, 60, 30, 0), ("Start-up", 110, 90, 12, 0),
            ("Start-up done", 0, 102, 1, 20), ("Operator training", 50, 102, 5, 0), ("Acceptance run", 60, 107, 8, 0),
            ("Accepted", 0, 115, 1, 10),
        ),
    ),
    Template(
        "onboarding", "MSP onboarding", "From inventory to a served client in ten weeks.", "fixed_price",
        (
            ("Inventory and access", 30, 0, 8, 0), ("Monitoring agents", 40, 6, 10, 0),
            ("Backup set-up", 36, 12, 10, 0),
            ("Half-way review", 0, 22, 1, 50), ("Documentation", 28, 22, 12, 0),
            ("Service desk hand-over", 24, 34, 8, 0),
            ("Client sign-off", 0, 42, 1, 50),
        ),
    ),
)  # fmt: skip

TASKS = {
    "service": ("Service desk", "Monitoring and patching", "Changes", "Quarterly review"),
    "advice": ("Analysis", "Workshops", "Report", "Follow-up"),
    "support": ("Small changes", "User support", "Release upkeep"),
}
"""Tasks of work that is not planned from a template."""

INTERNAL = (
    ("Team and administration", ("Team meeting", "Planning the week", "Administration", "Interview")),
    ("Training and certificates", ("Certification course", "Reading release notes", "Internal training")),
    ("Offers and pre-sales", ("Estimate for a prospect", "Demo for a prospect", "Answering a tender")),
)
"""Internal projects, with what is noted on them."""

_NOTES = {
    "Discovery workshops": ("Workshop order to cash", "Interviewed the warehouse team", "Notes of workshop two"),
    "Process design": ("Drafted the approval flow", "Reviewed the design with the process owner", "Chart of accounts"),
    "Configuration": ("Set up price lists", "Posting rules", "Roles and rights", "Fixed the print layouts"),
    "Interfaces": ("Bank interface, error handling", "EDI orders, second partner", "Webshop stock sync"),
    "Data migration": ("Cleaned the supplier list", "Trial load of open items", "Reconciled balances"),
    "Acceptance test": ("Test script purchasing", "Fixed finding 31", "Retest after fixes", "Sat with key users"),
    "Training": ("Training for finance", "Wrote the short guide", "Training for the warehouse"),
    "Hypercare": ("Morning call and follow-up", "Month end with the client", "Fixed a stuck batch"),
    "Site survey": ("Measured the hall", "Checked floor load with the surveyor"),
    "Foundations and media": ("Set out the anchors", "Compressed air line", "Checked the concrete"),
    "Delivery and unloading": ("Unloaded press frame", "Crane briefing", "Moved crates to bay 2"),
    "Mechanical assembly": ("Aligned the bed", "Mounted the guarding", "Torqued and marked the bolts"),
    "Electrical works": ("Cabinet wiring", "Safety circuit test", "Cable trays, east side"),
    "Start-up": ("First cycle without load", "Tuned the feeder", "Fault 217, replaced sensor"),
    "Operator training": ("Trained early shift", "Trained late shift"),
    "Acceptance run": ("Capability run, 50 parts", "Punch list with the client"),
    "Inventory and access": ("Walked the site, listed devices", "Admin accounts into the vault"),
    "Monitoring agents": ("Agents on servers", "Agents on laptops", "Tuned the noise"),
    "Backup set-up": ("First full backup", "Restore test", "Retention as agreed"),
    "Documentation": ("Network plan", "Runbook for the service desk"),
    "Service desk hand-over": ("Hand-over call", "Shadowed first tickets"),
    "Service desk": ("Tickets of the day", "Printer queue stuck", "Password and phone set-up", "VPN for a new starter"),
    "Monitoring and patching": ("Patch window", "Disk alert cleared", "Firewall firmware", "Backup alerts checked"),
    "Changes": ("New mailbox rules", "Moved shared drive", "Added a site to the VPN"),
    "Quarterly review": ("Prepared the service report", "Review with the client"),
    "Analysis": ("Sampled the postings", "Compared the options", "Licence count"),
    "Workshops": ("Workshop with finance", "Architecture session"),
    "Report": ("Drafted chapter 2", "Worked in the comments"),
    "Follow-up": ("Answered questions on the report", "Follow-up call"),
    "Small changes": ("Added a field to the order form", "New report for sales", "Adjusted the workflow"),
    "User support": ("Questions from finance", "Looked into a slow list", "Explained the year end"),
    "Release upkeep": ("Regression test", "Applied the update in test"),
}


def notes_for(task: str) -> tuple[str, ...]:
    """What people write about such a task."""
    return _NOTES[task]
