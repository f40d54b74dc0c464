// Those who have checked in at the door without an account and wait for the leader's tap. Their names are never kept.
import { clockTime, fill } from "./roll-names.js"

export class Arrivals {
  #place
  #template
  #words
  #url
  #namesake
  #answered
  #drawn = ""
  #done = new Set()

  // `url` holds {id}; `namesake(name)`: a singer of the list with that first name, if any; `answered()`: look at the roll again.
  constructor(place, template, words, url, namesake, answered) {
    this.#place = place
    this.#template = template
    this.#words = words
    this.#url = url
    this.#namesake = namesake
    this.#answered = answered
  }

  show(arrivals) {
    const open = arrivals.filter(({ id }) => !this.#done.has(id))
    const told = JSON.stringify(open)
    if (told === this.#drawn) return
    this.#drawn = told
    const held = this.#place.contains(document.activeElement)
    this.#place.replaceChildren(...open.map((arrival) => this.#card(arrival)))
    this.#place.hidden = !open.length
    if (held) (this.#place.querySelector("button") ?? document.querySelector("h1")).focus()
  }

  #card(arrival) {
    const card = this.#template.content.firstElementChild.cloneNode(true)
    const title = card.querySelector(".message__title")
    title.textContent = fill(this.#words.arrived, { name: arrival.first_name, time: clockTime(arrival.at) })
    const known = this.#namesake(arrival.first_name)
    const same = card.querySelector('[data-part="let-known"]')
    same.hidden = !known
    if (known) same.textContent = fill(this.#words.arrivedKnown, { name: known.name })
    for (const [part, answer] of [["let-in", { answer: "new" }], ["let-known", { answer: "known", singer_id: known?.id }], ["not-here", { answer: "not_here" }]]) {
      card.querySelector(`[data-part="${part}"]`).addEventListener("click", () => this.#press(arrival, answer, card, title))
    }
    return card
  }

  async #press(arrival, answer, card, title) {
    const buttons = card.querySelectorAll("button")
    for (const button of buttons) button.disabled = true
    if (await this.#post(arrival, answer)) {
      this.#done.add(arrival.id)
      card.remove()
      this.#place.hidden = !this.#place.children.length
      return this.#answered()
    }
    for (const button of buttons) button.disabled = false
    title.textContent = this.#words.notAnswered
  }

  async #post(arrival, answer) {
    try {
      const headers = { "Content-Type": "application/json", Accept: "application/json" }
      const response = await fetch(this.#url.replace("{id}", arrival.id), { method: "POST", headers, body: JSON.stringify(answer) })
      return response.ok || response.status === 404 || response.status === 410 // somebody else was faster
    } catch {
      return false
    }
  }
}
