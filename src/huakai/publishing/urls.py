"""Addresses of this floor."""

from django.urls import path

from huakai.publishing.pages import desk, streams, walls, webhooks

app_name = "publishing"
urlpatterns = [
    path("desk/screens/", desk.screens, name="screens"),
    path("desk/screens/<uuid:screen_id>/revoke/", desk.revoke, name="revoke"),
    path("desk/webhooks/", webhooks.peers, name="webhooks"),
    path("desk/webhooks/<uuid:peer_id>/", webhooks.peer, name="webhook"),
    path("screen/board/<str:token>/", walls.board, name="board"),
    path("screen/live/<str:token>/", walls.live, name="live"),
    path("screen/<str:token>/events/", streams.events, name="events"),
]
