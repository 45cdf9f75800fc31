"""Commands about bookings, demand and feeds."""
