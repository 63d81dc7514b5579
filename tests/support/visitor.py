"""Somebody with a browser without JavaScript: keeps cookies, presses the buttons of forms, follows nothing by itself."""

import http.cookies
import re
import urllib.parse


class Visitor:
    def __init__(self, service):
        self.service, self.cookies, self.page = service, {}, None

    def _request(self, method, path, body=None, headers=None):
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self.service.request(method, path, body, sent)
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer

    def get(self, path, headers=None):
        self.page = self._request("GET", path, headers=headers)
        return self.page

    def post(self, path, **fields):
        """Sends a form with the hidden token of the page got last."""
        found = re.search(r'name="_csrf" value="([^"]*)"', self.page.text) if self.page else None
        fields = {"_csrf": found[1] if found else "", **fields}
        return self._request("POST", path, urllib.parse.urlencode(fields),
                             {"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self, email):
        """By a link from the command line; returns the link."""
        link = self.service.cli("login-link", email).strip()
        self.get(link)
        answer = self.post(urllib.parse.urlsplit(link).path)
        if answer.status != 303:
            raise AssertionError(f"signing in: {answer}")
        return link
