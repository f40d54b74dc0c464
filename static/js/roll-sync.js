// The line that says where everything is: always in the same place, never red, read out politely.
import { clockTime, fill } from "./roll-names.js"

const QUIET_FOR = 400 // no word about sending before this

export class SyncLine {
  #line
  #words
  #queue
  #icons
  #state = null // nothing has been done here yet
  #slow = 0
  #sentAt = null
  #others = ""

  constructor(line, words, queue) {
    this.#line = line
    this.#words = words
    this.#queue = queue
    this.#icons = line.querySelector("use").getAttribute("href").split("#")[0]
    queue.addEventListener("state", (event) => this.#hear(event.detail))
    queue.addEventListener("moved", () => this.#state && this.#state !== "sent" && this.#paint())
    queue.addEventListener("answered", (event) => (this.#sentAt = event.detail.received_at))
  }

  // Who else takes this roll at the moment.
  together(names) {
    this.#others = names.length ? fill(this.#words.otherMarks, { names: names.join(", ") }) : ""
    if (!this.#queue.size && this.#state) this.#rest()
    else if (this.#others && !this.#queue.size) this.begin("ready")
  }

  // Before anything was done on this page.
  begin(word) {
    if (!this.#queue.size) this.#say(this.#words[word], this.#others, this.#others ? "people" : "check")
  }

  #hear(state) {
    clearTimeout(this.#slow)
    if (state === "sending") {
      this.#slow = setTimeout(() => this.#queue.size && this.#say(this.#waits, this.#words.sending, "phone-safe"), QUIET_FOR)
      return
    }
    this.#state = state
    if (!this.#queue.size || state !== "sent") this.#paint()
  }

  #paint() {
    if (!this.#queue.size) return this.#rest()
    const isWarning = this.#state === "failed" || this.#state === "signed-out"
    this.#say(this.#waits, this.#why(this.#state), "phone-safe", isWarning, this.#state === "signed-out")
  }

  get #waits() {
    const count = this.#queue.size
    return fill(this.#words[count === 1 ? "oneWaits" : "manyWait"], { count })
  }

  #why(state) {
    if (state === "elsewhere") return this.#words.sending
    const word = { offline: "offline", failed: "failed", "signed-out": "signedOut" }[state]
    return this.#words[this.#queue.wouldLose ? `${word}Stay` : word]
  }

  #rest() {
    const time = clockTime(this.#sentAt ?? new Date())
    this.#say(this.#words.sent, this.#others || fill(this.#words.lastAt, { time }), this.#others ? "people" : "check")
  }

  #say(core, rest, icon, isWarning = false, offersSignIn = false) {
    const text = [core, rest, offersSignIn].join("\n")
    if (this.#line.dataset.said === text) return // the same again is not read out again
    this.#line.dataset.said = text
    this.#line.classList.toggle("sync--warn", isWarning)
    this.#line.querySelector("use").setAttribute("href", `${this.#icons}#${icon}`)
    const strong = document.createElement("b")
    strong.textContent = core
    const parts = [strong, ` ${rest}`]
    if (offersSignIn && this.#words.signIn) {
      const link = document.createElement("a")
      link.href = this.#words.signInUrl + encodeURIComponent(location.pathname)
      link.textContent = this.#words.signIn
      if (this.#queue.wouldLose) link.target = "_blank" // this page holds what waits
      parts.push(" ", link)
    }
    this.#line.querySelector("span").replaceChildren(...parts)
  }
}
