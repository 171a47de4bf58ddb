"""What every page must pass: axe-core without exceptions, no sideways scrolling, no text cut off, and no picture
over words."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

COLOR_RULES = ("color-contrast", "link-in-text-block")
"""Those whose answer depends on the color scheme."""

_COLORS_READ_ONCE = """() => {
  const known = new Map(), color = axe.commons.color.Color.prototype, read = color.parseString;
  color.parseString = function (words) {
    if (known.has(words)) return Object.assign(this, known.get(words));
    read.call(this, words);
    const { r, g, b, alpha } = this;
    known.set(words, { r, g, b, alpha });
    return this;
  };
}"""
"""axe reads the words of a color anew for every element it stands behind: a third of its time. What they mean
hangs on nothing else."""

_RUN = """only => axe.run(document, { runOnly: only, resultTypes: ["violations"] })
  .then((found) => found.violations.map((v) => ({ id: v.id, help: v.help, nodes: v.nodes.map((n) => ({
    target: n.target.join(" "), html: n.html.slice(0, 300), summary: n.failureSummary })) })))"""

_SIDEWAYS = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > wide + 1)
    .slice(0, 8)
    .map((e) => `${e.tagName.toLowerCase()}.${e.getAttribute("class") || ""} ends at ${Math.round(e.getBoundingClientRect().right)} of ${wide}`)
    .concat([`the page is ${document.documentElement.scrollWidth} wide in a window of ${wide}`]);
}"""

_CLIPPED = """() => {
  const known = new Map();
  const reads = (e) => {
    const { clipPath, visibility, overflowX, overflowY } = getComputedStyle(e);
    const over = overflowX + overflowY;
    return {
      ends: clipPath !== "none" || visibility === "hidden" || /auto|scroll/.test(over),
      cuts: /hidden|clip/.test(over),
    };
  };
  const read = (e) => known.get(e) || known.set(e, reads(e)).get(e);
  const cut = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text && cut.length < 8; text = texts.nextNode()) {
    if (!text.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length) continue;
    for (let e = text.parentElement; e && e !== document.body; e = e.parentElement) {
      const { ends, cuts } = read(e);
      if (ends) break;
      if (!cuts) continue;
      const frame = e.getBoundingClientRect();
      if (boxes.some((b) => b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1)) {
        cut.push(`${e.tagName.toLowerCase()}.${e.getAttribute("class") || ""} cuts off: ${text.data.trim().slice(0, 60)}`);
        break;
      }
    }
  }
  return cut;
}"""

_COVERED = """() => {
  const shows = (e) => {
    for (let p = e; p; p = p.parentElement) if (getComputedStyle(p).clipPath !== "none") return false;
    return e.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true });
  };
  const seen = (e) => {
    let { left, right, top, bottom } = e.getBoundingClientRect();
    for (let p = e.parentElement; p; p = p.parentElement) {
      if (!/hidden|clip/.test(getComputedStyle(p).overflow)) continue;
      const frame = p.getBoundingClientRect();
      left = Math.max(left, frame.left); right = Math.min(right, frame.right);
      top = Math.max(top, frame.top); bottom = Math.min(bottom, frame.bottom);
    }
    return { left, right, top, bottom };
  };
  const pictures = [...document.querySelectorAll("main img")].filter(shows).map(seen);
  const covered = [];
  const texts = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text && covered.length < 8; text = texts.nextNode()) {
    if (!text.data.trim() || text.parentElement.closest("svg") || !shows(text.parentElement)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    const over = (b, p) => Math.min(b.right, p.right) - Math.max(b.left, p.left) > 3
      && Math.min(b.bottom, p.bottom) - Math.max(b.top, p.top) > 6;
    if (boxes.some((b) => pictures.some((p) => over(b, p)))) covered.push(`a picture lies over: ${text.data.trim().slice(0, 60)}`);
  }
  return covered;
}"""

_SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }");
  document.adoptedStyleSheets = [sheet];
}"""


def violations(page: Page, *, colors_only: bool = False) -> list[str]:
    """Each broken rule with the elements that break it, one line an element.

    `colors_only`: a page that passed whole in one scheme has the same elements in the other, in other colors.
    """
    only = {"type": "rule", "values": COLOR_RULES} if colors_only else {"type": "tag", "values": TAGS}
    if not page.evaluate("() => typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
        page.evaluate(_COLORS_READ_ONCE)
    found: list[dict[str, Any]] = page.evaluate(_RUN, only)
    return [
        f"{rule['id']} ({rule['help']}) at {node['target']}\n    {node['html']}\n    {node['summary']}"
        for rule in found
        for node in rule["nodes"]
    ]


def sideways(page: Page) -> list[str]:
    """Elements that make the whole page scroll sideways."""
    found: list[str] = page.evaluate(_SIDEWAYS)
    return found


def clipped(page: Page) -> list[str]:
    """Text that runs out of something that hides what runs out of it."""
    found: list[str] = page.evaluate(_CLIPPED)
    return found


def covered(page: Page) -> list[str]:
    """Words that a picture lies over."""
    found: list[str] = page.evaluate(_COVERED)
    return found


def space_text_out(page: Page) -> None:
    """The text spacing that WCAG 1.4.12 lets a reader set."""
    page.evaluate(_SPACING)
