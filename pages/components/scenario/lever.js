// One lever: a native range input with a typed number, a reset and named levels beside it.
// It sends where it is while it moves and where it came to rest; it takes a value from the
// server only when no hand is on it and every message it sent has been heard.

const GAP = 80; // ms, the shortest time between two messages while the thumb moves
const SETTLE = 350; // ms after the last key press: the value counts as chosen
const MEANT = 10; // px sideways from which a finger on a lever moves it
const LOST = 4000; // ms without an answer: where the thumb came to rest is said again, for the line may have been cut

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
    this.touch = null; // a finger on the lever: where it came down, and whether it has moved sideways since
    this.took = ""; // what became of the number that was typed, where it is not as it was typed
    this.message = null; // the last one sent
    this.again = null;
    this.listen();
  }

  listen() {
    const { range, number, reset } = this.part;
    range.addEventListener("pointerdown", (event) => {
      this.held = true;
      this.keys = false;
      this.touch = event.pointerType === "touch" ? { from: event.clientX, meant: false } : null;
    });
    range.addEventListener("pointermove", (event) => {
      if (this.touch && Math.abs(event.clientX - this.touch.from) > MEANT) this.touch.meant = true;
    });
    range.addEventListener("keydown", (event) => {
      this.keys = true;
      this.touch = null;
      // A presenter's clicker leads through the figures (keys.js); it never moves a lever it happens to be on.
      if (event.key === "PageDown" || event.key === "PageUp") event.preventDefault();
    });
    // A thumb that scrolls the page may begin on a lever: until it moves sideways, nothing is meant.
    const brushed = () => this.touch && !this.touch.meant;
    range.addEventListener("input", () => (brushed() ? this.draw() : this.move(this.stepped(Number(range.value)))));
    range.addEventListener("change", () => (brushed() ? this.draw() : this.keys ? this.settle() : this.choose()));
    // The window hears the release wherever the pointer is by then.
    for (const end of ["pointerup", "pointercancel", "blur"]) {
      window.addEventListener(end, () => { this.held = false; setTimeout(() => { if (!this.held) this.touch = null; }, SETTLE); });
    }
    number.addEventListener("change", () => this.type());
    number.addEventListener("keydown", (event) => {
      const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
      if (!way) return;
      event.preventDefault();
      this.move(this.stepped(Math.min(this.spec.high, Math.max(this.spec.low, this.value + way * this.spec.step))));
      number.value = this.number(this.value);
      this.settle();
    });
    reset.addEventListener("click", () => { this.move(this.spec.default, false); this.choose(); });
    // Keys pressed here are for this lever, never for the page's own shortcuts.
    this.root.addEventListener("keydown", (event) => { if (!event.key.startsWith("Page")) event.stopPropagation(); });
  }

  type() {
    const { number } = this.part, { low, high, decimals } = this.spec;
    const typed = number.value.trim(), asked = read(typed, this.spec.unit);
    if (!(asked >= low && asked <= high)) {
      this.took = `${typed ? `“${typed.slice(0, 20)}” is not taken. ` : ""}Type a number from ${this.number(low)} to ${this.shown(high)}.`;
      number.value = this.number(this.value);
      this.draw();
      return;
    }
    this.move(Number(asked.toFixed(decimals)));
    number.value = this.number(this.value);
    if (!typed.startsWith(number.value) && Number(typed) !== this.value) this.took = `“${typed.slice(0, 20)}” is taken as ${this.shown(this.value)}.`;
    this.draw();
    this.settle();
  }

  // On from a value between two steps, as typed or from a link: the next step on the way.
  stepped(to) {
    const { low, step, decimals } = this.spec;
    if (this.onStep(to)) return to;
    const steps = (to - low) / step;
    return Number((low + step * (to > this.value ? Math.ceil(steps) : Math.floor(steps))).toFixed(decimals));
  }

  onStep(value) { return Math.abs((value - this.spec.low) / this.spec.step - Math.round((value - this.spec.low) / this.spec.step)) < 1e-6; }

  move(value, tell = true) {
    this.value = Math.min(this.spec.high, Math.max(this.spec.low, value));
    this.took = "";
    this.draw();
    const answered = !window.dispatchEvent(new CustomEvent("lever-moved", { detail: { id: this.spec.id, value: this.value }, cancelable: true }));
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
    this.message = { value: this.value, sent: this.sent, final, seen: inView() };
    this.emit(this.message);
    clearTimeout(this.again);
    if (final) this.again = setTimeout(() => this.insist(LOST), LOST);
  }

  // Said again until it is heard: less and less often, so that a busy server is not asked for more than it can do.
  insist(waited) {
    if (this.spec.heard >= this.sent || !this.part.range.isConnected) return;
    this.emit(this.message);
    const wait = Math.min(2 * waited, 4 * LOST);
    this.again = setTimeout(() => this.insist(wait), wait);
  }

  receive(spec, emit) {
    const first = !this.spec;
    this.emit = emit;
    const same = JSON.stringify({ ...spec, value: 0, heard: 0 }) === this.face;
    this.spec = spec;
    if (!same) this.describe();
    const unheard = spec.heard < this.sent && (this.message?.final || Date.now() - this.sentAt < LOST);
    const busy = this.held || this.rest !== null || this.next !== null || unheard;
    if (first || !busy) this.value = spec.value;
    this.draw();
  }

  describe() {
    const { spec, part } = this;
    this.face = JSON.stringify({ ...spec, value: 0, heard: 0 });
    part.range.min = spec.low;
    part.range.max = spec.high;
    part.number.setAttribute("aria-valuemin", spec.low);
    part.number.setAttribute("aria-valuemax", spec.high);
    part.number.inputMode = spec.low < 0 ? "text" : "decimal"; // a telephone's keys for numbers have no minus
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
    part.range.step = this.onStep(value) ? spec.step : 10 ** -spec.decimals; // the thumb stands where the value is
    if (Number(part.range.value) !== value) part.range.value = value;
    part.range.setAttribute("aria-valuetext", this.shown(value));
    if (this.root.activeElement !== part.number) part.number.value = this.number(value);
    part.number.setAttribute("aria-valuenow", value);
    part.number.setAttribute("aria-valuetext", this.shown(value));
    part.reset.setAttribute("aria-disabled", String(value === spec.default));
    for (const button of part.levels.children) button.setAttribute("aria-pressed", String(Number(button.dataset.value) === value));
    const template = value > spec.default ? spec.raised : value < spec.default ? spec.lowered : "";
    const fill = { amount: this.number(Math.abs(value - spec.default)), value: this.number(value), default: this.number(spec.default) };
    part.words.textContent = template.replace(/\{(\w+)\}/g, (_, key) => fill[key]);
    const outside = spec.observed !== null && (value < spec.observed[0] || value > spec.observed[1]);
    const warning = outside ? `Outside what has been observed, ${this.number(spec.observed[0])} to ${this.shown(spec.observed[1])}.` : "";
    const note = [this.took, warning].filter(Boolean).join(" ");
    if (part.note.textContent !== note) part.note.textContent = note;
  }

  number(value) {
    const { decimals, grouped } = this.spec;
    return value.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: grouped }).replace("-", "\u2212");
  }

  shown(value) { return `${this.number(value)}${this.spec.unit.startsWith("%") ? "" : " "}${this.spec.unit}`.trim(); }
}

// The number somebody typed: with our minus sign or another, thousands parted, a decimal comma, its unit behind it;
// not a number if it is none. As words.read in the core.
function read(text, unit) {
  const bare = (words) => words.replace(/\s/g, "");
  let plain = bare(text);
  if (unit && plain.endsWith(bare(unit))) plain = plain.slice(0, -bare(unit).length);
  const found = /^([+\u2212\u2013\u2010\u2011-]?)(\d{1,3}(?:[,']\d{3})+|\d+|(?=\.\d))([.,]\d*)?%?$/.exec(plain);
  if (!found) return NaN;
  const value = Number(`${found[2].replace(/[,']/g, "")}.${(found[3] ?? ".").slice(1)}0`);
  return found[1] && found[1] !== "+" ? -value : value;
}

// Names of the figures that follow the levers and are on the screen now: only those need redrawing at once.
function inView() {
  return [...document.querySelectorAll("[class*='st-key-live-']")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  }).map((element) => [...element.classList].find((name) => name.startsWith("st-key-live-")).slice("st-key-live-".length));
}
