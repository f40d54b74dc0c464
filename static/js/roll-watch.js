// Looks at the server's roll every few seconds while the page is seen, so that two phones follow each other.

const EVERY = 5_000
const LONGEST = 60_000
const PATIENCE = 8_000

export class RollWatch {
  #url
  #hear
  #etag = null
  #failures = 0
  #timer = 0
  #version = 0
  #isLooking = false
  hasContact = false

  // `hear(snapshot)`: something has changed.
  constructor(url, hear) {
    this.#url = url
    this.#hear = hear
    addEventListener("online", () => this.look())
    document.addEventListener("visibilitychange", () => document.hidden || this.look())
    addEventListener("pageshow", (event) => event.persisted && this.look())
  }

  // Something was done here: an answer already on its way does not know of it.
  outdate() {
    this.#version += 1
  }

  async look() {
    if (this.#isLooking) return
    clearTimeout(this.#timer)
    this.#isLooking = true
    const version = this.#version
    const found = await this.#ask()
    this.#isLooking = false
    const isStale = found !== null && version !== this.#version
    if (found?.snapshot && !isStale) {
      this.#etag = found.etag
      this.#hear(found.snapshot)
    }
    this.hasContact = found !== null
    this.#failures = found ? 0 : this.#failures + 1
    if (!document.hidden) this.#timer = setTimeout(() => this.look(), isStale ? 500 : this.#pause())
  }

  // The snapshot if it has changed; null when nobody answered.
  async #ask() {
    const giveUp = new AbortController()
    const patience = setTimeout(() => giveUp.abort(), PATIENCE)
    try {
      const headers = { Accept: "application/json", ...(this.#etag && { "If-None-Match": this.#etag }) }
      const response = await fetch(this.#url, { headers, credentials: "same-origin", cache: "no-store", signal: giveUp.signal })
      if (response.status === 304) return {}
      if (!response.ok) return null
      const snapshot = await response.json()
      return Array.isArray(snapshot.singers) ? { snapshot, etag: response.headers.get("ETag") } : null
    } catch {
      return null
    } finally {
      clearTimeout(patience)
    }
  }

  #pause() {
    return Math.min(EVERY * 2 ** this.#failures, LONGEST) * (0.9 + Math.random() * 0.2)
  }
}
