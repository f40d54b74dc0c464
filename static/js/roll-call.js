// <roll-call>: the roll without page loads. Every press is an act with an id of its own: painted at once, then sent.
// Without this script the form inside is an ordinary form: tick, press «Klar».
import { RollQueue, uuid } from "./roll-queue.js"

const UNDO_FOR = 8_000
const RESTS_FOR = 1_500 // a tile just pressed stays in «Inte här än», so that a double press hits the same person
const QUIET_FOR = 400 // no word about sending before this

class RollCall extends HTMLElement {
  connectedCallback() {
    this.words = JSON.parse(this.part("words").textContent)
    this.form = this.querySelector("form.roll")
    this.icons = this.part("sync").querySelector("use").getAttribute("href").split("#")[0]
    this.singers = new Map()
    for (const tile of this.querySelectorAll("li[data-singer]")) this.know(tile)
    this.guests = Number(this.form.elements.guests_were.value)
    this.guestsAct = this.dataset.guestsAct || null
    this.makeStepper()
    this.queue = new RollQueue(this.dataset.acts)
    this.queue.addEventListener("state", (event) => this.showState(event.detail))
    this.queue.addEventListener("answered", (event) => this.hear(event.detail))
    this.form.addEventListener("change", (event) => event.target.name === "here" && this.toggle(event.target))
    this.form.addEventListener("submit", (event) => this.submit(event))
    this.part("undo").addEventListener("click", () => this.undo())
    this.makeSearch()
    this.makeSheets()
    addEventListener("beforeunload", (event) => this.queue.size && event.preventDefault())
    addEventListener("pageshow", (event) => event.persisted && this.refresh())
    this.paint()
    this.say(this.singers.size && this.here ? "ready" : "nothingYet", "", "check")
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`)
  }

  fill(word, values = {}) {
    return this.words[word].replace(/\{(\w+)\}/g, (_all, name) => values[name])
  }

  // --- who is here -----------------------------------------------------------------------------------------

  know(tile) {
    const box = tile.querySelector("input")
    const name = tile.querySelector("bdi").textContent
    this.singers.set(tile.dataset.singer, { tile, box, name, group: tile.closest("fieldset") })
  }

  get here() {
    let count = Number(this.dataset.elsewhere)
    for (const { box } of this.singers.values()) count += box.checked
    return count
  }

  toggle(box) {
    const tile = box.closest("li")
    const status = box.checked ? "present" : "unmarked"
    this.mark(tile, status)
    this.rest(tile)
    navigator.vibrate?.(10)
    const { name } = this.singers.get(tile.dataset.singer)
    this.offerUndo(this.fill(box.checked ? "isHere" : "isUnmarked", { name }), () => this.tick(tile, !box.checked))
  }

  tick(tile, isHere) {
    tile.querySelector("input").checked = isHere
    this.mark(tile, isHere ? "present" : "unmarked")
  }

  mark(tile, status) {
    const act = this.act("mark", { singer_id: tile.dataset.singer, status, seen: tile.dataset.act ?? null })
    tile.dataset.act = act.id
    this.paint()
  }

  act(kind, what) {
    const act = { id: uuid(), kind, rehearsal_id: this.dataset.rehearsal, at: new Date().toISOString(), ...what }
    this.queue.add(act)
    return act
  }

  rest(tile) {
    tile.dataset.resting = ""
    setTimeout(() => delete tile.dataset.resting, RESTS_FOR)
  }

  // --- what is painted ---------------------------------------------------------------------------------------

  paint() {
    const total = this.singers.size + Number(this.dataset.elsewhere)
    const here = this.here
    this.part("count").textContent = here
    this.part("of").textContent = this.fill("of", { total })
    const [all, away] = this.querySelectorAll(".seg__choice span")
    all.textContent = this.fill("all", { count: total })
    away.textContent = this.fill("away", { count: total - here })
    this.paintSum(here, total)
    this.paintVoices(here, total)
    const output = this.part("guests")
    output.firstChild.textContent = this.guests
    output.querySelector("small").textContent = this.words[this.guests === 1 ? "guest" : "guests"]
  }

  paintSum(here, total) {
    const strong = document.createElement("b")
    strong.textContent = this.fill("inRoom", { count: here + this.guests })
    const parts = [strong]
    if (this.guests) parts.unshift(this.fill(this.guests === 1 ? "plusGuest" : "plusGuests", { count: this.guests }), " ")
    if (total && here >= total) parts.push(" ", this.words.allHere)
    this.part("sum").replaceChildren(...parts)
  }

  paintVoices(here, total) {
    const counts = new Map()
    for (const { box, group } of this.singers.values()) {
      const count = counts.get(group) ?? { here: 0, total: 0 }
      counts.set(group, { here: count.here + box.checked, total: count.total + 1 })
    }
    const groups = [...this.form.querySelectorAll("fieldset.voice")]
    const heads = groups.map((group) => counts.get(group) ?? { here: 0, total: 0 })
    groups.forEach((group, place) => {
      group.querySelector('[data-part="voice-count"]').textContent = this.fill("voice", heads[place])
    })
    const fromBottom = [...heads.slice(1), heads[0]].map((head) => head.here)
    this.paintPot(fromBottom, here, total)
  }

  paintPot(fromBottom, here, total) {
    const pot = this.part("pot")
    const share = total ? Math.round((100 * here) / total) : 0
    pot.setAttribute("aria-label", this.fill("pot", { share }))
    pot.dataset.lid = !here ? "closed" : here >= total ? "full" : "open"
    const unit = 65 / Math.max(total, here, 1)
    const layers = [...pot.querySelectorAll(".pot-fill__layer")].reverse()
    let level = 101
    layers.forEach((layer, place) => {
      level -= fromBottom[place] * unit
      layer.style.transform = `translateY(${level}px)`
      layer.setAttribute("visibility", fromBottom[place] ? "visible" : "hidden")
    })
  }

  // --- guests --------------------------------------------------------------------------------------------------

  makeStepper() {
    const output = this.part("guests")
    const ask = document.createElement("button")
    ask.type = "button"
    ask.className = "stepper__number"
    ask.setAttribute("aria-label", this.words.askGuests)
    ask.setAttribute("aria-haspopup", "dialog")
    output.replaceWith(ask)
    ask.append(output)
    ask.addEventListener("click", () => this.askGuests())
  }

  setGuests(number) {
    const before = this.guests
    this.guests = Math.min(Math.max(number, 0), Number(this.dataset.most))
    if (this.guests !== before) {
      this.guestsAct = this.act("guests", { number: this.guests, seen: this.guestsAct ?? null }).id
    }
    this.paint()
    const word = { 0: "noGuests", 1: "oneGuestNow" }[this.guests] ?? "guestsNow"
    this.offerUndo(this.fill(word, { count: this.guests }), () => this.setGuests(before), this.guests !== before)
  }

  askGuests() {
    const field = this.querySelector("#guest-number")
    field.value = this.guests || ""
    this.querySelector("#guests").showModal()
    field.focus()
  }

  // --- newcomers -----------------------------------------------------------------------------------------------

  makeSheets() {
    for (const dialog of this.querySelectorAll("dialog")) {
      dialog.querySelector('[data-part="cancel"]').addEventListener("click", () => dialog.close())
      dialog.addEventListener("click", (event) => event.target === dialog && dialog.close())
    }
    this.part("guests-form").addEventListener("submit", (event) => {
      const typed = event.target.elements.number.value.trim()
      if (/^\d{0,4}$/.test(typed)) this.setGuests(Number(typed))
    })
    const form = this.part("newcomer")
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.welcome(form, false)
    })
    this.part("another-person").addEventListener("click", () => this.welcome(form, true))
    this.part("same-person").addEventListener("click", () => this.isTheSame())
    form.elements.name.addEventListener("input", () => this.showNameError(false))
  }

  openNewcomer() {
    const form = this.part("newcomer")
    form.reset()
    this.showNameError(false)
    this.querySelector("#newcomer").showModal()
    form.elements.name.focus()
  }

  showNameError(isShown) {
    const field = this.part("newcomer").elements.name
    this.part("name-error").hidden = !isShown
    this.part("name-field").classList.toggle("field--wrong", isShown)
    isShown ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid")
    isShown ? field.setAttribute("aria-describedby", "first-name-error") : field.removeAttribute("aria-describedby")
    this.part("same").hidden = true
    this.namesake = null
  }

  welcome(form, isAnother) {
    const name = form.elements.name.value.trim().replace(/\s+/g, " ")
    if (!name) {
      this.showNameError(true)
      return form.elements.name.focus()
    }
    if (!isAnother && this.askIfSame(name)) return
    const voice = form.elements.voice?.value || null
    const singer = uuid()
    const act = this.act("newcomer", { singer_id: singer, name, voice_id: voice, phone: form.elements.phone.value.trim() || null })
    const tile = this.addTile({ id: singer, first_name: name, voice_id: voice, is_new: true, status: "present", act_id: act.id })
    this.querySelector("#newcomer").close()
    this.paint()
    this.offerUndo(this.fill("isNew", { name }), () => this.tick(tile, false))
    tile.scrollIntoView({ block: "center" })
  }

  askIfSame(name) {
    const wanted = folded(name)
    this.namesake = [...this.singers.values()].find((singer) => folded(singer.name) === wanted) ?? null
    if (!this.namesake) return false
    const { group } = this.namesake
    const voice = group.dataset.voice ? group.querySelector("legend span").textContent : ""
    this.part("same-text").textContent = this.fill(voice ? "sameIn" : "same", { name: this.namesake.name, voice })
    this.part("same").hidden = false
    this.part("same-person").focus()
    return true
  }

  isTheSame() {
    const { tile, box } = this.namesake
    this.querySelector("#newcomer").close()
    if (!box.checked) {
      box.checked = true
      this.toggle(box)
    }
    tile.scrollIntoView({ block: "center" })
  }

  addTile(singer) {
    const tile = this.part("tile").content.firstElementChild.cloneNode(true)
    const box = tile.querySelector("input")
    tile.dataset.singer = box.value = singer.id
    tile.dataset.name = folded([singer.first_name, singer.surname ?? ""].join(" "))
    if (singer.act_id) tile.dataset.act = singer.act_id
    tile.querySelector("bdi").textContent = singer.first_name
    if (!singer.is_new) tile.querySelector(".chip").remove()
    box.checked = singer.status === "present"
    const groups = [...this.form.querySelectorAll("fieldset.voice")]
    const group = groups.find((each) => each.dataset.voice === (singer.voice_id ?? "")) ?? groups[0]
    group.querySelector(".tiles").prepend(tile)
    this.know(tile)
    return tile
  }

  // --- the server's word -----------------------------------------------------------------------------------------

  hear(answer) {
    for (const result of answer.results) if (result.outcome === "refused") this.tellRefused(result)
    const truth = answer.rehearsals.find((each) => each.id === this.dataset.rehearsal)
    if (truth) this.follow(truth)
    this.sentAt = new Date(answer.received_at)
  }

  follow(truth) {
    const waiting = this.queue.acts
    const waits = new Set(waiting.map((act) => act.singer_id))
    for (const [id, { tile, box }] of this.singers) {
      if (waits.has(id)) continue
      const mark = truth.marks[id]
      box.checked = mark?.status === "present"
      if (mark) tile.dataset.act = mark.act_id
    }
    if (!waiting.some((act) => act.kind === "guests")) {
      this.guests = truth.guest_count
      this.guestsAct = truth.guests_act_id ?? this.guestsAct
    }
    this.paint()
    if (Object.keys(truth.marks).some((id) => !this.singers.has(id))) this.refresh()
  }

  // Somebody else added a singer, or the page comes back from the browser's memory: ask for the whole roll.
  async refresh() {
    try {
      const response = await fetch(this.dataset.roll, { headers: { Accept: "application/json" } })
      if (!response.ok) return
      const roll = await response.json()
      for (const singer of roll.singers) if (!this.singers.has(singer.id)) this.addTile(singer)
      const marks = {}
      for (const { id, status, act_id } of roll.singers) if (status) marks[id] = { status, act_id }
      const named = roll.singers.filter((singer) => singer.status === "present").length
      this.dataset.elsewhere = roll.present_count - named
      this.follow({ marks, guest_count: roll.guest_count })
    } catch {
      // no contact: what is painted stays until the next answer
    }
  }

  tellRefused({ act, reason }) {
    const singer = this.singers.get(act?.singer_id)
    if (act?.kind === "newcomer" && singer) {
      singer.tile.remove()
      this.singers.delete(act.singer_id)
    }
    const line = document.createElement("p")
    line.className = "message message--danger"
    line.textContent = `${this.words.refused}${singer ? `: ${singer.name}` : ""}. ${reason}`
    this.part("tray").append(line)
    this.part("tray").hidden = false
  }

  showState(state) {
    clearTimeout(this.slow)
    const count = this.queue.size
    const waits = this.fill(count === 1 ? "oneWaits" : "manyWait", { count })
    if (state === "sending") {
      this.slow = setTimeout(() => this.say("sending", waits, "phone-safe"), QUIET_FOR)
    } else if (count && state !== "sent") {
      const rest = { offline: this.words.offline, failed: this.words.failed, "signed-out": this.words.signedOut }[state]
      this.say(waits, rest, "phone", state !== "offline", state === "signed-out")
    } else if (!count) {
      const time = this.clock(this.sentAt ?? new Date())
      this.say("sent", this.fill("lastAt", { time }), "check")
    }
  }

  clock(moment) {
    return moment.toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" }).replace(":", ".")
  }

  say(core, rest, icon, isWarning = false, offersSignIn = false) {
    const line = this.part("sync")
    line.classList.toggle("sync--warn", isWarning)
    line.querySelector("use").setAttribute("href", `${this.icons}#${icon}`)
    const strong = document.createElement("b")
    strong.textContent = this.words[core] ?? core
    const parts = [strong, ` ${rest}`]
    if (offersSignIn) {
      const link = document.createElement("a")
      link.href = this.words.signInUrl
      link.target = "_blank" // this page must stay open, it holds what waits
      link.textContent = this.words.signIn
      parts.push(" ", link)
    }
    line.querySelector("span").replaceChildren(...parts)
  }

  // --- undo --------------------------------------------------------------------------------------------------------

  offerUndo(text, deed, isOffered = true) {
    clearTimeout(this.undoTimer)
    this.undoDeed = deed
    this.part("snackbar-text").textContent = text
    this.part("undo").hidden = !isOffered
    this.part("snackbar").hidden = false
    this.undoTimer = setTimeout(() => this.hideUndo(), UNDO_FOR)
  }

  undo() {
    this.hideUndo()
    this.undoDeed?.()
    this.undoDeed = null
  }

  hideUndo() {
    clearTimeout(this.undoTimer)
    const held = this.part("snackbar").contains(document.activeElement)
    this.part("snackbar").hidden = true
    if (held) this.querySelector('[name="go"][value="done"]').focus()
  }

  // --- the bar -------------------------------------------------------------------------------------------------------

  submit(event) {
    event.preventDefault()
    const { name, value } = event.submitter ?? {}
    if (name === "guests") this.setGuests(this.guests + Number(value))
    else if (value === "newcomer") this.openNewcomer()
    else if (value === "done") this.finish(event.submitter)
  }

  async finish(button) {
    button.setAttribute("aria-busy", "true")
    const isSent = await this.queue.drain(6_000)
    button.removeAttribute("aria-busy")
    if (isSent) location.assign(this.dataset.summary)
    else this.offerUndo(this.words.notYet, null, false)
  }

  // --- search --------------------------------------------------------------------------------------------------------

  makeSearch() {
    const button = document.querySelector('[data-part="find"]')
    const box = this.part("find-box")
    const field = box.querySelector("input")
    button.hidden = false
    if (this.singers.size > 60) {
      box.hidden = false
      button.hidden = true
    }
    button.addEventListener("click", () => {
      box.hidden = !box.hidden
      button.setAttribute("aria-expanded", String(!box.hidden))
      field.value = ""
      this.find("")
      if (!box.hidden) field.focus()
    })
    field.addEventListener("input", () => this.find(field.value))
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.markOnlyHit(event, field)
      if (event.key === "Escape" && !button.hidden) button.click()
    })
  }

  find(typed) {
    const words = folded(typed).split(" ").filter(Boolean)
    let found = 0
    for (const { tile } of this.singers.values()) {
      const parts = tile.dataset.name.split(" ")
      tile.hidden = !words.every((word) => parts.some((part) => part.startsWith(word)))
      found += !tile.hidden
    }
    this.part("nobody").hidden = found > 0 || !words.length
  }

  markOnlyHit(event, field) {
    event.preventDefault()
    const hits = [...this.singers.values()].filter(({ tile }) => !tile.hidden)
    if (hits.length !== 1 || !field.value.trim()) return
    const [{ box }] = hits
    box.checked = !box.checked
    this.toggle(box)
    field.value = ""
    this.find("")
  }
}

// As the server folds names: small letters without accents, hyphens as spaces.
function folded(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/[ø]/g, "o")
    .replace(/[łđðħıŧ]/g, (letter) => ({ ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i", ŧ: "t" })[letter])
    .replace(/æ/g, "ae")
    .replace(/ß/g, "ss")
    .replace(/[-‐‑‒–—−_/]/g, " ")
    .replace(/[^\p{L}\p{N}\s]/gu, "")
    .replace(/\s+/g, " ")
    .trim()
}

customElements.define("roll-call", RollCall)
