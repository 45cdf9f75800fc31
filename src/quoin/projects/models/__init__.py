"""Tables of projects: plans, budgets, templates, gates."""

from quoin.projects.models.budgets import BudgetLine, BudgetVersion
from quoin.projects.models.gates import Gate, GateItem, TaskCheck
from quoin.projects.models.templates import (
    ProjectDocument,
    ProjectOrigin,
    ProjectTemplate,
    TemplateFile,
    TemplateProposal,
    TemplateVersion,
)
from quoin.projects.models.work import (
    Assignment,
    Baseline,
    BaselineTask,
    Dependency,
    PlanImport,
    PlanResource,
    PlanSource,
    Project,
    ProjectMember,
    Task,
    TaskSource,
)

__all__ = [
    "Assignment",
    "Baseline",
    "BaselineTask",
    "BudgetLine",
    "BudgetVersion",
    "Dependency",
    "Gate",
    "GateItem",
    "PlanImport",
    "PlanResource",
    "PlanSource",
    "Project",
    "ProjectDocument",
    "ProjectMember",
    "ProjectOrigin",
    "ProjectTemplate",
    "Task",
    "TaskCheck",
    "TaskSource",
    "TemplateFile",
    "TemplateProposal",
    "TemplateVersion",
]
