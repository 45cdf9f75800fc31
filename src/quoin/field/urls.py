"""Routes of field work."""

from django.urls import path

from quoin.field.web import board, goods, onsite, places, visits

app_name = "field"
urlpatterns = [
    path("deliveries", goods.deliveries, name="deliveries"),
    path("deliveries/new", goods.new_delivery, name="delivery_new"),
    path("deliveries/<str:pk>", goods.delivery, name="delivery"),
    path("deliveries/<str:pk>/edit", goods.edit_delivery, name="delivery_edit"),
    path("deliveries/<str:pk>/effect", goods.effect, name="delivery_effect"),
    path("deliveries/<str:pk>/date", goods.date_delivery, name="delivery_date"),
    path("deliveries/<str:pk>/step", goods.step, name="delivery_step"),
    path("deliveries/<str:pk>/units", goods.add_units, name="units_add"),
    path("deliveries/<str:pk>/units/<str:unit>/remove", goods.remove_unit, name="unit_remove"),
    path("p/<str:number>/deliveries", goods.project_tab, name="project_tab"),
    path("sites", places.sites, name="sites"),
    path("sites/new", places.new_site, name="site_new"),
    path("sites/<str:pk>", places.site, name="site"),
    path("equipment", places.equipment, name="equipment"),
    path("equipment/new", places.new_equipment, name="equipment_new"),
    path("equipment/<str:pk>", places.edit_equipment, name="equipment_edit"),
    path("visits", visits.visits, name="visits"),
    path("visits/new", visits.new_visit, name="visit_new"),
    path("visits/worker.js", onsite.worker, name="visit_worker"),
    path("visits/<str:pk>", onsite.visit, name="visit"),
    path("visits/<str:pk>/step", onsite.step, name="visit_step"),
    path("visits/<str:pk>/record", onsite.record_time, name="visit_record"),
    path("visits/<str:pk>/photos/<str:check>", onsite.photo, name="visit_photo"),
    path("visits/<str:pk>/signature", onsite.signature, name="visit_signature"),
    path("visits/<str:pk>/edit", visits.edit_visit, name="visit_edit"),
    path("visits/<str:pk>/plan", visits.plan_visit, name="visit_plan"),
    path("visits/<str:pk>/publish", visits.publish, name="visit_publish"),
    path("visits/<str:pk>/unpublish", visits.unpublish, name="visit_unpublish"),
    path("visits/<str:pk>/cancel", visits.cancel, name="visit_cancel"),
    path("dispatch", board.dispatch, name="dispatch"),
    path("dispatch/state", board.state, name="dispatch_state"),
    path("dispatch/try", board.try_out, name="dispatch_try"),
    path("dispatch/plan", board.plan, name="dispatch_plan"),
    path("dispatch/publish", board.publish, name="dispatch_publish"),
    path("dispatch/order", board.order, name="dispatch_order"),
]
