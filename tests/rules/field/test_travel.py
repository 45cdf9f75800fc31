"""Estimates of travel, and rounds."""

from __future__ import annotations

from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoin.field.rules.travel import Place, best_round, distance_km, travel_minutes

OSLO, BERGEN, DRAMMEN = Place(59.9139, 10.7522), Place(60.3913, 5.3221), Place(59.7441, 10.2045)
_PLACES = st.builds(Place, st.floats(50, 60), st.floats(5, 15))


def test_distances_are_those_of_the_atlas() -> None:
    assert distance_km(OSLO, BERGEN) == pytest.approx(305, abs=3)
    assert distance_km(OSLO, OSLO) == 0


def test_time_grows_with_the_way_and_is_in_steps_of_five() -> None:
    near, far = travel_minutes(OSLO, DRAMMEN), travel_minutes(OSLO, BERGEN)
    assert near is not None
    assert far is not None
    assert 35 <= near <= 75
    assert 270 <= far <= 330
    assert near % 5 == far % 5 == 0
    assert travel_minutes(OSLO, OSLO) == 0
    assert travel_minutes(OSLO, None) is None


@given(home=_PLACES, stops=st.lists(_PLACES, max_size=6))
def test_a_round_visits_each_stop_once_and_is_never_longer(home: Place, stops: list[Place]) -> None:
    found = best_round(home, stops)
    assert sorted(found.order) == list(range(len(stops)))
    assert found.saved_minutes >= 0
    given_order = [home, *stops, home]
    before = sum(travel_minutes(a, b) or 0 for a, b in pairwise(given_order))
    assert found.minutes == before - found.saved_minutes


@given(home=_PLACES, stops=st.lists(_PLACES, min_size=2, max_size=5))
def test_a_round_is_near_the_best_of_all_orders(home: Place, stops: list[Place]) -> None:
    def length(order: tuple[int, ...]) -> int:
        places = [home, *(stops[index] for index in order), home]
        return sum(travel_minutes(a, b) or 0 for a, b in pairwise(places))

    best = min(length(order) for order in permutations(range(len(stops))))
    assert best <= best_round(home, stops).minutes <= best * 1.25 + 15
