// Keeps acts of the roll until the server has answered for each of them, and tells how it goes.
// Events: "state" (detail: sent, sending, offline, failed, signed-out) and "answered" (detail: the server's answer).
// The acts live in memory, so the page must stay open until all are answered; the sync line says so.

const PATIENCE = 8_000 // a basement often says "online" and then never answers
const PAUSES = [2, 5, 10, 20, 40, 60] // seconds after each failure in a row; a little chance is added
const LARGEST_BATCH = 200

export class RollQueue extends EventTarget {
  #url
  #waiting = new Map()
  #isSending = false
  #failures = 0
  #timer = 0
  #most = LARGEST_BATCH

  constructor(url) {
    super()
    this.#url = url
    addEventListener("online", () => this.send())
    document.addEventListener("visibilitychange", () => document.hidden || this.send())
  }

  get size() {
    return this.#waiting.size
  }

  get acts() {
    return [...this.#waiting.values()]
  }

  add(act) {
    this.#waiting.set(act.id, act)
    setTimeout(() => this.send(), 0) // after the press has been painted
  }

  // Try until nothing waits or the time is up; says whether all was answered.
  async drain(milliseconds) {
    const end = Date.now() + milliseconds
    this.send()
    while (this.size && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
    return this.size === 0
  }

  async send() {
    if (this.#isSending || !this.size) return
    clearTimeout(this.#timer)
    this.#isSending = true
    this.#tell("sending")
    const state = await this.#sendSome()
    this.#isSending = false
    this.#tell(state)
    if (!this.size) return
    if (state === "sent") this.send()
    else this.#timer = setTimeout(() => this.send(), this.#pause())
  }

  async #sendSome() {
    const acts = this.acts.slice(0, this.#most)
    try {
      const response = await fetch(this.#url, {
        method: "POST",
        headers: { "Content-Type": "application/json", Accept: "application/json" },
        credentials: "same-origin",
        body: JSON.stringify({ sent_at: new Date().toISOString(), device_id: deviceId(), acts }),
        signal: patience(),
      })
      if (response.status === 401) return this.#failed("signed-out")
      if (response.status === 413 && acts.length > 1) {
        this.#most = Math.ceil(acts.length / 2)
        return "sent"
      }
      if (!response.ok) return this.#failed("failed")
      this.#hear(await response.json(), acts)
      return "sent"
    } catch {
      return this.#failed("offline")
    }
  }

  #hear(answer, acts) {
    const sent = new Map(acts.map((act) => [act.id, act]))
    for (const result of answer.results) {
      result.act = sent.get(result.id)
      this.#waiting.delete(result.id)
    }
    this.#failures = 0
    this.dispatchEvent(new CustomEvent("answered", { detail: answer }))
  }

  #failed(state) {
    this.#failures += 1
    return state
  }

  #pause() {
    const seconds = PAUSES[Math.min(this.#failures, PAUSES.length) - 1] ?? PAUSES[0]
    return seconds * 1000 * (0.8 + Math.random() * 0.4)
  }

  #tell(state) {
    this.dispatchEvent(new CustomEvent("state", { detail: state }))
  }
}

function patience() {
  if (AbortSignal.timeout) return AbortSignal.timeout(PATIENCE)
  const controller = new AbortController()
  setTimeout(() => controller.abort(), PATIENCE)
  return controller.signal
}

export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}

let device = ""

export function deviceId() {
  try {
    device ||= localStorage.getItem("device") ?? ""
    if (!device) localStorage.setItem("device", (device = uuid()))
  } catch {
    device ||= uuid() // a phone that keeps nothing is a new device each time
  }
  return device
}
