// The keys of the stage: see keys.py. What is typed in a field, and what a lever's own keys do, stays theirs.

const WIDE = 1600; // px: from here on two figures stand side by side
const AGAIN = 900; // ms between before and after when a change is played again

let now = null; // the stage on the screen, or null
let held = false;

export default function ({ data, setTriggerValue, setStateValue }) {
  now = { ...data, send: (action) => setTriggerValue("pressed", { action, at: Date.now() }), widen: (wide) => setStateValue("wide", wide) };
  measure();
  return () => { now = null; blank(false); };
}

let wide = false;
function measure() {
  const is = window.innerWidth >= WIDE;
  if (now && is !== wide) { wide = is; now.widen(is); }
}
window.addEventListener("resize", () => { clearTimeout(measure.later); measure.later = setTimeout(measure, 300); });

const FIELDS = "input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], [role=combobox], [role=dialog] *";
const CLICKER = { PageDown: "next", PageUp: "before" };
const ROOM = { ArrowRight: "next", ArrowLeft: "before", " ": "next", Home: "first", End: "last" };
const LETTERS = { z: "undo", y: "redo", g: "grid", "?": "help" };

window.addEventListener("keydown", (event) => {
  if (!now || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = event.composedPath()[0];
  if (at instanceof Element && at.matches(FIELDS)) return;
  const inLever = at instanceof Element && at.matches("input[type=range], [role=slider], [role=radio], [role=tab]");
  const onButton = at instanceof Element && at.closest("button, a, summary, label");
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  let action = CLICKER[key] ?? (now.room && !inLever && !(onButton && key === " ") ? ROOM[key] : undefined);
  if (!action && now.room && now.letters) {
    if (key === "b" || key === ".") { blank(!document.getElementById("stage-blank")); event.preventDefault(); return; }
    if (key === "h") { if (!held) { held = true; now.send("unmoved"); } event.preventDefault(); return; }
    if (key === "r") { if (!event.repeat) replay(3); event.preventDefault(); return; }
    action = LETTERS[key];
  }
  if (!action) return;
  event.preventDefault();
  event.stopPropagation();
  blank(false);
  now.send(action);
}, { capture: true });

window.addEventListener("keyup", (event) => {
  if (held && event.key.toLowerCase() === "h") { held = false; now?.send("now"); }
}, { capture: true });

function replay(times) {
  if (!now || times === 0) return;
  now.send("previous");
  setTimeout(() => { now?.send("now"); setTimeout(() => replay(times - 1), AGAIN); }, AGAIN);
}

function blank(on) {
  document.getElementById("stage-blank")?.remove();
  if (!on) return;
  const cover = document.createElement("div");
  cover.id = "stage-blank";
  cover.setAttribute("role", "status");
  cover.setAttribute("aria-label", "The screen is blank. Press B to go on.");
  cover.style.cssText = "position:fixed;inset:0;background:#000;z-index:2147483000";
  cover.addEventListener("click", () => blank(false));
  document.body.append(cover);
}
