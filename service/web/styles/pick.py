"""Takes from the Europa Component Library what our templates use, and puts our own style sheet behind it:

    pick.py OUT.css RESET.css LIBRARY.css OWN.css TEMPLATE...

The library's whole style sheet is 280 KB; a page needs a fifth of it. A rule stays when every class of its selector
belongs to a component (ecl-button, ecl-button--primary and ecl-button__label are one) that some template names. All of
a component stays, so that a template may be edited without touching this. What asks for other files is dropped: the
emblem, icons and fonts are not ours to serve.

The library is (c) European Union, EUPL-1.2; its notice stays at the head of what we take.
"""
import pathlib
import re
import sys

BASE_CLASSES = {"ecl-u-sr-only"}


def component(name):
    return re.split(r"__|--", name)[0]


def used_components(templates):
    names = set(BASE_CLASSES)
    for template in templates:
        names |= set(re.findall(r"\becl-[a-z0-9_-]+", pathlib.Path(template).read_text()))
    return {component(name) for name in names}


def blocks(css):
    """Yields (prelude, body) of the top-level rules; the body is None for a statement that ends with ';'."""
    at, start = 0, 0
    while at < len(css):
        char = css[at]
        if char in "\"'":
            at = css.index(char, at + 1) + 1
        elif char == ";":
            yield css[start:at].strip(), None
            at = start = at + 1
        elif char == "{":
            depth, opened = 1, at
            while depth:
                at += 1
                if css[at] in "\"'":
                    at = css.index(css[at], at + 1)
                depth += {"{": 1, "}": -1}.get(css[at], 0)
            yield css[start:opened].strip(), css[opened + 1:at]
            at = start = at + 1
        else:
            at += 1


def split_selectors(prelude):
    parts, depth, start = [], 0, 0
    for at, char in enumerate(prelude):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if char == "," and depth == 0:
            parts.append(prelude[start:at])
            start = at + 1
    return parts + [prelude[start:]]


def kept(selector, components):
    positive = re.sub(r":not\((?:[^()]|\([^()]*\))*\)", "", selector)
    classes = re.findall(r"\.([A-Za-z_][\w-]*)", positive)
    return all(name.startswith("ecl-") and component(name) in components for name in classes)


def declarations(body):
    """Without what would ask for another file; data: is no request but draws what we do not use."""
    return ";".join(part for part in re.split(r";(?![^(]*\))", body) if "url(" not in part).strip()


def pick(css, components):
    taken = []
    for prelude, body in blocks(css):
        if body is None or prelude.startswith("@font-face"):
            continue
        if prelude.startswith(("@media", "@supports")):
            inner = pick(body, components)
            if inner:
                taken.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            taken.append(f"{prelude}{{{body}}}")
        else:
            selectors = [one for one in split_selectors(prelude) if kept(one, components)]
            body = declarations(body)
            if selectors and body:
                taken.append(f"{','.join(selectors)}{{{body}}}")
    return "\n".join(taken)


def without_idle_keyframes(css):
    for name in set(re.findall(r"@(?:-webkit-)?keyframes ([\w-]+)", css)):
        if not re.search(rf"animation[\w-]*:[^;}}]*\b{re.escape(name)}\b", css):
            css = re.sub(rf"@(?:-webkit-)?keyframes {re.escape(name)}\{{(?:[^{{}}]*\{{[^{{}}]*\}})*[^{{}}]*\}}\n?", "", css)
    return css


def comments(text):
    return re.compile(r"/\*.*?\*/", re.S).sub("", text)


def main():
    out, reset, library, own, templates = sys.argv[1], *map(pathlib.Path, sys.argv[2:5]), sys.argv[5:]
    css = library.read_text()
    notice = re.search(r"/\*!.*?\*/", css, re.S)
    picked = without_idle_keyframes(pick(comments(css), used_components(templates)))
    pathlib.Path(out).write_text("\n".join([
        "/* Europa Component Library, (c) European Union, licensed under the EUPL-1.2: a selection of its rules,",
        "   and normalize.css, MIT licence. After them, Convoke's own. */",
        notice.group(0) if notice else "",
        reset.read_text().strip(), picked, own.read_text()]))


main()
