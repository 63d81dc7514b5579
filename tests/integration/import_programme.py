"""Work programmes as they stand in the documents: read once, read again, read after an edit."""

import datetime
import pathlib
import re
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import world  # noqa: E402
from scenario import absent  # noqa: E402
from service import ROOT, Service, both_engines  # noqa: E402

DOCUMENTS = pathlib.Path(__file__).parent / "documents"
SHARED = ROOT.parent / "shared" / "programmes"
NEXT = datetime.datetime.now(datetime.timezone.utc).year + 1


class ImportProgramme:
    def document(self, service, name, edit=lambda text: text):
        text = (DOCUMENTS / name).read_text().format(next=NEXT, last=NEXT - 2, last2=NEXT - 3)
        path = service.place / name
        path.write_text(edit(text))
        return path

    def shared(self, name):
        path = SHARED / name
        if not path.exists():
            raise absent(f"../shared/programmes/{name}")
        return path

    def imported(self, service, path, *more):
        return service.cli("import", "programme", str(path), "--community", "cop-mi", *more)

    def events(self, service):
        found = service.items("/events?community=cop-mi")
        return sorted(found, key=lambda event: (str(event.get("start") or event["provisional"]["earliest"]), event["title"]))

    def tables(self, service, path):
        """{table number: line of the message} of a document with several tables."""
        done = service.run("import", "programme", str(path), "--community", "cop-mi")
        self.assertNotEqual(done.returncode, 0, "several tables, and none was asked for")
        found = {int(number): line for line in (done.stdout + done.stderr).splitlines()
                 for number in re.findall(r"--table (\d+)", line)[:1] if re.search(r"rows?\b", line)}
        self.assertGreater(len(found), 1, done.stdout + done.stderr)
        return found

    def table(self, service, path, rows):
        """The number of the table with so many rows."""
        tables = self.tables(service, path)
        return str(next(number for number, line in tables.items() if re.search(rf"\b{rows} rows", line)))

    def test_a_document_with_two_tables(self):
        with Service(self.engine) as service:
            world.community(service)
            path = self.document(service, "two_tables.txt")
            planned = self.table(service, path, 5)
            self.assertEqual(service.items("/events"), [], "an unclear request takes nothing")
            dry = self.imported(service, path, "--table", planned, "--dry-run")
            self.assertIn("Second-chance schools", dry)
            self.assertEqual(service.items("/events"), [])
            self.imported(service, path, "--table", planned)
            found = {event["title"].split(" ")[0]: event for event in self.events(service)}
            self.assertEqual(len(found), 5)
            self.assertEqual((found["Launch"]["start"], found["Launch"]["showWithoutTime"]),
                             (f"{NEXT}-03-04T00:00:00", True))
            visit = found["Second-chance"]
            self.assertEqual((visit["kind"], visit["format"], visit["start"], visit["duration"]),
                             ("study-visit", "on-site", f"{NEXT}-05-21T00:00:00", "P2D"))
            self.assertIn("Gent", str(visit["locations"]))
            windows = {name: event["provisional"] for name, event in found.items() if event.get("provisional")}
            self.assertEqual({name: (window["earliest"], window["latest"]) for name, window in windows.items()}, {
                "Writing": (f"{NEXT}-12-01", f"{NEXT}-12-12"), "Learning": (f"{NEXT}-10-01", f"{NEXT}-10-31"),
                "Joint": (f"{NEXT}-11-01", f"{NEXT}-11-30")})
            self.assertEqual({event["state"] for event in found.values()}, {"draft"})
            self.assertEqual(world.outbox(service), [])

    def test_the_past_is_completed_and_mails_nobody(self):
        with Service(self.engine) as service:
            world.community(service)
            world.add_member(service, {"email": "a@convoke.example", "name": "A"})
            path = self.document(service, "two_tables.txt")
            self.imported(service, path, "--table", self.table(service, path, 3), "--publish")
            found = self.events(service)
            self.assertEqual([event["state"] for event in found], ["completed"] * 3)
            self.assertEqual(world.outbox(service), [])

    def test_again_changes_nothing_and_an_edit_changes_the_same_events(self):
        with Service(self.engine) as service:
            world.community(service)
            path = self.document(service, "two_tables.txt")
            number = self.table(service, path, 5)
            self.imported(service, path, "--table", number, "--publish")
            before = self.events(service)
            self.assertEqual({event["state"] for event in before}, {"published"})
            self.imported(service, path, "--table", number, "--publish")
            self.assertEqual(self.events(service), before)
            mails = world.outbox(service)
            edited = self.document(service, "two_tables.txt", lambda text: text.replace(
                f"October {NEXT} (TBC)", f"12–13 October {NEXT}").replace("Writing better calls: panel", "Better calls"))
            self.imported(service, edited, "--table", number, "--publish")
            after = self.events(service)
            self.assertEqual({event["uid"] for event in after}, {event["uid"] for event in before})
            forum = next(event for event in after if event["title"].startswith("Learning Forum"))
            self.assertEqual((forum["start"], forum["duration"]), (f"{NEXT}-10-12T00:00:00", "P2D"))
            self.assertIn("Better calls", [event["title"] for event in after])
            self.assertEqual(world.outbox(service), mails, "nobody is a member: nobody is mailed")

    def test_objectives_topics_and_outputs(self):
        with Service(self.engine) as service:
            world.community(service)
            self.imported(service, self.document(service, "objectives.txt"))
            found = self.events(service)
            self.assertEqual([event["title"] for event in found],
                             ["Skills without certificates", "First jobs", f"Learning Forum {NEXT} (TBC)"])
            self.assertEqual(found[0]["topics"], ["01 PT 01", "02 PT 01"])
            self.assertEqual(found[0]["provisional"]["earliest"], f"{NEXT}-04-01")
            self.check_programme(service, 2, 3, 2)

    def check_programme(self, service, objectives, topics, outputs):
        programmes = service.items("/communities/cop-mi/programmes")
        self.assertEqual(len(programmes), 1, programmes)
        programme = programmes[0]
        self.assertEqual((len(programme["objectives"]), sum(len(one["topics"]) for one in programme["objectives"]),
                          len(programme["outputs"])), (objectives, topics, outputs))

    def test_markdown_and_a_row_that_cannot_be_read(self):
        with Service(self.engine) as service:
            world.community(service)
            path = self.document(service, "calendar.md")
            done = service.run("import", "programme", str(path), "--community", "cop-mi")
            self.assertNotEqual(done.returncode, 0)
            self.assertRegex(done.stdout + done.stderr, r"calendar\.md:7\b.*Date")
            self.assertIn("sometime", done.stdout + done.stderr)
            self.assertEqual(service.items("/events"), [])
            path.write_text("\n".join(line for line in path.read_text().splitlines() if "sometime" not in line) + "\n")
            self.imported(service, path)
            first, second = self.events(service)
            self.assertEqual((first["start"], second["provisional"]["earliest"], second["provisional"]["latest"]),
                             (f"{NEXT}-03-20T00:00:00", f"{NEXT}-07-01", f"{NEXT}-09-30"))

    def test_csv_with_the_year_told(self):
        with Service(self.engine) as service:
            world.community(service)
            path = service.place / "calendar.csv"
            path.write_text('Date,Title,Format\n4 March,"Opening, at last",Online event\nNovember/December,Closing,Online event\n')
            self.imported(service, path, "--year", str(NEXT))
            first, second = self.events(service)
            self.assertEqual((first["title"], first["start"]), ("Opening, at last", f"{NEXT}-03-04T00:00:00"))
            self.assertEqual((second["provisional"]["earliest"], second["provisional"]["latest"]),
                             (f"{NEXT}-11-01", f"{NEXT}-12-31"))

    def test_the_programme_of_2025(self):
        with Service(self.engine) as service:
            path = self.shared("cop-mi-2025-work-programme.txt")
            world.community(service)
            planned, held = self.table(service, path, 6), self.table(service, path, 8)
            self.imported(service, path, "--table", planned, "--publish")
            found = self.events(service)
            self.assertEqual((len(found), sum(bool(event.get("provisional")) for event in found)), (6, 3))
            self.imported(service, path, "--table", held, "--publish")
            self.assertEqual(len(self.events(service)), 6 + 8)
            before = self.events(service)
            for number in (planned, held):
                self.imported(service, path, "--table", number, "--publish")
            self.assertEqual(self.events(service), before)
            self.assertEqual(world.outbox(service), [])

    def test_the_programme_of_2026(self):
        with Service(self.engine) as service:
            path = self.shared("cop-mi-2026-work-programme.txt")
            world.community(service)
            planned, held = self.table(service, path, 5), self.table(service, path, 7)
            self.imported(service, path, "--table", planned)
            self.assertEqual(len(self.events(service)), 5)
            self.check_programme(service, 3, 6, 2)
            self.imported(service, path, "--table", held, "--year", "2025")
            before = self.events(service)
            # Seven were held; the row 'Output' is no event.
            self.assertIn(len(before), (5 + 6, 5 + 7))
            for number, more in ((planned, ()), (held, ("--year", "2025"))):
                self.imported(service, path, "--table", number, *more)
            self.assertEqual(self.events(service), before)


globals().update(both_engines(ImportProgramme))
