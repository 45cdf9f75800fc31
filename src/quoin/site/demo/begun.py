"""Templates of the demo firm: those that come with Quoin, two projects begun from them, gates waiting and waived.

One of the projects has somebody on two tasks at once: `quoin plan level` lets one of them wait.
"""

from __future__ import annotations

from datetime import timedelta

from quoin.base.actor import Actor
from quoin.kernel.ids import uuid7
from quoin.projects.actions import create_project, edit_project
from quoin.projects.actions.gates import edit_gate, tick_item, waive_gate
from quoin.projects.actions.plan import change_plan
from quoin.projects.actions.template_files import attach_file
from quoin.projects.actions.templates import propose_template_change, publish_template, take_template
from quoin.projects.models import Gate, GateItem, Project, Task
from quoin.projects.rules.templates.shipped import SHIPPED
from quoin.site.demo.people import Staff
from quoin.site.demo.work import Portfolio

_WAIVED = "The client signed on site; the paper follows by post."
_RULES = b"# Rules on site\n\nHelmet, shoes, vest. Report at the gate. No hot work without a permit.\n"
_AT_ONCE = ("Measure the hall", "Check the power supply")
_LEARNED = "Ask for the floor plan together with the survey: both late jobs waited two weeks for it."


def begin_demo(system: Actor, staff: Staff, portfolio: Portfolio) -> None:
    """A line that is being put up, and a client that is being taken on."""
    taken = {key: take_template(system, shipped=key) for key in SHIPPED}
    attach_file(system, template_id=taken["installation"].id, file_name="Rules {site}.md", content=_RULES)
    publish_template(system, template_id=taken["installation"].id, note="With the rules on site")
    actor = staff.actor((staff.with_job("project_manager") or staff.everybody)[0]).at(system.now)
    clients = [portfolio.clients[key] for key in sorted(portfolio.clients, key=str)]
    soon = system.today + timedelta(days=7)
    line = create_project(
        system, name="Packing line 3", client_id=clients[0], template_id=taken["installation"].id, starts_on=soon,
        answers={"site": "Hall 3"}, manager_id=actor.person_id,
    )  # fmt: skip
    create_project(
        system, name="Service take-over", client_id=clients[-1], template_id=taken["onboarding"].id,
        ends_on=system.today + timedelta(days=90), manager_id=actor.person_id,
    )  # fmt: skip
    edit_project(system, project_id=line.id, budget_amount=84_000)
    released = Gate.objects.get(project=line, name="Order released")
    waive_gate(system, gate_id=released.id, reason=_WAIVED)
    ready = Gate.objects.get(project=line, name="Site ready")
    edit_gate(system, gate_id=ready.id, due_on=soon + timedelta(days=14))
    _overload(system, line, staff)
    first = GateItem.objects.filter(gate=ready, kind="manual").earliest("position")
    tick_item(system, item_id=first.id, note="Checked with the builder")
    source = Project.objects.filter(id=line.id).values_list("number", flat=True).first()
    propose_template_change(actor, template_id=taken["installation"].id, text=_LEARNED, source=f"project {source}")


def _overload(system: Actor, line: Project, staff: Staff) -> None:
    """Somebody with two tasks at once, two days each."""
    # Somebody with room for one of them beside other projects, and not for both.
    person = (staff.with_job("project_manager") or staff.everybody)[-1]
    phase = Task.objects.filter(project=line, kind="phase").earliest("position", "number")
    ids = {name: uuid7() for name in _AT_ONCE}
    changes: list[dict[str, object]] = [
        {
            "op": "task.add", "id": key, "project": line.id, "parent_id": phase.id, "name": name,
            "duration_minutes": 960, "estimate_minutes": 960,
        }
        for name, key in ids.items()
    ]  # fmt: skip
    changes += [
        {"op": "assign", "id": uuid7(), "task": key, "person": person.id, "units_percent": 40} for key in ids.values()
    ]
    change_plan(system, project_id=line.id, changes=changes)
