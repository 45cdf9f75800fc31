// Keeps visits readable without a network: the pages of visits that were opened, and what they are made of.
// The network always comes first; a page that one may no longer see, or after signing out, is thrown away.
const PAGES = "quoin-visit-pages-1";
const PARTS = "quoin-visit-parts-1";
const DAYS = 7;
const MOST = 60;
const isPage = (url) => /^\/visits\/vis_[^/]+$/.test(url.pathname);
const isPart = (url) => url.pathname.startsWith("/static/");

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (isPage(url) && !event.request.headers.has("X-Drawer")) event.respondWith(page(event.request));
  else if (isPart(url)) event.respondWith(part(event.request));
});

self.addEventListener("message", (event) => {
  const { page: address, parts } = event.data ?? {};
  if (!address) return;
  event.waitUntil((async () => {
    await page(new Request(address, { credentials: "same-origin" }));
    await Promise.all(parts.map((one) => part(new Request(one)).catch(() => null)));
    event.source?.postMessage({ kept: true });
  })());
});

async function page(request) {
  const kept = await caches.open(PAGES);
  const key = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected) await kept.put(key, await dated(answer.clone()));
    else if (answer.redirected) await caches.delete(PAGES);
    else if (answer.status === 403 || answer.status === 404) await kept.delete(key);
    await thin(kept);
    return answer;
  } catch (fault) {
    const found = await kept.match(key);
    const age = found ? Date.now() - Number(found.headers.get("X-Kept-At")) : 0;
    if (!found || age > DAYS * 86400000) throw fault;
    return found;
  }
}

async function part(request) {
  const kept = await caches.open(PARTS);
  const found = await kept.match(request.url);
  if (found) return found;
  const answer = await fetch(request);
  // Names carry a hash of the content: what is here never changes.
  if (answer.ok) await kept.put(request.url, answer.clone());
  return answer;
}

async function dated(answer) {
  const headers = new Headers(answer.headers);
  // The body is unpacked already, and which headers asked for it does not matter here.
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  headers.delete("Vary");
  headers.set("X-Kept-At", String(Date.now()));
  return new Response(await answer.blob(), { status: answer.status, headers });
}

async function thin(kept) {
  const keys = await kept.keys();
  for (const key of keys.slice(0, Math.max(0, keys.length - MOST))) await kept.delete(key);
}
