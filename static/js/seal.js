// Seals acts that could not be sent, so that nobody on this phone can read them, and carries sealed ones to the house.
//
//   sealed record   {id, count, envelope: {id, key_id, key, iv, data}}     as docs/decisions/0011 says
//   as text         kor1.<id>.<key_id>.<key>.<iv>.<data>                   one line each, for another phone to take in
import * as store from "./roll-store.js"
import { deviceId, uuid } from "./roll-queue.js"

const FACT = "seal" // {account, key_id, public_key, ticket, ahead, fetched_at}; goes when the account leaves
const RENEWED_AFTER = 24 * 3600 * 1000
const AT_ONCE = 200 // acts in an envelope
const MOST_ENVELOPES = 20
const PATIENCE = 8_000
const REFUSED = "phone.sealed_refused"

// Fetch what one seals with, once a day, so that it is there when there is no contact.
export async function fetchSeal(account, isStillMine) {
  const kept = await store.fact(FACT)
  if (kept?.account === account && Date.now() - Date.parse(kept.fetched_at) < RENEWED_AFTER) return
  const response = await fetch(`/api/v1/seal?device=${deviceId()}`, { headers: { Accept: "application/json" } })
  if (!response.ok) return
  const { key_id, public_key, ticket, given_at } = await response.json()
  const ahead = Math.round((Date.now() - Date.parse(given_at)) / 1000)
  if (!(await isStillMine())) return
  await store.setFact(FACT, { account, key_id, public_key, ticket, ahead, fetched_at: new Date().toISOString() })
}

// Envelopes with these acts, `size` in each; null when this phone cannot seal (no https, or never fetched a key).
export async function sealed(acts, size = AT_ONCE) {
  const kept = await store.fact(FACT)
  if (!kept || !globalThis.crypto?.subtle) return null
  const publicKey = await crypto.subtle.importKey("spki", bytes(kept.public_key), { name: "RSA-OAEP", hash: "SHA-256" }, false, ["encrypt"])
  const records = []
  for (let first = 0; first < acts.length; first += size) {
    records.push(await oneSealed(acts.slice(first, first + size), kept, publicKey))
  }
  return records
}

// Seconds that this phone's clock is ahead go along: another one may bring the envelope.
async function oneSealed(acts, { key_id, ticket, ahead = 0 }, publicKey) {
  const id = uuid()
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const inner = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"])
  const key = await crypto.subtle.encrypt({ name: "RSA-OAEP" }, publicKey, await crypto.subtle.exportKey("raw", inner))
  const about = new TextEncoder().encode(`${id}.${key_id}`)
  const told = Math.abs(ahead) > 5 ? { clock_ahead: ahead } : {}
  const plain = await packed(JSON.stringify({ ticket, sealed_at: new Date().toISOString(), acts, ...told }))
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: about }, inner, plain)
  return { id, count: acts.length, envelope: { id, key_id, key: text(key), iv: text(iv), data: text(data) } }
}

// A first byte says whether the rest is deflated.
async function packed(words) {
  const plain = new TextEncoder().encode(words)
  const deflated = await smaller(plain).catch(() => null) // browsers before 2023 have no CompressionStream
  const [mark, body] = deflated ? [1, deflated] : [0, plain]
  const whole = new Uint8Array(1 + body.length)
  whole[0] = mark
  whole.set(body, 1)
  return whole
}

async function smaller(plain) {
  const stream = new Blob([plain]).stream().pipeThrough(new CompressionStream("deflate-raw"))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

export async function isSealable() {
  return Boolean(globalThis.crypto?.subtle && (await store.fact(FACT)))
}

// Seal what waits of one account and take the readable acts away; gives how many, or null when this phone cannot.
// Only with the ticket of whoever made them: nobody is credited with what another one did.
export async function sealWaiting(account) {
  const waiting = (await store.actsOf(account)).filter((record) => record.state !== "refused")
  if (!waiting.length) return 0
  if ((await store.fact(FACT))?.account !== account) return null
  const records = await sealed(waiting.map((record) => record.act))
  if (!records) return null
  for (const record of records) await store.putSealed(record)
  await store.dropActs(waiting.map((record) => record.id))
  return waiting.length
}

export async function sealedCount() {
  return (await store.sealedOnes()).reduce((sum, record) => sum + record.count, 0)
}

// Bring what lies sealed to the house. It answers for each envelope; what it cannot open yet stays.
export async function carry() {
  const waiting = await store.sealedOnes()
  for (let first = 0; first < waiting.length; first += MOST_ENVELOPES) {
    const results = await deliver(waiting.slice(first, first + MOST_ENVELOPES).map((record) => record.envelope))
    for (const { id, outcome, reason } of results) {
      if (outcome === "refused") await store.setFact(REFUSED, reason)
      if (outcome !== "later") await store.dropSealed([id])
    }
  }
}

async function deliver(envelopes) {
  const response = await fetch("/api/v1/sealed", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    credentials: "same-origin",
    body: JSON.stringify({ sent_at: new Date().toISOString(), envelopes }),
    signal: AbortSignal.timeout?.(PATIENCE),
  })
  if (!response.ok) throw new Error(String(response.status))
  return (await response.json()).results
}

// --- as text -----------------------------------------------------------------------------------------------------------

export const asText = ({ id, key_id, key, iv, data }) => ["kor1", id, key_id, key, iv, data].join(".")

function text(buffer) {
  let letters = ""
  for (const byte of new Uint8Array(buffer)) letters += String.fromCharCode(byte)
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
}

function bytes(letters) {
  return Uint8Array.from(atob(letters.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0))
}
