"""What a file does to a project, in plain values: for the API and the command line."""

from __future__ import annotations

from typing import Any

from quoin.kernel.ids import public_id
from quoin.projects.queries.exchange import Trial
from quoin.projects.rules.exchange import taken_rows


def told(trial: Trial) -> dict[str, Any]:
    """Counts, who is who, what is lost, and which tasks Quoin dates otherwise."""
    file, merged = trial.file, trial.merged
    rows = taken_rows(file)
    return {
        "tasks": len(rows),
        "added": merged.added,
        "updated": merged.updated,
        "links": sum(len(row.links) for row in rows),
        "assignments": len(file.assignments),
        "calendars": [one.flat.name for one in trial.calendars if one.is_written],
        "baselines": list(trial.baselines),
        "people": [
            {
                "uid": line.resource.uid, "name": line.resource.name, "kind": line.resource.type.value,
                "person_id": public_id("per", line.person_id) if line.person_id else None, "found_by": line.why,
            }
            for line in trial.lines
        ],
        "no_longer_in_file": [trial.before.tasks[key].name for key in merged.gone],
        "lost": [{"what": one.what, "count": one.count, "why": one.why} for one in (*file.lost, *merged.lost)],
        "dated": trial.dated,
        "dated_otherwise": [
            {"name": name, "file": theirs, "quoin": ours} for name, theirs, ours in trial.moved
        ],
    }  # fmt: skip
