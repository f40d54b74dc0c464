// What rises from below: somebody new, the number of guests, and why a list that was handed in is changed.
import { fill } from "./roll-names.js"

function rises(dialog) {
  dialog.querySelector('[data-part="cancel"]').addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close())
  return dialog
}

export class NewcomerSheet {
  #dialog
  #form
  #words
  #board
  #welcome
  #isTheSame
  #namesake = null

  // `welcome(told)`: somebody new; `isTheSame(singer)`: it was somebody of the list after all.
  constructor(dialog, words, board, welcome, isTheSame) {
    this.#dialog = rises(dialog)
    this.#form = dialog.querySelector("form")
    this.#words = words
    this.#board = board
    this.#welcome = welcome
    this.#isTheSame = isTheSame
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault()
      this.#send(false)
    })
    this.#part("another-person").addEventListener("click", () => this.#send(true))
    this.#part("same-person").addEventListener("click", () => this.#same())
    this.#form.elements.name.addEventListener("input", () => this.#showError(false))
  }

  #part(name) {
    return this.#dialog.querySelector(`[data-part="${name}"]`)
  }

  // A telephone number is never kept on the phone, so it is asked for only while there is contact.
  open(hasContact) {
    this.#form.reset()
    this.#showError(false)
    this.#part("phone-field").hidden = !hasContact
    this.#listBuddies()
    this.#dialog.showModal()
    this.#form.elements.name.focus()
  }

  // The voices of a roll that the server did not draw.
  listVoices(voices, copyOfPick) {
    const field = this.#part("voice-field")
    if (field.dataset.isDrawn !== undefined || !voices.length) return
    field.dataset.isDrawn = ""
    field.hidden = false
    field.querySelector(".picks").append(...voices.map(copyOfPick))
  }

  #listBuddies() {
    const list = this.#form.elements.buddy
    const names = [...this.#board.singers.values()].map(({ id, name }) => new Option(name, id))
    list.replaceChildren(list.options[0], ...names.sort((one, other) => one.text.localeCompare(other.text, "sv")))
  }

  #showError(isShown) {
    const field = this.#form.elements.name
    this.#part("name-error").hidden = !isShown
    this.#part("name-field").classList.toggle("field--wrong", isShown)
    isShown ? field.setAttribute("aria-invalid", "true") : field.removeAttribute("aria-invalid")
    isShown ? field.setAttribute("aria-describedby", "first-name-error") : field.removeAttribute("aria-describedby")
    this.#part("same").hidden = true
    this.#namesake = null
  }

  #send(isAnother) {
    const { name, voice, phone, reads, may_write, buddy } = this.#form.elements
    const first = name.value.trim().replace(/\s+/g, " ")
    if (!first) {
      this.#showError(true)
      return name.focus()
    }
    if (!isAnother && this.#askIfSame(first)) return
    this.#dialog.close()
    this.#welcome({
      name: first,
      voice_id: voice?.value || null,
      phone: phone.value.trim() || null,
      reads: reads.value || null,
      may_write: may_write.checked || null,
      buddy_id: buddy.value || null,
    })
  }

  #askIfSame(name) {
    this.#namesake = this.#board.namesake(name)
    if (!this.#namesake) return false
    const { voice, first_name } = this.#namesake
    const inVoice = voice ? this.#board.groups.get(voice).name : ""
    this.#part("same-text").textContent = fill(this.#words[inVoice ? "sameIn" : "same"], { name: first_name, voice: inVoice })
    this.#part("same").hidden = false
    this.#part("same-person").focus()
    return true
  }

  #same() {
    const singer = this.#namesake
    this.#dialog.close()
    this.#isTheSame(singer)
  }
}

export class GuestsSheet {
  #dialog

  constructor(dialog, setGuests) {
    this.#dialog = rises(dialog)
    dialog.querySelector("form").addEventListener("submit", (event) => {
      const typed = event.target.elements.number.value.trim()
      if (/^\d{0,4}$/.test(typed)) setGuests(Number(typed))
    })
  }

  open(number) {
    const field = this.#dialog.querySelector("input")
    field.value = number || ""
    this.#dialog.showModal()
    field.focus()
  }
}

export class WhySheet {
  #dialog

  constructor(dialog, unlock) {
    this.#dialog = rises(dialog)
    const form = dialog.querySelector("form")
    const error = dialog.querySelector('[data-part="why-error"]')
    form.addEventListener("submit", (event) => {
      const why = form.elements.why.value.trim()
      error.hidden = Boolean(why)
      form.elements.why.toggleAttribute("aria-invalid", !why)
      if (why) return unlock(why)
      event.preventDefault()
      form.elements.why.focus()
    })
  }

  open() {
    this.#dialog.showModal()
    this.#dialog.querySelector("input").focus()
  }
}
