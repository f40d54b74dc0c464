// Brings acts of the roll to the server: each is put into the phone's store first, then sent until it is answered.
// One way, with and without contact. An act is at one of these stages:
//   new       pressed a moment ago
//   kept      in the phone: the store has it on its disk
//   held      in this page alone, since this browser keeps nothing or its store is full
//   sent      its request has left the phone, no answer yet
// and then answered, which ends it: it counts, a later act counts, or it was refused for a reason.
// Only acts of the account that made them are sent; `account` is that account's id.
//
// Events: "state" (detail: sent, sending, offline, failed, signed-out, elsewhere), "moved" (detail: {acts, stage}),
// "answered" (detail: the server's answer, each result with its act), "full" (the store refused a write; detail: the fault)
// and "changed" (acts came or went by another page).

const PATIENCE = 8_000 // a basement often says "online" and then never answers
const PAUSES = [2, 5, 10, 20, 40, 60] // seconds after each failure in a row; a little chance is added
const SLOW_DISK = 2_000 // an act is sent by then, whatever the store says
const LARGEST_BATCH = 200
const OUTCOMES = new Set(["applied", "superseded", "refused"])

export class RollQueue extends EventTarget {
  refused = new Map() // id → {act, reason}: what the leader has to look at
  #url
  #store
  #account
  #waiting = new Map() // id → {act, stage, since}
  #onlyHere = new Map() // id → fields that are sent but never kept on the phone, such as a telephone number
  #isSending = false
  #failures = 0
  #timer = 0
  #most = LARGEST_BATCH

  constructor(url, store, account) {
    super()
    this.#url = url
    this.#store = store
    this.#account = account
    addEventListener("online", () => this.send())
    document.addEventListener("visibilitychange", () => document.hidden || this.send())
    addEventListener("beforeunload", (event) => this.wouldLose && event.preventDefault())
  }

  // Take up what an earlier page left behind; the phone itself may be the one to know whose it is.
  async start(account = this.#account) {
    this.#account = account ?? null
    if (!this.#account) return
    await this.#reload()
    this.send()
  }

  get size() {
    return this.#waiting.size
  }

  get acts() {
    return [...this.#waiting.values()].map(({ act }) => act)
  }

  // Whether some of it is gone when this page is closed.
  get wouldLose() {
    return [...this.#waiting.values()].some(({ stage }) => stage === "new" || stage === "held")
  }

  stageOf(id) {
    return this.#waiting.get(id)?.stage
  }

  // Keep these acts, then send them. `onlyHere`: fields of each that the phone does not keep.
  async add(acts, onlyHere = null) {
    for (const act of acts) {
      this.#waiting.set(act.id, { act, stage: "new", since: performance.now() })
      if (onlyHere) this.#onlyHere.set(act.id, onlyHere)
    }
    setTimeout(() => this.send(), SLOW_DISK)
    await painted()
    let stage = "held"
    try {
      const isKept = await this.#store.ready()
      await this.#store.putActs(this.#account, acts)
      if (isKept) stage = "kept"
    } catch (fault) {
      this.#say("full", fault)
    }
    this.#move(acts.map((act) => act.id), stage, "new")
    this.send()
  }

  // Try until nothing waits or the time is up; says whether all was answered.
  async drain(milliseconds) {
    const end = performance.now() + milliseconds
    this.send()
    while (this.size && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 50))
    return this.size === 0
  }

  // Wait until no act hangs on this page alone; says whether so.
  async kept(milliseconds) {
    const end = performance.now() + milliseconds
    while (this.wouldLose && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
    return !this.wouldLose
  }

  // The leader has dealt with what was refused.
  async dismiss(ids) {
    for (const id of ids) this.refused.delete(id)
    await this.#store.dropActs(ids).catch(() => {}) // it is shown again another time
  }

  async send() {
    if (this.#isSending || !this.size || !this.#account) return
    clearTimeout(this.#timer)
    this.#isSending = true
    this.#say("state", "sending")
    const state = await alone(() => this.#sendSome())
    this.#isSending = false
    this.#say("state", state)
    if (!this.size) return
    if (state === "sent") {
      if (this.#ready().length) this.send()
    } else {
      this.#timer = setTimeout(() => this.send(), state === "elsewhere" ? 1_000 : this.#pause())
    }
  }

  // --- the store ---------------------------------------------------------------------------------------------------

  async #reload() {
    let records
    try {
      records = await this.#store.actsOf(this.#account)
    } catch {
      return // what this page holds is sent all the same
    }
    const known = new Set(records.map(({ id }) => id))
    let isChanged = false
    for (const [id, { stage }] of this.#waiting) {
      if (known.has(id) || stage === "new" || stage === "held") continue
      this.#waiting.delete(id) // another page has had its answer
      isChanged = true
    }
    for (const { id, act, state, reason } of records) {
      if (state === "refused") {
        isChanged ||= !this.refused.has(id)
        this.refused.set(id, { act, reason })
        this.#waiting.delete(id)
      } else if (!this.#waiting.has(id)) {
        const stage = state === "sent" ? "sent" : (await this.#store.ready()) ? "kept" : "held"
        this.#waiting.set(id, { act, stage, since: 0 })
        isChanged = true
      }
    }
    if (isChanged) this.#say("changed")
  }

  #move(ids, stage, from = null) {
    const moved = ids.map((id) => this.#waiting.get(id)).filter((one) => one && (from === null || one.stage === from))
    for (const one of moved) one.stage = stage
    if (moved.length) this.#say("moved", { acts: moved.map(({ act }) => act), stage })
  }

  // --- sending -----------------------------------------------------------------------------------------------------

  // Those whose turn it is: an act goes first to the store, unless that takes too long.
  #ready() {
    const late = performance.now() - SLOW_DISK
    return [...this.#waiting.values()].filter(({ stage, since }) => stage !== "new" || since < late).map(({ act }) => act)
  }

  async #sendSome() {
    await this.#reload()
    const acts = this.#ready().slice(0, this.#most)
    if (!acts.length) return "sent"
    const whole = acts.map((act) => ({ ...act, ...this.#onlyHere.get(act.id) }))
    const body = JSON.stringify({ sent_at: new Date().toISOString(), device_id: deviceId(), acts: whole })
    const { status, answer } = await post(this.#url, body, () => this.#leave(acts))
    if (status === 0) return this.#failed("offline")
    if (status === 401 || status === 403) return this.#failed("signed-out")
    if (status === 413 && acts.length > 1) return this.#half(acts)
    if (status === 400 || status === 422) return this.#unreadable(acts, answer)
    if (status !== 200) return this.#failed("failed")
    if (!isAnswer(answer)) return this.#failed("offline") // the page of a network that wants to be greeted first
    return this.#hear(answer, acts)
  }

  #leave(acts) {
    const ids = acts.map((act) => act.id)
    const stays = ids.filter((id) => this.stageOf(id) === "kept")
    this.#move(ids.filter((id) => this.stageOf(id) !== "held"), "sent")
    this.#store.sent(stays).catch(() => {}) // only the word would be lost
  }

  #half(acts) {
    this.#most = Math.ceil(acts.length / 2)
    return "sent"
  }

  // The server can make nothing of the batch: find the act it is about, and send the others without it.
  async #unreadable(acts, answer) {
    if (acts.length > 1) return this.#half(acts)
    this.#most = LARGEST_BATCH
    await this.#end([{ id: acts[0].id, outcome: "refused", reason: answer?.reason ?? "", act: acts[0] }])
    return "sent"
  }

  async #hear(answer, acts) {
    const sent = new Map(acts.map((act) => [act.id, act]))
    const results = answer.results.filter(({ id, outcome }) => sent.has(id) && OUTCOMES.has(outcome))
    for (const result of results) result.act = sent.get(result.id)
    if (!results.length) return this.#failed("failed")
    this.#failures = 0
    await this.#end(results)
    this.#say("answered", { ...answer, results })
    return "sent"
  }

  async #end(results) {
    for (const { id, outcome, reason, act } of results) {
      this.#waiting.delete(id)
      this.#onlyHere.delete(id)
      if (outcome === "refused") this.refused.set(id, { act, reason })
    }
    try {
      for (const { id, outcome, reason } of results) if (outcome === "refused") await this.#store.refuse(id, reason)
      await this.#store.dropActs(results.filter(({ outcome }) => outcome !== "refused").map(({ id }) => id))
    } catch {
      // what could not be dropped is sent once more, which changes nothing
    }
    if (results.some(({ outcome }) => outcome === "refused")) this.#say("changed")
  }

  #failed(state) {
    this.#failures += 1
    return state
  }

  #pause() {
    const seconds = PAUSES[Math.min(this.#failures, PAUSES.length) - 1] ?? PAUSES[0]
    return seconds * 1000 * (0.8 + Math.random() * 0.4)
  }

  #say(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }))
  }
}

// One page of this phone at a time; where the browser has no locks two may send the same, which changes nothing.
async function alone(work) {
  if (!navigator.locks) return work()
  return navigator.locks.request("kor-send", { ifAvailable: true }, (lock) => (lock ? work() : "elsewhere"))
}

// Only XMLHttpRequest tells when a request has left; `left` is called then. Status 0: no contact, or no patience left.
function post(url, body, left) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open("POST", url)
    request.timeout = PATIENCE
    request.setRequestHeader("Content-Type", "application/json")
    request.setRequestHeader("Accept", "application/json")
    request.upload.addEventListener("load", left)
    request.addEventListener("load", () => resolve({ status: request.status, answer: readJson(request.responseText) }))
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => resolve({ status: 0 }))
    request.send(body)
  })
}

function readJson(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isAnswer = (answer) => Array.isArray(answer?.results) && Array.isArray(answer.rehearsals) && typeof answer.received_at === "string"

// After the press has been painted; a page in the background paints nothing.
export function painted() {
  return new Promise((resolve) => {
    if (document.hidden) resolve()
    else requestAnimationFrame(() => setTimeout(resolve, 0))
    setTimeout(resolve, 200)
  })
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
