"""Looks over the board, and plans what stands in the second column."""

import time

from board import call, plan

PROJECT = 1

while True:
    columns = call("getColumns", project_id=PROJECT)
    doing = columns[1]["id"]
    for card in call("getAllTasks", project_id=PROJECT, status_id=1):
        if card["column_id"] == doing:
            plan(card["id"])
    time.sleep(0.3)
