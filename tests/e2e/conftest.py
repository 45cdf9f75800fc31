"""One product and one Chromium per run, one fresh browser context per test; whatever a page complains about fails it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests import browser as browsers
from tests.e2e.product import running, session_of

if TYPE_CHECKING:
    from quoin.accounts.models import User

SLOWEST = 20_000
_ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip
_FAILED_LOAD = "Failed to load resource"


@pytest.fixture(scope="session")
def product(django_db_setup: None) -> Iterator[str]:
    """The address of the product."""
    if not settings.ASSET_MANIFEST.is_file():
        pytest.fail("static assets are not built: run `make assets`")
    with running() as address:
        yield address


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """For this package only: Playwright keeps an event loop running, which other tests must not find."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Django sees that loop and would refuse to ask the database from what it takes for a coroutine.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=browsers.chromium_path(), args=list(_ARGUMENTS))
        yield browser
        browser.close()


class Watched:
    """A browser context that remembers what its pages complained about."""

    def __init__(self, context: BrowserContext, product: str) -> None:
        self.context, self.product = context, product
        self.complaints: list[str] = []
        self.is_offline = False
        context.set_default_timeout(SLOWEST)
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _hear(self, message: ConsoleMessage) -> None:
        # A refusal (422, 409) that the page shows is a part of the work, and so is a lost network in a test of it.
        is_answer = message.text.startswith(_FAILED_LOAD)
        if message.type == "error" and not is_answer:
            self.complaints.append(f"{message.text} at {message.location.get('url')}")

    def sign_in(self, user: User) -> Page:
        """A page of somebody who is signed in already."""
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": session_of(user), "url": self.product}])
        return self.context.new_page()


@pytest.fixture
def watched(product: str, chromium: Browser) -> Iterator[Callable[..., Watched]]:
    """Makes browser contexts; closes them, and fails the test if a page logged an error."""
    made: list[Watched] = []
    expect.set_options(timeout=SLOWEST)

    def make(**options: object) -> Watched:
        settled = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce", "locale": "en-GB", **options}
        made.append(Watched(chromium.new_context(base_url=product, **settled), product))
        return made[-1]

    yield make
    for one in made:
        one.context.close()
    assert [complaint for one in made for complaint in one.complaints] == []


@pytest.fixture
def sign_in(watched: Callable[..., Watched]) -> Callable[..., Page]:
    """A page of the user in a context of its own."""

    def enter(user: User, **options: object) -> Page:
        return watched(**options).sign_in(user)

    return enter
