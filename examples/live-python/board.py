"""The board as both processes use it: three calls of its API."""

import base64
import json
import os
import urllib.request

URL = os.environ["KANBOARD_URL"]
TOKEN = os.environ["KANBOARD_API_TOKEN"]
CLAIMS = os.environ.get("CLAIMS") == "yes"


def call(procedure, **params):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": procedure, "params": params}).encode()
    request = urllib.request.Request(URL, data=body, headers={"content-type": "application/json"})
    credentials = base64.b64encode(f"jsonrpc:{TOKEN}".encode()).decode()
    request.add_header("authorization", f"Basic {credentials}")
    with urllib.request.urlopen(request, timeout=10) as answer:
        reply = json.load(answer)
    if "error" in reply:
        raise RuntimeError(f"{procedure}: {reply['error']}")
    return reply["result"]


def plan(card):
    """Plans a card that nobody has planned: says so in a comment, and marks it."""
    if call("getTaskMetadataByName", task_id=card, name="planned") == "yes":
        return
    if CLAIMS and not claim(card):
        return
    call("createComment", task_id=card, user_id=1, content=f"The plan of card {card}.")
    call("saveTaskMetadata", task_id=card, values={"planned": "yes"})


def claim(card):
    """Whether the card is ours to plan. The board has one tag of a name, and refuses whoever asks for it second."""
    return call("createTag", project_id=1, tag=f"plans {card}") is not False
