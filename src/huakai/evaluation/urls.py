"""Addresses of this floor."""

from django.urls import path

from huakai.evaluation.pages import collecting, issues, reading, steps

app_name = "evaluation"
HERE = "desk/boards/<uuid:issue_id>"
urlpatterns = [
    path("desk/boards/", issues.issue_list, name="issues"),
    path("desk/boards/new/", issues.new_issue, name="new_issue"),
    path(f"{HERE}/", issues.issue, name="issue"),
    path(f"{HERE}/collect/", collecting.collect, name="collect"),
    path(f"{HERE}/workbook/", collecting.workbook, name="workbook"),
    path(f"{HERE}/values/<str:part>/", collecting.values, name="values"),
    path(f"{HERE}/decide/", steps.decide, name="decide"),
    path(f"{HERE}/undo/", steps.undo, name="undo"),
    path(f"{HERE}/freeze/", steps.freeze, name="freeze"),
    path(f"{HERE}/approve/", steps.approve, name="approve"),
    path(f"{HERE}/publish/", steps.publish, name="publish"),
    path(f"{HERE}/withdraw/", steps.withdraw, name="withdraw"),
    path(f"{HERE}/table/", reading.table, name="table"),
    path(f"{HERE}/print/", reading.print_view, name="print"),
    path(f"{HERE}/units/<str:code>/", reading.unit, name="unit"),
    path("m/boards/", reading.phone_list, name="phone_list"),
    path("m/boards/<uuid:issue_id>/", reading.phone_board, name="phone_board"),
]
