// <funding-board>: cards can be dragged to another stage, or lifted and carried by the keys.
// Both press the button of the card's own form, which is there without this script: «Flytta» opens it.

const LEFT = new Set(["ArrowLeft", "ArrowUp"])
const RIGHT = new Set(["ArrowRight", "ArrowDown"])

class FundingBoard extends HTMLElement {
  connectedCallback() {
    this.words = JSON.parse(this.querySelector("[data-part=words]").textContent)
    this.told = this.querySelector("[data-part=told]")
    this.stages = [...this.querySelectorAll("[data-stage]")]
    for (const card of this.querySelectorAll("[data-card]")) this.prepare(card)
    this.addEventListener("dragstart", (event) => this.drag(event))
    this.addEventListener("dragover", (event) => this.hover(event))
    this.addEventListener("dragend", () => this.rest())
    this.addEventListener("drop", (event) => this.drop(event))
    this.addEventListener("keydown", (event) => this.press(event))
    this.addEventListener("focusout", (event) => {
      if (event.target.matches(".board__grip") && this.lifted) this.rest()
    })
  }

  prepare(card) {
    if (!card.querySelector("form")) return
    card.draggable = true
    const grip = document.createElement("button")
    grip.type = "button"
    grip.className = "board__grip"
    grip.textContent = "⠿"
    grip.setAttribute("aria-label", this.say("grip", card))
    grip.addEventListener("click", () => (this.lifted === card ? this.put() : this.lift(card)))
    card.append(grip)
  }

  say(name, card) {
    return this.words[name].replace("{card}", card.dataset.card)
  }

  // --- by mouse

  drag(event) {
    this.dragged = event.target.closest?.("[data-card]")
    if (!this.dragged) return
    event.dataTransfer.effectAllowed = "move"
    event.dataTransfer.setData("text/plain", this.dragged.dataset.card)
  }

  hover(event) {
    const stage = event.target.closest("[data-stage]")
    if (!this.dragged || !stage || stage.contains(this.dragged)) return this.mark(null)
    event.preventDefault()
    this.mark(stage)
  }

  drop(event) {
    const stage = event.target.closest("[data-stage]")
    const card = this.dragged
    if (!card || !stage || stage.contains(card)) return
    event.preventDefault()
    this.rest()
    this.move(card, stage)
  }

  // --- by keys

  lift(card) {
    this.rest()
    this.lifted = card
    card.dataset.lifted = ""
    this.place = this.stages.findIndex((stage) => stage.contains(card))
    this.told.textContent = this.say("lifted", card)
  }

  press(event) {
    if (!this.lifted) return
    const step = RIGHT.has(event.key) ? 1 : LEFT.has(event.key) ? -1 : 0
    if (step) {
      this.place = Math.min(Math.max(this.place + step, 0), this.stages.length - 1)
      const stage = this.stages[this.place]
      this.mark(stage)
      this.told.textContent = stage.dataset.name
    } else if (event.key === "Escape") {
      this.told.textContent = this.say("put", this.lifted)
      this.rest()
    } else return
    event.preventDefault()
  }

  put() {
    const [card, stage] = [this.lifted, this.stages[this.place]]
    this.rest()
    if (stage.contains(card)) this.told.textContent = this.say("put", card)
    else this.move(card, stage)
  }

  // --- either way

  mark(stage) {
    for (const one of this.stages) one.toggleAttribute("data-over", one === stage)
  }

  rest() {
    this.mark(null)
    this.lifted?.removeAttribute("data-lifted")
    this.lifted = this.dragged = null
  }

  move(card, stage) {
    const form = card.querySelector("form")
    form.elements.to.value = stage.dataset.stage
    form.requestSubmit()
  }
}

customElements.define("funding-board", FundingBoard)
