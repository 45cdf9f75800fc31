"""What a file names: clients, people, projects, tasks, categories, each once, under a key made of folded names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from quoin.imports.rules.values.words import fold, join_key
from quoin.imports.types import ImportedCategory, ImportedClient, ImportedPerson, ImportedProject, ImportedTask


@dataclass(slots=True)
class Catalogue:
    """The records met so far, in order; the first mention of a key is the record."""

    clients: dict[str, ImportedClient] = field(default_factory=dict)
    people: dict[str, ImportedPerson] = field(default_factory=dict)
    projects: dict[str, ImportedProject] = field(default_factory=dict)
    tasks: dict[str, ImportedTask] = field(default_factory=dict)
    categories: dict[str, ImportedCategory] = field(default_factory=dict)

    def add_client(self, client: ImportedClient) -> str:
        self.clients.setdefault(client.key, client)
        return client.key

    def add_person(self, person: ImportedPerson) -> str:
        self.people.setdefault(person.key, person)
        return person.key

    def merge_people(self) -> dict[str, str]:
        """Take each person without mail for the only one of that name with a mail; the old key to the new one."""
        mailed: dict[str, list[str]] = defaultdict(list)
        for person in self.people.values():
            if person.email:
                mailed[fold(person.name)].append(person.key)
        merged = {key: mailed[key][0] for key in self.people if len(mailed.get(key, ())) == 1 and key != mailed[key][0]}
        for key in merged:
            del self.people[key]
        return merged

    def add_project(self, project: ImportedProject) -> str:
        self.projects.setdefault(project.key, project)
        return project.key

    def add_task(self, task: ImportedTask) -> str:
        self.tasks.setdefault(task.key, task)
        return task.key

    def add_category(self, category: ImportedCategory) -> str:
        self.categories.setdefault(category.key, category)
        return category.key


def client_key(name: str) -> str:
    return fold(name)


def person_key(name: str, email: str) -> str:
    """The mail address where there is one, else the name."""
    return fold(email) or fold(name)


def project_key(client: str, name: str) -> str:
    return join_key(fold(client), fold(name))


def task_key(project: str, name: str) -> str:
    """The project's key is already joined; the task's part is escaped like the others."""
    return f"{project} / {fold(name).replace('/', '//')}"
