// <tonight-list>: what the phone itself knows on tonight's page: whether the lists are in it, and what waits.
// With data-draws (the shell, without contact) it draws the evenings too, from the phone's own store.
import { dropOldRolls, holder, keepEvenings, OTHERS } from "./phone.js"
import { withActs } from "./roll-truth.js"
import * as store from "./roll-store.js"
import { sealedCount } from "./seal.js"

const DAY = 24 * 3600 * 1000
const KEPT_FOR = 14 * DAY
const WAITS_LONG = DAY // after this a way out of last resort is offered
const MORNING_ENDS_AT = 12
const EVENING_BEGINS_AT = 16
const REFUSED = "phone.sealed_refused"
const SWEDEN = "Europe/Stockholm"

let offered = null // the browser's own question whether the app may come to the home screen; asked by a press alone
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault()
  offered = event
  document.dispatchEvent(new CustomEvent("phone-kept"))
})

class TonightList extends HTMLElement {
  connectedCallback() {
    this.words = JSON.parse(this.part("words").textContent)
    this.beginning = document.documentElement.lang === "sv" ? "" : `/${document.documentElement.lang}`
    this.hear()
    document.addEventListener("phone-kept", () => this.paint())
    document.addEventListener("phone-renewed", (event) => this.offerNewVersion(event.detail))
    addEventListener("online", () => keepEvenings())
    this.paint()
    setInterval(() => this.paint(), 60_000)
  }

  part(name, within = this) {
    return within.querySelector(`[data-part="${name}"]`)
  }

  fill(word, values = {}) {
    return this.words[word].replace(/\{(\w+)\}/g, (_all, name) => values[name])
  }

  hear() {
    this.addEventListener("click", async (event) => {
      const pressed = event.target.closest("button")?.dataset.part
      if (pressed === "fetch") await this.fetchNow(event.target.closest("[data-rehearsal]"))
      if (pressed === "seen") await store.setFact(REFUSED, null)
      if (pressed === "add") await this.install()
      if (pressed) this.paint()
    })
  }

  async install() {
    await offered?.prompt()
    offered = null
  }

  async fetchNow(line) {
    if (!(await keepEvenings(true))) this.complaint = line.dataset.rehearsal
  }

  async paint() {
    await dropOldRolls(KEPT_FOR)
    const records = holder() ? await store.allRolls(holder()) : []
    const acts = holder() ? (await store.actsOf(holder())).filter((one) => one.state !== "refused") : []
    if (this.dataset.draws !== undefined) this.draw(records, acts)
    await this.showKept(records)
    await this.showLines(acts)
  }

  // --- is the list in the phone? -------------------------------------------------------------------------------------

  async showKept(records) {
    const known = new Map(records.map((record) => [record.id, record]))
    const oldest = await store.fact("oldest")
    for (const line of this.querySelectorAll('[data-part="kept"]')) {
      const record = known.get(line.dataset.rehearsal)
      const words = record ? this.words.kept : this.complaint === line.dataset.rehearsal ? this.words.noContact : oldest ? this.old(oldest) : this.words.missing
      this.part("text", line).textContent = record ? `✓ ${words}` : words
      this.part("fetch", line).hidden = Boolean(record)
      line.hidden = line.dataset.rehearsal === ""
    }
  }

  old(fetched_at) {
    return this.fill("old", { day: this.day(fetched_at, false) })
  }

  // --- what waits ------------------------------------------------------------------------------------------------------

  async showLines(acts) {
    const first = acts.map(({ act }) => Date.parse(act.at)).sort((one, other) => one - other)[0]
    const isLong = acts.length > 0 && Date.now() - first > WAITS_LONG
    const waiting = this.part("waiting")
    this.show(waiting, acts.length, "oneWaits", "manyWait")
    this.part("hand-over", waiting).hidden = !isLong && navigator.onLine
    this.part("since", waiting).hidden = !isLong
    if (isLong) this.part("since", waiting).textContent = this.fill("waitsLong", { day: this.day(first) })
    const sealed = await sealedCount()
    const others = (await store.fact(OTHERS)) ?? 0
    if (others && !sealed) await store.setFact(OTHERS, 0)
    this.show(this.part("others"), sealed && others, "oneOther", "manyOthers")
    this.show(this.part("sealed"), others ? 0 : sealed, "oneSealed", "manySealed")
    const reason = await store.fact(REFUSED)
    this.part("sealed-refused").hidden = !reason
    this.part("reason").textContent = reason ?? ""
    this.part("no-store").hidden = (await store.ready()) !== null
    this.part("install").hidden = !offered
  }

  show(line, count, one, many) {
    line.hidden = !count
    if (count) this.part("text", line).textContent = this.fill(count === 1 ? one : many, { count })
  }

  // --- a new version ---------------------------------------------------------------------------------------------------

  offerNewVersion(registration) {
    const line = this.part("renewed")
    const waiting = registration.waiting
    line.hidden = !waiting
    if (!waiting) return
    navigator.serviceWorker.addEventListener("message", () => {
      this.part("why").textContent = this.words.rollIsOpen
      this.part("why").hidden = false
    })
    this.part("reload").onclick = () => {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true })
      waiting.postMessage("take over")
    }
  }

  // --- the evenings, without contact -------------------------------------------------------------------------------------

  draw(records, acts) {
    const unanswered = acts.map(({ act }) => act)
    const rolls = records.map(({ snapshot }) => withActs(snapshot, unanswered)).sort((one, other) => (one.starts_at < other.starts_at ? -1 : 1))
    const today = this.dayKey(Date.now())
    const tonight = rolls.filter((roll) => this.dayKey(roll.starts_at) === today)
    const isMorning = this.hourOf(Date.now()) < MORNING_ENDS_AT
    const yesterday = this.dayKey(Date.now() - DAY)
    const left = rolls.filter((roll) => isMorning && this.dayKey(roll.starts_at) === yesterday && !roll.done_at && !roll.is_cancelled)
    const shown = new Set([...tonight, ...left])
    const rest = rolls.filter((roll) => !shown.has(roll))
    this.head(tonight, rest.find((roll) => Date.parse(roll.starts_at) > Date.now() && !roll.is_cancelled))
    this.part("cards").replaceChildren(...tonight.map((roll) => this.card(roll)))
    this.part("last-night").replaceChildren(...left.map((roll) => this.left(roll)))
    this.part("rows").replaceChildren(...this.nearest(rest).map((roll) => this.row(roll)))
    this.part("more").hidden = !rest.length
    this.part("empty").hidden = rolls.length > 0
  }

  // What can still be filled in stands first, the newest of it on top; then what comes.
  nearest(rolls) {
    const isPast = (roll) => Date.parse(roll.starts_at) < Date.now()
    return [...rolls.filter(isPast).reverse(), ...rolls.filter((roll) => !isPast(roll))]
  }

  head(tonight, next) {
    const [first] = tonight
    const time = first && this.time(first.starts_at)
    let words = this.words.noneTonight
    if (tonight.length > 1) words = this.fill("tonightIn", { count: tonight.length })
    else if (first?.is_cancelled) words = this.words.cancelledTonight
    else if (first) words = this.fill(this.hourOf(first.starts_at) >= EVENING_BEGINS_AT ? "tonightAt" : "todayAt", { time })
    document.querySelector("h1").textContent = words
    const lead = document.querySelector('[data-part="lead"]')
    lead.hidden = Boolean(first) || !next
    if (!lead.hidden) lead.textContent = this.fill("next", { day: this.day(next.starts_at), choir: next.choir.name })
  }

  card(roll) {
    const card = this.part("card").content.firstElementChild.cloneNode(true)
    this.part("choir", card).textContent = `${roll.choir.name} ${this.fill("at", { time: this.time(roll.starts_at) })}`
    this.part("now", card).textContent = [roll.place, this.now(roll)].filter(Boolean).join(" · ")
    this.lead(this.part("start", card), roll)
    this.part("kept", card).dataset.rehearsal = roll.id
    return card
  }

  left(roll) {
    const line = this.part("left").content.firstElementChild.cloneNode(true)
    this.part("choir", line).textContent = roll.choir.name
    this.lead(this.part("start", line), roll)
    if (this.isBegun(roll)) this.part("start", line).textContent = this.words.resume
    return line
  }

  row(roll) {
    const row = this.part("row").content.firstElementChild.cloneNode(true)
    const when = this.part("when", row)
    when.dateTime = roll.starts_at
    when.textContent = this.sentence(this.day(roll.starts_at))
    this.part("now", row).textContent = [this.time(roll.starts_at), roll.choir.name, roll.place, this.state(roll)].filter(Boolean).join(" · ")
    this.part("start", row).href = this.address(roll)
    return row
  }

  lead(link, roll) {
    const count = roll.present_count
    link.href = this.address(roll)
    link.hidden = roll.is_cancelled
    link.textContent = roll.done_at ? this.words.see : this.isBegun(roll) ? this.fill("goOn", { count }) : this.words.start
  }

  address(roll) {
    return `${this.beginning}/narvaro/${roll.id}${roll.done_at ? "/klar" : ""}`
  }

  isBegun(roll) {
    return roll.present_count + roll.guest_count > 0
  }

  now(roll) {
    const until = Date.parse(roll.starts_at) - Date.now()
    if (roll.is_cancelled || roll.done_at) return this.state(roll)
    if (until > 0) return this.begins(Math.ceil(until / 60_000))
    const words = Date.parse(roll.ends_at) > Date.now() ? this.words.underWay : this.fill("over", { time: this.time(roll.ends_at) })
    return this.isBegun(roll) ? `${words} ${this.fill("here", { count: roll.present_count })}` : words
  }

  begins(minutes) {
    const [one, many, num] = minutes < 60 ? ["minute", "minutes", minutes] : ["hour", "hours", Math.round(minutes / 60)]
    return this.fill(num === 1 ? one : many, { num })
  }

  state(roll) {
    if (roll.is_cancelled) return this.words.cancelled
    if (roll.done_at) return this.fill("done", { count: roll.present_count + roll.guest_count })
    return this.isBegun(roll) ? this.fill("here", { count: roll.present_count }) : ""
  }

  // --- days and hours, in Sweden -----------------------------------------------------------------------------------------

  dayKey(moment) {
    return new Date(moment).toLocaleDateString("sv-SE", { timeZone: SWEDEN })
  }

  hourOf(moment) {
    return Number(new Date(moment).toLocaleTimeString("sv-SE", { hour: "2-digit", hour12: false, timeZone: SWEDEN }))
  }

  sentence(words) {
    return words.charAt(0).toLocaleUpperCase() + words.slice(1)
  }

  time(moment) {
    const time = new Date(moment).toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: SWEDEN })
    return document.documentElement.lang === "sv" ? time.replace(":", ".") : time
  }

  day(moment, withWeekday = true) {
    const language = document.documentElement.lang === "sv" ? "sv-SE" : "en-GB"
    const weekday = withWeekday ? { weekday: "long" } : {}
    return new Date(moment).toLocaleDateString(language, { ...weekday, day: "numeric", month: "long", timeZone: SWEDEN })
  }
}

customElements.define("tonight-list", TonightList)

