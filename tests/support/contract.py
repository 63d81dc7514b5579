"""The API's description as a contract: calls operations by their names and holds every answer against it.

    contract = Contract(Checker(), document)
    answer = contract.call(service, "createCommunity", body=contract.example("NewCommunity"), expect=201)

An answer whose status, header fields, media type, problem code or body the description does not have is a Broken.
The schemas are read by ajv, the OpenAPI document by the schema of its specification (openapi_check.mjs): both are kept
by others and know all of JSON Schema, and one of our own would share our misreadings.
"""

import copy
import datetime
import json
import pathlib
import re
import subprocess
import time
import urllib.parse

SUPPORT = pathlib.Path(__file__).resolve().parent
# The year the examples speak of begins here; when it has begun they are read some whole weeks later.
EXAMPLES_BEGIN = datetime.date(2027, 1, 11)


class Broken(AssertionError):
    """An answer that the description does not allow."""


class Checker:
    """One process of openapi_check.mjs."""

    def __init__(self):
        self._process = subprocess.Popen(["node", str(SUPPORT / "openapi_check.mjs")], stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, text=True, cwd=SUPPORT)

    def ask(self, question):
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"openapi_check.mjs ended with {self._process.wait()}")
        return json.loads(line)["errors"]

    def close(self):
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


def _escaped(part):
    return part.replace("~", "~0").replace("/", "~1")


def _later(value):
    """The same example, whole weeks later, so that its dates lie ahead."""
    years = max(0, (datetime.date.today() - EXAMPLES_BEGIN).days // 364 + 1)

    def moved(text):
        return re.sub(r"^\d{4}-\d{2}-\d{2}(?=T|$)", lambda found: (
            datetime.date.fromisoformat(found[0]) + datetime.timedelta(days=364 * years)).isoformat(), text)

    if isinstance(value, str):
        return moved(value)
    if isinstance(value, list):
        return [_later(one) for one in value]
    if isinstance(value, dict):
        return {moved(key): _later(one) for key, one in value.items()}
    return value


class Contract:
    def __init__(self, checker, document, whole=True):
        """`faults`: what is wrong with the document itself; looked for in the `whole` of it, else only in what is used.
        A checker serves one contract at a time."""
        self.document, self.checker = document, checker
        self.faults = self.checker.ask({"document": document, "whole": whole})
        self.operations = {}
        for path, item in document["paths"].items():
            for method, operation in item.items():
                self.operations[operation["operationId"]] = (method, path, operation)
        self.statuses, self.codes, self.examples_used = set(), set(), set()

    # -- reading ---------------------------------------------------------------------------------------------

    def at(self, pointer):
        value = self.document
        for part in pointer.strip("/").split("/"):
            value = value[int(part) if isinstance(value, list) else part.replace("~1", "/").replace("~0", "~")]
        return value

    def resolved(self, pointer):
        """Where the thing at `pointer` really stands."""
        value = self.at(pointer)
        return value["$ref"][1:] if isinstance(value, dict) and "$ref" in value else pointer

    def responses(self, name):
        """status → pointer of its response."""
        method, path, operation = self.operations[name]
        return {int(status): self.resolved(f"/paths/{_escaped(path)}/{method}/responses/{status}")
                for status in operation["responses"]}

    def parameters(self, name):
        method, path, operation = self.operations[name]
        base = f"/paths/{_escaped(path)}/{method}/parameters"
        return [self.at(self.resolved(f"{base}/{index}")) for index in range(len(operation.get("parameters", [])))]

    def codes_of(self, name, status):
        problem = self.at(self.responses(name)[status])["content"]["application/problem+json"]
        return problem["schema"]["allOf"][1]["properties"]["code"]["enum"]

    def media_types(self):
        """Every (pointer, media type object) of the document."""
        found = []

        def walk(value, pointer):
            if isinstance(value, dict):
                for key, inner in value.items():
                    if key == "content":
                        found.extend((f"{pointer}/content/{_escaped(name)}", media) for name, media in inner.items())
                    elif key not in ("schemas", "examples"):
                        walk(inner, f"{pointer}/{_escaped(key)}")

        walk(self.document, "")
        return found

    def fits(self, pointer, value):
        return self.checker.ask({"pointer": pointer, "value": value})

    def example(self, name, **changes):
        """The value of an example, in the future, with members replaced (None takes one away)."""
        self.examples_used.add(name)
        value = {**copy.deepcopy(_later(self.document["components"]["examples"][name]["value"])), **changes}
        return {key: one for key, one in value.items() if one is not None}

    # -- calling ---------------------------------------------------------------------------------------------

    def target(self, name, path=None):
        return "/api/v1" + re.sub(r"\{(\w+)\}", lambda found: urllib.parse.quote(path[found[1]], safe=""), self.operations[name][1])

    def call(self, service, name, path=None, query=None, body=None, raw=None, headers=None, token=None, accept=None,
             suffix="", expect=None):
        """`body` goes as the description's first media type; `raw` is (media type, bytes) as they are."""
        method, _, operation = self.operations[name]
        target = self.target(name, path) + (f"?{urllib.parse.urlencode(query)}" if query else suffix)
        sent = dict(headers or {})
        if accept:
            sent["Accept"] = accept
        token = service.token if token is None else token
        if token:
            sent["Authorization"] = f"Bearer {token}"
        content = None
        if raw is not None:
            sent["Content-Type"], content = raw
        elif body is not None:
            sent["Content-Type"] = next(iter(operation["requestBody"]["content"]))
            content = json.dumps(body).encode()
        answer = service.request(method.upper(), target, content, sent)
        self.check(name, answer)
        for _ in range(60):
            if answer.status != 503 or expect == 503:
                break
            time.sleep(int(answer.headers["Retry-After"]))  # the machine is busy with other tests: as a client does
            answer = service.request(method.upper(), target, content, sent)
            self.check(name, answer)
        if expect is not None and answer.status != expect:
            raise Broken(f"{name}: {expect} expected, got {answer}")
        return answer

    def check(self, name, answer):
        """Raises Broken where the description of the operation does not have this answer."""
        found = self.responses(name).get(answer.status)
        if found is None:
            raise Broken(f"{name}: {answer.status} is not described: {answer}")
        response = self.at(found)
        for header in response.get("headers", {}):
            place = self.resolved(f"{found}/headers/{header}")
            described = self.at(place)
            value = answer.headers.get(header)
            if value is None and described.get("required"):
                raise Broken(f"{name} {answer.status}: the header {header} is missing")
            if value is not None:
                self._must_fit(f"{name} {answer.status} header {header}", place + "/schema", value)
        self._check_body(name, answer, found, response)
        self.statuses.add((name, answer.status))

    def _check_body(self, name, answer, found, response):
        if "content" not in response:
            if answer.body:
                raise Broken(f"{name} {answer.status}: a body where none is described: {answer}")
            return
        media = (answer.headers.get("Content-Type") or "").split(";")[0].strip()
        if media not in response["content"]:
            raise Broken(f"{name} {answer.status}: {media!r} is not described, but {', '.join(response['content'])}")
        value = answer.json if media.endswith("json") else answer.text
        self._must_fit(f"{name} {answer.status}", f"{found}/content/{_escaped(media)}/schema", value)
        if media == "application/problem+json":
            self.codes.add((name, value["code"]))

    def _must_fit(self, where, pointer, value):
        errors = self.fits(pointer, value)
        if errors:
            raise Broken(f"{where}: " + "; ".join(errors) + f"\n{json.dumps(value, ensure_ascii=False)[:1500]}")
