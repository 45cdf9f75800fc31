"""What other apps' actions may ask of resourcing."""

from quoin.resourcing.services.bookings import add_bookings, lock_people

__all__ = ["add_bookings", "lock_people"]
