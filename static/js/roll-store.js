// What the phone keeps so that a roll can be taken without contact: acts not yet answered, rolls, facts, sealed acts.
// A write has succeeded only when the browser says that it is on the disk; a full phone makes it throw.
// Where the browser keeps nothing (some private windows) all of it lives in this page: ready() is null, and the page says so.
//
//   acts    {id, act, account, state: "waiting" | "sent" | "refused", reason, number}   number: the order they were made in
//   rolls   {id, account, fetched_at, snapshot}   as GET /api/v1/roll/<id> gave it, without those who wait at the door
//   facts   {name, value}   a name that begins with "phone." is about the phone and stays when an account leaves
//   sealed  {id, …}         envelopes that nobody on this phone can read
//
// Acts and snapshots lie on the disk locked: a browser leaves what was deleted in its files for long, and a key that
// no script can read out is all that has to go for the names to be gone.

const NAME = "kor"
const VERSION = 1
const KEYS = { acts: "id", rolls: "id", facts: "name", sealed: "id" }
const PATIENCE = 3_000 // some phones never answer when asked to open
const STRICT = { durability: "strict" }
const LOCK = "lock" // the fact that holds the key; it goes when the account leaves

const memory = Object.fromEntries(Object.keys(KEYS).map((name) => [name, new Map()]))
let opening = null

// The open database, or null when this browser keeps nothing.
export function ready() {
  opening ??= open()
  return opening
}

function open() {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => resolve(null), PATIENCE)
    const settle = (database) => {
      clearTimeout(giveUp)
      resolve(database)
    }
    try {
      const request = indexedDB.open(NAME, VERSION)
      request.onupgradeneeded = () => build(request.result)
      request.onerror = (event) => {
        event.preventDefault()
        settle(null)
      }
      request.onsuccess = () => settle(watched(request.result))
    } catch {
      settle(null)
    }
  })
}

function build(database) {
  for (const [name, keyPath] of Object.entries(KEYS)) {
    const store = database.createObjectStore(name, { keyPath })
    if (name === "acts") store.createIndex("number", "number")
  }
}

// Another page with a newer version may build on; a connection that the phone has cut is opened anew at the next need.
function watched(database) {
  database.onversionchange = () => {
    database.close()
    opening = null
  }
  database.onclose = () => (opening = null)
  return database
}

async function run(name, mode, work, isSecond = false) {
  const database = await ready()
  if (!database) return work(inMemory(name))
  let transaction
  try {
    transaction = database.transaction(name, mode, mode === "readwrite" ? STRICT : undefined)
  } catch (fault) {
    if (isSecond || fault.name !== "InvalidStateError") throw fault
    opening = null // cut while the phone slept
    return run(name, mode, work, true)
  }
  const isOver = over(transaction)
  try {
    const result = await work(onDisk(transaction.objectStore(name)))
    await isOver
    return result
  } catch (fault) {
    try {
      transaction.abort()
    } catch {
      // it has ended by itself
    }
    await isOver.catch(() => {})
    throw transaction.error ?? fault
  }
}

function over(transaction) {
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error("The write was given up."))
  })
  ended.catch(() => {}) // heard by whoever waits for it
  return ended
}

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = (event) => {
      event.preventDefault()
      request.transaction.abort()
      reject(request.error)
    }
  })
}

function onDisk(store) {
  return {
    all: () => answer(store.getAll()),
    one: (key) => answer(store.get(key)),
    put: (record) => answer(store.put(record)),
    drop: (key) => answer(store.delete(key)),
    clear: () => answer(store.clear()),
    async highest() {
      const cursor = await answer(store.index("number").openKeyCursor(null, "prev"))
      return cursor?.key ?? 0
    },
  }
}

function inMemory(name) {
  const records = memory[name]
  return {
    all: () => [...records.values()],
    one: (key) => records.get(key),
    put: (record) => records.set(record[KEYS[name]], record),
    drop: (key) => records.delete(key),
    clear: () => records.clear(),
    highest: () => Math.max(0, ...[...records.values()].map((record) => record.number)),
  }
}

const read = (name, work) => run(name, "readonly", work)
const write = (name, work) => run(name, "readwrite", work)

// --- the lock -------------------------------------------------------------------------------------------------------

// The key of this account's stay, made at the first need; null where the browser has none to give (no https, no disk).
async function key() {
  if (!globalThis.crypto?.subtle || !(await ready())) return null
  const kept = await read("facts", (store) => store.one(LOCK))
  if (kept) return kept.value
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
  return write("facts", async (store) => {
    const others = await store.one(LOCK) // another page may have been faster
    if (!others) await store.put({ name: LOCK, value: made })
    return others?.value ?? made
  })
}

async function locked(values) {
  const by = await key()
  if (!by) return values
  return Promise.all(
    values.map(async (value) => {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, by, new TextEncoder().encode(JSON.stringify(value)))
      return { iv, data }
    }),
  )
}

// The records with `name` readable; one whose key has gone is nobody's and left out.
async function unlocked(records, name) {
  const isLocked = (record) => record[name].iv !== undefined
  if (!records.some(isLocked)) return records
  const by = await key()
  const open = async (record) => {
    if (!isLocked(record)) return record
    const { iv, data } = record[name]
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, by, data).catch(() => null)
    return plain && { ...record, [name]: JSON.parse(new TextDecoder().decode(plain)) }
  }
  return (await Promise.all(records.map(open))).filter(Boolean)
}

// --- acts -----------------------------------------------------------------------------------------------------------

// Keep an act; when this has come back, the mark is in the phone.
export const putAct = (account, act) => putActs(account, [act])

export async function putActs(account, acts) {
  const kept = await locked(acts)
  return write("acts", async (store) => {
    let number = await store.highest()
    for (const [place, { id }] of acts.entries()) {
      number += 1
      await store.put({ id, act: kept[place], account, state: "waiting", reason: null, number })
    }
  })
}

// The acts of one account, or of all when it is null, in the order they were made.
export async function actsOf(account) {
  const all = await read("acts", (store) => store.all())
  const records = all.filter((record) => account === null || record.account === account)
  return (await unlocked(records, "act")).sort((one, other) => one.number - other.number)
}

// Note that these have left the phone; only the server's answer says that they arrived.
export function sent(ids) {
  return change(ids, { state: "sent" })
}

// No use to send it again: it stays with its reason until the leader has dealt with it.
export function refuse(id, reason) {
  return change([id], { state: "refused", reason })
}

function change(ids, news) {
  return write("acts", async (store) => {
    for (const id of ids) {
      const record = await store.one(id)
      if (record) await store.put({ ...record, ...news })
    }
  })
}

export function dropActs(ids) {
  return write("acts", async (store) => {
    for (const id of ids) await store.drop(id)
  })
}

// --- rolls ----------------------------------------------------------------------------------------------------------

export async function keepRolls(account, snapshots) {
  const fetched_at = new Date().toISOString()
  const kept = await locked(snapshots.map(({ arrivals, ...snapshot }) => snapshot))
  return write("rolls", async (store) => {
    for (const [place, { id }] of snapshots.entries()) await store.put({ id, account, fetched_at, snapshot: kept[place] })
  })
}

export async function rollOf(id) {
  const record = await read("rolls", (store) => store.one(id))
  return record && (await unlocked([record], "snapshot"))[0]
}

export async function allRolls(account) {
  const records = await read("rolls", (store) => store.all())
  return unlocked(records.filter((record) => record.account === account), "snapshot")
}

export function dropRolls(ids) {
  return write("rolls", async (store) => {
    for (const id of ids) await store.drop(id)
  })
}

// --- facts and sealed acts ------------------------------------------------------------------------------------------

export async function fact(name) {
  return (await read("facts", (store) => store.one(name)))?.value
}

export const setFact = (name, value) => write("facts", (store) => store.put({ name, value }))

// The same, locked like the acts: for what somebody has written. It goes with the account.
export async function keepLocked(name, value) {
  const [kept] = await locked([value])
  return setFact(name, kept)
}

export async function lockedFact(name) {
  const value = await fact(name)
  return value ? (await unlocked([{ value }], "value"))[0]?.value : undefined
}

export const dropFact = (name) => write("facts", (store) => store.drop(name))

export async function factsCalled(beginning) {
  return (await read("facts", (store) => store.all())).map(({ name }) => name).filter((name) => name.startsWith(beginning))
}

export const putSealed = (envelope) => write("sealed", (store) => store.put(envelope))

export const sealedOnes = () => read("sealed", (store) => store.all())

export function dropSealed(ids) {
  return write("sealed", async (store) => {
    for (const id of ids) await store.drop(id)
  })
}

// Take away everything with a name in it: rolls, acts and what is known of the account. Sealed acts stay.
export async function wipe() {
  await write("rolls", (store) => store.clear())
  await write("acts", (store) => store.clear())
  await write("facts", async (store) => {
    for (const { name } of await store.all()) if (!name.startsWith("phone.")) await store.drop(name)
  })
}
