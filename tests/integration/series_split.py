"""A series changed from one date on ("this and following"): the old event ends, a new one goes on, and nobody answers again.
Mails and feeds are read back by python-icalendar: every date once, at its hour."""

import datetime
import os
import re
import sys
import zoneinfo

import dateutil.rrule
import icalendar

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import imip_check  # noqa: E402
import people  # noqa: E402
import world  # noqa: E402
from mail_server import MailServer  # noqa: E402
from service import Service, both_engines  # noqa: E402
from visitor import Visitor  # noqa: E402
from waiting import wait_until  # noqa: E402

UTC = datetime.timezone.utc


def instant(value):
    """Of a python-icalendar time: the TZID is the zone's IANA name."""
    wall = value.dt
    if not isinstance(wall, datetime.datetime):
        return wall.isoformat()
    zone = value.params.get("TZID")
    moment = wall.replace(tzinfo=zoneinfo.ZoneInfo(str(zone))) if zone else wall
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def dates_in(text):
    """[(UID, instant, title)] of everything that takes place, in order."""
    events = icalendar.Calendar.from_ical(text).walk("VEVENT")
    moved = {(str(one["UID"]), instant(one["RECURRENCE-ID"])): one for one in events if "RECURRENCE-ID" in one}
    found = [(str(one["UID"]), instant(one["DTSTART"]), str(one["SUMMARY"])) for one in moved.values()
             if str(one.get("STATUS")) != "CANCELLED"]
    for event in (one for one in events if "RECURRENCE-ID" not in one):
        uid, start = str(event["UID"]), event["DTSTART"]
        if "RRULE" not in event:
            found.append((uid, instant(start), str(event["SUMMARY"])))
            continue
        excluded = event.get("EXDATE", [])
        excluded = [one.dt.replace(tzinfo=None) for some in (excluded if isinstance(excluded, list) else [excluded]) for one in some.dts]
        wall, zone = start.dt.replace(tzinfo=None), zoneinfo.ZoneInfo(str(start.params["TZID"]))
        for one in dateutil.rrule.rrulestr(event["RRULE"].to_ical().decode(), dtstart=wall):
            at = one.replace(tzinfo=zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            if one not in excluded and (uid, at) not in moved:
                found.append((uid, at, str(event["SUMMARY"])))
    return sorted(found, key=lambda one: one[1])


def weekly(count=6, **rule):
    return {"recurrenceRules": [{"@type": "RecurrenceRule", "frequency": "weekly", "count": count, **rule}]}


def at(days, hour=10):
    return world.instant(world.in_days(days, hour), world.BRUSSELS)


class SeriesSplit:
    def person(self, service, n, language="en"):
        member = dict(people.members(8)[n], language=language)
        member.update(world.add_member(service, member))
        return member

    def register(self, service, event, member, **more):
        return service.api("POST", f"/events/{event['id']}/registrations", json={"email": member["email"], "name": member["name"], **more},
                           expect=201).json

    def states(self, service, event):
        return {one["email"]: (one["status"], one["mode"], one["position"], one["answers"])
                for one in service.items(f"/events/{event['id']}/registrations")}

    def split(self, service, event, expect=201, headers=None, **body):
        return service.api("POST", f"/events/{event['id']}/split", json=body, headers=headers, expect=expect)

    def feed(self, service, member):
        return service.request("GET", member["feedUrl"]).text

    def test_the_life_of_a_series_that_changes_in_the_middle(self):
        with MailServer() as mail, Service(self.engine, {"mail": mail.settings()}) as service:
            world.community(service)
            anna, bert, carl = self.person(service, 0), self.person(service, 1, "de"), self.person(service, 2, "fr")
            event = world.create(service, world.online_event() | weekly() | {"recurrenceOverrides": {
                world.in_days(37): {"title": "An early special"},
                world.in_days(58): {"title": "A late special"}, world.in_days(65): {"excluded": True}}})
            self.register(service, event, anna)
            for member, n in ((anna, 3), (bert, 2), (carl, 2)):  # the changed dates come by mails of their own
                mail.wait_for(n, address=member["email"])
            wait_until(lambda: not [one for one in world.outbox(service, event=event["id"]) if one["state"] in ("pending", "sending")],
                       30, "all mails about the series to be sent")
            mail.settle()
            seen = {member["email"]: len(mail.messages(member["email"])) for member in (anna, bert, carl)}
            whole_feed = self.feed(service, anna)
            before = service.api("GET", f"/events/{event['id']}").json

            made = self.split(service, event, **{"from": world.in_days(51), "start": world.in_days(51, 14), "title": "Paths, after lunch",
                                                 "virtualLocations": {"1": {"uri": "https://meet.example/second"}}})
            rest, old = made.json, service.api("GET", f"/events/{event['id']}").json
            self.assertEqual(made.headers["Location"].rsplit("/", 1)[1], rest["id"])
            self.assertEqual(service.api("GET", f"/events/{rest['id']}").etag, made.etag)
            self.assertEqual((old["uid"], old["sequence"], old["recurrenceRules"][0]["count"]), (event["uid"], before["sequence"] + 1, 3))
            self.assertEqual((rest["sequence"], rest["recurrenceRules"][0]["count"], rest["start"]), (0, 3, world.in_days(51, 14)))
            self.assertEqual(old["recurrenceOverrides"], {world.in_days(37): {"title": "An early special"}})
            self.assertEqual(rest["recurrenceOverrides"], {world.in_days(58, 14): {"title": "A late special"}, world.in_days(65, 14): {"excluded": True}})
            relation = lambda name: {"@type": "Relation", "relation": {name: True}}
            self.assertEqual((old["relatedTo"], rest["relatedTo"]), ({rest["uid"]: relation("next")}, {event["uid"]: relation("first")}))
            jscalendar = service.api("GET", f"/events/{rest['id']}", headers={"Accept": "application/jscalendar+json"}).json
            self.assertEqual(jscalendar["relatedTo"], rest["relatedTo"])
            self.assertEqual(self.states(service, rest), self.states(service, event))
            self.assertEqual(self.states(service, rest)[anna["email"]][0], "confirmed")

            # Every date once, at its hour, in the feed.
            dates = [(event["uid"], at(30), event["title"]), (event["uid"], at(37), "An early special"), (event["uid"], at(44), event["title"]),
                     (rest["uid"], at(51, 14), rest["title"]), (rest["uid"], at(58, 14), "A late special")]
            feed = self.feed(service, anna)
            self.assertEqual(dates_in(feed), dates)
            self.assertIn(f"RELATED-TO;RELTYPE=NEXT:{rest['uid']}", imip_check.unfold(feed))
            # Control: the same look at a series that was not shortened finds days twice.
            days = lambda found: [one[1][:10] for one in found]
            twice = days(dates_in(whole_feed) + [one for one in dates_in(feed) if one[0] == rest["uid"]])
            self.assertNotEqual(len(twice), len(set(twice)))
            self.assertEqual(len(days(dates)), len(set(days(dates_in(feed)))))

            # And in the mails: what a calendar program holds that was given all of them in turn.
            words = {anna["email"]: ("From ", "another time, another link to join, another title"),
                     bert["email"]: ("Ab dem ", "andere Uhrzeit oder anderer Tag"), carl["email"]: ("À partir du ", "un autre horaire")}
            for member in (anna, bert, carl):
                mail.wait_for(seen[member["email"]] + 3, address=member["email"])
            wait_until(lambda: not [one for one in world.outbox(service) if one["state"] in ("pending", "sending")], 30, "all mails to be sent")
            mail.settle()
            for member in (anna, bert, carl):
                fresh = mail.messages(member["email"])[seen[member["email"]]:]
                whole = [one for one in fresh if imip_check.event_of(one.calendar()).one("RECURRENCE-ID") is None]
                by_uid = {imip_check.event_of(one.calendar()).one("UID"): one for one in whole}
                self.assertEqual((len(whole), set(by_uid)), (2, {event["uid"], rest["uid"]}))
                ends, begins = by_uid[event["uid"]], by_uid[rest["uid"]]
                for one in fresh:
                    imip_check.check(self, one)
                entry = imip_check.event_of(ends.calendar())
                self.assertEqual((entry.one("SEQUENCE"), entry.all("RELATED-TO")), (str(old["sequence"]), [({"RELTYPE": "NEXT"}, rest["uid"])]))
                self.assertEqual([one[1] for one in dates_in(ends.calendar())], [at(30), at(37), at(44)])
                entry = imip_check.event_of(begins.calendar())
                self.assertEqual((entry.one("SEQUENCE"), entry.all("RELATED-TO")), ("0", [({"RELTYPE": "FIRST"}, event["uid"])]))
                self.assertEqual([one[1] for one in dates_in(begins.calendar())], [at(51, 14), at(58, 14)])
                partstat = entry.all("ATTENDEE")[0][0]["PARTSTAT"]
                self.assertEqual(partstat, "ACCEPTED" if member is anna else "NEEDS-ACTION")
                for text in (ends.text(), begins.text()):
                    self.assertIn(words[member["email"]][0], text)
                    self.assertIn(words[member["email"]][1], re.sub(r"\s+", " ", text))
                self.assertEqual("need not answer again" in re.sub(r"\s+", " ", begins.text()), member is anna)
                self.assertIn("https://meet.example/second", begins.text())

            # Split again in its new part: the first stays the first, and the chain goes on.
            last = self.split(service, rest, **{"from": world.in_days(58, 14), "description": "Only a word more"}).json
            middle = service.api("GET", f"/events/{rest['id']}").json
            self.assertEqual(last["relatedTo"], {event["uid"]: relation("first")})
            self.assertEqual(middle["relatedTo"], {event["uid"]: relation("first"), last["uid"]: relation("next")})
            self.assertEqual(len(dates_in(self.feed(service, anna))), 5)
            self.assertEqual([line["action"] for line in service.items(f"/audit?event={event['id']}")][0], "event.split")

    def test_registrations_go_along(self):
        with Service(self.engine) as service:
            world.community(service)
            names = [self.person(service, n) for n in range(8)]
            event = world.create(service, world.on_site_event(**weekly(4), registration={
                "policy": "open", "capacity": {"onSite": 2}, "waitlist": True,
                "questions": [{"id": "diet", "type": "text", "label": "Diet"}]}))
            made = [self.register(service, event, member, mode="on-site", answers={"diet": f"d{n}"}) for n, member in enumerate(names[:5])]
            service.api("POST", f"/registrations/{made[3]['id']}/decline", json={}, expect=200)
            declined = names[3]
            wait_until(lambda: not [one for one in world.outbox(service) if one["state"] in ("pending", "sending")], 30, "the first mails")
            old_states = self.states(service, event)
            self.assertEqual([old_states[one["email"]][:3] for one in names[:5]],
                             [("confirmed", "on-site", None), ("confirmed", "on-site", None), ("waitlisted", "on-site", 1),
                              ("declined", "on-site", None), ("waitlisted", "on-site", 2)])
            count = len(world.outbox(service))

            refused = self.split(service, event, 409, **{"from": world.in_days(37), "registration": {"capacity": {"onSite": 1}}})
            self.assertEqual(refused.json["code"], "capacity_below_booked")
            self.assertEqual(len(service.items("/events")), 1, "a refused division leaves nothing behind")
            self.assertEqual(self.states(service, event), old_states)

            rest = self.split(service, event, **{"from": world.in_days(37)}).json
            self.assertEqual(self.states(service, rest), old_states)
            self.assertEqual(self.states(service, event), old_states)
            mails = world.outbox(service)[count:]
            told = {(one["recipient"], one["eventId"], one["kind"]) for one in mails}
            self.assertNotIn(declined["email"], {one["recipient"] for one in mails})
            self.assertLessEqual({(names[0]["email"], event["id"], "update"), (names[0]["email"], rest["id"], "update")}, told)
            self.assertEqual(len(told), len(mails), "one mail for each person and entry")
            wait_until(lambda: not service.items(f"/events/{rest['id']}/forecast"), 30, "nothing more to come")

            # A seat that becomes free in the rest goes to the head of the line, there alone.
            booked = next(one for one in service.items(f"/events/{rest['id']}/registrations") if one["email"] == names[0]["email"])
            service.api("POST", f"/registrations/{booked['id']}/cancel", json={}, expect=200)
            self.assertEqual(self.states(service, rest)[names[2]["email"]][0], "confirmed")
            self.assertEqual(self.states(service, event)[names[2]["email"]][0], "waitlisted")
            # More seats from then on: who waits moves up with the division itself.
            larger = self.split(service, rest, **{"from": world.in_days(44), "registration": {"capacity": {"onSite": 9}}}).json
            self.assertEqual(self.states(service, larger)[names[4]["email"]][0], "confirmed")
            self.assertEqual(self.states(service, rest)[names[4]["email"]][0], "waitlisted")

    def test_a_seat_on_offer_is_offered_for_the_rest_as_well(self):
        with Service(self.engine) as service:
            world.community(service)
            anna, bert = self.person(service, 0), self.person(service, 1)
            event = world.create(service, world.on_site_event(**weekly(4), registration={
                "policy": "members", "capacity": {"onSite": 1}, "waitlist": {"offerFor": "P2D"}}))
            first = self.register(service, event, anna)
            self.register(service, event, bert)
            service.api("POST", f"/registrations/{first['id']}/cancel", json={}, expect=200)
            wait_until(lambda: not [one for one in world.outbox(service) if one["state"] in ("pending", "sending")], 30, "the first mails")
            rest = self.split(service, event, **{"from": world.in_days(37)}).json
            self.assertEqual(self.states(service, rest)[bert["email"]][0], "offered")
            mails = {one["kind"] for one in world.outbox(service, event=rest["id"]) if one["recipient"] == bert["email"]}
            self.assertEqual(mails, {"update", "offer"})
            self.assertNotIn(anna["email"], {one["recipient"] for one in world.outbox(service, event=rest["id"])})
            ends = {one["id"]: one["expires"] for of in (event, rest) for one in service.items(f"/events/{of['id']}/registrations")
                    if one["email"] == bert["email"]}
            self.assertEqual(len(ends), 2)
            self.assertEqual(len(set(ends.values())), 1, "the same deadline for both")

    def test_a_repeated_request(self):
        with Service(self.engine) as service:
            world.community(service)
            self.person(service, 0)
            event = world.create(service, world.online_event() | weekly())
            etag = service.api("GET", f"/events/{event['id']}").etag
            key = {"Idempotency-Key": '"0d0c8b1e-1111-4222-8333-444455556666"'}
            first = self.split(service, event, headers={**key, "If-Match": etag}, **{"from": world.in_days(44)})
            again = self.split(service, event, headers={**key, "If-Match": etag}, **{"from": world.in_days(44)})
            self.assertEqual((first.body, again.headers["Idempotent-Replayed"]), (again.body, "true"))
            self.assertEqual(len(service.items("/events")), 2)
            stale = self.split(service, event, 412, headers={"If-Match": etag}, **{"from": world.in_days(37)})
            self.assertEqual(stale.json["code"], "changed_meanwhile")
            # Control: without the key the same request is another one, and that date is no longer there.
            self.assertEqual(self.split(service, event, 422, **{"from": world.in_days(44)}).json["errors"][0]["pointer"], "/from")

    def test_what_cannot_be_divided(self):
        with Service(self.engine) as service:
            world.community(service)
            event = world.create(service, world.online_event() | weekly(5, byDay=[
                {"@type": "NDay", "day": day} for day in ("mo", "th")]) | {"start": "2027-03-01T10:00:00", "recurrenceOverrides": {
                    "2027-03-11T10:00:00": {"excluded": True}, "2027-03-10T10:00:00": {"title": "Extra"}}})

            def faults(expect=422, **body):
                answer = self.split(service, event, expect, **body).json
                return {(one["pointer"], one["code"]) for one in answer["errors"]}

            self.assertEqual(faults(), {("/from", "required")})
            self.assertEqual(faults(**{"from": 7, "title": ""}), {("/from", "wrong_type"), ("/title", "blank")})
            self.assertEqual(faults(**{"from": "2027-03-01T10:00:00"}), {("/from", "out_of_range")})
            self.assertIn("PATCH", self.split(service, event, 422, **{"from": "2027-03-01T10:00:00"}).text)
            for wrong in ("2027-03-04T11:00:00", "2027-03-11T10:00:00", "2027-03-10T10:00:00", "2028-03-01T10:00:00"):
                self.assertEqual(faults(**{"from": wrong}), {("/from", "invalid_value")}, wrong)
            self.assertEqual(faults(**{"from": "2027-03-04T10:00:00", "start": "2027-03-05T10:00:00", "duration": "PT0S", "communities": ["other"],
                                       "provisional": {"earliest": "2027-04-01", "latest": "2027-04-30"}, "nobodyKnows": 1}),
                             {("/start", "recurrence_invalid"), ("/start", "end_before_start"), ("/duration", "end_before_start"),
                              ("/communities", "invalid_value"), ("/provisional", "invalid_value"), ("/nobodyKnows", "unknown_field")})
            self.assertEqual(faults(**{"from": "2027-03-08T10:00:00", "start": "2026-11-02T10:00:00", **weekly(2)}), {("/start", "out_of_range")})
            self.assertEqual(faults(**{"from": "2027-03-08T10:00:00", "start": "2027-03-28T02:30:00", **weekly(2)}),
                             {("/start", "local_time_does_not_exist")})
            single = world.create(service, world.online_event())
            answer = self.split(service, single, 422, **{"from": world.in_days(30)}).json
            self.assertEqual((answer["code"], answer["errors"][0]["pointer"]), ("recurrence_invalid", "/from"))
            past = world.create(service, world.on_site_event(start=world.in_days(-8), **weekly(4)))
            answer = self.split(service, past, 422, **{"from": world.in_days(-1)}).json
            self.assertEqual([(one["pointer"], one["code"]) for one in answer["errors"]], [("/from", "out_of_range")])
            self.split(service, past, **{"from": world.in_days(6)})
            self.split(service, event, **{"from": "2027-03-08T10:00:00", "start": "2027-03-08T15:00:00"})
            service.api("POST", f"/events/{event['id']}/cancel", json={}, expect=200)
            self.assertEqual(self.split(service, event, 410, **{"from": "2027-03-04T10:00:00"}).json["code"], "event_cancelled")

    def test_the_organiser_s_page(self):
        """Without a script: the form, the question with its numbers, the deed; and nothing before the answer."""
        with Service(self.engine) as service:
            world.community(service)
            desk = self.person(service, 0)
            service.patch(f"/communities/cop-mi/members/{desk['id']}", {"role": "organiser"})
            self.person(service, 1)
            event = world.create(service, world.online_event() | weekly())
            single = world.create(service, world.online_event())
            visitor = Visitor(service)
            visitor.sign_in(desk["email"])
            page = f"/organise/cop-mi/e/{event['id']}"
            self.assertIn(page + "/split", visitor.get(page).text)
            self.assertNotIn("/split", visitor.get(f"/organise/cop-mi/e/{single['id']}").text)
            form = visitor.get(page + "/split").text
            offered = re.findall(r'<option value="([^"]+)"', form)
            self.assertEqual(offered, [world.in_days(30 + 7 * n) for n in range(1, 6)])
            fields = {"from": offered[2], "time": "14:00", "title": "After lunch", "link": "https://meet.example/abc",
                      "revision": re.search(r'name="revision" value="(\d+)"', form)[1]}
            wrong = visitor.post(page + "/split", **{**fields, "time": "noon", "title": ""})
            self.assertEqual(wrong.status, 422)
            self.assertIn("A time such as 09:30.", wrong.text)
            question = visitor.post(page + "/split", **fields)
            self.assertEqual(question.status, 200)
            self.assertIn("3 dates change", question.text)
            self.assertIn("2 people are told", question.text)
            self.assertIn("After lunch", question.text)
            self.assertEqual(len(service.items("/events")), 2, "asking changes nothing")
            hidden = dict(re.findall(r'<input type="hidden" name="([a-z]+)" value="([^"]*)"', question.text))
            self.assertEqual({name: hidden.get(name) for name in fields}, fields)
            # Of two dates moved by hand the one with an hour of its own keeps it, and the page says so.
            self.assertNotIn("given by hand", question.text)
            service.patch(f"/events/{event['id']}", {"recurrenceOverrides": {
                offered[3]: {"start": world.in_days(59)}, offered[4]: {"start": world.in_days(66, 18)}}})
            fields["revision"] = re.search(r'name="revision" value="(\d+)"', visitor.get(page + "/split").text)[1]
            self.assertIn("given by hand: <bdi>1</bdi>", visitor.post(page + "/split", **fields).text)
            self.assertNotIn("given by hand", visitor.post(page + "/split", **{**fields, "time": "10:00"}).text)
            stale = visitor.post(page + "/split", **{**fields, "revision": "1", "sure": "yes"})
            self.assertEqual(stale.status, 412)
            answer = visitor.post(page + "/split", **fields, sure="yes")
            self.assertEqual(answer.status, 303, answer)
            rest = next(one for one in service.items("/events") if one["title"] == "After lunch")
            self.assertEqual((rest["start"], rest["recurrenceRules"][0]["count"]), (offered[2][:11] + "14:00:00", 3))
            self.assertIn(rest["id"], answer.headers["Location"])
            self.assertEqual(rest["virtualLocations"], event["virtualLocations"])
            self.assertEqual({name: one["start"] for name, one in rest["recurrenceOverrides"].items()},
                             {offered[3][:11] + "14:00:00": world.in_days(59, 14), offered[4][:11] + "14:00:00": world.in_days(66, 18)})

    def test_a_series_that_people_hold_date_by_date(self):
        """The last working day of each month is no rule for Outlook: each date that goes is taken back by name."""
        with MailServer() as mail, Service(self.engine, {"mail": mail.settings()}) as service:
            world.community(service)
            anna = self.person(service, 0)
            days = [{"@type": "NDay", "day": day} for day in ("mo", "tu", "we", "th", "fr")]
            event = world.create(service, world.online_event() | {"start": "2027-05-31T10:00:00", "recurrenceRules": [
                {"@type": "RecurrenceRule", "frequency": "monthly", "count": 4, "byDay": days, "bySetPosition": [-1]}]})
            mail.wait_for(1, address=anna["email"])
            rest = self.split(service, event, **{"from": "2027-07-30T10:00:00", "start": "2027-07-30T09:00:00"}).json
            mail.wait_for(4, address=anna["email"])
            mail.settle()
            fresh = mail.messages(anna["email"])[1:]
            cancels = [one for one in fresh if "METHOD:CANCEL" in one.calendar()]
            requests = [one for one in fresh if one not in cancels]
            gone = [imip_check.event_of(one.calendar()) for one in cancels]
            for one in cancels:
                imip_check.check(self, one, "CANCEL")
            self.assertEqual(len(requests), 1)
            self.assertEqual([(one.one("UID"), one.one("RECURRENCE-ID")) for one in gone],
                             [(event["uid"], "20270730T100000"), (event["uid"], "20270831T100000")])
            self.assertEqual(dates_in(requests[0].calendar()), [(rest["uid"], "2027-07-30T07:00:00Z", event["title"]),
                                                             (rest["uid"], "2027-08-31T07:00:00Z", event["title"])])
            self.assertEqual([one[1] for one in dates_in(self.feed(service, anna))],
                             ["2027-05-31T08:00:00Z", "2027-06-30T08:00:00Z", "2027-07-30T07:00:00Z", "2027-08-31T07:00:00Z"])


globals().update(both_engines(SeriesSplit))
