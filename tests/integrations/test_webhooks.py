"""Webhooks: every committed event reaches who asked for it, signed, once, or stays in sight."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from quoin.base.actions import action, running_action_id
from quoin.base.clock import utc_now
from quoin.base.db.context import tenant_transaction
from quoin.base.events import emit
from quoin.base.mail.models import MailMessage
from quoin.base.sealing import unseal
from quoin.integrations import actions
from quoin.integrations.models import WebhookDelivery, WebhookEndpoint
from quoin.integrations.rules.pacing import MOST_TRIES
from quoin.integrations.rules.signing import signature
from quoin.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from tests.integrations.receiver import Receiver, receiver
from tests.make import World, new_world
from tests.make.accounts import bearer, new_firm
from tests.make.web import signed_in

EVENT = "billing.invoice.issued"


@pytest.fixture
def listener(settings) -> Iterator[Receiver]:
    settings.QUOIN_WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    with receiver() as found:
        yield found


@action("tests.webhook.happen", label="Let something happen")
def happen(actor, *, name: str = EVENT, fails: bool = False, **payload: object) -> None:
    emit(actor, name, running_action_id(), **payload)
    if fails:
        raise Conflict("Taken back.")


def endpoint(world: World, url: str, *events: str, owner: str = "") -> WebhookEndpoint:
    return actions.create_webhook(world.actor, url=url, event_names=events or ("*",), owner_email=owner).endpoint


def log(world: World) -> list[WebhookDelivery]:
    with world.inside():
        return list(WebhookDelivery.objects.order_by("id"))


def deliver_all(world: World) -> list[WebhookDelivery]:
    """What the worker does: each waiting delivery is tried once."""
    for delivery in log(world):
        with world.inside():
            actions.deliver(world.actor, delivery_id=delivery.public_id, tries=delivery.tries)
    return log(world)


def queued(world: World) -> list[tuple[str, int, float]]:
    """Queued tries of the tenant: delivery, tries so far, seconds until they are due."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args -> 'arguments' ->> 'delivery_id', (args -> 'arguments' ->> 'tries')::int,"
            " coalesce(extract(epoch FROM scheduled_at - now()), 0)::float FROM procrastinate_jobs"
            " WHERE task_name = 'integrations.webhook.deliver' AND args ->> 'tenant_id' = %s ORDER BY id",
            [str(world.tenant_id)],
        )
        return cursor.fetchall()


def test_an_event_arrives_signed_with_public_ids(world: World, listener: Receiver) -> None:
    made = actions.create_webhook(world.actor, url=listener.url, event_names=[EVENT])
    happen(world.actor, person_id=world.boss.id, count=3)
    assert [line[1] for line in queued(world)] == [0]

    (delivery,) = deliver_all(world)

    ((headers, body),) = listener.got
    sent = json.loads(body)
    assert headers["webhook-signature"] == signature(
        made.secret, message_id=headers["webhook-id"], timestamp=int(headers["webhook-timestamp"]), body=body
    )
    assert sent["type"] == EVENT
    assert sent["data"] == {"event_id": headers["webhook-id"], "person_id": world.boss.public_id, "count": 3}
    assert (delivery.status, delivery.tries, delivery.last_status) == ("delivered", 1, 200)
    assert delivery.log[0]["answer"] == "ok"


def test_only_who_asked_is_told_and_only_of_what_was_committed(world: World, listener: Receiver) -> None:
    endpoint(world, listener.url, "timesheets.*")
    other = new_world()
    endpoint(other, listener.url, "*")

    happen(world.actor)
    with pytest.raises(Conflict):
        happen(world.actor, name="timesheets.week.submitted", fails=True)
    happen(world.actor, name="timesheets.week.submitted")

    assert [delivery.event_name for delivery in log(world)] == ["timesheets.week.submitted"]
    assert log(other) == []


def test_a_failed_try_is_repeated_with_the_same_id_and_then_waits_longer(world: World, listener: Receiver) -> None:
    endpoint(world, listener.url)
    listener.statuses = [500, 503, 200]
    listener.headers = {"Retry-After": "900"}
    happen(world.actor)

    (first,) = deliver_all(world)
    (second,) = deliver_all(world)
    (third,) = deliver_all(world)

    assert [(first.status, first.last_error), (second.status, second.tries), third.status] == [
        ("waiting", "answered 500"), ("waiting", 2), "delivered",
    ]  # fmt: skip
    assert len({headers["webhook-id"] for headers, _body in listener.got}) == 1
    waits = [due for _delivery, _tries, due in queued(world)]
    assert 890 <= waits[1] <= 1000
    assert [tries for _delivery, tries, _due in queued(world)] == [0, 1, 2]


def test_a_job_of_an_earlier_round_sends_nothing(world: World, listener: Receiver) -> None:
    endpoint(world, listener.url)
    happen(world.actor)
    (done,) = deliver_all(world)

    with world.inside():
        actions.deliver(world.actor, delivery_id=done.public_id, tries=0)

    assert len(listener.got) == 1


def test_a_dead_endpoint_is_paused_its_owner_told_and_what_happens_kept(world: World, listener: Receiver) -> None:
    found = endpoint(world, listener.url, owner="ops@halden.example")
    listener.statuses = [500]
    happen(world.actor)
    for _try in range(MOST_TRIES):
        (delivery,) = deliver_all(world)
    assert (delivery.status, delivery.tries) == ("failed", MOST_TRIES)
    happen(world.actor)

    with world.inside():
        found.refresh_from_db()
        mail = MailMessage.objects.get(about=found.public_id)
    assert "tries failed" in found.paused_reason
    assert mail.to == "ops@halden.example"
    assert [one.status for one in log(world)] == ["failed", "held"]

    listener.statuses = [200]
    actions.resume_webhook(world.actor, webhook_id=found.id)
    assert [one.status for one in deliver_all(world)] == ["failed", "delivered"]


def test_a_receiver_that_is_gone_is_asked_no_more(world: World, listener: Receiver) -> None:
    found = endpoint(world, listener.url)
    listener.statuses = [410]
    happen(world.actor)

    (delivery,) = deliver_all(world)

    with world.inside():
        found.refresh_from_db()
    assert (delivery.status, delivery.tries) == ("failed", 1)
    assert found.paused_at is not None


def test_a_redirect_is_a_failure_and_not_followed(world: World, listener: Receiver) -> None:
    endpoint(world, listener.url)
    listener.statuses, listener.headers = [302], {"Location": listener.url}
    happen(world.actor)

    (delivery,) = deliver_all(world)

    assert (len(listener.got), delivery.last_status, delivery.status) == (1, 302, "waiting")


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
)
def test_private_addresses_are_never_connected_to(world: World, listener: Receiver, settings, host: str) -> None:
    settings.QUOIN_WEBHOOK_NETWORKS = ["10.99.0.0/16"]
    endpoint(world, listener.url.replace("127.0.0.1", host))
    happen(world.actor)

    (delivery,) = deliver_all(world)

    assert listener.got == []
    assert (delivery.status, delivery.last_status) == ("waiting", 0)
    assert "private" in delivery.last_error or "not known" in delivery.last_error


def test_without_allowed_networks_only_https_is_taken(world: World, settings) -> None:
    settings.QUOIN_WEBHOOK_NETWORKS = []
    with pytest.raises(Invalid):
        endpoint(world, "http://example.com/hook")
    with pytest.raises(Invalid):
        endpoint(world, "https://example.com/hook", "nothing.at.all")
    assert endpoint(world, "https://example.com/hook").url == "https://example.com/hook"


def test_rotation_signs_with_both_for_a_day(world: World, listener: Receiver) -> None:
    made = actions.create_webhook(world.actor, url=listener.url, event_names=["*"])
    new = actions.rotate_webhook_secret(world.actor, webhook_id=made.endpoint.id)
    happen(world.actor)
    # The tenant's clock stands in May; the day of both ends by the real one.
    with world.inside():
        pass
    world.do(lambda: WebhookEndpoint.objects.update(previous_until=utc_now() + timedelta(hours=1)))
    deliver_all(world)
    world.do(lambda: WebhookEndpoint.objects.update(previous_until=utc_now() - timedelta(seconds=1)))
    happen(world.actor)
    deliver_all(world)

    counts = [len(headers["webhook-signature"].split()) for headers, _body in listener.got]
    assert counts == [2, 1]
    headers, body = listener.got[1]
    assert headers["webhook-signature"] == signature(
        new.secret, message_id=headers["webhook-id"], timestamp=int(headers["webhook-timestamp"]), body=body
    )


def test_secrets_are_sealed_in_the_row_and_in_the_trail(world: World) -> None:
    made = actions.create_webhook(world.actor, url="https://example.com/x", event_names=["*"])

    with world.inside(), connection.cursor() as cursor:
        stored = WebhookEndpoint.objects.get(id=made.endpoint.id).secret
        cursor.execute("SELECT count(*) FROM base_auditchange WHERE after::text LIKE %s", [f"%{made.secret}%"])
        in_trail = cursor.fetchone()[0]

    assert made.secret not in stored
    assert unseal(stored) == made.secret
    assert in_trail == 0


def test_failed_deliveries_are_sent_again(world: World, listener: Receiver) -> None:
    endpoint(world, listener.url)
    listener.statuses = [410, 200]
    happen(world.actor)
    (failed,) = deliver_all(world)
    with world.inside():
        hook = WebhookEndpoint.objects.get()
    actions.resume_webhook(world.actor, webhook_id=hook.id)

    again = actions.resend_deliveries(world.actor, since=failed.created_at - timedelta(hours=1))
    (sent,) = deliver_all(world)

    assert [one.public_id for one in again] == [failed.public_id]
    assert (sent.status, len(listener.got)) == ("delivered", 2)


def test_others_see_and_change_nothing(world: World) -> None:
    found = endpoint(world, "https://example.com/x")
    stranger = new_world().actor

    with pytest.raises(NotFound):
        actions.delete_webhook(stranger, webhook_id=found.id)
    with pytest.raises(NotFound):
        actions.resend_deliveries(stranger, delivery_ids=["whd_00000000000000000000000001"])
    with pytest.raises(Forbidden):
        actions.create_webhook(world.with_rights(), url="https://example.com", event_names=["*"])


def test_a_test_event_goes_to_one_endpoint_alone(world: World, listener: Receiver) -> None:
    one, _other = endpoint(world, listener.url, "billing.*"), endpoint(world, listener.url, "*")

    actions.test_webhook(world.actor, webhook_id=one.id)
    (delivery,) = deliver_all(world)

    assert (delivery.event_name, delivery.endpoint_id) == ("integrations.webhook.tested", one.id)
    assert listener.got[0][0]["webhook-id"].startswith("evt_")


def test_the_screens_show_the_secret_once_and_the_log(world: World, listener: Receiver) -> None:
    browser = signed_in(world)
    made = browser.post(
        "/admin/integrations/new", {"url": listener.url, "event_names": ["billing.*", EVENT], "owner_email": ""}
    )
    with world.inside():
        hook = WebhookEndpoint.objects.get()
    address = f"/admin/integrations/{hook.public_id}"
    assert "whsec_" in made.content.decode()
    assert made["Cache-Control"] == "no-store"
    assert "whsec_" not in browser.get(address).content.decode()

    browser.post(f"{address}/test")
    listener.statuses = [500]
    (delivery,) = deliver_all(world)
    assert "answered 500" in browser.get("/admin/integrations/deliveries").content.decode()
    assert "webhook.tested" in browser.get(f"/admin/integrations/deliveries/{delivery.public_id}").content.decode()
    browser.post("/admin/integrations/deliveries/resend", {"ids": [delivery.public_id]})
    assert log(world)[0].tries == 0
    assert "Paused" not in browser.get("/admin/integrations").content.decode()
    browser.post(f"{address}/pause")
    assert "Paused" in browser.get("/admin/integrations").content.decode()
    assert browser.post(f"{address}/explode").status_code == 404
    browser.post(f"{address}/delete")
    assert log(world) == []


def test_the_api_has_the_same(listener: Receiver) -> None:
    firm = new_firm()
    program = bearer(firm.token(actor=firm.member("Administrator")))
    kind = {"content_type": "application/json"}

    made = program.post("/api/v1/webhooks", {"url": listener.url, "event_names": ["*"]}, **kind)
    address = f"/api/v1/webhooks/{made.json()['id']}"
    tested = program.post(f"{address}/test", **kind)
    listed = program.get("/api/v1/webhook-deliveries").json()["data"]

    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    assert "secret" not in program.get(address).json()
    assert tested.status_code == 202
    assert [one["event_name"] for one in listed] == ["integrations.webhook.tested"]
    assert program.post(f"{address}/pause", **kind).json()["paused_at"] is not None
    assert program.post(f"{address}/pause", **kind).status_code == 409
    assert program.patch(address, {"event_names": ["nope"]}, **kind).status_code == 422
    assert program.post(f"{address}/rotate", **kind).json()["secret"] != made.json()["secret"]
    assert program.delete(address).status_code == 204
    assert {one["name"] for one in program.get("/api/v1/events").json()["data"]} >= {EVENT}


def test_a_consultant_sees_no_webhooks() -> None:
    firm = new_firm()
    actor = firm.member("Consultant")

    assert firm.browser(actor).get("/admin/integrations").status_code == 403
    assert bearer(firm.token(actor=actor)).get("/api/v1/webhooks").status_code == 403


def test_old_deliveries_are_forgotten(world: World, listener: Receiver) -> None:
    endpoint(world, listener.url)
    happen(world.actor)
    deliver_all(world)

    with tenant_transaction(world.actor.at(world.actor.now + timedelta(days=29))):
        actions.forget_old(world.actor.at(world.actor.now + timedelta(days=29)))
    assert len(log(world)) == 1
    with world.inside():
        actions.forget_old(world.actor.at(world.actor.now + timedelta(days=31)))

    assert log(world) == []
