"""Screen 60: is the instance well; each card names its twin on the command line."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quoin.base.http.views import ActorRequest, page
from quoin.base.ui import nav, respond
from quoin.compliance.actions.jobs import retry_job
from quoin.compliance.queries import finding_words  # noqa: F401  # says which findings are told
from quoin.compliance.queries.checks import SEE_CHECKS, rules, run_checks
from quoin.compliance.queries.jobs import SEE_OPERATIONS, failed_jobs, job_counts
from quoin.compliance.web.audit import AREA

_ORDER = {"broken": 0, "look": 1, "fine": 2}
nav.add(
    nav.Entry(
        key="operations", group="admin", label=gettext_lazy("Operations"), url_name="compliance:operations",
        icon="operations", permission=SEE_OPERATIONS, order=5,
    )
)  # fmt: skip


@page(SEE_OPERATIONS)
def operations(request: ActorRequest) -> HttpResponseBase:
    """Cards, the most urgent first."""
    cards = sorted(import_string(settings.QUOIN_DOCTOR)(), key=lambda card: _ORDER[card["state"]])
    context = {"title": _("Operations"), "area": AREA, "cards": cards, "counts": job_counts()}
    return respond.page(request, "compliance/operations.html", context)


@page(SEE_CHECKS)
def checks(request: ActorRequest) -> HttpResponseBase:
    """Every rule of the books. The page is there at once and asks for the results, which read all rows of the firm."""
    is_run = "run" in request.GET or (respond.is_htmx(request) and request.headers.get("HX-Target") == "checks")
    context = {
        "title": _("Checks"), "area": AREA, "rules": rules(request.actor),
        "checks": run_checks(request.actor) if is_run else (),
        "crumbs": ((_("Operations"), reverse("compliance:operations")),),
    }  # fmt: skip
    return respond.page(request, "compliance/checks.html", context, fragments={"checks": "compliance/_checks.html"})


@page(SEE_OPERATIONS)
def jobs(request: ActorRequest) -> HttpResponseBase:
    """What failed, with its reason and a button."""
    context = {
        "title": _("Jobs"), "area": AREA, "jobs": failed_jobs(request.actor), "counts": job_counts(),
        "crumbs": ((_("Operations"), reverse("compliance:operations")),),
    }  # fmt: skip
    return respond.page(request, "compliance/jobs.html", context)


@page("compliance.job.retry", methods=("POST",))
def retry(request: ActorRequest, pk: int) -> HttpResponse:
    """Put a failed job back into the queue."""
    retry_job(request.actor, job_id=pk)
    return respond.redirect_with_toast(request, reverse("compliance:jobs"), _("The job runs again"))
