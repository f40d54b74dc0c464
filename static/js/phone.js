// On every page of somebody signed in: keeps in the phone what a leader needs without contact, and leaves nothing
// readable behind when somebody signs out. Pages without this script work as ever; they need contact.
//
//   <script type="application/json" id="this-phone">{account, leads, words…}</script>       templates/parts/phone.html
//   «phone-kept» on the document: the store has changed; static/js/tonight-list.js draws it.
import * as store from "./roll-store.js"
import { RollQueue } from "./roll-queue.js"
import { carry, fetchSeal, isSealable, sealWaiting } from "./seal.js"

const EVENINGS = "/api/v1/evenings"
const FETCHED_EVERY = 3 * 60 * 1000
const SIGN_OUT_PATIENCE = 5_000
const ACCOUNT = "phone.account" // the id of whose phone it is now; static/js/roll-call.js asks for it on a shell
const SIGNED_OUT = "phone.signed_out"
export const OTHERS = "phone.others" // how many acts of somebody else were sealed at the last change of account
const THEME = "phone.theme" // as chosen in the browser's cookie, which a shell does not see
const ROLL = /\/narvaro\/[0-9a-f-]{36}/

export const told = JSON.parse(document.getElementById("this-phone").textContent)
const isRoll = ROLL.test(location.pathname)
const windows = globalThis.BroadcastChannel ? new BroadcastChannel("kor") : null

// --- begin -----------------------------------------------------------------------------------------------------------

let me = told.account // null on a shell, which is the same for everybody
let isLeaving = false

// Whether what comes late may still be kept: not when somebody signs out meanwhile, here or in another window.
const isMine = async () => !isLeaving && Boolean(me) && (await store.fact(ACCOUNT)) === me

async function begin() {
  hearSignOut()
  if (await store.fact(SIGNED_OUT)) return finishSignOut()
  await followTheme()
  me ??= (await holderKept()) ?? null
  const isOurs = await changeAccount()
  tell()
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }))
  await Promise.allSettled([told.leads && register(), isOurs && told.leads && keepEvenings(), bring(isOurs)])
  if (isRoll) navigator.storage?.persist?.().catch(() => {})
  tell()
}

const holderKept = () => store.fact(ACCOUNT)

async function followTheme() {
  const root = document.documentElement
  const known = (await store.fact(THEME)) ?? ""
  if (!me && known) root.dataset.theme = known
  else if (me && known !== (root.dataset.theme ?? "")) await store.setFact(THEME, root.dataset.theme ?? "")
}

function tell() {
  document.dispatchEvent(new CustomEvent("phone-kept"))
}

// Somebody else than the last time: what the other one could not send is sealed, and their names go.
// False when that cannot be done: then theirs stays as it is, and nothing of ours is kept beside it.
async function changeAccount() {
  const before = await holderKept()
  if (!me || before === me) return true
  if (before) {
    const count = await sealWaiting(before)
    if (count === null) return false
    await store.wipe()
    if (count) await store.setFact(OTHERS, count)
  }
  await store.setFact(ACCOUNT, me)
  return true
}

// What waits goes up from any page; a roll's own page does it itself.
async function bring(isOurs) {
  if (isOurs && told.leads && (await isMine())) await fetchSeal(me, isMine)
  await carry()
  if (!isOurs || isRoll || !(await waitingCount(me))) return
  const queue = new RollQueue("/api/v1/acts", store, me)
  queue.addEventListener("answered", tell)
  await queue.start()
}

// Whose phone it is now, as far as it knows.
export const holder = () => me

// --- what is kept -----------------------------------------------------------------------------------------------------

// Fetch the lists of the evenings around today into the phone, every few minutes or when asked; false without contact.
export async function keepEvenings(isAsked = false) {
  if (!(await isMine())) return false
  const kept = (await store.fact("evenings")) ?? {}
  if (!isAsked && Date.now() - Date.parse(kept.asked_at ?? 0) < FETCHED_EVERY) return true
  const headers = { Accept: "application/json", ...(kept.etag && { "If-None-Match": kept.etag }) }
  const response = await fetch(EVENINGS, { headers, cache: "no-store" }).catch(() => null)
  if (!response || (!response.ok && response.status !== 304) || !(await isMine())) return false
  const asked_at = new Date().toISOString()
  const isKept = await oneAtATime(() => (response.status === 304 ? keepOn(kept, asked_at) : keepAll(response, asked_at)))
  if (!isKept) return keepEvenings(true)
  tell()
  return true
}

// What changes the kept lists does so one after another, in all windows: between «nothing has changed» and the keeping
// of it, an old list may be dropped.
let last = Promise.resolve()
function oneAtATime(work) {
  if (navigator.locks) return navigator.locks.request("kor-evenings", work)
  last = last.then(work, work)
  return last
}

// Nothing has changed at the house, so what lies here is as new as it can be; false when it does not lie here any more.
async function keepOn(kept, asked_at) {
  if ((await store.fact("evenings"))?.etag !== kept.etag) return false
  const known = await store.allRolls(me)
  await store.keepRolls(me, known.map((record) => record.snapshot))
  await store.setFact("evenings", { ...kept, asked_at })
  return true
}

// Take away lists that were fetched too many milliseconds ago to be worth having: people have come and gone. A list
// that an act waits for stays. The next visit with contact fetches all anew.
export async function dropOldRolls(keptFor) {
  if (!me) return
  const isOld = ({ fetched_at }) => Date.now() - Date.parse(fetched_at) > keptFor
  if (!(await store.allRolls(me)).some(isOld)) return
  await oneAtATime(async () => {
    const waiting = new Set((await store.actsOf(me)).map(({ act }) => act.rehearsal_id))
    const old = (await store.allRolls(me)).filter((record) => isOld(record) && !waiting.has(record.id))
    if (!old.length) return
    await store.setFact("oldest", old[0].fetched_at)
    await store.setFact("evenings", null)
    await store.dropRolls(old.map(({ id }) => id))
  })
}

async function keepAll(response, asked_at) {
  const { account, rehearsals } = await response.json()
  if (account.id !== me || !(await isMine())) return true
  await store.keepRolls(me, rehearsals)
  const ids = new Set(rehearsals.map((each) => each.id))
  const waiting = new Set((await store.actsOf(me)).map((record) => record.act.rehearsal_id))
  const known = await store.allRolls(me)
  await store.dropRolls(known.map((record) => record.id).filter((id) => !ids.has(id) && !waiting.has(id)))
  await store.setFact("evenings", { etag: response.headers.get("ETag"), asked_at })
  return true
}

// --- the worker --------------------------------------------------------------------------------------------------------

async function register() {
  const worker = navigator.serviceWorker
  if (!worker) return
  const policy = globalThis.trustedTypes?.createPolicy("worker", { createScriptURL: (url) => (url === "/sw.js" ? url : "") })
  const registration = await worker.register(policy?.createScriptURL("/sw.js") ?? "/sw.js", { scope: "/" })
  const follow = () => {
    const found = registration.installing
    found?.addEventListener("statechange", () => found.state === "installed" && renew(registration))
  }
  registration.addEventListener("updatefound", follow)
  follow() // one may be on its way already
  await renew(registration)
}

// A new worker takes over when nothing waits and nobody takes a roll; else tonight's page offers it.
async function renew(registration) {
  if (!registration.waiting || !registration.active) return
  if (!isRoll && (await waitingCount()) === 0) registration.waiting.postMessage("take over")
  document.dispatchEvent(new CustomEvent("phone-renewed", { detail: registration }))
}

// How many acts of an account (or of all) have not been answered yet.
export async function waitingCount(account = null) {
  return (await store.actsOf(account)).filter((record) => record.state !== "refused").length
}

// --- signing out -------------------------------------------------------------------------------------------------------

function hearSignOut() {
  document.addEventListener("submit", (event) => {
    if (!told.signOut.includes(event.target.getAttribute("action"))) return
    event.preventDefault()
    askFirst(event.target)
  })
  addEventListener("pageshow", (event) => event.persisted && isStillOurs())
  windows?.addEventListener("message", () => location.replace(told.signedOut))
}

// A page that comes back from the browser's memory may be of somebody who has left.
async function isStillOurs() {
  if ((await store.fact(SIGNED_OUT)) || (await holderKept()) !== me) location.reload()
}

async function askFirst(form) {
  const count = await waitingCount()
  const texts = await store.factsCalled("unsaved:") // static/js/editor-keep.js
  if (!count && !texts.length) return leave(form)
  const dialog = document.getElementById("leave")
  const part = (name) => dialog.querySelector(`[data-part="${name}"]`)
  const canSeal = await isSealable()
  const word = canSeal ? (count === 1 ? "oneStays" : "manyStay") : "cannotSeal"
  const said = [count && told.words[word].replace("{count}", count), texts.length && told.words.textGoes]
  part("text").textContent = said.filter(Boolean).join(" ")
  part("leave").hidden = Boolean(count) && !canSeal
  part("leave").onclick = () => {
    dialog.close()
    leave(form)
  }
  part("stay").onclick = () => dialog.close()
  dialog.showModal()
}

// First what must not stay readable, then the house; without contact it is told at the first chance.
async function leave(form) {
  isLeaving = true
  if (me && (await sealWaiting(me)) === null) return (isLeaving = false)
  await store.setFact(SIGNED_OUT, new Date().toISOString())
  await forget()
  windows?.postMessage("left")
  if (!(await isTold(form))) return location.replace(told.signedOut)
  await store.setFact(SIGNED_OUT, null)
  location.replace(told.signIn)
}

async function forget() {
  await store.wipe()
  await store.setFact(ACCOUNT, null)
}

async function isTold(form) {
  const signal = AbortSignal.timeout?.(SIGN_OUT_PATIENCE)
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual", signal })
    return answer.type === "opaqueredirect" || (await isToldByPhone())
  } catch {
    return false
  }
}

async function isToldByPhone() {
  const headers = { "Content-Type": "application/json", Accept: "application/json" }
  try {
    const answer = await fetch("/api/v1/sign-out", { method: "POST", headers, body: "{}" })
    return answer.ok && (await answer.json()).signed_out === true // a hotel's Wi-Fi answers too
  } catch {
    return false
  }
}

// A page of somebody who signed out without contact has come through: sign out at the house, then show the door.
async function finishSignOut() {
  document.body.hidden = true
  await forget()
  if (await isToldByPhone()) await store.setFact(SIGNED_OUT, null)
  location.replace(told.signedOut)
}

begin()
