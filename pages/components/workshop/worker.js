// Keeps this workshop's page on the phone, so that it is still there after a reload with no network.
// Nothing else is kept: no other workshop and nothing of a facilitator. It goes when the workshop does.
"use strict";
(() => {
  const page = new URL(self.registration.scope).pathname, now = page + "/now", name = "kept:" + page;
  const files = page.replace(/[^/]*$/, "files/");
  const PATIENCE = 6000;  // milliseconds that a reload waits for a weak network

  async function forget() {
    await caches.delete(name);
    await self.registration.unregister();
  }
  async function layBy(answer) {
    const cache = await caches.open(name), html = await answer.clone().text();
    for (const [, path] of html.matchAll(/(?:href|src)="([^"]*\/files\/[^"]*)"/g))
      if (!await cache.match(path)) await cache.add(path);
    await cache.put(page, answer);
    await cache.delete(now);  // older than the page
  }
  async function fresh() {
    const answer = await fetch(page, { cache: "no-store" });
    if (answer.status >= 500) throw new Error(answer.status);
    if (answer.status === 200) await layBy(answer.clone());
    if (answer.status === 404) await forget();
    return answer;
  }
  async function told(request) {
    const answer = await fetch(request);
    if (answer.status === 200) await (await caches.open(name)).put(now, answer.clone());
    if (answer.status === 410) await forget();
    return answer;
  }
  // The page as it came last, with the question that was told to it last.
  async function kept() {
    const cache = await caches.open(name), whole = await cache.match(page), part = await cache.match(now);
    if (!whole) return Response.error();
    const html = await whole.text(), inner = part && await part.text();
    const filled = part ? html.replace(/(<main id="box"[^>]*>)[^]*(<\/main>)/, (_, open, end) => open + inner + end) : html;
    return new Response(filled, { headers: whole.headers });
  }
  function reload() {
    const late = new Promise((_, no) => setTimeout(no, PATIENCE));
    return Promise.race([fresh(), late]).catch(kept);
  }
  self.addEventListener("install", event => event.waitUntil(fresh().then(() => self.skipWaiting())));
  self.addEventListener("activate", event => event.waitUntil(self.clients.claim()));
  self.addEventListener("fetch", event => {
    const { request } = event, at = new URL(request.url);
    if (request.method !== "GET" || at.origin !== location.origin) return;
    if (at.pathname === page && request.mode === "navigate") event.respondWith(reload());
    else if (at.pathname === now) event.respondWith(told(request));
    else if (at.pathname.startsWith(files)) event.respondWith(caches.match(request).then(found => found || fetch(request)));
  });
})();
