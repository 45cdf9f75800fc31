"""Bookings, requests and capacity over the API."""

from quoin.base.http.api import Router
from quoin.resourcing.api import bookings, capacity, feeds, requests, staffing

router = Router()
for _part in (bookings, requests, capacity, feeds, staffing):
    router.add_router("", _part.router)
