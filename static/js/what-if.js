// <what-if data-page="…" data-answer="…">: the answer follows what is tried, without loading the page anew.
// Without this script the form is sent by its button. The address always says what is tried, so it can be passed on.
import { fetched, newestOnly } from "./fetched.js"

const REST = 600 // ms until the answer is read out

class WhatIf extends HTMLElement {
  follow = newestOnly(() => this.ask())

  connectedCallback() {
    this.form = this.querySelector("form")
    for (const slider of this.querySelectorAll("[data-for]")) this.join(slider)
    this.form.addEventListener("input", () => this.follow())
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`)
  }

  // The number and its slider say the same; what is typed beyond the slider is left as it is.
  join(slider) {
    const number = this.form.elements[slider.dataset.for]
    const show = () => {
      const value = parseFloat(number.value.replace(/[\s\u00a0]/g, "").replace(",", ".").replace("\u2212", "-"))
      slider.value = Number.isFinite(value) ? value : 0
      this.name(slider)
    }
    slider.hidden = false
    slider.addEventListener("input", () => {
      number.value = slider.value
      this.name(slider)
    })
    number.addEventListener("input", show)
    show()
  }

  name(slider) {
    const words = this.dataset[slider.dataset.unit]
    const sum = Number(slider.value).toLocaleString(document.documentElement.lang)
    slider.setAttribute("aria-valuetext", words.replace("{sum}", sum))
  }

  async ask() {
    const typed = new URLSearchParams([...new FormData(this.form)].filter(([, value]) => value !== ""))
    const page = await fetched(`${this.dataset.answer}?${typed}`)
    if (page === undefined) return this.say(this.dataset.offline)
    const answer = page?.querySelector("[data-part=answer][data-query]")
    if (!answer) return this.form.requestSubmit() // signed out, or the house has something to say
    const query = answer.dataset.query
    for (const name of ["answer", "more"])
      this.part(name).replaceChildren(...page.querySelector(`[data-part=${name}]`).childNodes)
    history.replaceState(null, "", query ? `${this.dataset.page}?${query}` : this.dataset.page)
    this.say(this.part("answer").innerText.replace(/\s+/g, " ").trim())
  }

  say(words) {
    clearTimeout(this.rest)
    this.rest = setTimeout(() => (this.part("said").textContent = words), REST)
  }
}

customElements.define("what-if", WhatIf)
