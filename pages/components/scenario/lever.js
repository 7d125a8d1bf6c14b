// One lever: a native range input with a typed number, a reset and named levels beside it.
// It sends where it is while it moves and where it came to rest; it takes a value from the
// server only when no hand is on it and every message it sent has been heard.

const GAP = 80; // ms, the shortest time between two messages while the thumb moves
const SETTLE = 350; // ms after the last key press: the value counts as chosen
const LOST = 4000; // ms without an answer: a message got lost, believe the server again

const levers = new WeakMap();
const [html, css] = await Promise.all(["lever.html", "lever.css"].map(async (file) => (await fetch(new URL(file, import.meta.url))).text()));

export default function ({ data, parentElement, setTriggerValue }) {
  let lever = levers.get(parentElement);
  if (!lever) {
    parentElement.innerHTML = `<style>${css}</style>${html}`;
    lever = new Lever(parentElement);
    levers.set(parentElement, lever);
  }
  lever.receive(data, (message) => setTriggerValue("moved", message));
}

class Lever {
  constructor(root) {
    this.root = root;
    this.part = new Proxy({}, { get: (_, id) => root.getElementById?.(id) ?? root.querySelector(`#${id}`) });
    this.sent = 0;
    this.sentAt = 0;
    this.held = false;
    this.keys = false;
    this.next = null;
    this.rest = null;
    this.listen();
  }

  listen() {
    const { range, number, reset } = this.part;
    range.addEventListener("pointerdown", () => { this.held = true; this.keys = false; });
    range.addEventListener("keydown", (event) => {
      this.keys = true;
      // A presenter's clicker leads through the figures (keys.js); it never moves a lever it happens to be on.
      if (event.key === "PageDown" || event.key === "PageUp") event.preventDefault();
    });
    range.addEventListener("input", () => this.move(Number(range.value)));
    range.addEventListener("change", () => (this.keys ? this.settle() : this.choose()));
    // The window hears the release wherever the pointer is by then.
    for (const end of ["pointerup", "pointercancel", "blur"]) window.addEventListener(end, () => { this.held = false; });
    number.addEventListener("change", () => this.type());
    reset.addEventListener("click", () => { this.move(this.spec.default, false); this.choose(); });
    // Keys pressed here are for this lever, never for the page's own shortcuts.
    this.root.addEventListener("keydown", (event) => { if (!event.key.startsWith("Page")) event.stopPropagation(); });
  }

  type() {
    const { number, note } = this.part;
    const value = Number(number.value);
    if (number.value.trim() === "" || !Number.isFinite(value) || value < this.spec.low || value > this.spec.high) {
      number.value = this.plain(this.value);
      note.textContent = `Type a number from ${this.number(this.spec.low)} to ${this.shown(this.spec.high)}.`;
      return;
    }
    this.move(Number(value.toFixed(this.spec.decimals)));
    this.settle();
  }

  move(value, tell = true) {
    this.value = value;
    this.draw();
    const answered = !window.dispatchEvent(new CustomEvent("lever-moved", { detail: { id: this.spec.id, value }, cancelable: true }));
    if (!tell || this.next || answered) return; // who answers at once draws the way there; the page runs when it rests
    this.next = setTimeout(() => { this.next = null; this.send(false); }, Math.max(0, this.sentAt + GAP - Date.now()));
  }

  settle() {
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.choose(), SETTLE);
  }

  choose() {
    clearTimeout(this.rest);
    clearTimeout(this.next);
    this.rest = this.next = null;
    this.send(true);
  }

  send(final) {
    this.sentAt = Date.now();
    this.sent = Math.max(this.sent + 1, this.sentAt); // later than any number an earlier visit used
    this.emit({ value: this.value, sent: this.sent, final, seen: inView() });
  }

  receive(spec, emit) {
    const first = !this.spec;
    this.emit = emit;
    const same = JSON.stringify({ ...spec, value: 0, heard: 0 }) === this.face;
    this.spec = spec;
    if (!same) this.describe();
    const unheard = spec.heard < this.sent && Date.now() - this.sentAt < LOST;
    const busy = this.held || this.rest !== null || this.next !== null || unheard;
    if (first || !busy) this.value = spec.value;
    this.draw();
  }

  describe() {
    const { spec, part } = this;
    this.face = JSON.stringify({ ...spec, value: 0, heard: 0 });
    for (const input of [part.range, part.number]) { input.min = spec.low; input.max = spec.high; }
    part.range.step = spec.step;
    part.name.textContent = spec.label;
    part.unit.textContent = spec.unit;
    part.purpose.textContent = spec.purpose;
    part.low.textContent = this.number(spec.low);
    part.high.textContent = this.number(spec.high);
    part.reset.setAttribute("aria-label", `Reset ${spec.label} to ${this.shown(spec.default)}`);
    part.reset.title = `Back to ${this.shown(spec.default)}`;
    part.background.textContent = spec.background;
    part.source.textContent = spec.source ? `Source: ${spec.source}` : "";
    part.more.hidden = !spec.background && !spec.source;
    const known = spec.observed !== null;
    part.mark.hidden = !known;
    part.scale.textContent = known ? `observed ${this.number(spec.observed[0])} to ${this.number(spec.observed[1])}` : "";
    if (known) {
      const at = (value) => `calc(var(--thumb) / 2 + (100% - var(--thumb)) * ${(value - spec.low) / (spec.high - spec.low)})`;
      part.mark.style.left = at(spec.observed[0]);
      part.mark.style.right = `calc(100% - ${at(spec.observed[1])})`;
    }
    part.levels.setAttribute("aria-label", `Levels of ${spec.label}`);
    part.levels.replaceChildren(...spec.levels.map(([word, value]) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = word;
      button.dataset.value = value;
      button.addEventListener("click", () => { this.move(value, false); this.choose(); });
      return button;
    }));
  }

  draw() {
    const { spec, part, value } = this;
    if (Number(part.range.value) !== value) part.range.value = value;
    part.range.setAttribute("aria-valuetext", this.shown(value));
    if (this.root.activeElement !== part.number) part.number.value = this.plain(value);
    part.reset.setAttribute("aria-disabled", String(value === spec.default));
    for (const button of part.levels.children) button.setAttribute("aria-pressed", String(Number(button.dataset.value) === value));
    const template = value > spec.default ? spec.raised : value < spec.default ? spec.lowered : "";
    const fill = { amount: this.number(Math.abs(value - spec.default)), value: this.number(value), default: this.number(spec.default) };
    part.words.textContent = template.replace(/\{(\w+)\}/g, (_, key) => fill[key]);
    const outside = spec.observed !== null && (value < spec.observed[0] || value > spec.observed[1]);
    const warning = outside ? `Outside what has been observed, ${this.number(spec.observed[0])} to ${this.shown(spec.observed[1])}.` : "";
    if (part.note.textContent !== warning) part.note.textContent = warning;
  }

  plain(value) { return value.toFixed(this.spec.decimals); }

  number(value) {
    const { decimals, grouped } = this.spec;
    return value.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: grouped }).replace("-", "\u2212");
  }

  shown(value) { return `${this.number(value)}${this.spec.unit.startsWith("%") ? "" : " "}${this.spec.unit}`.trim(); }
}

// Names of the figures that follow the levers and are on the screen now: only those need redrawing at once.
function inView() {
  return [...document.querySelectorAll("[class*='st-key-live-']")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  }).map((element) => [...element.classList].find((name) => name.startsWith("st-key-live-")).slice("st-key-live-".length));
}
