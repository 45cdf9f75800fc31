"""Billing: from approved work to invoices, credit notes, their documents and the money that comes in."""
