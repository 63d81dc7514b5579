"""A Service whose calls are repeated while it says that it is overloaded: for scenarios that are not about load, on
machines that are."""

import service
from waiting import wait_until


class Service(service.Service):
    def request(self, method, path, body=None, headers=None, connection=None):
        answers = []

        def answered():
            answers.append(super(Service, self).request(method, path, body, headers, connection))
            return answers[-1].status != 503 or path == "/readyz"

        wait_until(answered, 60, f"{method} {path} to be taken", interval=0.2)
        return answers[-1]
