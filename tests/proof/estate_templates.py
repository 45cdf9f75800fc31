"""Templates and gates of the proof's firm: a draft, a proposal, a gate with an item, a checklist, near and far."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from quoin.base.files.models import StoredFile
from quoin.kernel.ids import uuid7
from quoin.projects.models import (
    BudgetLine,
    BudgetVersion,
    Gate,
    GateItem,
    ProjectDocument,
    ProjectOrigin,
    ProjectTemplate,
    Task,
    TaskCheck,
    TemplateFile,
    TemplateProposal,
    TemplateVersion,
)


def stage(estate: Any) -> None:
    """The rows of both places, each text with the place's mark."""
    now = estate.world.actor.now
    for place, ids in (("near", estate.near), ("far", estate.far)):
        said = estate.mark(place, "project")
        # Templates are the whole firm's: no mark of a place, or everybody's view of them would be told as a leak.
        name = f"{estate.sign}template {place}"
        document = {"format": "quoin-template/1", "name": name, "rows": [{"key": "a", "name": "A"}]}
        template = ProjectTemplate.objects.create(name=name, owner_id=estate.world.boss.id)
        begun = TemplateVersion.objects.create(
            template=template, number=1, document=document, status="published", published_at=now
        )
        draft = TemplateVersion.objects.create(template=template, number=2, document=document)
        proposal = TemplateProposal.objects.create(template=template, text=name, proposed_at=now)
        ProjectOrigin.objects.create(
            project_id=ids["prj"], version=begun, begun_at=now, starts_on=estate.world.actor.today
        )
        kept = StoredFile.objects.create(
            name=f"{name}.txt", content_type="text/plain", size_bytes=len(name), sha256=sha256(name.encode()).hexdigest(),
            content=name.encode(), stored_at=now,
        )  # fmt: skip
        file = TemplateFile.objects.create(version=draft, position=1, name=f"{name}.txt", file=kept)
        paper = ProjectDocument.objects.create(project_id=ids["prj"], position=1, name=said, text=said, file=kept)
        # A phase of its own: a gate before the work of others would hold what they try.
        phase = Task.objects.create(project_id=ids["prj"], number=900, position=900, name=said, kind="phase")
        gate = Gate.objects.create(project_id=ids["prj"], task=phase, name=said, position=1)
        item = GateItem.objects.create(gate=gate, position=1, text=said)
        line = TaskCheck.objects.create(task_id=ids["tsk"], position=1, text=said)
        draft_budget = BudgetVersion.objects.create(
            project_id=ids["prj"], number=1, currency="EUR", cost_currency="EUR", created_at=now
        )
        planned = BudgetLine.objects.create(
            version=draft_budget, key=uuid7(), position=1, text=said, minutes=60, amount=100
        )
        ids.update(
            {
                "bgv": draft_budget.id, "bgl": planned.id,
                "tpl": template.id, "tpv": draft.id, "tpp": proposal.id, "tpf": file.id, "gat": gate.id, "gai": item.id,
                "tkc": line.id, "doc": paper.id,
            }
        )  # fmt: skip
