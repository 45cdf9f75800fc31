"""The conventions of the API: who, once only, tried, in time, and in words."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client, override_settings

from quoin.accounts.models import Role
from quoin.base.http.models import IdempotencyKey
from tests.make.accounts import Firm, bearer, new_firm

ROLES = "/api/v1/roles"


@pytest.fixture
def firm() -> Firm:
    return new_firm()


def _post(client: Client, body: object, **headers: str):
    return client.post(ROLES, json.dumps(body), content_type="application/json", headers=headers)


def _roles(firm: Firm, name: str) -> int:
    with firm.inside():
        return Role.objects.filter(name=name).count()


def test_sixteen_calls_with_one_key_have_one_effect(firm: Firm) -> None:
    secret = firm.token("accounts.*")

    def call(_number: int) -> tuple[int, bytes]:
        try:
            response = _post(bearer(secret), {"name": "Once"}, **{"Idempotency-Key": "k1"})
            return response.status_code, response.content
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(call, range(16)))
    again = _post(bearer(secret), {"name": "Once"}, **{"Idempotency-Key": "k1"})

    assert {status for status, _body in answers} <= {201, 409}
    assert len({body for status, body in answers if status == 201}) == 1
    assert _roles(firm, "Once") == 1
    assert (again.status_code, again["Idempotent-Replayed"]) == (201, "true")
    assert again.content in {body for _status, body in answers}


def test_a_key_with_another_body_is_refused(firm: Firm) -> None:
    client = bearer(firm.token("accounts.*"))
    _post(client, {"name": "First"}, **{"Idempotency-Key": "k2"})

    response = _post(client, {"name": "Second"}, **{"Idempotency-Key": "k2"})

    assert (response.status_code, response.json()["errors"][0]["code"]) == (422, "idempotency_key_reused")
    assert _roles(firm, "Second") == 0


def test_a_failed_call_leaves_no_key(firm: Firm) -> None:
    client = bearer(firm.token("accounts.*"))

    first = _post(client, {"name": ""}, **{"Idempotency-Key": "k3"})
    second = _post(client, {"name": "Now right"}, **{"Idempotency-Key": "k3"})

    assert (first.status_code, second.status_code) == (422, 201)
    with firm.inside():
        assert IdempotencyKey.objects.count() == 1


def test_a_dry_run_answers_and_changes_nothing(firm: Firm) -> None:
    client = bearer(firm.token("accounts.*"))

    response = client.post(f"{ROLES}?dry_run=true", json.dumps({"name": "Tried"}), content_type="application/json")

    assert (response.status_code, response["Dry-Run"], response.json()["name"]) == (201, "true", "Tried")
    assert _roles(firm, "Tried") == 0


def test_unknown_and_missing_fields_are_named_by_pointers(firm: Firm) -> None:
    response = _post(bearer(firm.token()), {"nome": "Typo"})

    problem = response.json()
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert {(error["pointer"], error["code"]) for error in problem["errors"]} == {
        ("/name", "missing"), ("/nome", "extra_forbidden"),
    }  # fmt: skip
    assert problem["instance"] == response["X-Request-Id"]


def test_without_token_the_answer_is_401(firm: Firm) -> None:
    response = Client().get("/api/v1/me")
    wrong = bearer("quoin_live_wrong").get("/api/v1/me")

    assert (response.status_code, response["WWW-Authenticate"]) == (401, "Bearer")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "token_refused")


def test_a_session_writes_only_with_its_csrf_token(firm: Firm) -> None:
    response = _post(firm.browser(checks_csrf=True), {"name": "Forged"})

    assert response.status_code == 403
    assert _roles(firm, "Forged") == 0


def test_a_stale_version_is_refused(firm: Firm) -> None:
    client = bearer(firm.token())
    entity = client.post(
        "/api/v1/legal-entities",
        json.dumps({"name": "Halden AS", "code": "HA", "country": "NO", "currency": "NOK"}),
        content_type="application/json",
    ).json()
    address = f"/api/v1/legal-entities/{entity['id']}"

    changed = client.patch(address, json.dumps({"city": "Oslo"}), content_type="application/json")
    fresh = client.patch(
        address, json.dumps({"city": "Bergen"}), content_type="application/json", headers={"If-Match": changed["ETag"]}
    )
    stale = client.patch(
        address, json.dumps({"city": "Moss"}), content_type="application/json", headers={"If-Match": changed["ETag"]}
    )

    assert (changed.status_code, fresh.status_code, stale.status_code) == (200, 200, 412)


def test_an_unknown_id_and_one_of_another_kind_look_the_same(firm: Firm) -> None:
    client = bearer(firm.token())

    answers = {
        client.get(f"/api/v1/users/{given}").status_code for given in ("usr_00000000000000000000000000", "rol_x", "7")
    }

    assert answers == {404}


@override_settings(QUOIN_API_PER_SECOND=1, QUOIN_API_BURST=3)
def test_an_empty_bucket_answers_429_and_when_to_come_back(firm: Firm) -> None:
    client = bearer(firm.token())

    answers = [client.get("/api/v1/me") for _ in range(5)]

    assert [answer.status_code for answer in answers[:3]] == [200, 200, 200]
    assert answers[0]["RateLimit-Remaining"] == "2"
    assert (answers[4].status_code, int(answers[4]["Retry-After"]) >= 1) == (429, True)


def test_errors_of_the_framework_are_problems_too(firm: Firm) -> None:
    client = bearer(firm.token())

    missing, wrong = client.get("/api/v1/nothing"), client.delete("/api/v1/me")

    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")
    assert (wrong.status_code, wrong["Allow"], wrong.json()["status"]) == (405, "GET", 405)


def test_the_document_is_openapi_and_names_permissions(firm: Firm) -> None:
    document = Client().get("/api/v1/openapi.json").json()

    create = document["paths"]["/api/v1/roles"]["post"]
    assert document["openapi"].startswith("3.1")
    assert create["x-permission"] == "accounts.role.create"
    assert {"Idempotency-Key", "dry_run"} <= {parameter["name"] for parameter in create["parameters"]}
    assert Client().get("/api/v1/docs").status_code == 200


def test_head_answers_as_get_without_a_body(firm: Firm) -> None:
    client = bearer(firm.token())

    answer = client.head("/api/v1/me")

    assert (answer.status_code, answer.content) == (200, b"")
    assert client.post("/api/v1/me").status_code == 405


def test_every_operation_has_an_id_of_its_own(firm: Firm) -> None:
    document = bearer(firm.token()).get("/api/v1/openapi.json").json()

    ids = [one["operationId"] for path in document["paths"].values() for one in path.values() if "operationId" in one]

    assert sorted(ids) == sorted(set(ids))
