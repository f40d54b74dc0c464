// What is typed is kept before anybody saves it: first in this phone or computer, then at the house, every few seconds.
// It is never published and never a version. What the house has, the phone lets go of; when somebody signs out, the rest
// goes with everything else (static/js/phone.js). Kept here: a fact «unsaved:<place>», locked like the acts of a roll.
import * as store from "./roll-store.js"

const SOON = 1_500 // ms without typing
const AT_THE_LATEST = 5_000 // ms of typing without a rest
const PATIENCE = 8_000 // ms that the house may take
const AGAIN = [3_000, 5_000, 10_000, 20_000, 30_000] // ms until the next try without contact
const SENT = "sent" // a session's note of which text was sent to be saved, for static/js/editor-saved.js
const NOT_TYPED = new Set(["csrf_token", "of_post", "of_language"])

export class Keeper {
  constructor(editor) {
    this.editor = editor
    this.told = editor.told
    this.words = editor.words
    this.name = `unsaved:${this.told.place}`
    this.line = editor.part("kept-line")
    this.live = editor.part("kept-said")
    this.isPhone = matchMedia("(pointer: coarse)").matches
    this.changes = 0 // made by the writer
    this.kept = 0 // of them, how many the house has
    this.tries = 0
    this.line.hidden = false
    this.say("begin", this.told.said)
    editor.form.addEventListener("submit", (event) => this.isSaving(event))
    addEventListener("online", () => this.isWaiting && this.keep())
    document.addEventListener("visibilitychange", () => this.isWaiting && this.keep())
    addEventListener("pagehide", () => this.isWaiting && this.keepLast())
    addEventListener("beforeunload", (event) => this.isNowhere && !this.isOver && event.preventDefault())
    this.begin()
  }

  get isWaiting() {
    return !this.isOver && this.changes > this.kept
  }

  async begin() {
    sessionStorage.removeItem(SENT)
    const asked = document.querySelector('[data-part="unsaved"]')
    if (asked) this.editor.part("write").inert = true // first it is chosen which text it is
    const here = await store.lockedFact(this.name).catch(() => null)
    if (here && here.account === this.told.account && !this.told.isTyped) this.offer(here, asked)
    if (this.told.isTyped) this.isChanged()
  }

  // --- coming back -------------------------------------------------------------------------------------------------

  offer(here, asked) {
    const isOlder = asked && Date.parse(asked.dataset.at) >= Date.parse(here.at)
    if (isOlder || isSame(here.typed, this.typed())) return store.dropFact(this.name)
    const box = document.querySelector('[data-part="kept-here"]')
    const part = (name) => box.querySelector(`[data-part="${name}"]`)
    const at = new Date(here.at)
    const language = document.documentElement.lang
    const day = at.toLocaleDateString(language, { day: "numeric", month: "long" })
    const time = at.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit" }).replace(":", ".")
    part("kept-here-when").textContent = this.words.from.replace("{day}", day).replace("{time}", time)
    part("kept-here-headline").textContent = here.typed.headline?.[0] ?? ""
    part("go-on").onclick = () => this.goOn(here, box, asked)
    part("drop").onclick = () => this.drop(box, asked)
    if (asked) asked.hidden = true
    box.hidden = false
    this.editor.part("write").inert = true
  }

  goOn(here, box, asked) {
    fill(this.editor.form, here.typed)
    box.hidden = true
    asked?.remove()
    this.editor.part("write").inert = false
    this.editor.form.elements.headline.focus()
    this.editor.dispatchEvent(new CustomEvent("editor:filled", { bubbles: true }))
    this.editor.isChanged()
  }

  async drop(box, asked) {
    await store.dropFact(this.name)
    box.hidden = true
    if (asked) return (asked.hidden = false)
    this.editor.part("write").inert = false
    this.editor.form.elements.headline.focus()
  }

  // --- keeping -----------------------------------------------------------------------------------------------------

  isChanged() {
    this.changes += 1
    this.since ??= Date.now()
    if (this.state !== "trouble") this.say("waits", this.words.notKept)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.keep(), Math.max(0, Math.min(SOON, this.since + AT_THE_LATEST - Date.now())))
  }

  // One at a time: what is typed meanwhile is kept after it.
  async keep() {
    if (this.isAtWork || this.isOver) return
    this.isAtWork = true
    clearTimeout(this.timer)
    const number = this.changes
    this.since = null
    const isHere = await this.keepHere()
    const outcome = this.isOver ? "over" : await this.bring()
    this.isAtWork = false
    if (outcome === "kept") await this.isKept(number)
    else if (outcome === "renewed") this.keep()
    else if (outcome === "away") this.waitForContact(isHere)
  }

  async isKept(number) {
    this.kept = number
    this.tries = 0
    this.isNowhere = false
    if (this.changes > number) return this.isChanged()
    await store.dropFact(this.name).catch(() => {})
    if (this.changes === number) this.say("kept", this.saidByHouse)
  }

  async keepHere() {
    const at = new Date().toISOString()
    try {
      if (!(await store.ready())) return false
      await store.keepLocked(this.name, { account: this.told.account, at, typed: this.typed() })
      return true
    } catch {
      return false // the phone is full
    }
  }

  async bring() {
    this.leaving = new AbortController()
    const late = setTimeout(() => this.leaving.abort(), PATIENCE)
    try {
      const answer = await fetch(this.told.keep, { method: "POST", body: this.editor.sheet(), signal: this.leaving.signal })
      const told = await answer.json().catch(() => null) // a page for signing in is none
      if (answer.status === 409 && told?.token) return this.editor.renew(told.token), "renewed"
      if (answer.status === 422 && told?.reason) return this.say("trouble", told.reason), "refused"
      if (answer.status >= 500) return "away"
      if (!answer.ok || !told) return this.say("away", this.words.signedOut), "out"
      this.saidByHouse = told.said
      this.editor.others.show(told)
      return "kept"
    } catch {
      return "away"
    } finally {
      clearTimeout(late)
    }
  }

  waitForContact(isHere) {
    if (this.isOver) return
    this.isNowhere = !isHere
    this.say("away", !isHere ? this.words.nowhere : this.isPhone ? this.words.inPhoneWhy : this.words.inComputerWhy)
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.keep(), AGAIN[Math.min(this.tries++, AGAIN.length - 1)])
  }

  // The page goes away: what is not kept yet is sent without waiting for an answer.
  keepLast() {
    this.keepHere()
    fetch(this.told.keep, { method: "POST", body: this.editor.sheet(), keepalive: true }).catch(() => {})
  }

  // First what is typed goes into the phone, so that a save that does not come through loses nothing.
  async isSaving(event) {
    if (this.isOver) return
    const { submitter } = event
    const isKept = !this.isWaiting
    if (!isKept) event.preventDefault()
    this.isOver = true
    clearTimeout(this.timer)
    this.leaving?.abort()
    sessionStorage.setItem(SENT, JSON.stringify({ name: this.name, from: location.pathname }))
    setTimeout(() => (this.isOver = false), PATIENCE) // it did not come through, and the page is still here
    if (isKept) return // the browser sends it now
    await this.keepHere()
    this.editor.form.requestSubmit(submitter)
  }

  typed() {
    const typed = {}
    for (const [name, value] of new FormData(this.editor.form))
      if (typeof value === "string" && !NOT_TYPED.has(name)) (typed[name] ??= []).push(value)
    return typed
  }

  // Always there to be seen; heard only when it becomes another kind of state.
  say(state, words) {
    this.line.dataset.state = state
    this.line.textContent = words
    const isNews = state !== this.heard && state !== "waits" && state !== "begin"
    if (isNews) this.live.textContent = words
    if (state !== "waits") this.heard = state
    this.state = state
  }
}

const isSame = (one, other) =>
  ["headline", "lead", "body"].every((name) => (one[name]?.[0] ?? "").trim() === (other[name]?.[0] ?? "").trim())

function fill(form, typed) {
  for (const field of form.elements) {
    if (!field.name || field.name === "csrf_token" || ["file", "submit", "button"].includes(field.type)) continue
    const values = typed[field.name] ?? []
    if (["checkbox", "radio"].includes(field.type)) field.checked = values.includes(field.value)
    else if (field.name in typed) field.value = values[0]
  }
}
