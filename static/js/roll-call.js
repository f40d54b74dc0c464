// <roll-call>: the roll without page loads. Every press is an act with an id of its own: painted at once, kept in the phone, sent.
// Without this script the form inside is an ordinary form: tick, press «Klar». In the shell, which the phone opens without contact,
// nothing is drawn but the frame: the names come from the phone's store.
import { Arrivals } from "./roll-arrivals.js"
import { RollBoard } from "./roll-board.js"
import { Conflicts } from "./roll-conflicts.js"
import { clockTime, fill, NO_REHEARSAL, rehearsalOfAddress } from "./roll-names.js"
import { paintPot } from "./roll-pot.js"
import { painted, RollQueue, uuid } from "./roll-queue.js"
import { GuestsSheet, NewcomerSheet, WhySheet } from "./roll-sheets.js"
import * as store from "./roll-store.js"
import { SyncLine } from "./roll-sync.js"
import { RefusedTray } from "./roll-tray.js"
import { newcomerOf, standing, withActs } from "./roll-truth.js"
import { RollWatch } from "./roll-watch.js"

const UNDO_FOR = 8_000
const ORDER = "roll-order" // how the names stand on this phone: "voice" or "list"
const MANY = 60 // names from which on the field to search in is always open

class RollCall extends HTMLElement {
  snapshot = null // what the server said last, without the acts that wait here
  why = null // said once when a list that was handed in is changed
  allMarked = null // what «Alla är här» marked, until it is taken back
  later = new Map() // what is painted in the next frame, by name

  connectedCallback() {
    this.words = JSON.parse(this.part("words").textContent)
    this.isShell = this.dataset.rehearsal === NO_REHEARSAL
    this.rehearsal = this.isShell ? rehearsalOfAddress() : this.dataset.rehearsal
    if (!this.rehearsal) return // a shell that was opened by hand: there is no roll to draw
    this.form = this.querySelector("form.roll")
    this.board = new RollBoard(this.form, this.words, (name) => this.part(name))
    this.guests = Number(this.form.elements.guests_were.value)
    this.guestsAct = this.dataset.guestsAct || null
    this.elsewhere = Number(this.dataset.elsewhere)
    this.queue = new RollQueue(this.dataset.acts, store, this.dataset.account || null)
    this.sync = new SyncLine(this.part("sync"), this.words, this.queue)
    this.tray = new RefusedTray(this.part("tray"), this.words, this.queue, (id) => this.nameOf(id))
    this.conflicts = new Conflicts(this.part("conflicts"), this.part("conflict"), this.words, (one, status) => this.settle(one, status))
    const door = this.dataset.arrivals.replace(/[^/]+\/[^/]+$/, `${this.rehearsal}/{id}`)
    const namesake = (name) => this.board.namesake(name)
    this.arrivals = new Arrivals(this.part("arrivals"), this.part("arrival"), this.words, door, namesake, () => this.watch.look())
    this.watch = new RollWatch(this.dataset.roll.replace(NO_REHEARSAL, this.rehearsal), (snapshot) => this.hearSnapshot(snapshot))
    this.queue.addEventListener("answered", (event) => this.hear(event.detail))
    this.queue.addEventListener("moved", (event) => this.sayStages(event.detail.acts, event.detail.stage))
    this.queue.addEventListener("changed", () => this.takeUp())
    this.queue.addEventListener("full", () => this.warn("full"))
    this.form.addEventListener("change", (event) => event.target.name === "here" && this.toggle(event.target))
    this.form.addEventListener("submit", (event) => this.submit(event))
    this.part("undo").addEventListener("click", () => this.undo())
    this.part("all-here").addEventListener("click", () => this.markAll())
    this.part("unlock")?.addEventListener("click", () => this.whySheet.open())
    this.makeStepper()
    this.makeSearch()
    this.makeFilter()
    this.makeOrder()
    this.makeSheets()
    if (!this.isShell) this.paint()
    this.sync.begin(this.board.here ? "ready" : "nothingYet")
    for (const { singer, status } of this.board.pressedBefore) this.mark([singer], status)
    this.start()
  }

  // What the phone holds comes first, then what the server says.
  async start() {
    if (!(await store.ready())) this.warn("keepsNothing")
    const account = this.dataset.account || (await store.fact("phone.account").catch(() => null))
    const kept = this.isShell && (await store.rollOf(this.rehearsal).catch(() => null))
    if (kept && kept.account === account) this.follow(kept.snapshot)
    else if (this.isShell) this.part("not-kept").hidden = false
    this.account = account
    await this.queue.start(account)
    this.takeUp()
    this.watch.look()
    navigator.storage?.persist?.().catch(() => {}) // a wish; the browser decides
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`)
  }

  nameOf(id) {
    return this.board.singers.get(id)?.name ?? null
  }

  warn(word) {
    const place = this.part("warning")
    place.querySelector("p").textContent = this.words[word]
    place.hidden = false
  }

  // --- acts --------------------------------------------------------------------------------------------------------

  act(kind, what) {
    const why = this.why ? { why: this.why } : {}
    return { id: uuid(), kind, rehearsal_id: this.rehearsal, at: new Date().toISOString(), ...what, ...why }
  }

  send(acts, onlyHere = null) {
    this.watch.outdate()
    this.queue.add(acts, onlyHere)
  }

  markOf(singer, status) {
    return this.act("mark", { singer_id: singer.id, status, seen: singer.act })
  }

  // One or many at once: painted, then kept and sent as one. The rows come first; the counts follow in the next frame.
  mark(singers, status) {
    const acts = singers.map((singer) => this.markOf(singer, status))
    for (const act of acts) {
      this.board.set(act.singer_id, status, act.id)
      this.board.say(act.singer_id, null)
    }
    this.send(acts)
    this.soon("counts", () => this.paint())
    return acts
  }

  // In the frame after the one that shows the press; what comes of many presses at once is done once.
  async soon(name, deed) {
    const isFirst = !this.later.size
    this.later.set(name, deed)
    if (!isFirst) return
    await painted()
    const deeds = [...this.later.values()]
    this.later.clear()
    for (const each of deeds) each()
  }

  toggle(box) {
    const singer = this.board.singers.get(box.value)
    const status = box.checked ? "present" : "unmarked"
    this.board.rest(singer.id)
    this.mark([singer], status)
    navigator.vibrate?.(10)
    const said = fill(this.words[box.checked ? "isHere" : "isUnmarked"], { name: singer.first_name })
    this.soon("undo", () => this.offerUndo(said, () => this.mark([singer], status === "present" ? "unmarked" : "present")))
  }

  // One mark for each singer of whom nothing was said; taken back as a whole, but for whom was corrected since.
  markAll() {
    if (this.allMarked) return this.unmarkAll()
    const away = [...this.board.singers.values()].filter(({ status }) => status === null)
    if (!away.length) return
    const acts = this.mark(away, "present")
    this.allMarked = new Map(acts.map((act) => [act.singer_id, act.id]))
    this.paintAllHere()
    navigator.vibrate?.(10)
    this.offerUndo(fill(this.words[away.length === 1 ? "oneMarked" : "manyMarked"], { count: away.length }), () => this.unmarkAll())
  }

  unmarkAll() {
    const marked = [...(this.allMarked ?? [])].map(([id, act]) => [this.board.singers.get(id), act])
    this.allMarked = null
    this.paintAllHere()
    this.mark(marked.filter(([singer, act]) => singer?.act === act).map(([singer]) => singer), "unmarked")
    this.hideUndo()
  }

  paintAllHere() {
    this.part("all-here").querySelector("span").textContent = this.words[this.allMarked ? "undoAllHere" : "markAllHere"]
  }

  // One press ends it with everybody who said otherwise: an act for each, the last of which counts.
  settle({ singer_id, counts }, status) {
    let seen = counts.act_id
    const acts = this.openConflicts.filter((one) => one.singer_id === singer_id).map(({ other }) => {
      const act = this.act("mark", { singer_id, status, seen, settles: other.act_id })
      seen = act.id
      return act
    })
    if (this.board.singers.has(singer_id)) this.board.set(singer_id, status, seen)
    this.send(acts)
    this.paint()
    this.showConflicts()
  }

  // --- what is painted ---------------------------------------------------------------------------------------------

  get here() {
    return this.board.here + this.elsewhere
  }

  get total() {
    return this.board.total + this.elsewhere
  }

  paint() {
    const { here, total } = this
    this.board.paintGroups()
    this.part("nobody-yet").hidden = this.board.total > 0 || (this.isShell && !this.snapshot)
    this.part("count").textContent = here
    this.part("of").textContent = fill(this.words.of, { total })
    const [all, away] = this.querySelectorAll('.seg__choice input[name="show"] + span')
    all.textContent = fill(this.words.all, { count: total })
    away.textContent = fill(this.words.away, { count: total - here })
    this.paintSum(here, total)
    const share = total ? Math.round((100 * here) / total) : 0
    paintPot(this.part("pot"), this.board.layers, here, total, fill(this.words.pot, { share }))
    const output = this.part("guests")
    output.firstChild.textContent = this.guests
    output.querySelector("small").textContent = this.words[this.guests === 1 ? "guest" : "guests"]
  }

  // Words alone are changed: an element that comes or goes would let the browser look at every tile again.
  paintSum(here, total) {
    const [before, strong, after] = this.sumParts()
    const guests = this.guests ? `${fill(this.words[this.guests === 1 ? "plusGuest" : "plusGuests"], { count: this.guests })} ` : ""
    before.data = guests
    strong.textContent = fill(this.words.inRoom, { count: here + this.guests })
    after.data = total && here >= total ? ` ${this.words.allHere}` : ""
  }

  sumParts() {
    if (!this.sum) {
      this.sum = [document.createTextNode(""), document.createElement("b"), document.createTextNode("")]
      this.part("sum").replaceChildren(...this.sum)
    }
    return this.sum
  }

  // --- guests ------------------------------------------------------------------------------------------------------

  makeStepper() {
    const output = this.part("guests")
    const ask = document.createElement("button")
    ask.type = "button"
    ask.className = "stepper__number"
    ask.setAttribute("aria-label", this.words.askGuests)
    ask.setAttribute("aria-haspopup", "dialog")
    output.replaceWith(ask)
    ask.append(output)
    ask.addEventListener("click", () => this.guestsSheet.open(this.guests))
  }

  setGuests(number) {
    const before = this.guests
    this.guests = Math.min(Math.max(number, 0), Number(this.dataset.most))
    if (this.guests !== before) {
      const act = this.act("guests", { number: this.guests, seen: this.guestsAct ?? null })
      this.guestsAct = act.id
      this.paint()
      this.send([act])
    }
    const word = { 0: "noGuests", 1: "oneGuestNow" }[this.guests] ?? "guestsNow"
    this.offerUndo(fill(this.words[word], { count: this.guests }), () => this.setGuests(before), this.guests !== before)
  }

  // --- newcomers and the other sheets ------------------------------------------------------------------------------

  makeSheets() {
    const byId = (id) => this.querySelector(`#${id}`)
    this.newcomers = new NewcomerSheet(byId("newcomer"), this.words, this.board, (told) => this.welcome(told), (singer) => this.isTheSame(singer))
    this.guestsSheet = new GuestsSheet(byId("guests"), (number) => this.setGuests(number))
    this.whySheet = new WhySheet(byId("correct-list"), (why) => this.unlock(why))
  }

  welcome({ phone, ...told }) {
    const given = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== null))
    const act = this.act("newcomer", { singer_id: uuid(), voice_id: null, ...given })
    const singer = this.board.place(newcomerOf(act))
    this.board.set(singer.id, "present", act.id)
    this.board.settle()
    this.paint()
    this.send([act], phone ? { phone } : null)
    this.offerUndo(fill(this.words.isNew, { name: act.name }), () => this.mark([singer], "unmarked"))
    singer.tile.scrollIntoView({ block: "center" })
  }

  isTheSame(singer) {
    if (!singer.box.checked) {
      singer.box.checked = true
      this.toggle(singer.box)
    }
    singer.tile.scrollIntoView({ block: "center" })
  }

  // --- the server's word -------------------------------------------------------------------------------------------

  hearSnapshot(snapshot) {
    this.follow(snapshot)
    if (this.account) store.keepRolls(this.account, [snapshot]).catch(() => {}) // a full phone keeps the older one
  }

  hear(answer) {
    const truth = answer.rehearsals.find((each) => each.id === this.rehearsal)
    const [refused, taken] = [true, false].map((isNo) => answer.results.filter(({ outcome }) => (outcome === "refused") === isNo).map(({ act }) => act))
    this.watch.outdate()
    for (const act of refused) this.takeBack(act)
    if (this.snapshot) this.follow(truth ? laidUnder(withActs(this.snapshot, taken), truth) : this.snapshot)
    else if (truth) this.followMarks(truth)
    this.sayStages(taken, "received")
    if (truth && !Object.keys(truth.marks).every((id) => this.board.singers.has(standing(truth, id)))) this.watch.look()
  }

  // A refused act changed nothing; what the server says of the singer, if it says something, comes right after.
  takeBack(act) {
    if (act.kind === "newcomer") this.board.remove(act.singer_id)
    else if (act.kind === "mark" && this.board.singers.get(act.singer_id)?.act === act.id) {
      this.board.set(act.singer_id, act.status === "present" ? null : "present", act.seen ?? null)
      this.board.say(act.singer_id, null)
    }
    this.paint()
  }

  // Draw a whole roll: what the server said, and on it what waits here.
  follow(snapshot) {
    this.snapshot = snapshot
    const roll = withActs(snapshot, this.queue.acts)
    if (this.isShell) this.drawHead(roll)
    this.part("not-kept").hidden = true
    this.board.drawGroups(roll.voices)
    this.part("order").hidden = !this.board.hasVoices
    this.newcomers.listVoices(roll.voices, (voice) => this.pickOf(voice))
    const waits = new Set(this.queue.acts.map(({ singer_id }) => standing(snapshot, singer_id)))
    const named = new Set()
    for (const singer of roll.singers) {
      named.add(singer.id)
      this.board.place(singer)
      this.board.set(singer.id, singer.status, singer.act_id)
      if (!waits.has(singer.id)) this.board.say(singer.id, singer.status ? "received" : null)
    }
    for (const id of [...this.board.singers.keys()]) if (!named.has(id)) this.board.remove(id)
    this.board.settle()
    this.guests = roll.guest_count
    this.guestsAct = roll.guests_act_id ?? this.guestsAct
    this.elsewhere = roll.elsewhere ?? this.elsewhere
    this.showConflicts()
    this.showSaid(roll)
    this.arrivals.show(roll.arrivals ?? [])
    this.sync.together(roll.also_marking ?? [])
    this.showLock(roll)
    this.showSearch()
    this.paint()
  }

  // The marks alone, while no whole roll has come.
  followMarks(truth) {
    const waits = new Set(this.queue.acts.map(({ singer_id }) => singer_id))
    for (const id of this.board.singers.keys()) {
      const mark = truth.marks[id]
      if (!waits.has(id)) this.board.set(id, mark?.status ?? null, mark?.act_id ?? undefined)
    }
    if (!this.queue.acts.some(({ kind }) => kind === "guests")) {
      this.guests = truth.guest_count
      this.guestsAct = truth.guests_act_id ?? this.guestsAct
    }
    this.paint()
  }

  // Acts that an earlier page left, or another page of this phone made or had answered.
  takeUp() {
    this.tray.paint()
    if (this.snapshot) this.follow(this.snapshot)
    else this.takeUpMarks()
    for (const act of this.queue.acts) this.sayStages([act], this.queue.stageOf(act.id))
  }

  takeUpMarks() {
    for (const act of this.queue.acts.filter((each) => each.rehearsal_id === this.rehearsal)) {
      if (act.kind === "newcomer" && !this.board.singers.has(act.singer_id)) this.board.place(newcomerOf(act))
      if (act.kind === "guests") [this.guests, this.guestsAct] = [act.number, act.id]
      const status = act.kind === "newcomer" ? "present" : act.status
      if (status && this.board.singers.has(act.singer_id)) this.board.set(act.singer_id, status, act.id)
    }
    this.board.settle()
    if (!this.isShell) this.paint()
  }

  sayStages(acts, stage) {
    for (const { id, singer_id } of acts) {
      if (singer_id && this.board.singers.get(singer_id)?.act === id) this.board.say(singer_id, stage)
    }
  }

  get openConflicts() {
    const settled = new Set(this.queue.acts.filter(({ settles }) => settles).map(({ singer_id }) => singer_id))
    return (this.snapshot?.conflicts ?? []).filter(({ singer_id }) => !settled.has(singer_id))
  }

  showConflicts() {
    const open = this.openConflicts
    const firsts = open.filter((one, place) => open.findIndex(({ singer_id }) => singer_id === one.singer_id) === place)
    this.conflicts.show(firsts, (id) => this.nameOf(standing(this.snapshot, id)) ?? this.words.somebody)
  }

  showSaid({ singers }) {
    const coming = singers.filter(({ has_said }) => has_said === "coming").length
    const not = singers.filter(({ has_said }) => has_said === "not_coming").length
    const told = []
    if (coming) told.push(fill(this.words.saidComing, { count: coming }))
    if (not) told.push(fill(this.words.saidNot, { count: not }))
    this.part("said").textContent = told.join(" ")
    this.part("said").hidden = !told.length
  }

  pickOf(voice) {
    const pick = this.part("pick").content.firstElementChild.cloneNode(true)
    pick.querySelector("input").value = voice.id
    pick.querySelector("input").after(this.part(`pot-${voice.pot}`).content.firstElementChild.cloneNode(true))
    pick.querySelector("span").textContent = voice.name
    return pick
  }

  // --- the shell's head, and a roll that cannot be changed ---------------------------------------------------------

  drawHead(roll) {
    const title = fill(this.words.title, { choir: roll.choir.name })
    document.querySelector("h1").textContent = title
    document.title = document.title.replace(/^[^–]*/, `${title} `)
    const starts = new Date(roll.starts_at)
    const day = starts.toLocaleDateString(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/Stockholm" })
    const when = fill(this.words.when, { day: day[0].toUpperCase() + day.slice(1), time: clockTime(starts) })
    document.querySelector(".roll-when").textContent = roll.place ? `${when} · ${roll.place}` : when
  }

  showLock(roll) {
    const now = new Date()
    let word = null
    if (roll.is_cancelled) word = "cancelled"
    else if (roll.is_open === false && now < new Date(roll.starts_at)) word = "tooEarly"
    else if (roll.closes_at && now > new Date(roll.closes_at)) word = "closed"
    else if (roll.handed_in_at && !this.why) word = "handedIn"
    this.lock(word)
  }

  lock(word) {
    const message = this.part("locked")
    message.hidden = !word
    if (word) message.querySelector("p").textContent = this.words[word]
    this.part("unlock").hidden = word !== "handedIn"
    this.part("names").disabled = Boolean(word)
    for (const button of this.querySelectorAll('.stepper button, [value="newcomer"], [data-part="all-here"]')) button.disabled = Boolean(word)
  }

  unlock(why) {
    this.why = why
    this.lock(null)
    this.querySelector('input[name="here"]')?.focus()
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

  // --- the bar -----------------------------------------------------------------------------------------------------

  submit(event) {
    event.preventDefault()
    const { name, value } = event.submitter ?? {}
    if (name === "guests") this.setGuests(this.guests + Number(value))
    else if (value === "newcomer") this.newcomers.open(this.watch.hasContact)
    else if (value === "done") this.finish(event.submitter)
  }

  // On to the end of the evening: the phone needs no contact for it once it holds all.
  async finish(button) {
    button.setAttribute("aria-busy", "true")
    const isSent = await this.queue.drain(1_500)
    const isKept = isSent || (await this.queue.kept(3_000))
    const canGo = isSent || (isKept && navigator.serviceWorker?.controller) || (await this.queue.drain(4_500))
    button.removeAttribute("aria-busy")
    if (canGo) location.assign(this.dataset.summary.replace(NO_REHEARSAL, this.rehearsal))
    else this.offerUndo(this.words[isKept ? "keptNotSent" : "notYet"], null, false)
  }

  // --- the order, and finding --------------------------------------------------------------------------------------

  makeFilter() {
    const choices = [...this.querySelectorAll('input[name="show"]')]
    const follow = () => this.board.showOnlyAway(choices.some((choice) => choice.checked && choice.value === "away"))
    for (const choice of choices) choice.addEventListener("change", follow)
    follow()
  }

  makeOrder() {
    this.part("order").hidden = !this.board.hasVoices

    const choices = [...this.querySelectorAll('input[name="order"]')]
    const chosen = remembered(ORDER) ?? "voice"
    for (const choice of choices) {
      choice.checked = choice.value === chosen
      choice.addEventListener("change", () => {
        remember(ORDER, choice.value)
        this.board.arrange(choice.value === "list")
      })
    }
    this.board.arrange(chosen === "list")
  }

  makeSearch() {
    const button = document.querySelector('[data-part="find"]')
    const box = this.part("find-box")
    const field = box.querySelector("input")
    button.hidden = false
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
    this.showSearch()
  }

  showSearch() {
    if (this.board.total <= MANY) return
    this.part("find-box").hidden = false
    document.querySelector('[data-part="find"]').hidden = true
  }

  find(typed) {
    const found = this.board.find(typed)
    this.part("nobody").hidden = found > 0 || !typed.trim()
  }

  markOnlyHit(event, field) {
    event.preventDefault()
    const hit = field.value.trim() && this.board.onlyHit
    if (!hit || hit.box.matches(":disabled")) return
    hit.box.checked = !hit.box.checked
    this.toggle(hit.box)
    field.value = ""
    this.find("")
  }
}

// A snapshot with the newer marks, counts and disagreements that came with an answer.
function laidUnder(snapshot, truth) {
  const marked = ({ id }) => ({ status: truth.marks[id]?.status ?? null, act_id: truth.marks[id]?.act_id ?? null })
  const singers = snapshot.singers.map((singer) => ({ ...singer, ...marked(singer) }))
  const { marks, ...counts } = truth
  return { ...snapshot, ...counts, singers: singers.filter(({ id }) => !counts.merged?.[id]) }
}

function remembered(name) {
  try {
    return localStorage.getItem(name)
  } catch {
    return null
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, value)
  } catch {
    // a phone that keeps nothing asks again next time
  }
}

customElements.define("roll-call", RollCall)
