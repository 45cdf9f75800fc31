"""Ids of billing on the wire."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from quoin.base.http.api import PublicId

InvoiceId = Annotated[UUID, PublicId("inv")]
LineId = Annotated[UUID, PublicId("inl")]
RunId = Annotated[UUID, PublicId("brn")]
ChargeId = Annotated[UUID, PublicId("chg")]
ContractId = Annotated[UUID, PublicId("ctr")]
ClientId = Annotated[UUID, PublicId("cli")]
EntityId = Annotated[UUID, PublicId("ent")]
PaymentId = Annotated[UUID, PublicId("pay")]
BankLineId = Annotated[UUID, PublicId("bkl")]
WriteDownId = Annotated[UUID, PublicId("wrd")]
LinkId = Annotated[UUID, PublicId("lnk")]
