// Makes the page live: asks what has changed, sends answers without leaving it, and keeps those that found no signal.
// Without this script the same forms work by themselves.
"use strict";
(() => {
  const box = document.getElementById("box"), signal = document.getElementById("signal");
  if (!box) return;
  const url = box.dataset.url, store = "answers:" + url;
  let kept = read(), dirty = false, misses = 0, timer = 0, sending = false;

  function read() { try { return JSON.parse(localStorage.getItem(store)) || {}; } catch { return {}; } }
  function keep() { try { localStorage.setItem(store, JSON.stringify(kept)); } catch { /* private mode: kept in this page alone */ } }
  const ask = () => document.getElementById("ask");
  // Where the browser allows it (HTTPS), a worker keeps the page for a reload without a network.
  const worker = navigator.serviceWorker, keeping = () => !!(worker && worker.controller);
  const layBy = part => caches.open("kept:" + url).then(cache => cache.put(url + "/now", new Response(part)));
  const find = id => document.getElementById(id);
  const name = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), n => n.toString(16).padStart(2, "0")).join("");

  // Fetch that gives up after eight seconds; a phone in a tunnel would wait for minutes.
  async function reach(path, options) {
    const stop = new AbortController(), bell = setTimeout(() => stop.abort(), 8000);
    try {
      const answer = await fetch(url + path, Object.assign({ signal: stop.signal, cache: "no-store" }, options));
      return { status: answer.status, text: await answer.text() };
    } finally { clearTimeout(bell); }
  }
  function note(words) {
    const place = document.createElement("p");
    place.className = "no"; place.setAttribute("role", "alert"); place.textContent = words;
    ask().append(place);
  }
  function say(words, kind) {
    const place = find("said");
    if (!place) return;
    place.className = kind === "no" ? "no" : "";
    place.textContent = "";
    if (kind === "yes") { const b = document.createElement("b"); b.className = "yes"; b.textContent = "Received"; place.append(b, ". You can change your answer until the question closes."); }
    else place.textContent = words;
  }
  function lost(is) {
    if (is === !signal.hidden) return;
    signal.hidden = !is;
    signal.textContent = is ? "No signal just now. This page goes on by itself." : "";
  }

  // ---- the form, livelier
  function dress() {
    const form = box.querySelector("form");
    dirty = false;
    const again = find("again");
    if (again) again.hidden = true;
    if (!form) return;
    const mine = kept[ask().dataset.question];
    if (mine) fill(form, new URLSearchParams(mine.body));
    slider(form); points(form); places(form); count(form);
    form.addEventListener("input", () => { dirty = true; });
    form.addEventListener("submit", event => { event.preventDefault(); submit(form); });
    if (mine) { say("Kept on this phone. It will be sent when there is a signal."); send(); }
  }
  function fill(form, fields) {
    for (const input of form.elements) {
      if (!fields.has(input.name) || input.type === "hidden" || input.type === "submit") continue;
      if (input.type === "radio") input.checked = input.value === fields.get(input.name);
      else input.value = fields.get(input.name);
    }
  }
  function slider(form) {
    const field = form.querySelector("input[data-least]");
    if (!field) return;
    const { least, most, step } = field.dataset, range = document.createElement("input"), effect = find("effect");
    Object.assign(range, { type: "range", min: least, max: most, step });
    range.value = field.value === "" ? (+least + +most) / 2 : field.value;
    range.setAttribute("aria-label", form.querySelector("label[for=value]").textContent);
    field.before(range);
    const curve = effect && JSON.parse(effect.dataset.curve);
    function show() {
      for (const level of form.querySelectorAll(".level")) level.setAttribute("aria-pressed", field.value !== "" && +level.value === +field.value);
      if (!effect || isNaN(+field.value)) return;
      const x = Math.min(+most, Math.max(+least, +field.value)), i = Math.max(1, curve.findIndex(point => point[0] >= x));
      const [a, b] = [curve[i - 1], curve[i]], y = a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0]);
      const money = effect.dataset.said.includes("gap"), size = Math.abs(y), unit = money ? 1 : size >= 1e5 ? 1000 : size >= 1e4 ? 100 : 10;
      const number = (Math.round(size / unit) * unit).toLocaleString("en-GB");
      effect.textContent = effect.dataset.said.replace("gap", y < 0 ? "surplus" : "gap").replace("{n}", money ? "£" + number + " million" : "about " + number);
    }
    range.addEventListener("input", () => { field.value = String(+range.value); show(); });
    field.addEventListener("input", () => { range.value = field.value; show(); });
    form.addEventListener("click", event => {
      const level = event.target.closest(".level");
      if (!level) return;
      event.preventDefault(); field.value = range.value = level.value; dirty = true; show();
    });
    show();
  }
  function points(form) {
    const left = find("left"), fields = [...form.querySelectorAll("[name^=points-]")];
    if (!fields.length) return;
    const total = () => {
      const rest = 100 - fields.reduce((sum, field) => sum + (+field.value || 0), 0);
      left.textContent = rest > 0 ? rest + " points left to share" : rest < 0 ? -rest + " points too many" : "All 100 points are shared";
    };
    for (const field of fields) {
      const row = document.createElement("span");
      field.before(row);
      const step = (sign, by) => {
        const button = document.createElement("button");
        button.type = "button"; button.textContent = sign;
        button.setAttribute("aria-label", (by < 0 ? "5 points less for " : "5 points more for ") + form.querySelector("label[for=" + field.id + "]").textContent);
        button.addEventListener("click", () => { field.value = Math.min(100, Math.max(0, (+field.value || 0) + by)); dirty = true; total(); });
        return button;
      };
      row.append(step("−", -5), field, step("+", 5));
    }
    form.addEventListener("input", total);
    total();
  }
  function places(form) {
    const left = find("left"), fields = [...form.querySelectorAll("[name^=place-]")];
    if (!fields.length) return;
    const used = () => fields.map(field => +field.value).filter(place => place);
    const shown = () => {
      const now = used(), twice = now.find((place, i) => now.indexOf(place) < i);
      left.textContent = twice ? "Place " + twice + " is used twice." : now.length === fields.length ? "All are in order."
        : now.length ? "Now choose what comes next, or type its place." : "Choose what matters most to you, or type its place.";
      for (const field of fields) {
        const name = form.querySelector("label[for=" + field.id + "]").textContent, next = field.nextElementSibling;
        next.textContent = field.value ? "Undo" : "Choose";
        next.setAttribute("aria-label", next.textContent + ": " + name);
      }
    };
    for (const field of fields) {
      const row = document.createElement("span"), button = document.createElement("button");
      field.before(row);
      button.type = "button"; button.className = "pick";
      button.addEventListener("click", () => {
        const now = used();
        field.value = field.value ? "" : fields.findIndex((_, i) => !now.includes(i + 1)) + 1;
        dirty = true; shown();
      });
      row.append(field, button);
    }
    form.addEventListener("input", shown);
    shown();
  }
  function count(form) {
    const text = form.querySelector("textarea"), long = find("long");
    if (!text) return;
    const words = long.textContent;
    text.addEventListener("input", () => {
      const n = [...text.value.trim()].length;
      long.textContent = n > 300 ? n + " characters: please shorten to 300." : words;
      long.className = n > 300 ? "no" : "small";
    });
  }

  // ---- sending
  function submit(form) {
    const fields = new URLSearchParams(new FormData(form)), question = fields.get("question");
    fields.set("id", name());
    kept[question] = { id: fields.get("id"), body: fields.toString() };
    keep(); dirty = false;
    say("Sending…");
    send();
  }
  async function send() {
    if (sending) return;
    sending = true;
    for (const question of Object.keys(kept)) {
      const one = kept[question], here = ask().dataset.question === question;
      try {
        const headers = { "X-Live": keeping() ? "keep" : "1", "Content-Type": "application/x-www-form-urlencoded" };
        const answer = await reach("/answer", { method: "POST", headers, body: one.body + (one.late ? "&late=1" : "") });
        if (answer.status >= 500) throw new Error(answer.status);
        const found = JSON.parse(answer.text);
        if (found.part) await layBy(found.part).catch(() => {});
        if (kept[question] && kept[question].id === one.id) { delete kept[question]; keep(); }
        if (here && ask().dataset.stage === "open") {
          if (found.received) { if (!kept[question]) say("", "yes"); const b = box.querySelector(".send"); if (b) b.textContent = "Change my answer"; }
          else { say(found.problem, "no"); dirty = true; }
        } else if (!found.received) note(found.problem);
        lost(false);
      } catch {
        if (kept[question]) { kept[question].late = true; keep(); }
        if (here) say("No signal. Your answer is kept on this phone and will be sent when there is one.", "no");
        lost(true);
        break;
      }
    }
    sending = false;
    if (Object.values(kept).some(one => !one.late)) send();
  }

  // ---- what has changed
  function take(html, whole) {
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("ask"), old = ask();
    if (!fresh) return;
    const same = fresh.dataset.question === old.dataset.question, stage = fresh.dataset.stage, was = old.dataset.stage;
    const form = old.querySelector("form");
    if (!whole && same && form && (stage === "open" || stage === "paused")) {  // the form stays, with what is typed in it
      Object.assign(old.dataset, { version: fresh.dataset.version, stage });
      form.querySelector(".send").disabled = stage === "paused";
      if (stage === "paused") say("We have paused. You can send your answer in a moment.");
      else if (was === "paused") say("");
      return;
    }
    const text = old.querySelector("textarea"), unsent = same && dirty, typed = unsent && text ? text.value : "";
    old.replaceWith(fresh);
    dress();
    if (unsent) note("You had not sent your answer.");
    if (typed) {
      const area = document.createElement("textarea");
      Object.assign(area, { readOnly: true, value: typed, rows: 4 });
      area.setAttribute("aria-label", "What you had written");
      fresh.append(area);
    }
    const title = fresh.querySelector("h1");
    if (title && !same) { title.focus(); scrollTo(0, 0); }
  }
  async function poll() {
    clearTimeout(timer);
    if (!document.hidden) {
      try {
        const answer = await reach("/now?seen=" + ask().dataset.version);
        if (answer.status === 200) take(answer.text);
        else if (answer.status === 410 || answer.status === 403) {
          signal.hidden = false; signal.textContent = JSON.parse(answer.text).problem;
          if (answer.status === 410) { kept = {}; localStorage.removeItem(store); }
          if (++misses > 20) return;
        }
        if (answer.status < 300) { misses = 0; lost(false); if (Object.keys(kept).length) send(); }
      } catch { misses++; lost(true); }
    }
    timer = setTimeout(poll, Math.min(10000, 2000 + misses * 1000) + Math.random() * 1000);
  }
  addEventListener("online", poll);
  addEventListener("storage", event => {  // a second tab of this workshop keeps an answer, or has sent it
    if (event.key !== store) return;
    const waited = kept[ask().dataset.question];
    kept = read();
    if (waited && !kept[ask().dataset.question] && !dirty)
      reach("/now?seen=0").then(answer => { if (answer.status === 200) { take(answer.text, true); lost(false); } }).catch(() => {});
  });
  if (worker) {
    worker.addEventListener("controllerchange", () => reach("/now?seen=0").catch(() => {}));  // so that it has the latest
    worker.register(url + "/worker.js", { scope: url }).catch(() => {});
  }
  addEventListener("pageshow", poll);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) poll(); });
  dress();
})();
