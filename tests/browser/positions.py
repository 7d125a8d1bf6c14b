"""Where finding, picture, plot and levers of a stage stand in the window."""

from __future__ import annotations

from typing import Any

MEASURE = """() => {
  const box = (element) => { if (!element) return null; const r = element.getBoundingClientRect(); return { top: r.top, bottom: r.bottom, left: r.left, right: r.right, width: r.width, height: r.height }; };
  const inside = (b) => b && b.top >= -1 && b.left >= -1 && b.bottom <= innerHeight + 1 && b.right <= innerWidth + 1;
  const picture = box(document.querySelector('.st-key-picture'));
  const drawing = document.querySelector('.st-key-chosen [data-testid=stVegaLiteChart], .st-key-chosen iframe');
  const marks = drawing?.querySelector('.mark-group.role-frame.root > g > path.background');
  const plot = box(marks ?? drawing ?? document.querySelector('.st-key-chosen'));
  const levers = [...document.querySelectorAll('[class*=st-key-lever-]')].filter((e) => e.querySelector('[data-testid^=stBidi]'));
  const seen = levers.filter((e) => { const range = e.querySelector('*')?.getRootNode() && find(e, 'input[type=range]'); return inside(box(range ?? e)); });
  function find(root, selector) {
    const here = root.querySelector(selector); if (here) return here;
    for (const child of root.querySelectorAll('*')) if (child.shadowRoot) { const deep = child.shadowRoot.querySelector(selector); if (deep) return deep; }
    return null;
  }
  const others = document.querySelectorAll('.st-key-levers input[type=range], .st-key-levers [data-testid=stButtonGroup] button, .st-key-levers [data-testid=stCheckbox], .st-key-choices [data-testid=stSelectbox]');
  const size = (e) => parseFloat(getComputedStyle(e).fontSize);
  const smallest = (chosen) => Math.min(...[...document.querySelectorAll('.st-key-chosen ' + chosen)].filter((e) => e.textContent.trim()).map(size));
  const said = document.querySelector('.st-key-answer h2');
  const type = { finding: said ? size(said) : null, axis: smallest('.role-axis-label text'), label: smallest('.role-mark text') };
  return { type, window: [innerWidth, innerHeight], finding: box(document.querySelector('.st-key-answer h2')), picture, plot,
    levers: seen.length, of: levers.length, controls: [...others].filter((e) => inside(box(e))).length,
    scrolls: document.documentElement.scrollHeight > innerHeight + 1 };
}"""


def measured(page: Any) -> dict[str, Any]:
    """What stands where now, in CSS pixels: finding, picture and plot as boxes, levers in sight, whether it scrolls."""
    return page.evaluate(MEASURE)


def faults(found: dict[str, Any], levers: int) -> list[str]:
    """What of the promise of one screen is not kept; ``levers`` is how many have to be in sight."""
    width, height = found["window"]
    phone = width < 640
    wrong = []
    for name in ("finding", "picture", "plot"):
        at = found[name]
        if not at:
            wrong.append(f"no {name}")
        elif name != "plot" and (
            at["top"] < 0 or at["bottom"] > height + 1 or at["left"] < 0 or at["right"] > width + 1
        ):
            wrong.append(f"{name} is not in the window: {at}")
    if not wrong:
        share = found["plot"]["width"] / found["picture"]["width"]
        if share < (0.75 if phone else 0.55):
            wrong.append(f"the plot has {share:.0%} of the picture's width")
        if not phone and found["plot"]["height"] < 0.45 * height:
            wrong.append(f"the plot has {found['plot']['height'] / height:.0%} of the window's height")
    if found["levers"] < min(levers, found["of"]):
        wrong.append(f"{found['levers']} of {found['of']} levers are in the window")
    if found["scrolls"]:
        wrong.append("the page scrolls")
    return wrong


def small_type(found: dict[str, Any]) -> list[str]:
    """What cannot be read from the back of a room: type that is too small for the height of the window."""
    height, least = found["window"][1], {"finding": 0.055, "axis": 0.03, "label": 0.033}
    return [
        f"{name} type has {size / height:.1%} of the window's height"
        for name, size in found["type"].items()
        if size and size / height < least[name] - 0.0005
    ]
