// <editor-coach>: what is hard to read in the text, asked of the server whenever the text rests; a tap leads to the place.
// Without this script the remarks are those of the text as it was drawn: saved, or looked at with «Förhandsgranska».
import { drawnBy } from "./editor-look.js"

class EditorCoach extends HTMLElement {
  connectedCallback() {
    this.editor = this.closest("news-editor")
    this.form = this.closest("form")
    this.remarks = this.querySelector("[data-part=remarks]")
    this.short = this.querySelector("[data-part=short]")
    this.editor.addEventListener("editor:changed", (event) => this.ask(event.detail))
    this.addEventListener("click", (event) => this.press(event.target.closest("[data-do]")))
    this.wake()
    customElements.whenDefined("news-editor").then(() => this.goWhereAsked())
  }

  // Show what only works with this script, and say beside the summary how much there is.
  wake() {
    for (const hidden of this.querySelectorAll("[data-start][hidden], [data-figure][hidden]")) hidden.hidden = false
    const told = this.remarks.querySelectorAll("[data-start]").length
    this.short.textContent = told ? `(${told})` : ""
  }

  // The browser reads the answer as a document itself: no text becomes markup here.
  ask({ headline, lead, body, language }) {
    const asked = new URLSearchParams({ headline, lead, body, language })
    if (asked.toString() === this.asked) return
    this.asked = asked.toString()
    this.asking?.abort()
    asked.set("csrf_token", this.form.elements.csrf_token.value)
    this.asking = new XMLHttpRequest()
    this.asking.open("POST", this.dataset.url)
    this.asking.responseType = "document"
    this.asking.onload = ({ target }) => this.show(target.responseXML)
    this.asking.onerror = () => this.show(null)
    this.remarks.setAttribute("aria-busy", "true")
    this.asking.send(asked)
  }

  // Draw the remarks anew, and keep the focus where it was in the list.
  show(answer) {
    this.remarks.removeAttribute("aria-busy")
    const page = answer?.querySelector("[data-part=page]")
    if (!page) return (this.asked = null) // no contact: the next change asks again
    const buttons = () => [...this.remarks.querySelectorAll("button")]
    const place = buttons().indexOf(document.activeElement)
    this.remarks.replaceChildren(...page.children)
    this.wake()
    if (place < 0) return
    const now = buttons()
    ;(now[Math.min(place, now.length - 1)] ?? this.querySelector("summary")).focus()
  }

  press(button) {
    if (!button) return
    if (button.dataset.do === "figure") {
      this.editor.insertAtCursor(button.parentElement.dataset.figure)
      return
    }
    const line = button.parentElement.dataset
    const field = this.form.elements[line.partOf]
    const at = this.placeOf(field.value, line)
    if (!at) return
    if (button.dataset.do === "show") this.select(field, ...at)
    if (button.dataset.do === "explain") this.put(field, at[1], at[1], ` (${button.dataset.plainly})`)
    if (button.dataset.do === "replace") this.put(field, ...at, button.dataset.plainly)
  }

  // Where the words stand now: where they stood, or the nearest place if the text has moved since.
  placeOf(text, { start, end, words }) {
    const [from, to] = [Number(start), Number(end)]
    if (!words || text.slice(from, to) === words) return [from, Math.min(to, text.length)]
    const before = text.lastIndexOf(words, from)
    const after = text.indexOf(words, from)
    const found = after >= 0 && (before < 0 || after - from <= from - before) ? after : before
    return found < 0 ? null : [found, found + words.length]
  }

  select(field, start, end) {
    if (field.name === "body") return this.editor.select(start, end)
    field.focus()
    field.setSelectionRange(start, end)
    field.scrollIntoView({ block: "center" })
  }

  put(field, start, end, words) {
    this.select(field, start, end)
    if (field.name === "body") this.editor.insertAtCursor(words)
    else document.execCommand("insertText", false, words) // so that it can be undone
  }

  // ?plats=body-120-140 leads to a place of the text, as the list of what is left before publishing does.
  goWhereAsked() {
    const [part, start, end] = (new URLSearchParams(location.search).get("plats") ?? "").split("-")
    const field = ["headline", "lead", "body"].includes(part) ? this.form.elements[part] : null
    if (field) this.select(field, Number(start) || 0, Number(end) || 0)
  }
}

customElements.define("editor-coach", EditorCoach)
