"""Who may call what: one row for every operation of the API and every form of the pages (design §3).

A row makes what its call needs in the community "ours" and says what the organiser of "ours" and the organiser of
another community get; administrators get what the organiser gets unless the row says otherwise. An operation without
a row fails tests/integration/rights.py.
"""

import itertools
from dataclasses import dataclass
from typing import Callable

import world

OURS, THEIRS = "ours", "theirs"
# Stands in every name, title and address of "ours": what an organiser of another community must never read.
SECRET = "xyzzy"

_number = itertools.count(1)


@dataclass
class Row:
    make: Callable       # service → (path, body or None, headers)
    organiser: object    # a status; several where the state of things may stand in the way, but not rights
    stranger: int = 404  # an organiser of another community
    admin: int = 0       # 0: as the organiser
    anonymous: int = 401


def _fresh(word):
    return f"{word}-{SECRET}-{next(_number)}"


def _event(service, publish=False, **more):
    made = world.create(service, world.on_site_event(communities=[OURS], title=_fresh("Event"), **more), publish=publish)
    return f"/events/{made['id']}"


def _made(service, path, body):
    return path + "/" + service.api("POST", path, json=body, expect=201).json["id"]


def member_body():
    return {"email": f"{_fresh('m')}@convoke.example", "name": _fresh("Member")}


def _member(service):
    return _made(service, f"/communities/{OURS}/members", member_body())


def _group(service):
    slug = _fresh("g")
    service.api("POST", f"/communities/{OURS}/groups", json={"slug": slug, "name": slug}, expect=201)
    return f"/communities/{OURS}/groups/{slug}"


def _programme(service):
    return _made(service, f"/communities/{OURS}/programmes", {"title": _fresh("P"), "period": "2027"})


WEEKLY = {"recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "weekly", "count": 4}]}


def _series(service):
    return _event(service, **WEEKLY)


def split_body():
    return {"from": world.in_days(37), "title": _fresh("Rest")}


def _webhook(service):
    return _made(service, f"/communities/{OURS}/webhooks", webhook_body())


def webhook_body():
    return {"url": f"https://hooks.example.org/{_fresh('w')}", "events": ["event.published"]}


def guest_body():
    return {"email": f"{_fresh('r')}@convoke.example", "name": _fresh("Guest"), "mode": "on-site"}


def _registration(service, policy="open", status=None):
    event = _event(service, publish=True, registration={"policy": policy})
    made = service.api("POST", event + "/registrations", json=guest_body(), expect=201).json
    return "/registrations/" + made["id"]


def _mail(service):
    event = _event(service, publish=True, registration={"policy": "open"})
    service.api("POST", event + "/registrations", json=guest_body(), expect=201)
    return "/outbox/" + str(world.outbox(service, event=event.rsplit("/", 1)[1])[0]["id"])


def _delivery(service):
    hook = _webhook(service)
    service.api("POST", hook + "/test", json={})
    return hook + "/deliveries/" + service.items(hook + "/deliveries")[0]["id"] + "/retry"


def _at(make, suffix="", body=None):
    return lambda service: (make(service) + suffix, body() if callable(body) else body, {})


def _list(path):
    return lambda service: (path, None, {})


def _post(path, body):
    return lambda service: (path, body(), {})


def _patch(make, body):
    def call(service):
        path = make(service)
        return path, body, {"If-Match": service.api("GET", path, expect=200).etag}
    return call


def _in_group(service):
    return _group(service) + "/members/" + _member(service).rsplit("/", 1)[1]


def _put_group_member(service):
    path = _in_group(service)
    service.api("PUT", path, expect=204)
    return path


def _community(service):
    slug = _fresh("c")
    service.api("POST", "/communities", expect=201, json=community_body(slug))
    return "/communities/" + slug


def community_body(slug=None):
    slug = slug or _fresh("c")
    return {"slug": slug, "name": slug, "timeZone": world.BRUSSELS, "language": "en",
            "contactEmail": f"{slug}@convoke.example"}


def event_body():
    return world.on_site_event(communities=[OURS], title=_fresh("Event"))


_HERE = f"/communities/{OURS}"

API = {
    "GET /openapi.json": Row(_list("/openapi.json"), 200, 200, anonymous=200),
    "GET /communities": Row(_list("/communities"), 200, 200),
    "POST /communities": Row(_post("/communities", community_body), 403, 403, admin=201),
    "GET /communities/{slug}": Row(_list(_HERE), 200),
    "PATCH /communities/{slug}": Row(_patch(lambda s: _HERE, {"language": "fr"}), 200),
    "GET /communities/{slug}/members": Row(_list(_HERE + "/members"), 200),
    "POST /communities/{slug}/members": Row(_post(_HERE + "/members", member_body), 201),
    "GET /communities/{slug}/members/{id}": Row(_at(_member), 200),
    "PATCH /communities/{slug}/members/{id}": Row(_patch(_member, {"name": "Other"}), 200),
    "DELETE /communities/{slug}/members/{id}": Row(_at(_member), 204),
    "GET /communities/{slug}/groups": Row(_list(_HERE + "/groups"), 200),
    "POST /communities/{slug}/groups": Row(
        _post(_HERE + "/groups", lambda: {"slug": _fresh("g"), "name": _fresh("G")}), 201),
    "GET /communities/{slug}/groups/{group}": Row(_at(_group), 200),
    "PATCH /communities/{slug}/groups/{group}": Row(_patch(_group, {"name": "Other"}), 200),
    "GET /communities/{slug}/groups/{group}/members": Row(_at(_group, "/members"), 200),
    "PUT /communities/{slug}/groups/{group}/members/{id}": Row(_at(_in_group), 204),
    "DELETE /communities/{slug}/groups/{group}/members/{id}": Row(_at(_put_group_member), 204),
    "GET /communities/{slug}/programmes": Row(_list(_HERE + "/programmes"), 200),
    "POST /communities/{slug}/programmes": Row(
        _post(_HERE + "/programmes", lambda: {"title": _fresh("P"), "period": "2027"}), 201),
    "GET /communities/{slug}/programmes/{id}": Row(_at(_programme), 200),
    "PATCH /communities/{slug}/programmes/{id}": Row(_patch(_programme, {"title": "Other"}), 200),
    "DELETE /communities/{slug}/programmes/{id}": Row(_at(_programme), 204),
    "GET /communities/{slug}/webhooks": Row(_list(_HERE + "/webhooks"), 200),
    "POST /communities/{slug}/webhooks": Row(_post(_HERE + "/webhooks", webhook_body), 201),
    "GET /communities/{slug}/webhooks/{id}": Row(_at(_webhook), 200),
    "PATCH /communities/{slug}/webhooks/{id}": Row(_patch(_webhook, {"url": "https://hooks.example.org/other"}), 200),
    "DELETE /communities/{slug}/webhooks/{id}": Row(_at(_webhook), 204),
    "POST /communities/{slug}/webhooks/{id}/test": Row(_at(_webhook, "/test", dict), 202),
    "GET /communities/{slug}/webhooks/{id}/deliveries": Row(_at(_webhook, "/deliveries"), 200),
    "POST /communities/{slug}/webhooks/{id}/deliveries/{delivery}/retry": Row(_at(_delivery, "", dict), (200, 202, 409)),
    "GET /events": Row(_list("/events?state=draft"), 200, 200),
    # Which communities there are is no secret, whose they are neither: the pages show both.
    "POST /events": Row(_post("/events", event_body), 201, 422),
    "GET /events/{id}": Row(_at(_event), 200),
    "PATCH /events/{id}": Row(_patch(_event, {"title": "Other"}), 200),
    "POST /events/{id}/publish": Row(_at(_event, "/publish", dict), 200),
    "POST /events/{id}/cancel": Row(_at(_event, "/cancel", lambda: {"reason": "x"}), 200),
    "POST /events/{id}/split": Row(_at(_series, "/split", split_body), 201),
    "GET /events/{id}/forecast": Row(_at(_event, "/forecast"), 200),
    "GET /events/{id}/registrations": Row(_at(_event, "/registrations"), 200),
    "POST /events/{id}/registrations": Row(
        _at(lambda s: _event(s, publish=True, registration={"policy": "members"}), "/registrations", guest_body), 201, 403),
    "GET /registrations/{id}": Row(_at(_registration), 200),
    "POST /registrations/{id}/confirm": Row(_at(_registration, "/confirm", dict), 200),
    "POST /registrations/{id}/decline": Row(_at(_registration, "/decline", dict), (200, 409)),
    "POST /registrations/{id}/cancel": Row(_at(_registration, "/cancel", dict), 200),
    "POST /registrations/{id}/approve": Row(_at(lambda s: _registration(s, "approval"), "/approve", dict), 200),
    "POST /registrations/{id}/attend": Row(_at(_registration, "/attend", dict), (200, 409)),
    "GET /outbox": Row(_list("/outbox"), 200, 200),
    "GET /outbox/{id}": Row(_at(_mail), 200),
    "GET /answers": Row(_list("/answers"), 200, 200),
    "GET /audit": Row(_list("/audit"), 200, 200),
}

# What an organiser of another community may do with an event that everybody can see: look at it, without its link.
def _public(service):
    return "/events/" + world.create(service, world.online_event(communities=[OURS], title="Seen by all"))["id"]


def _public_series(service):
    return "/events/" + world.create(service, world.online_event(communities=[OURS], title="Seen by all", **WEEKLY))["id"]


PUBLISHED = {
    "GET /events/{id}": (_at(_public), 200),
    "PATCH /events/{id}": (_patch(_public, {"title": "Other"}), 403),
    "POST /events/{id}/publish": (_at(_public, "/publish", dict), 403),
    "POST /events/{id}/cancel": (_at(_public, "/cancel", dict), 403),
    "POST /events/{id}/split": (_at(_public_series, "/split", split_body), 403),
    "GET /events/{id}/registrations": (_at(_public, "/registrations"), 403),
    "GET /events/{id}/forecast": (_at(_public, "/forecast"), 404),
}

# The forms of the pages: who succeeds. "link": the holder of an answer link; "person": that person, signed in; "other":
# another member, signed in; "organiser", "stranger": signed-in organisers of ours and theirs; "disabled": somebody who
# was signed in and has been erased since; "anonymous": nobody in particular.
EVERYBODY = {"person", "other", "organiser", "stranger"}
PAGES = {
    # For members, who are invited, and each for themselves.
    "/e/{id}/register": {"link", "person", "other", "organiser"},
    "/e/{id}/cancel": {"link", "person", "other", "organiser"},
    "/e/{id}/answer/{token}": {"link"},
    "/sign-in": set(),           # sends a mail to the address's owner, whoever asks
    "/sign-in/{token}": set(),   # the link in that mail decides
    "/sign-out": set(),          # ends the asker's own session
    "/me": EVERYBODY,
    "/me/feed": EVERYBODY,
    "/organise/{slug}/e/{id}/publish": {"organiser"},
    "/organise/{slug}/e/{id}/date": {"organiser"},
    "/organise/{slug}/e/{id}/split": {"organiser"},
    "/organise/{slug}/e/{id}/cancel": {"organiser"},
    "/organise/{slug}/e/{id}/registrations/{registration}": {"organiser"},
}
