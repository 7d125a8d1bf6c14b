// The line to the server: see page.py. Where Streamlit would block the page with a question about the internet, a line
// of our own says what is so. Streamlit itself tries again by itself, and so do the levers (lever.js).

const EVERY = 2000; // ms between two looks whether the server answers again
const SAID = 4000; // ms for which "back" stands

let words = {};
let asking = null;

export default function ({ data }) { words = data; }

// The question stands in a dialog by its title; closed, it does not come again until the line has been there.
new MutationObserver(() => {
  const title = document.querySelector("[role=dialog] > h2[slot=title]");
  if (title?.textContent !== "Connection error") return;
  title.parentElement.querySelector("button")?.click();
  say(words.lost);
  asking ??= setInterval(ask, EVERY);
}).observe(document.body, { childList: true, subtree: true });

async function ask() {
  try {
    if (!(await fetch(new URL("_stcore/health", document.baseURI), { signal: AbortSignal.timeout(EVERY) })).ok) return;
  } catch { return; }
  clearInterval(asking);
  asking = null;
  say(words.back);
  setTimeout(() => { if (!asking) document.getElementById("server-line")?.remove(); }, SAID);
}

function say(text) {
  let place = document.getElementById("server-line");
  if (!place) {
    place = document.body.appendChild(document.createElement("p"));
    place.id = "server-line";
    place.setAttribute("role", "status");
  }
  if (place.textContent !== text) place.textContent = text;
}
