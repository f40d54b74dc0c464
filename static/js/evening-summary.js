// <evening-summary>: the end of the evening. What good happened, what to remember and «Klar» are acts like any other: first kept in
// the phone, then sent. Without this script the form inside is an ordinary form. In the shell the numbers come from the phone's store.
import { clockTime, fill, inOrder, NO_REHEARSAL, rehearsalOfAddress } from "./roll-names.js"
import { RollQueue, uuid } from "./roll-queue.js"
import * as store from "./roll-store.js"
import { SyncLine } from "./roll-sync.js"
import { RefusedTray } from "./roll-tray.js"
import { withActs } from "./roll-truth.js"
import { RollWatch } from "./roll-watch.js"

const PATIENCE = 4_000 // so long may sending take before the phone's own word is enough

class EveningSummary extends HTMLElement {
  snapshot = null

  connectedCallback() {
    this.isShell = this.dataset.rehearsal === NO_REHEARSAL
    this.rehearsal = this.isShell ? rehearsalOfAddress() : this.dataset.rehearsal
    if (!this.rehearsal) return // a shell that was opened by hand: there is no roll to draw
    this.queue = new RollQueue(this.dataset.acts, store, this.dataset.account || null)
    if (this.hasAttribute("data-nobody")) return this.askAgain()
    this.words = JSON.parse(this.part("words").textContent)
    this.form = this.querySelector("form")
    this.sync = new SyncLine(this.part("sync"), this.words, this.queue)
    this.tray = new RefusedTray(this.part("tray"), this.words, this.queue, (id) => this.nameOf(id))
    this.watch = new RollWatch(this.dataset.roll.replace(NO_REHEARSAL, this.rehearsal), (snapshot) => this.hearSnapshot(snapshot))
    this.queue.addEventListener("answered", () => this.watch.outdate())
    this.queue.addEventListener("full", () => this.warn("full"))
    this.queue.addEventListener("changed", () => this.paint())
    this.form.addEventListener("submit", (event) => this.submit(event))
    for (const link of this.querySelectorAll("a[href]")) link.href = link.getAttribute("href").replace(NO_REHEARSAL, this.rehearsal)
    this.makeChips()
    this.start()
  }

  async start() {
    if (!(await store.ready())) this.warn("keepsNothing")
    const account = this.dataset.account || (await store.fact("phone.account").catch(() => null))
    const kept = await store.rollOf(this.rehearsal).catch(() => null)
    if (kept && kept.account === account) this.snapshot = kept.snapshot
    else if (this.isShell) this.part("not-kept").hidden = false
    this.account = account
    await this.queue.start(account)
    this.tray.paint()
    if (this.isShell || this.queue.size) this.paint()
    this.takeUpNote()
    this.watch.look()
  }

  // «Var det ingen här?» was asked although marks wait in this phone: the question is moot once they are sent.
  async askAgain() {
    await this.queue.start()
    const waits = this.queue.acts.some(({ rehearsal_id }) => rehearsal_id === this.rehearsal)
    if (waits && (await this.queue.drain(PATIENCE))) location.reload()
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`)
  }

  nameOf(id) {
    const singer = this.snapshot?.singers.find((each) => each.id === id)
    return singer ? [singer.first_name, singer.surname].filter(Boolean).join(" ") : null
  }

  warn(word) {
    this.part("warning").querySelector("p").textContent = this.words[word]
    this.part("warning").hidden = false
  }

  hearSnapshot(snapshot) {
    this.snapshot = snapshot
    this.part("not-kept").hidden = true
    if (this.account) store.keepRolls(this.account, [snapshot]).catch(() => {}) // a full phone keeps the older one
    this.paint()
  }

  // --- what is painted ---------------------------------------------------------------------------------------------

  paint() {
    this.tray.paint()
    if (!this.snapshot) return
    const roll = withActs(this.snapshot, this.queue.acts)
    this.paintHead(roll)
    this.paintVoices(roll)
    this.paintNewcomers(roll)
    this.paintWho(roll)
    this.paintTold(roll)
  }

  paintHead(roll) {
    const isNobody = !roll.headcount && !roll.done_at
    const title = isNobody ? this.words.nobody : fill(this.words.inRoom, { count: roll.headcount })
    document.querySelector("h1").textContent = title
    document.title = document.title.replace(/^[^–]*/, `${title} `)
    const { present_count: count, guest_count: guests } = roll
    const singers = fill(this.words[count === 1 ? "oneSinger" : "singers"], { count })
    const visitors = guests ? ` ${fill(this.words[guests === 1 ? "oneGuest" : "guests"], { count: guests })}` : ""
    document.querySelector(".page__lead").textContent = `${singers}${visitors}.`
    this.form.querySelector('[value="done"]').textContent = this.words[isNobody ? "nobodyWasHere" : roll.done_at ? "save" : "finish"]
    if (!this.isShell) return
    const starts = new Date(roll.starts_at)
    const day = starts.toLocaleDateString(document.documentElement.lang, { weekday: "long", day: "numeric", month: "long", timeZone: "Europe/Stockholm" })
    const when = fill(this.words.when, { day: day[0].toUpperCase() + day.slice(1), time: clockTime(starts) })
    document.querySelector(".roll-when").textContent = roll.place ? `${when} · ${roll.place}` : when
  }

  paintVoices({ voices, singers }) {
    const here = singers.filter(({ status }) => status === "present")
    const known = new Set(voices.map(({ id }) => id))
    const groups = [{ id: null, name: this.words.noVoice, pot: 0 }, ...voices].map((voice) => ({
      ...voice,
      count: here.filter(({ voice_id }) => (known.has(voice_id) ? voice_id : null) === voice.id).length,
    }))
    const rows = groups.filter(({ id, count }) => id || count).map(({ name, pot, count }) => {
      const row = document.createElement("li")
      row.className = `voice-${pot}`
      const number = document.createElement("b")
      number.className = "number"
      number.textContent = count
      row.append(this.copy(`pot-${pot}`), `${name} `, number)
      return row
    })
    this.part("voices").replaceChildren(...rows)
    this.part("voices").hidden = !voices.length
  }

  // Those whom this phone welcomed and the server has not heard of yet.
  paintNewcomers({ singers }) {
    const place = this.part("newcomers")
    if (!place) return
    for (const { id, first_name, is_fresh } of singers) {
      if (!is_fresh || place.querySelector(`[data-singer="${id}"]`)) continue
      const row = document.createElement("li")
      row.dataset.singer = id
      row.className = "row"
      row.textContent = first_name
      place.querySelector("ul").append(row)
      place.hidden = false
    }
  }

  paintWho({ singers }) {
    const list = this.form.elements.singer
    const chosen = list.value
    const here = singers.filter(({ status }) => status === "present").map(({ id }) => new Option(this.nameOf(id) ?? "", id))
    list.replaceChildren(list.options[0], ...here.filter(({ text }) => text).sort((one, other) => inOrder(one.text, other.text)))
    list.value = chosen
    if (list.selectedIndex < 0) list.value = ""
  }

  paintTold({ outcomes }) {
    const list = this.part("told")
    const known = new Map([...list.children].map((row) => [row.dataset.act, row]))
    for (const { act_id, outcome } of outcomes) {
      if (known.delete(act_id)) continue
      const row = this.copy("told-row")
      row.dataset.act = act_id
      row.querySelector("span").textContent = this.words.outcomes[outcome]
      row.querySelector("button").value = act_id
      list.append(row)
    }
    for (const row of known.values()) row.remove()
  }

  takeUpNote() {
    const waiting = this.queue.acts.findLast?.(({ kind, rehearsal_id }) => kind === "note" && rehearsal_id === this.rehearsal)
    if (waiting) this.form.elements.note.value = this.form.elements.note.defaultValue = waiting.words
    if (this.queue.acts.some(({ kind, rehearsal_id }) => kind === "done" && rehearsal_id === this.rehearsal)) this.part("done-here").hidden = false
  }

  copy(part) {
    return this.part(part).content.firstElementChild.cloneNode(true)
  }

  // --- what is done ------------------------------------------------------------------------------------------------

  // A second press on a chip takes it back.
  makeChips() {
    let before = null
    for (const chip of this.querySelectorAll('input[name="outcome"]')) {
      chip.addEventListener("click", () => {
        if (before === chip) chip.checked = false
        before = chip.checked ? chip : null
      })
    }
  }

  act(kind, what) {
    return { id: uuid(), kind, rehearsal_id: this.rehearsal, at: new Date().toISOString(), ...what }
  }

  submit(event) {
    event.preventDefault()
    const { name, value } = event.submitter ?? {}
    if (name === "take_back") this.send([this.act("outcome", { outcome: null, seen: value })])
    else if (value === "more") this.send(this.told())
    else this.finish(event.submitter)
  }

  // The chosen chip as an act; none when none is chosen. Of somebody's health no name is told.
  told() {
    const { outcome, singer, words, may_be_told } = this.form.elements
    if (!outcome.value) return []
    const act = this.act("outcome", {
      outcome: outcome.value,
      words: words.value.trim() || null,
      may_be_told: may_be_told.checked,
      singer_id: outcome.value === "health" ? null : singer.value || null,
    })
    for (const chip of this.querySelectorAll('input[name="outcome"]')) chip.checked = false
    words.value = singer.value = ""
    may_be_told.checked = false
    this.querySelector('input[name="outcome"]').focus()
    return [act]
  }

  async send(acts) {
    if (!acts.length) return
    this.watch.outdate()
    const added = this.queue.add(acts)
    this.paint()
    await added
    if (await this.queue.drain(PATIENCE)) this.watch.look()
  }

  async finish(button) {
    const { note } = this.form.elements
    const acts = this.told()
    if (note.value.trim() !== note.defaultValue.trim()) acts.push(this.act("note", { words: note.value.trim() }))
    note.defaultValue = note.value
    acts.push(this.act("done", {}))
    button.setAttribute("aria-busy", "true")
    this.watch.outdate()
    await this.queue.add(acts)
    this.paint()
    const isSent = await this.queue.drain(PATIENCE)
    button.removeAttribute("aria-busy")
    const isRefused = acts.some(({ id }) => this.queue.refused.has(id))
    this.part("done").hidden = !isSent || isRefused
    this.part("done-here").hidden = isSent || this.queue.wouldLose
    const shown = [this.part("done"), this.part("done-here")].find((each) => !each.hidden)
    shown?.scrollIntoView({ block: "center" })
    this.watch.look()
  }
}

customElements.define("evening-summary", EveningSummary)
