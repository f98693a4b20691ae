"""What axe-core finds on a page that someone who sees or points otherwise would stumble over.

https://github.com/dequelabs/axe-core (its rules: WCAG 2.1, and common practice)
"""

from importlib.resources import files

from selenium.webdriver import Chrome

__all__ = ["barriers"]

RUN = """
const [selectors, done] = arguments;
const found = selectors.filter(selector => document.querySelector(selector));
axe.run({include: found.map(selector => [selector])}, {resultTypes: ['violations']}).then(
    ({violations}) => done(violations
        .filter(({impact}) => ['serious', 'critical'].includes(impact))
        .flatMap(({id, nodes}) => nodes.map(
            ({html, failureSummary}) => `${id}: ${html.slice(0, 300)} ${failureSummary}`))),
    error => done([String(error)]));
"""


def barriers(browser: Chrome, *selectors: str) -> list[str]:
    """List the serious and critical barriers within the parts of the page that selectors find."""
    browser.execute_script((files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8"))
    return browser.execute_async_script(RUN, list(selectors))
