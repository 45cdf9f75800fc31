"""Field work over the API."""

from quoin.base.http.api import Router
from quoin.field.api import acceptance, dispatch, goods, visits

router = Router(tags=["field"])
router.add_router("", goods.router)
router.add_router("", acceptance.router)
router.add_router("", dispatch.router)
router.add_router("", visits.router)
