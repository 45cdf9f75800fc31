"""Values of billing: what is priced, what it came to, where it stands on an invoice, and why.

A charge is one billable fact (an entry, an expense, a milestone, a fee) with its amount rounded once. Worked
minutes are a fact of their own: nothing here changes them.
"""

from quoin.billing.types.cash import BankLine, OpenInvoice, Share
from quoin.billing.types.charges import (
    ApprovedEntry,
    ApprovedExpense,
    Charge,
    ChargeFate,
    ChargeKind,
    ChargeStatus,
    Milestone,
)
from quoin.billing.types.documents import IssuedLine, IssuedVat, VatKey
from quoin.billing.types.errors import BillingInvalid, ChargeBilled, CreditTooHigh, WorkUnpriced, WriteDownTooHigh
from quoin.billing.types.packs import MoveKind, Overflow, Pack, PackUnit, PackUsedUp, PackWork
from quoin.billing.types.runs import (
    BilledCharge,
    Check,
    CheckCode,
    ContractState,
    Draft,
    DraftLine,
    HeldCharge,
    HoldReason,
    LeftOut,
    RunPlan,
    RunProof,
    RunScope,
)

__all__ = [
    "ApprovedEntry",
    "ApprovedExpense",
    "BankLine",
    "BilledCharge",
    "BillingInvalid",
    "Charge",
    "ChargeBilled",
    "ChargeFate",
    "ChargeKind",
    "ChargeStatus",
    "Check",
    "CheckCode",
    "ContractState",
    "CreditTooHigh",
    "Draft",
    "DraftLine",
    "HeldCharge",
    "HoldReason",
    "IssuedLine",
    "IssuedVat",
    "LeftOut",
    "Milestone",
    "MoveKind",
    "OpenInvoice",
    "Overflow",
    "Pack",
    "PackUnit",
    "PackUsedUp",
    "PackWork",
    "RunPlan",
    "RunProof",
    "RunScope",
    "Share",
    "VatKey",
    "WorkUnpriced",
    "WriteDownTooHigh",
]
