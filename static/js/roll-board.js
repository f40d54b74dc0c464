// The names of the roll: groups with tiles, who is here, and how many. Adopts what the server drew and draws the rest.
// Nothing is counted anew at a press: each tile knows what it added, so that two hundred names cost no more than ten.
import { fill, folded, inOrder, wholeName } from "./roll-names.js"

const RESTS_FOR = 1_500 // a tile just pressed stays in «Inte här än», so that a double press hits the same person
const NO_VOICE = ""

export class RollBoard {
  singers = new Map() // id → {id, tile, box, name, first_name, voice, isHere, status, act, said, where, isFound, rests, isShown}
  groups = new Map() // voice id, or "" → {box, list, count, name, here, total, shown, pot}
  here = 0
  shown = 0
  isOneList = false
  pressedBefore = [] // {singer, status}: what was pressed before this script came
  isOnlyAway = false // «Inte här än»: those who are here go away, the one just pressed a moment later
  #stale = new Set() // groups of which something has changed since they were painted
  #form
  #oneList
  #words
  #templates

  constructor(form, words, templates) {
    this.#form = form
    this.#words = words
    this.#templates = templates
    this.#oneList = form.querySelector('[data-part="one-list"]')
    for (const box of form.querySelectorAll("fieldset.voice[data-voice]")) this.#knowGroup(box)
    for (const tile of form.querySelectorAll("li[data-singer]")) this.#knowTile(tile)
    this.paintGroups(true)
  }

  get total() {
    return this.singers.size
  }

  get hasVoices() {
    return [...this.groups.keys()].some((voice) => voice !== NO_VOICE)
  }

  // --- groups ------------------------------------------------------------------------------------------------------

  #knowGroup(box) {
    const name = box.querySelector("legend span").textContent
    const [list, count] = [box.querySelector(".tiles"), box.querySelector('[data-part="voice-count"]')]
    this.groups.set(box.dataset.voice, { box, list, count, name, pot: box.dataset.pot, here: 0, total: 0, shown: 0 })
  }

  // Groups for these voices, where the server drew none.
  drawGroups(voices) {
    const isAlone = !voices.length
    for (const voice of [{ id: NO_VOICE, name: "", pot: 0 }, ...voices]) {
      if (this.groups.has(voice.id)) continue
      const box = this.#copy("group")
      box.dataset.voice = voice.id
      box.dataset.pot = voice.pot
      box.classList.add(`voice-${voice.pot}`)
      const legend = box.querySelector("legend")
      legend.className = isAlone ? "visually-hidden" : "voice__head"
      legend.querySelector("span").textContent = voice.name || this.#words[isAlone ? "everybody" : "noVoice"]
      if (!isAlone) legend.prepend(this.#copy(`pot-${voice.pot}`))
      this.#oneList.before(box)
      this.#knowGroup(box)
      this.#stale.add(voice.id)
    }
  }

  #groupOf(voice) {
    const key = voice ?? NO_VOICE
    return this.groups.has(key) ? key : NO_VOICE
  }

  // Write the counts that have changed, and hide the groups with nobody to show. Whoever presses sees the tile first: this comes in
  // the frame after.
  paintGroups(isAnyhow = false) {
    for (const key of isAnyhow ? this.groups.keys() : this.#stale) {
      const { box, count, here, total, shown } = this.groups.get(key)
      count.textContent = fill(this.#words.voice, { here, total })
      hide(box, this.isOneList || !shown)
    }
    hide(this.#oneList, !this.isOneList || !this.shown)
    this.#stale.clear()
  }

  // The voices with how many are here, from high to low; first those whose voice nobody knows.
  get layers() {
    return [...this.groups.values()].map(({ pot, here }) => ({ pot, here }))
  }

  // --- tiles -------------------------------------------------------------------------------------------------------

  #knowTile(tile) {
    const box = tile.querySelector("input")
    const [first, rest] = tile.querySelectorAll("bdi")
    const voice = tile.closest("fieldset").dataset.voice
    const singer = {
      id: tile.dataset.singer,
      tile,
      box,
      first_name: first.textContent,
      name: wholeName({ first_name: first.textContent, surname: rest?.textContent }),
      voice,
      isHere: false,
      status: box.checked ? "present" : null,
      act: tile.dataset.act ?? null,
      where: tile.querySelector('[data-part="where"]'),
      isFresh: false,
      drawn: null,
      isFound: true,
      rests: false,
      isShown: true,
    }
    if (box.checked !== box.defaultChecked) this.#takeBack(singer)
    singer.status = box.checked ? "present" : null
    this.singers.set(singer.id, singer)
    this.groups.get(voice).total += 1
    this.#countShown(voice, 1)
    this.#count(singer, box.checked)
    return singer
  }

  // What was pressed before this script came is an act of the leader: it is remembered, and made by whoever makes acts. A
  // browser that goes back to the page may have ticked what was pressed another time: that is none.
  #takeBack(singer) {
    const isPressed = performance.getEntriesByType("navigation")[0]?.type !== "back_forward"
    if (isPressed) this.pressedBefore.push({ singer, status: singer.box.checked ? "present" : "unmarked" })
    singer.box.checked = singer.box.defaultChecked
  }

  #count(singer, isHere) {
    if (singer.isHere === isHere) return
    const step = isHere ? 1 : -1
    singer.isHere = isHere
    this.here += step
    this.groups.get(singer.voice).here += step
    this.#stale.add(singer.voice)
    this.#show(singer)
  }

  #countShown(voice, step) {
    this.groups.get(voice).shown += step
    this.shown += step
    this.#stale.add(voice)
  }

  #show(singer) {
    const isShown = singer.isFound && !(this.isOnlyAway && singer.isHere && !singer.rests)
    if (singer.isShown === isShown) return
    singer.isShown = isShown
    singer.tile.hidden = !isShown
    this.#countShown(singer.voice, isShown ? 1 : -1)
  }

  #showAll() {
    for (const singer of this.singers.values()) this.#show(singer)
    this.paintGroups()
  }

  // Say what is known of a singer: "present", "absent", "unmarked" or null, and by which act.
  set(id, status, act = undefined) {
    const singer = this.singers.get(id)
    singer.status = status === "unmarked" ? null : status
    if (act !== undefined) singer.act = act
    const isHere = status === "present"
    if (singer.box.checked !== isHere) singer.box.checked = isHere
    if (singer.isHere === isHere) return
    this.#count(singer, isHere)
  }

  // Draw a singer of a snapshot, or draw anew what has changed of one; settle() puts all of them in order.
  place(record) {
    const drawn = JSON.stringify([record.first_name, record.surname, record.voice_id, record.is_new, record.has_said])
    const singer = this.singers.get(record.id) ?? this.#add(record)
    if (singer.drawn === drawn) return singer
    singer.drawn = drawn
    this.#name(singer, record)
    this.#move(singer, this.#groupOf(record.voice_id))
    this.#isMoved = true
    return singer
  }

  #add(record) {
    const tile = this.#copy("tile")
    tile.dataset.singer = tile.querySelector("input").value = record.id
    this.groups.get(this.#groupOf(record.voice_id)).list.append(tile)
    const singer = this.#knowTile(tile)
    singer.isFresh = record.is_fresh ?? false
    return singer
  }

  #name(singer, record) {
    const { tile } = singer
    singer.first_name = record.first_name
    singer.name = wholeName(record)
    tile.dataset.name = folded(singer.name)
    const [first, rest] = tile.querySelectorAll("bdi")
    first.textContent = record.first_name
    rest.textContent = record.surname ?? ""
    rest.parentElement.hidden = !record.surname
    tile.querySelector(".chip--new").hidden = !record.is_new
    tile.querySelector(".tile__said").hidden = record.has_said !== "not_coming"
  }

  #move(singer, voice) {
    const [from, to] = [this.groups.get(singer.voice), this.groups.get(voice)]
    from.total -= 1
    from.here -= singer.isHere
    to.total += 1
    to.here += singer.isHere
    this.#countShown(singer.voice, -singer.isShown)
    this.#countShown(voice, Number(singer.isShown))
    singer.voice = voice
    singer.tile.className = `voice-${to.pot}`
  }

  // Put tiles where they belong, if any came or changed; what has the focus keeps it.
  settle(isAnyhow = false) {
    if (!this.#isMoved && !isAnyhow) return
    this.#isMoved = false
    const held = document.activeElement
    const oneList = this.#oneList.querySelector(".tiles")
    const inLists = new Map()
    for (const singer of [...this.singers.values()].sort(this.#compare)) {
      const list = this.isOneList ? oneList : this.groups.get(singer.voice).list
      if (!inLists.has(list)) inLists.set(list, [])
      inLists.get(list).push(singer.tile)
    }
    for (const [list, tiles] of inLists) {
      const isRight = list.children.length === tiles.length && tiles.every((tile, place) => list.children[place] === tile)
      if (!isRight) list.append(...tiles)
    }
    if (held?.isConnected && document.activeElement !== held) held.focus({ preventScroll: true })
  }

  #isMoved = false

  #compare = (one, other) => Number(other.isFresh) - Number(one.isFresh) || inOrder(one.name, other.name)

  remove(id) {
    const singer = this.singers.get(id)
    if (!singer) return
    this.#count(singer, false)
    this.groups.get(singer.voice).total -= 1
    this.#countShown(singer.voice, -singer.isShown)
    singer.tile.remove()
    this.singers.delete(id)
  }

  // --- one list or by voice ----------------------------------------------------------------------------------------

  arrange(isOneList) {
    if (this.isOneList === isOneList) return
    this.isOneList = isOneList
    this.settle(true)
    this.paintGroups(true)
  }

  // --- finding -----------------------------------------------------------------------------------------------------

  // Show those whose names begin like what was typed; gives how many.
  find(typed) {
    const words = folded(typed).split(" ").filter(Boolean)
    let found = 0
    for (const singer of this.singers.values()) {
      const parts = singer.tile.dataset.name.split(" ")
      singer.isFound = words.every((word) => parts.some((part) => part.startsWith(word)))
      found += singer.isFound
    }
    this.#showAll()
    return found
  }

  showOnlyAway(isOnlyAway) {
    this.isOnlyAway = isOnlyAway
    this.#showAll()
  }

  get onlyHit() {
    const hits = [...this.singers.values()].filter(({ isFound }) => isFound)
    return hits.length === 1 ? hits[0] : null
  }

  namesake(name) {
    const wanted = folded(name)
    return [...this.singers.values()].find((singer) => folded(singer.first_name) === wanted) ?? null
  }

  // --- what is said on a tile --------------------------------------------------------------------------------------

  // Where the latest mark of this singer is: "kept", "sent", "received", or nothing.
  say(id, stage) {
    const where = this.singers.get(id)?.where
    const word = this.#words[`row_${stage}`] ?? ""
    if (where && where.textContent !== word) where.textContent = word
  }

  rest(id) {
    if (!this.isOnlyAway) return
    const singer = this.singers.get(id)
    singer.rests = true
    this.#show(singer)
    setTimeout(() => {
      singer.rests = false
      if (this.singers.get(id) !== singer) return
      this.#show(singer)
      this.paintGroups()
    }, RESTS_FOR)
  }

  #copy(part) {
    return this.#templates(part).content.firstElementChild.cloneNode(true)
  }
}

function hide(box, isHidden) {
  if (box.hidden !== isHidden) box.hidden = isHidden
}
