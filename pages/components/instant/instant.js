// Answers over a connection of their own while something moves: see channel.py.
// What comes is put in place at once; the page's own run follows, and in the end only it stands.

const OVER = 2500; // ms after the last question: the page has run by then, and speaks for itself again
const PARTS = ["b", "i", "small", "dt"]; // of a key result: its value, its change, its note, its label (answer.py)
const AGAIN = 5000; // ms before a connection that failed is tried again

let question = null; // what the page on the screen asks, or null
let socket = null;
let failedAt = -AGAIN;
let asking = null; // the question on its way
let next = null; // the one to ask after it: only the last counts
let last = ""; // the last one asked
let over = null;
const said = new Map(); // what the page itself had in an element we wrote in

// Where the page itself has written since, its words stay.
const page = new MutationObserver((changes) => {
  for (const { target } of changes) for (const element of said.keys()) if (element.contains(target)) said.delete(element);
});

export default function ({ data }) {
  question = data;
  connect();
  return () => { if (question === data) question = null; };
}

// A lever tells of each move; whoever answers it says so by preventing the default.
window.addEventListener("lever-moved", (event) => {
  if (question && ask(event.detail.id, event.detail.value)) event.preventDefault();
});

// Streamlit's own sliders and lists tell of a choice in what they announce to screen readers.
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const key = question?.widgets.find((name) => target.closest(`.st-key-${name}`));
    if (!key || target.tagName !== "INPUT" || target.getAttribute("aria-expanded") === "true") continue; // a list still open: nothing is chosen
    ask(key, target.type === "range" ? Number(target.value) : target.value);
  }
}).observe(document.body, { subtree: true, attributeFilter: ["aria-valuetext", "aria-expanded", "value"] });

document.addEventListener("click", (event) => {
  const chosen = Object.entries(question?.buttons ?? {}).find(([name]) => event.target.closest(`.st-key-${name} button`));
  if (chosen) ask(...chosen[1]);
}, { capture: true });

function connect() {
  if (socket || Date.now() - failedAt < AGAIN) return;
  const address = new URL("instant", document.baseURI);
  address.protocol = address.protocol.replace("http", "ws");
  address.search = address.hash = "";
  socket = new WebSocket(address);
  socket.onmessage = (event) => { show(JSON.parse(event.data)); asking = null; send(); };
  socket.onclose = () => { socket = asking = next = null; failedAt = Date.now(); };
}

function ask(moved, to) {
  connect();
  if (socket?.readyState !== WebSocket.OPEN) return false;
  const figures = question.figures.filter((id) => document.querySelector(`[data-instant="finding-${id}"], .st-key-picture-${id}`)).slice(0, 4);
  const now = `${moved} ${to} ${figures}`;
  if (now === last) return true;
  last = now;
  next = { page: question.page, query: question.query, moved, to, figures };
  if (!asking) send();
  return true;
}

function send() {
  if (!next) return;
  asking = next;
  next = null;
  socket.send(JSON.stringify(asking));
}

// By name, never by place: a result has four parts, a finding and a title are words alone.
function show({ results, title, figures }) {
  if (asking?.page !== question?.page) return;
  for (const [name, words] of Object.entries(results ?? {})) {
    for (const element of document.querySelectorAll(`[data-instant="${name}"]`)) {
      PARTS.forEach((part, i) => put(element.querySelector(part), words[i]));
    }
  }
  if (title !== undefined) put(textOf(document.querySelector(".st-key-instant-title :is(h1, h2, h3)")), title);
  for (const [id, { finding, lines }] of Object.entries(figures ?? {})) {
    for (const element of document.querySelectorAll(`[data-instant="finding-${id}"]`)) put(element, finding);
    put(textOf(document.querySelector(`.st-key-instant-finding-${id} :is(h1, h2, h3)`)), finding);
    draw(document.getElementById(`line-${id}`), lines ?? "");
  }
  clearTimeout(over);
  over = setTimeout(withdraw, OVER);
}

function put(element, words) {
  if (!element || words === undefined) return;
  if (!said.has(element)) said.set(element, element.textContent);
  write(element, words);
  page.observe(element, { subtree: true, childList: true, characterData: true });
}

// What holds the words of a heading that Streamlit drew from Markdown.
function textOf(heading) {
  return heading && document.createTreeWalker(heading, NodeFilter.SHOW_TEXT).nextNode()?.parentElement;
}

function withdraw() {
  last = "";
  for (const [element, words] of said) if (element.isConnected) write(element, words);
  said.clear();
  page.disconnect();
  document.querySelectorAll("input[id^=line-]").forEach((input) => draw(input, ""));
}

// In the node that is there: the page's own next run looks for it.
function write(element, words) {
  if (element.firstChild?.nodeType !== Node.TEXT_NODE) element.textContent = words;
  else if (element.firstChild.data !== words) element.firstChild.data = words;
  page.takeRecords(); // not the page's doing
}

// The chart listens to this hidden field (see picture.py).
function draw(input, values) {
  if (!input || input.value === values) return;
  input.value = values;
  input.dispatchEvent(new Event("input"));
}
