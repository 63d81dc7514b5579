"""openapi.json says what the service does: every operation is called for its success and for the problems it can answer,
and every answer is held against the description (support/contract.py).

What is not provoked here, because it takes a broken machine, a second process or an erased person: see ELSEWHERE.
"""

import copy
import json
import os
import re
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))

import world  # noqa: E402
from contract import Broken, Checker, Contract  # noqa: E402
from openapi_walk import Walk  # noqa: E402
from service import Service, binary  # noqa: E402
from waiting import wait_until  # noqa: E402

# Codes whose provocation is the business of other scenarios: rate limits, retries and erasure, a full disk, a database
# away.
ELSEWHERE = {"rate_limited", "overloaded", "database_unavailable", "storage_full", "internal",
             "idempotency_in_progress", "idempotency_reply_erased"}


def described(service):
    """The document; a machine that is busy with other tests may first be told to wait (503)."""
    answers = []

    def served():
        answers.append(service.request("GET", "/api/v1/openapi.json"))
        return answers[-1].status != 503
    wait_until(served, 60, "the description to be served")
    if answers[-1].status != 200:
        raise AssertionError(f"openapi.json: {answers[-1]}")
    return answers[-1].json


class Document(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        checker = Checker()
        cls.addClassCleanup(checker.close)
        cls.contract = Contract(checker, described(cls.service))

    def test_it_is_openapi(self):
        self.assertEqual(self.contract.faults, [])

    def test_it_is_served_to_everybody_with_a_validator(self):
        answer = self.service.request("GET", "/api/v1/openapi.json")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "application/json"))
        self.assertEqual(self.service.request("GET", "/api/v1/openapi.json", headers={"If-None-Match": answer.etag}).status, 304)
        self.assertEqual(answer.json["servers"], [{"url": self.service.url + "/api/v1"}])
        version = subprocess.run([binary(), "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout
        self.assertIn(answer.json["info"]["version"], version)

    def test_the_table_of_routes_and_the_description_are_one(self):
        differences = [line for line in self.service.log_text().splitlines()
                       if "route_not_described" in line or "operation_not_served" in line]
        self.assertEqual(differences, [])

    def test_every_path_answers_just_its_methods(self):
        paths = {}
        for method, path, _ in self.contract.operations.values():
            paths.setdefault(path, set()).add(method.upper())
        for path, methods in paths.items():
            with self.subTest(path):
                target = "/api/v1" + re.sub(r"\{\w+\}", "0000000000000", path)
                answer = self.service.request("OPTIONS", target)
                allowed = {one.strip() for one in answer.headers["Allow"].split(",")} - {"OPTIONS", "HEAD"}
                self.assertEqual(allowed, methods)

    def test_every_example_fits_its_schema(self):
        count = 0
        for pointer, media in self.contract.media_types():
            self.assertTrue(media.get("examples"), pointer)
            for name in media["examples"]:
                value = self.contract.at(self.contract.resolved(f"{pointer}/examples/{name}"))["value"]
                with self.subTest(f"{pointer} {name}"):
                    self.assertEqual(self.contract.fits(pointer + "/schema", value), [])
                    count += 1
        self.assertGreater(count, 100)

    def test_every_operation_says_what_it_takes(self):
        tags = {tag["name"] for tag in self.contract.document["tags"]} | {"description"}
        for name, (method, path, operation) in self.contract.operations.items():
            with self.subTest(name):
                self.assertRegex(operation["summary"], r"^[A-Z][^\n]*\.$")
                self.assertLessEqual(set(operation["tags"]), tags)
                names = {parameter["name"] for parameter in self.contract.parameters(name)}
                self.assertLessEqual(set(re.findall(r"\{(\w+)\}", path)), names)
                for parameter in self.contract.parameters(name):
                    self.assertIn("description", parameter)
                self.assertEqual(method == "post", "Idempotency-Key" in names)
                self.assertEqual(method == "patch", 428 in self.contract.responses(name))
                for media in operation.get("requestBody", {}).get("content", {}).values():
                    schema = self.contract.at(media["schema"]["$ref"][1:])
                    self.assertIs(schema["additionalProperties"], False)
                    self.assertTrue(media["examples"])
                if operation.get("security") != []:
                    self.assertIn(401, self.contract.responses(name))

    def test_every_schema_and_example_is_used(self):
        text = json.dumps(self.contract.document)
        for kind in ("schemas", "examples", "responses", "parameters", "headers"):
            names = self.contract.document["components"][kind]
            unused = [name for name in names if f'"#/components/{kind}/{name}"' not in text and name + "Page" not in names]
            self.assertEqual(unused, [], kind)


class Faults(unittest.TestCase):
    """Controls: what the document must not say is found."""

    @classmethod
    def setUpClass(cls):
        cls.service = cls.enterClassContext(Service())
        cls.right = described(cls.service)
        cls.checker = Checker()
        cls.addClassCleanup(cls.checker.close)
        world.community(cls.service)

    def with_fault(self, plant, whole=False):
        document = copy.deepcopy(self.right)
        plant(document)
        return Contract(self.checker, document, whole)

    def test_a_field_taken_from_a_schema_is_found(self):
        contract = self.with_fault(lambda d: d["components"]["schemas"]["Community"]["properties"].pop("contactEmail"))
        with self.assertRaisesRegex(Broken, "contactEmail"):
            contract.call(self.service, "getCommunity", {"slug": "cop-mi"}, expect=200)

    def test_a_type_that_is_another_is_found(self):
        contract = self.with_fault(lambda d: d["components"]["schemas"]["Community"]["properties"].update(name={"type": "integer"}))
        with self.assertRaisesRegex(Broken, "/name must be integer"):
            contract.call(self.service, "getCommunity", {"slug": "cop-mi"}, expect=200)

    def test_a_status_a_code_and_a_header_that_are_missing_are_found(self):
        contract = self.with_fault(lambda d: d["paths"]["/communities/{slug}"]["get"]["responses"].pop("404"))
        with self.assertRaisesRegex(Broken, "404 is not described"):
            contract.call(self.service, "getCommunity", {"slug": "no-such"}, expect=404)

        def other_code(document):
            schema = document["components"]["responses"]["NotFound"]["content"]["application/problem+json"]["schema"]
            schema["allOf"][1]["properties"]["code"]["enum"] = ["gone"]
        contract = self.with_fault(other_code)
        with self.assertRaisesRegex(Broken, "/code"):
            contract.call(self.service, "getCommunity", {"slug": "no-such"}, expect=404)
        contract = self.with_fault(lambda d: d["paths"]["/communities/{slug}"]["get"]["responses"]["200"]["headers"].update(
            {"X-Never": {"required": True, "schema": {"type": "string"}}}))
        with self.assertRaisesRegex(Broken, "X-Never is missing"):
            contract.call(self.service, "getCommunity", {"slug": "cop-mi"}, expect=200)

    def test_what_is_no_schema_and_no_openapi_is_found(self):
        def plant(document):
            document["components"]["schemas"]["Community"]["requird"] = ["id"]
            document["components"]["schemas"]["Group"]["properties"]["id"] = {"$ref": "#/components/schemas/Nobody"}
            document["paths"]["/communities"]["post"]["parameters"] = "none"
        found = " ".join(self.with_fault(plant, whole=True).faults)
        for fault in ("requird", "Nobody", "/paths/~1communities/post/parameters"):
            self.assertIn(fault, found)


class Calls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.checker = Checker()
        cls.addClassCleanup(cls.checker.close)

    def walk(self, engine):
        with Service(engine) as service:
            contract = Contract(self.checker, described(service), whole=False)
            Walk(service, contract).everything()
            self.assert_complete(contract)
            print(f"{engine}: {len(contract.operations)} operations, {len(contract.statuses)} different answers, "
                  f"{len(contract.codes)} different problems", file=sys.stderr)

    def test_every_operation_and_every_problem_sqlite(self):
        self.walk("sqlite")

    def test_every_operation_and_every_problem_postgresql(self):
        self.walk("postgresql")

    def assert_complete(self, contract):
        missing = []
        for name, (_, _, operation) in contract.operations.items():
            if not any((name, status) in contract.statuses for status in (200, 201, 202, 204)):
                missing.append(f"{name} was never called")
            for status in contract.responses(name):
                codes = set(contract.codes_of(name, status)) if status >= 400 else {"success"}
                if not codes <= ELSEWHERE and (name, status) not in contract.statuses:
                    missing.append(f"{name} {status} ({', '.join(sorted(codes - ELSEWHERE))})")
                # Which of the rules of events hinders what is said exactly; faults of values come in too many shapes.
                if status in (403, 404, 406, 409, 410, 412, 428):
                    missing += [f"{name} {status} {code}" for code in codes - ELSEWHERE
                                if (name, code) not in contract.codes]
            for media in operation.get("requestBody", {}).get("content", {}).values():
                missing += [f"{name} with the example {example}" for example in media["examples"]
                            if example not in contract.examples_used]
        if missing:
            self.fail("\n".join(missing))

    def test_a_call_that_was_not_made_is_found(self):
        """Control: a description that says more than was called does not pass."""
        with Service() as service:
            contract = Contract(self.checker, described(service), whole=False)
            Walk(service, contract).communities()
            with self.assertRaisesRegex(AssertionError, "createEvent was never called"):
                self.assert_complete(contract)


if __name__ == "__main__":
    unittest.main()
