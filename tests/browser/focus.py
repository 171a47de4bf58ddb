"""Whether the element with the focus can be seen: it has a ring, is in the window, and no bar lies on it."""

from __future__ import annotations

from playwright.sync_api import ElementHandle, Page

_WAY_TO = """target => {
  const here = document.activeElement;
  if (here === target) return "here";
  if (target.type === "radio" && here.type === "radio" && here.name === target.name && here.form === target.form) return "here";
  if (!here || here === document.body) return "on";
  return here.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_PRECEDING ? "back" : "on";
}"""

_FAULT = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const words = `${at.tagName.toLowerCase()} "${(at.getAttribute("aria-label") || at.innerText || at.name || "").trim().slice(0, 60)}"`;
  // A radio drawn by the words beside it is itself out of sight.
  const box = at.getBoundingClientRect();
  const style = getComputedStyle(at);
  const hidden = box.width < 4 || box.height < 4 || Number(style.opacity) === 0;
  const seen = hidden ? at.closest("label")?.querySelector(":scope > span") ?? at.nextElementSibling ?? at : at;
  const look = getComputedStyle(seen);
  const ring = look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2;
  if (!ring) return `${words} has the focus and no ring`;
  // The parts of a link that goes over two lines are rectangles of their own.
  const rects = [...seen.getClientRects()].filter((r) => r.width > 1 && r.height > 1);
  if (!rects.length) return `${words} has the focus and no size`;
  const [top, bottom] = [Math.min(...rects.map((r) => r.top)), Math.max(...rects.map((r) => r.bottom))];
  const [wide, high] = [document.documentElement.clientWidth, innerHeight];
  const small = bottom - top <= high / 2;
  if (small && (top < -1 || bottom > high + 1)) return `${words} is outside the window (${Math.round(top)} to ${Math.round(bottom)} of ${high})`;
  const ours = (hit) => hit && (seen.contains(hit) || hit.contains(seen) || at.contains(hit) || at.labels && [...at.labels].some((l) => l.contains(hit)));
  const bar = (hit) => { for (let e = hit; e; e = e.parentElement) { const p = getComputedStyle(e).position; if (p === "fixed" || p === "sticky") return e; } return null; };
  let visible = 0;
  for (const r of rects) for (const across of [0.1, 0.5, 0.9]) for (const down of [0.15, 0.5, 0.85]) {
    const [x, y] = [r.left + r.width * across, r.top + r.height * down];
    if (x < 0 || y < 0 || x >= wide || y >= high) continue;
    const hit = document.elementFromPoint(x, y);
    if (ours(hit)) visible += 1;
    else if (small && bar(hit)) return `${words} is covered by ${bar(hit).className || bar(hit).tagName}`;
  }
  return visible ? null : `${words} is covered, or outside the window`;
}"""


def look(page: Page, target: ElementHandle) -> tuple[str, str | None]:
    """Which way Tab goes from the focus to `target` ('on' or 'back', or 'here'), and what is wrong with how
    the focus shows now, in words. One question to the browser: this is asked at every stop."""
    way, fault = page.evaluate(f"target => [({_WAY_TO})(target), ({_FAULT})()]", target)
    return str(way), fault
