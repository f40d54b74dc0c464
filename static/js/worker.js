// The worker: opens the pages of the roll when there is no contact. The house writes KEPT above this file:
//   {version, files, shells: {sv: {tonight, roll, …}, en: {…}}, language}
// It keeps our own files and the shells, which hold no names. It never keeps a page that the house drew for somebody.
// What is sent goes straight through. Whoever signed out without contact is signed out at the house before anything else.

const CACHE = `kor-${KEPT.version}`
const PATIENCE = 2_500 // a basement often says "online" and then never answers
const SIGN_OUT_PATIENCE = 4_000
const ROLL = /^\/narvaro\/[0-9a-f-]{36}(\/klar)?$/
const MOST_ENVELOPES = 20
const SIGNED_OUT = "phone.signed_out"
const SEALED_REFUSED = "phone.sealed_refused"

// --- install and update ----------------------------------------------------------------------------------------------

self.addEventListener("install", (event) => event.waitUntil(keep()))

async function keep() {
  const cache = await caches.open(CACHE)
  const shells = Object.values(KEPT.shells).flatMap((each) => Object.values(each))
  await Promise.all([
    ...KEPT.files.map((url) => put(cache, url, {})),
    ...shells.map((url) => put(cache, url, { credentials: "omit", cache: "no-store" })), // as nobody: without a session
  ])
}

async function put(cache, url, how) {
  const response = await fetch(url, how)
  if (!response.ok || response.redirected) throw new Error(`${url}: ${response.status}`)
  await cache.put(url, response)
}

// A worker that is new to the phone takes over at once; one that replaces another waits until it is told.
self.addEventListener("activate", (event) => event.waitUntil(begin()))

async function begin() {
  for (const name of await caches.keys()) if (name.startsWith("kor-") && name !== CACHE) await caches.delete(name)
  await self.clients.claim()
}

self.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(takeOver(event.source))
})

// Never while somebody takes a roll in any window of this phone.
async function takeOver(asker) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true })
  if (windows.some((each) => ROLL.test(plain(new URL(each.url)).path))) asker?.postMessage("a roll is open")
  else await self.skipWaiting()
}

// --- what is fetched -------------------------------------------------------------------------------------------------

self.addEventListener("fetch", (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== "GET" || url.origin !== location.origin) return
  if (request.mode === "navigate") event.respondWith(open(event, url))
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request))
})

async function file(request) {
  return (await caches.match(request.url)) ?? fetch(request)
}

async function open(event, url) {
  const place = plain(url)
  const shells = KEPT.shells[place.language]
  if ((await fact(SIGNED_OUT)) && !(await signOut())) return shell(shells.signed_out)
  const kind = await kindOf(place.path)
  const isKept = kind !== "no_contact"
  try {
    const response = await (isKept ? within(PATIENCE, fetch(event.request)) : fetch(event.request))
    if (isKept && response.status >= 502) return await shell(shells[kind])
    event.waitUntil(carrySealed())
    return response
  } catch {
    return shell(shells[kind])
  }
}

// The language and the rest of an address: /en/ikvall is /ikvall in English.
function plain({ pathname }) {
  const [, first, ...rest] = pathname.split("/")
  if (first in KEPT.shells) return { language: first, path: `/${rest.join("/")}` }
  return { language: KEPT.language, path: pathname }
}

// Which shell opens an address; for a roll only when the phone has it.
async function kindOf(path) {
  if (path === "/ikvall" || path === "/app") return "tonight"
  if (path === "/narvaro/lamna-over") return "hand_over"
  const roll = ROLL.exec(path)
  if (!roll) return "no_contact"
  const id = path.split("/")[2]
  if (!(await inStore("rolls", (store) => store.count(id)))) return "no_contact"
  return roll[1] ? "summary" : "roll"
}

async function shell(url) {
  const kept = await caches.match(url, { cacheName: CACHE })
  return kept ?? (await caches.match(url)) ?? Response.error()
}

function within(milliseconds, promise) {
  const limit = new Promise((_resolve, reject) => setTimeout(() => reject(new Error("no answer")), milliseconds))
  return Promise.race([promise, limit])
}

// --- the phone's store (static/js/roll-store.js builds it) -------------------------------------------------------------

function inStore(name, ask, mode = "readonly") {
  return new Promise((resolve) => {
    const opening = indexedDB.open("kor")
    opening.onupgradeneeded = () => opening.transaction.abort() // nothing was ever kept here
    opening.onerror = (event) => {
      event.preventDefault()
      resolve(undefined)
    }
    opening.onsuccess = () => {
      const database = opening.result
      database.onversionchange = () => database.close()
      try {
        const transaction = database.transaction(name, mode)
        const request = ask(transaction.objectStore(name))
        transaction.oncomplete = () => resolve(request?.result)
        transaction.onabort = () => resolve(undefined)
      } catch {
        resolve(undefined)
      }
      database.close() // once what was begun is over
    }
  })
}

const fact = async (name) => (await inStore("facts", (store) => store.get(name)))?.value

// --- what has to reach the house first -----------------------------------------------------------------------------------

async function signOut() {
  try {
    const response = await send("/api/v1/sign-out", {})
    if (!response.ok || !(await response.json()).signed_out) return false
    await inStore("facts", (store) => store.delete(SIGNED_OUT), "readwrite")
    return true
  } catch {
    return false
  }
}

// Sealed acts are brought by whoever opens a page with contact.
async function carrySealed() {
  const waiting = (await inStore("sealed", (store) => store.getAll())) ?? []
  try {
    for (let first = 0; first < waiting.length; first += MOST_ENVELOPES) {
      const envelopes = waiting.slice(first, first + MOST_ENVELOPES).map((each) => each.envelope)
      const response = await send("/api/v1/sealed", { sent_at: new Date().toISOString(), envelopes })
      if (!response.ok) return
      for (const result of (await response.json()).results) await hear(result)
    }
  } catch {
    // no contact after all: they lie where they were
  }
}

async function hear({ id, outcome, reason }) {
  if (outcome === "later") return
  if (outcome === "refused") await inStore("facts", (store) => store.put({ name: SEALED_REFUSED, value: reason }), "readwrite")
  await inStore("sealed", (store) => store.delete(id), "readwrite")
}

function send(url, what) {
  return within(
    SIGN_OUT_PATIENCE,
    fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      credentials: "same-origin",
      body: JSON.stringify(what),
    }),
  )
}
