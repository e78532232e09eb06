"""Addresses of this floor."""

from django.urls import URLPattern, path

from huakai.registry.pages import me, people, signin, teams, units, users

app_name = "registry"
urlpatterns: list[URLPattern] = [
    path("signin/", signin.sign_in, name="signin"),
    path("signout/", signin.sign_out, name="signout"),
    path("m/me/", me.me, name="me"),
    path("m/volunteer/", me.volunteer, name="volunteer"),
    path("m/volunteer/pause/", me.pause, name="volunteer_pause"),
    path("desk/units/", units.units, name="units"),
    path("desk/units/new/", units.new_unit, name="unit_new"),
    path("desk/units/<str:code>/", units.unit, name="unit"),
    path("desk/units/<str:code>/edit/", units.edit_unit, name="unit_edit"),
    path("desk/people/", people.people, name="people"),
    path("desk/people/<uuid:person_id>/", people.person, name="person"),
    path("desk/teams/", teams.teams, name="teams"),
    path("desk/teams/new/", teams.new_team, name="team_new"),
    path("desk/teams/<uuid:team_id>/", teams.team, name="team"),
    path("desk/teams/<uuid:team_id>/members/", teams.change_members, name="team_members"),
    path("desk/users/", users.users, name="users"),
    path("desk/users/new/", users.new_user, name="user_new"),
    path("desk/users/<int:account_id>/", users.user, name="user"),
]
