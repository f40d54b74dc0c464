// <takes-day>: what it takes follows the day on the slider, without loading the page anew.
// Without this script the form is sent by its button. The address always says what is asked, so it can be passed on.
import { fetched, newestOnly } from "./fetched.js"

const REST = 600 // ms until the answer is read out
const A_DAY = 86_400_000

class TakesDay extends HTMLElement {
  follow = newestOnly(() => this.ask())

  connectedCallback() {
    this.form = this.querySelector("form")
    this.slider = this.querySelector(".slider")
    this.day = this.form.elements.till
    this.first = Date.parse(this.slider.dataset.first)
    this.slider.hidden = false
    this.slider.addEventListener("input", () => {
      this.day.value = new Date(this.first + this.slider.value * A_DAY).toISOString().slice(0, 10)
      this.name()
      this.follow()
    })
    this.form.addEventListener("change", (event) => {
      if (event.target === this.slider || !this.form.elements.till.value) return
      this.slider.value = Math.round((Date.parse(this.day.value) - this.first) / A_DAY)
      this.name()
      this.follow()
    })
    this.name()
  }

  name() {
    const day = new Date(this.first + this.slider.value * A_DAY)
    const words = day.toLocaleDateString(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" })
    this.slider.setAttribute("aria-valuetext", words)
  }

  async ask() {
    const typed = new URLSearchParams([...new FormData(this.form)].filter(([, value]) => value !== ""))
    const address = `${this.form.getAttribute("action")}?${typed}`
    const page = await fetched(address)
    if (page === undefined) return this.say(this.dataset.offline)
    if (!page?.querySelector("[data-part=answer]")) return this.form.requestSubmit() // signed out, or a word from the house
    for (const part of ["h1", "[data-part=lead]", "[data-part=answer]", "[data-part=picks]"])
      document.querySelector(part).replaceChildren(...page.querySelector(part).childNodes)
    document.title = page.title
    history.replaceState(null, "", address)
    this.say(document.querySelector("h1").textContent.trim())
  }

  say(words) {
    clearTimeout(this.rest)
    this.rest = setTimeout(() => (this.querySelector("[data-part=said]").textContent = words), REST)
  }
}

customElements.define("takes-day", TakesDay)
