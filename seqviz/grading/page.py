"""The HTML files: no script of a student's runs in them, nothing is fetched, every word of a student's is text."""

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def html_page(template: str, **values: Any) -> str:
    """Return a whole page. What is put into it is escaped, unless it is marked as HTML of our own."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("seqviz.grading"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["number_like"] = _is_number_like
    return environment


def _is_number_like(value: object) -> bool:
    return str(value).replace(".", "", 1).replace("%", "", 1).strip().isdigit()
