"""What has been done, so that a job that runs again does nothing."""

from django.db import models


class JobDone(models.Model):
    """Written in the transaction of the job's effect. Global: it names a job of the queue and nothing of a tenant."""

    job_id = models.BigIntegerField(primary_key=True)
    attempt = models.PositiveIntegerField()
    done_at = models.DateTimeField(auto_now_add=True)
