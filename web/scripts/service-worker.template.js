const entry = "__ENTRY__";
const cacheName = `offtake-${entry}-__VERSION__`;
const files = __FILES__;
const own = (name) => name.startsWith(`offtake-${entry}-`);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    // the version before is kept: another tab may still be open in it and fetch its screens as they are needed
    const old = (await caches.keys()).filter((name) => own(name) && name !== cacheName);
    await Promise.all(old.slice(0, -1).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin || url.pathname.startsWith("/api/")) return;
  if (request.mode === "navigate" && url.pathname.startsWith(`/${entry}`)) {
    event.respondWith(caches.match(`/${entry}/`, { cacheName }).then((kept) => kept ?? fetch(request)));
  } else if (files.includes(url.pathname)) {
    event.respondWith(caches.match(url.pathname, { cacheName }).then((kept) => kept ?? fetch(request)));
  } else if (url.pathname.startsWith(`/${entry}/assets/`)) {
    event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)));
  }
});
