// Two phones said different things about a singer without having seen each other: both are shown, one tap settles it.
import { clockTime, fill } from "./roll-names.js"

export class Conflicts {
  #place
  #template
  #words
  #settle
  #drawn = ""

  // `settle(conflict, status)`: what a press does.
  constructor(place, template, words, settle) {
    this.#place = place
    this.#template = template
    this.#words = words
    this.#settle = settle
  }

  // `conflicts` as the server tells them; `nameOf` gives a singer's name; settled ones are left out by the caller.
  show(conflicts, nameOf) {
    const told = JSON.stringify(conflicts.map((one) => [one, nameOf(one.singer_id)]))
    if (told === this.#drawn) return
    this.#drawn = told
    const held = this.#place.contains(document.activeElement)
    this.#place.replaceChildren(...conflicts.map((one) => this.#card(one, nameOf(one.singer_id))))
    this.#place.hidden = !conflicts.length
    if (held) (this.#place.querySelector("button") ?? document.querySelector("h1")).focus()
  }

  #card(conflict, name) {
    const card = this.#template.content.firstElementChild.cloneNode(true)
    card.querySelector("[data-part=conflict-title]").textContent = fill(this.#words.conflict, { name })
    const sides = [conflict.counts, conflict.other].sort((one, other) => (one.at < other.at ? -1 : 1))
    card.querySelector("[data-part=conflict-text]").textContent = sides.map((side) => this.#told(side)).join(" ")
    const [here, away] = card.querySelectorAll("button")
    const [present, other] = [...sides].sort((one, other) => Number(other.status === "present") - Number(one.status === "present"))
    this.#offer(here, conflict, present, name)
    this.#offer(away, conflict, other, name)
    return card
  }

  #told({ by, at, status }) {
    return fill(this.#words[`said_${status}`], { by: by ?? this.#words.somebody, time: clockTime(at) })
  }

  #offer(button, conflict, side, name) {
    button.textContent = fill(this.#words[`settle_${side.status}`], { name })
    button.addEventListener("click", () => this.#settle(conflict, side.status))
  }
}
