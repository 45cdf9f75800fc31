"""A user with the address of a person is that person, whoever came first."""

from quoin.accounts.actions.members import invite_members
from quoin.accounts.models import User
from quoin.people.actions import create_person
from quoin.people.models import Person
from tests.make import World


def test_inviting_a_persons_address_links_the_user(world: World) -> None:
    person = world.person("Ana Ruiz")
    invite_members(world.actor, text=f"Ana Ruiz <{person.email}>")

    with world.inside():
        assert Person.objects.get(id=person.id).user_id == User.objects.get(email=person.email).id


def test_a_person_added_after_the_invitation_is_linked_too(world: World) -> None:
    email = f"jonas.{world.tenant_id.hex[-8:]}@halden.example"
    invite_members(world.actor, text=email)

    person = create_person(world.actor, name="Jonas Lie", entity_id=world.entity.id, email=email)

    assert person.user_id == User.objects.get(email=email).id


def test_nobody_becomes_two_people(world: World) -> None:
    email = f"mei.{world.tenant_id.hex[-8:]}@halden.example"
    invite_members(world.actor, text=email)
    create_person(world.actor, name="Mei Tan", entity_id=world.entity.id, email=email)
    invite_members(world.actor, text=email)

    with world.inside():
        assert Person.objects.filter(user__email=email).count() == 1
