"""The chart of accounts: one account per role; tenants rename codes and names, roles stay."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_noop

from quoin.ledger.models import Account
from quoin.ledger.types import AccountRole

R = AccountRole
_NAMES: dict[AccountRole, str] = {
    R.BANK: gettext_noop("Bank"),
    R.BANK_FOREIGN: gettext_noop("Bank, foreign currency"),
    R.RECEIVABLE: gettext_noop("Receivables"),
    R.RETENTION_RECEIVABLE: gettext_noop("Retentions receivable"),
    R.CONTRACT_ASSET: gettext_noop("Unbilled work (contract assets)"),
    R.DEFERRED_COMMISSION: gettext_noop("Deferred commission"),
    R.COMMISSION_RECOVERABLE: gettext_noop("Commission to recover"),
    R.INPUT_VAT: gettext_noop("Input VAT"),
    R.DUE_FROM_GROUP: gettext_noop("Due from group companies"),
    R.CURRENCY_CLEARING: gettext_noop("Currency clearing"),
    R.PAYABLE: gettext_noop("Payables and accrued payroll"),
    R.DUE_TO_EMPLOYEES: gettext_noop("Due to employees"),
    R.OUTPUT_VAT: gettext_noop("Output VAT"),
    R.CONTRACT_LIABILITY: gettext_noop("Billed in advance (contract liabilities)"),
    R.CLIENT_DEPOSIT: gettext_noop("Client deposits"),
    R.COMMISSION_PAYABLE: gettext_noop("Commission payable"),
    R.PARTNER_SHARE_PAYABLE: gettext_noop("Partner share payable"),
    R.PARTNER_SHARE_ACCRUED: gettext_noop("Partner share accrued"),
    R.DUE_TO_GROUP: gettext_noop("Due to group companies"),
    R.ONEROUS_PROVISION: gettext_noop("Provision for losses"),
    R.CLIENT_CREDIT: gettext_noop("Credit of clients"),
    R.REVENUE_TIME: gettext_noop("Revenue, time"),
    R.REVENUE_FIXED_PRICE: gettext_noop("Revenue, fixed price"),
    R.REVENUE_SUBSCRIPTION: gettext_noop("Revenue, subscriptions"),
    R.REVENUE_RETAINER: gettext_noop("Revenue, retainers and packs"),
    R.REVENUE_EXPENSES: gettext_noop("Revenue, rebilled expenses"),
    R.REVENUE_PARTNER: gettext_noop("Revenue, partners"),
    R.REVENUE_GROUP: gettext_noop("Revenue, group companies"),
    R.WRITE_DOWN: gettext_noop("Write-downs"),
    R.BREAKAGE: gettext_noop("Expired prepaid hours"),
    R.REBILLABLE_COST: gettext_noop("Expenses for clients"),
    R.SUBCONTRACT_COST: gettext_noop("Subcontractors"),
    R.COMMISSION_COST: gettext_noop("Commission"),
    R.ONEROUS_COST: gettext_noop("Expected losses"),
    R.DELIVERY_COST: gettext_noop("Cost of delivery"),
    R.BAD_DEBT: gettext_noop("Bad debt"),
    R.BANK_CHARGES: gettext_noop("Bank charges"),
    R.CASH_DISCOUNT: gettext_noop("Cash discounts"),
    R.ROUNDING: gettext_noop("Rounding"),
    R.FX_GAIN: gettext_noop("Exchange gains"),
    R.FX_LOSS: gettext_noop("Exchange losses"),
}


def ensure_chart() -> dict[str, UUID]:
    """Account ids by role; accounts that are missing are added."""
    known = _accounts()
    if len(known) < len(AccountRole):
        missing = [role for role in AccountRole if role.value not in known]
        Account.objects.bulk_create(
            [Account(role=role.value, code=role.value, name=_NAMES[role], kind=role.kind.value) for role in missing],
            ignore_conflicts=True,
        )
        known = _accounts()
    return known


def _accounts() -> dict[str, UUID]:
    return dict(Account.objects.values_list("role", "id"))
