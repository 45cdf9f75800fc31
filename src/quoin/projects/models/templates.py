"""Tables of templates: versions, what people propose to change, and which project began from which version."""

from typing import ClassVar

from django.db import models

from quoin.base.db.tenancy import Reference, TenantModel, tenant_table
from quoin.base.files.models import StoredFile
from quoin.people.models import Person
from quoin.projects.models.work import Project


class ProjectTemplate(TenantModel):
    """Something that projects are started from. What it says stands in its versions."""

    prefix = "tpl"

    name = models.TextField()
    description = models.TextField(default="")
    method = models.CharField(max_length=12, default="own")
    """waterfall, hybrid, installation, onboarding or own."""
    owner = Reference(Person, null=True)
    """Who accepts or declines what others propose."""
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_projecttemplate", owner="people_person"),
            models.UniqueConstraint(fields=["tenant_id", "name"], name="template_name"),
        ]


class TemplateVersion(TenantModel):
    """What a template says. A published version never changes: projects remember it."""

    prefix = "tpv"

    template = Reference(ProjectTemplate, models.CASCADE)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, default="draft")
    """draft or published."""
    document = models.JSONField()
    note = models.TextField(default="")
    """What is new in it."""
    published_at = models.DateTimeField(null=True)
    published_by = Reference(Person, null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "projects_templateversion", template="projects_projecttemplate", published_by="people_person"
            ),
            models.UniqueConstraint(fields=["tenant_id", "template", "number"], name="template_version_number"),
            models.UniqueConstraint(
                fields=["tenant_id", "template"], condition=models.Q(status="draft"), name="template_one_draft"
            ),
            models.CheckConstraint(
                condition=models.Q(status="draft", published_at=None)
                | models.Q(status="published", published_at__isnull=False),
                name="template_version_published",
            ),
        ]


class TemplateProposal(TenantModel):
    """What somebody learned and proposes to change in a template."""

    prefix = "tpp"

    template = Reference(ProjectTemplate, models.CASCADE)
    text = models.TextField()
    source = models.TextField(default="")
    """Where it comes from, in words or as a public id: the lesson, the project."""
    proposed_at = models.DateTimeField()
    proposed_by = Reference(Person, null=True)
    status = models.CharField(max_length=10, default="open")
    """open, accepted or declined."""
    answer = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)
    decided_by = Reference(Person, null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "projects_templateproposal",
                template="projects_projecttemplate",
                proposed_by="people_person",
                decided_by="people_person",
            ),
            models.CheckConstraint(
                condition=models.Q(status="open", decided_at=None)
                | models.Q(status__in=["accepted", "declined"], decided_at__isnull=False),
                name="template_proposal_decided",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["tenant_id", "template"], name="template_proposal_of")]


class ProjectOrigin(TenantModel):
    """The version a project began from; written once. The database takes published versions only."""

    # The database keeps the row, and with it the project: what began from a template is closed, not removed.
    project = Reference(Project, models.DO_NOTHING)
    version = Reference(TemplateVersion)
    begun_at = models.DateTimeField()
    starts_on = models.DateField()
    is_backward = models.BooleanField(default=False)
    """Dated from its end."""
    answers = models.JSONField(default=dict)
    """What was filled in for the template's variables."""

    class Meta:
        constraints: ClassVar = [
            *tenant_table(
                "projects_projectorigin",
                append_only=True,
                project="projects_project",
                version="projects_templateversion",
            ),
            models.UniqueConstraint(fields=["tenant_id", "project"], name="project_origin_once"),
        ]


class TemplateFile(TenantModel):
    """A file that projects of a version begin with. Files of a published version never change."""

    prefix = "tpf"

    version = Reference(TemplateVersion, models.CASCADE)
    position = models.PositiveIntegerField()
    name = models.TextField()
    """With its ending; variables in it are filled in."""
    file = Reference(StoredFile)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_templatefile", version="projects_templateversion", file="base_storedfile"),
            models.UniqueConstraint(fields=["tenant_id", "version", "name"], name="template_file_name"),
        ]


class ProjectDocument(TenantModel):
    """What the project began with: a text (protocol, agreement, instruction), or a file that its template has too."""

    prefix = "doc"

    project = Reference(Project, models.CASCADE)
    position = models.PositiveIntegerField()
    name = models.TextField()
    text = models.TextField(default="")
    file = Reference(StoredFile, null=True)

    class Meta:
        constraints: ClassVar = [
            *tenant_table("projects_projectdocument", project="projects_project", file="base_storedfile"),
            models.UniqueConstraint(fields=["tenant_id", "project", "name"], name="project_document_name"),
        ]
