"""The texts that shipped templates bring; `{variables}` are filled in when a project begins."""

from typing import Final

from quoin.projects.rules.templates.values import Paper

_CHARTER = """Project: {project}
Client: {client}

Purpose and scope
-

Not in scope
-

Who decides, and how fast
-

Acceptance criteria
-
"""
_ACCEPTANCE = """Acceptance protocol: {project}
Client: {client}

Accepted on:
Accepted by (name, role):

Open points, with owner and day
-

Signature:
"""
_SAFETY = """Safety briefing: {site}

- Site rules read and signed
- Protective equipment complete
- Crane and lifting gear checked
- Power locked out and marked
- Emergency numbers and meeting point known
"""
_CONTACTS = """Contacts and access: {client}

Decides:
Answers for IT on site:
Out of hours:

Order in which we call when something is down
1.
2.
"""
PAPERS: Final = {
    "charter": Paper(name="Project charter", text=_CHARTER.strip()),
    "acceptance": Paper(name="Acceptance protocol", text=_ACCEPTANCE.strip()),
    "safety": Paper(name="Safety briefing", text=_SAFETY.strip()),
    "contacts": Paper(name="Contacts and access", text=_CONTACTS.strip()),
}
