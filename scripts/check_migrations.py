"""Fails if a model differs from what the migrations would build, or if the applied history is inconsistent."""

from django.core.management import call_command

from quoin.site.serve import running_database

if __name__ == "__main__":
    with running_database():
        call_command("makemigrations", check_changes=True, dry_run=True)
