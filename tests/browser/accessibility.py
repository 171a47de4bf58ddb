"""What every page must pass: axe-core without exceptions, no sideways scrolling, no text cut off, and no picture
over what stands beside it."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

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
  const inside = (e) => {
    const style = getComputedStyle(e);
    return style.clipPath !== "none" || style.visibility === "hidden";
  };
  const cut = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let text = texts.nextNode(); text && cut.length < 8; text = texts.nextNode()) {
    if (!text.data.trim()) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
    if (!boxes.length) continue;
    for (let e = text.parentElement; e && e !== document.body; e = e.parentElement) {
      if (inside(e)) break;
      const { overflowX, overflowY } = getComputedStyle(e);
      if (/auto|scroll/.test(overflowX + overflowY)) break;
      if (!/hidden|clip/.test(overflowX + overflowY)) continue;
      const frame = e.getBoundingClientRect();
      if (boxes.some((b) => b.left < frame.left - 1 || b.right > frame.right + 1 || b.top < frame.top - 1 || b.bottom > frame.bottom + 1)) {
        cut.push(`${e.tagName.toLowerCase()}.${e.getAttribute("class") || ""} cuts off: ${text.data.trim().slice(0, 60)}`);
        break;
      }
    }
  }
  return cut;
}"""

_SPILLED = """() => [...document.querySelectorAll("main img, main svg")]
  .filter((e) => {
    const [own, frame] = [e.getBoundingClientRect(), e.parentElement.getBoundingClientRect()];
    return own.height > 1 && getComputedStyle(e).position === "static"
      && (own.bottom > frame.bottom + 4 || own.top < frame.top - 4 || own.right > frame.right + 4 || own.left < frame.left - 4);
  })
  .slice(0, 8)
  .map((e) => `${e.tagName.toLowerCase()} runs out of ${e.parentElement.tagName.toLowerCase()}.${e.parentElement.getAttribute("class") || ""}`)
"""

_SPACING = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-block-end: 2em !important; }");
  document.adoptedStyleSheets = [sheet];
}"""


def violations(page: Page) -> list[str]:
    """Each broken rule with the elements that break it, one line an element."""
    if not page.evaluate("() => typeof axe === 'object'"):
        page.evaluate(AXE_SCRIPT)
    found: list[dict[str, Any]] = page.evaluate(_RUN, {"type": "tag", "values": TAGS})
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


def spilled(page: Page) -> list[str]:
    """Pictures that run out of their frame, and so over what stands beside it."""
    found: list[str] = page.evaluate(_SPILLED)
    return found


def space_text_out(page: Page) -> None:
    """The text spacing that WCAG 1.4.12 lets a reader set."""
    page.evaluate(_SPACING)
