// For fingers and ears, on every page: a tap on a chart shows value and year; a changed answer is said once it stands.

const REACH = 28; // px from a finger to the mark it means
const FINDINGS = [".st-key-answer h2", "[class*=st-key-instant-finding] :is(h2, h3)", "h1"]; // where an answer stands, best first
const STANDS = 1200; // ms without a change: the answer has come to rest

export default function () { listen(); }

// ------------------------------------------------------------------------------------------ fingers

function tapped(event) {
  if (event.pointerType !== "touch" && event.pointerType !== "pen") return;
  document.getElementById("vg-tooltip-element")?.classList.remove("visible"); // what the tap before showed
  const chart = event.target.closest?.("[data-testid=stVegaLiteChart] svg");
  if (chart) point(nearest(chart, event.clientX, event.clientY));
}

// The mark under a finger or, as most are smaller than one, the nearest with something to say.
function nearest(chart, x, y) {
  let found = null, least = REACH;
  for (const mark of chart.querySelectorAll("[class*=role-mark] path")) {
    const item = mark.__data__, box = mark.getBoundingClientRect();
    if (!(item?.tooltip ?? item?.items?.[0]?.tooltip) || !box.width) continue;
    const far = Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom));
    const small = mark.closest(".mark-symbol, .mark-rect, .mark-arc, .mark-shape") ? 0 : 0.5; // a point before the line through it
    if (far + small < least) [found, least] = [mark, far + small];
  }
  return found;
}

// As a mouse over it would: the finger itself has left already.
function point(mark) {
  if (!mark) return;
  const { left, top, width, height } = mark.getBoundingClientRect();
  mark.dispatchEvent(new PointerEvent("pointermove", { bubbles: true, clientX: left + width / 2, clientY: top + height / 2 }));
}

// --------------------------------------------------------------------------------------------- ears

let said = null; // the answer as it was last said or first seen
let at = ""; // the page it was on
let timer = 0;

function answer() {
  const main = document.querySelector("[data-testid=stMain]");
  const finding = FINDINGS.map((one) => main?.querySelector(one)).find(Boolean);
  const result = main?.querySelector(".results > div");
  const words = result ? ["dt", "b", "i"].map((part) => result.querySelector(part)?.textContent.trim()).filter(Boolean).join(" ") : "";
  return [finding?.textContent.trim(), words].filter(Boolean).join(". ");
}

function settled() {
  const now = answer();
  if (!now || now === said) return;
  const first = said === null || at !== location.pathname;
  [said, at] = [now, location.pathname];
  if (!first) region().textContent = now;
}

function region() {
  let one = document.getElementById("said");
  if (!one) {
    one = Object.assign(document.createElement("div"), { id: "said" });
    one.setAttribute("role", "status");
    one.setAttribute("aria-live", "polite");
    one.style.cssText = "position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
    document.body.append(one);
  }
  return one;
}

let listening = false;
function listen() {
  region(); // there before there is something to say, or it is not heard
  if (listening) return;
  listening = true;
  document.addEventListener("click", tapped);
  const changed = () => { clearTimeout(timer); timer = setTimeout(settled, STANDS); };
  new MutationObserver((changes) => {
    if (changes.some(({ target }) => target.id !== "said")) changed();
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
  changed();
}
