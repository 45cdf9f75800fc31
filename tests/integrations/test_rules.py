"""Signatures, pacing and addresses: values in, values out."""

from __future__ import annotations

import re
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.base.sealing import SealBroken, reseal, seal, unseal
from quoin.integrations.queries.catalogue import EVENTS, is_pattern, wants
from quoin.integrations.rules.addresses import may_reach, target_of
from quoin.integrations.rules.pacing import MOST_TRIES, WAITS, wait_after
from quoin.integrations.rules.signing import secret_text, signature, signatures

LOOPBACK = (ip_network("127.0.0.0/8"),)


def test_the_signature_is_that_of_the_specification() -> None:
    """The example of the specification's own reference libraries."""
    found = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )  # fmt: skip

    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_both_secrets_sign_during_a_rotation() -> None:
    one, two = secret_text(b"1" * 32), secret_text(b"2" * 32)
    message = {"message_id": "evt_1", "timestamp": 1, "body": b"{}"}

    assert signatures([one, two], **message).split() == [signature(one, **message), signature(two, **message)]


@pytest.mark.parametrize("secret", ["abc", "whsec_###"])
def test_what_is_no_secret_signs_nothing(secret: str) -> None:
    with pytest.raises(ValueError, match=r"whsec_|base64"):
        signature(secret, message_id="a", timestamp=1, body=b"")


@given(st.integers(1, MOST_TRIES - 1), st.floats(0, 1), st.integers(0, 10**9))
def test_waits_grow_are_bounded_and_never_sooner_than_asked(tries: int, chance: float, asked: int) -> None:
    wait = wait_after(tries, chance=chance, asked_seconds=asked)

    assert wait is not None
    assert WAITS[tries - 1] <= wait <= timedelta(hours=24) * 1.1
    assert wait >= min(timedelta(seconds=asked), timedelta(hours=24))


def test_after_the_last_try_there_is_none() -> None:
    assert wait_after(MOST_TRIES, chance=0.5) is None
    assert [str(wait) for wait in WAITS[:4]] == ["0:00:05", "0:05:00", "0:30:00", "2:00:00"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/x", "ftp://example.com", "gopher://example.com", "https://user:pass@example.com/",
        "https://example.com@127.0.0.1/", "https://example.com:5432/", "https://example.com/#x", "https:///path",
        "https://exa mple.com/", "https://example.com/\r\nX: y", "javascript:alert(1)", "", "https://" + "a" * 2001,
    ],
)  # fmt: skip
def test_addresses_that_may_not_be_used(url: str) -> None:
    with pytest.raises(ValueError, match=r"[a-z]"):
        target_of(url)


def test_the_parts_of_an_address() -> None:
    target = target_of("https://hooks.example.com:8443/a/b?c=d")

    assert (target.host, target.port, target.path, target.is_secure) == ("hooks.example.com", 8443, "/a/b?c=d", True)
    assert target_of("http://127.0.0.1:9000/", allowed=LOOPBACK).port == 9000


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "192.0.2.1", "198.18.0.1",
    ],
)  # fmt: skip
def test_private_addresses_are_out_of_reach(address: str) -> None:
    assert not may_reach(address)


def test_public_addresses_and_allowed_networks_are_within_reach() -> None:
    assert may_reach("93.184.216.34")
    assert may_reach("2606:2800:220:1:248:1893:25c8:1946")
    assert may_reach("127.0.0.1", allowed=LOOPBACK)
    assert not may_reach("10.0.0.1", allowed=LOOPBACK)


def test_patterns_name_events_that_exist() -> None:
    assert is_pattern("*")
    assert is_pattern("billing.*")
    assert not is_pattern("nothing.*")
    assert not is_pattern("billing.invoice.exploded")
    assert all(is_pattern(name) for name in EVENTS)
    assert wants(["billing.*"], "billing.invoice.issued")
    assert not wants(["billing.*"], "timesheets.time.approved")


def test_seals_open_with_every_key_and_close_with_the_first(settings) -> None:
    settings.QUOIN_SEAL_KEYS = ["old"]
    sealed = seal("whsec_x")
    assert "whsec_x" not in sealed

    settings.QUOIN_SEAL_KEYS = ["new", "old"]
    again = reseal(sealed)
    settings.QUOIN_SEAL_KEYS = ["new"]

    assert unseal(again) == "whsec_x"
    with pytest.raises(SealBroken):
        unseal(sealed)


_SOURCE = Path(__file__).parents[2] / "src" / "quoin"
_EMIT = re.compile(r"\bemit\(\s*\w+,\s*(?P<words>f?\"[a-z_.{}]+\")")
_TELL = re.compile(r"\b_tell\(\s*\w+,\s*\"(?P<word>[a-z_.]+)\"")


def _emitted() -> set[str]:
    """Names of events as the source writes them; `f"app.noun.{what}"` is filled with what its callers say."""
    found = set()
    for path in (one for app in ("field", "insights", "resourcing") for one in (_SOURCE / app).rglob("*.py")):
        text = path.read_text()
        said = {match["word"] for match in _TELL.finditer(text)}
        for match in _EMIT.finditer(text):
            name = match["words"].lstrip("f").strip('"')
            stem, hole, _end = name.partition("{")
            found |= {f"{stem}{word}" for word in said if "." not in word} if hole else {name}
        found |= {word for word in said if word.count(".") == 2 and "emit(actor, name" in text}
    return found


def test_every_event_that_is_told_can_be_asked_for() -> None:
    emitted = _emitted()

    assert {"field.visit.published", "resourcing.booking.changed", "insights.scenario.applied"} <= emitted
    assert sorted(emitted - set(EVENTS)) == []
