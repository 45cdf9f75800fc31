"""Mail about packs that expire soon or run low: once each, in the reader's language, as the firm's settings say."""

from dataclasses import replace
from datetime import date, timedelta

from quoin.accounts.actions.options import set_option
from quoin.accounts.models import User
from quoin.base.clock import utc_now
from quoin.base.events.models import Event
from quoin.base.mail.models import MailMessage
from quoin.billing.models import PrepaidPack
from quoin.billing.queries.packs import packs
from quoin.billing.tasks import tell_of_packs_nightly
from tests.billing.test_packs import sell, work
from tests.make import World, billing, web
from tests.make.api import api
from tests.make.cli import quoin


def night(world: World, day: date) -> list[str]:
    """The texts that a night queues."""
    actor = replace(world.actor, now=world.actor.now + (day - world.actor.today))
    with world.inside():
        before = set(MailMessage.objects.values_list("id", flat=True))
    tell_of_packs_nightly(actor)
    with world.inside():
        return sorted(MailMessage.objects.exclude(id__in=before).values_list("text", flat=True))


def test_an_expiry_is_told_once_some_days_before(world: World) -> None:
    seller = web.member(world, "billing.pack.sell")
    User.objects.filter(id=seller.id).update(preferences={"locale": "de"})
    web.member(world, "billing.pack.view", name="Somebody else")
    ends = world.actor.today + timedelta(days=100)
    pack = sell(world, billing.job(world), hours=10, price="1000.00", expires_on=ends)

    assert night(world, ends - timedelta(days=31)) == []
    (text,) = night(world, ends - timedelta(days=30))
    assert "10:00" in text
    assert ends.isoformat() not in text
    assert night(world, ends - timedelta(days=29)) == []
    with world.inside():
        assert MailMessage.objects.get().to == seller.email
        assert Event.objects.filter(name="billing.pack.ends_soon").count() == 1
        assert PrepaidPack.objects.get(id=pack.id).expiry_told_for == ends

    assert night(world, ends) == []


def test_the_firm_says_how_many_days_and_which_share(world: World) -> None:
    web.member(world, "billing.pack.sell")
    job = billing.job(world)
    ends = world.actor.today + timedelta(days=100)
    pack = sell(world, job, hours=10, price="1000.00", expires_on=ends)
    set_option(world.actor, key="billing.pack_notice_days", value="0")
    set_option(world.actor, key="billing.pack_low_percent", value="50")
    work(world, job, "4", world.actor.today - timedelta(days=1))

    assert night(world, world.actor.today) == []
    work(world, job, "1", world.actor.today - timedelta(days=1))
    assert len(night(world, world.actor.today)) == 1
    assert night(world, ends - timedelta(days=1)) == []
    with world.inside():
        assert packs(world.actor).get(id=pack.id).state == "low"
        assert Event.objects.filter(name="billing.pack.low").count() == 1


def test_whoever_runs_it_by_hand_tells_as_the_night_does(world: World) -> None:
    web.member(world, "billing.pack.sell")
    sell(world, billing.job(world), hours=10, price="1000.00", expires_on=utc_now().date() + timedelta(days=9))
    teller = api(world, "billing.pack.tell")

    told = [teller.post("/packs/tell") for _ in range(2)]

    assert [(answer.status, answer.body) for answer in told] == [(200, {"told": 1}), (200, {"told": 0})]
    assert quoin(world, "pack", "tell") == {"told": 0}
    with world.inside():
        assert MailMessage.objects.count() == 1
    assert api(world, "billing.pack.view").post("/packs/tell").status == 403
