// <news-editor>: around the form in which a post is written. Without this script the form is an ordinary form, the hint
// under «Text» says what to type, and «Förhandsgranska» shows how it will look.
//
//   event   editor:changed   bubbles; detail {headline, lead, body, language}; 600 ms after the last change, and once at the start
//   event   editor:tool      bubbles; detail {tool}: a button of the toolbar that is none of ours was pressed
//   event   editor:filled    bubbles; the fields were filled with a text that was kept
//   insertAtCursor(markdown)   puts it where the cursor stands in the text, or stood last; can be undone
//   select(start, end)         shows that part of the text, chosen, with the focus in it
//   isChanged()                tells that a field was changed by a script
import { Keeper } from "./editor-keep.js"
import { Look } from "./editor-look.js"
import { Others } from "./editor-others.js"
import { listenToPaste } from "./editor-paste.js"
import { Tools } from "./editor-tools.js"

const REST = 600 // ms without typing after which others hear of it

class NewsEditor extends HTMLElement {
  connectedCallback() {
    this.told = JSON.parse(this.part("told").textContent)
    this.words = this.told.words
    this.form = this.querySelector("form")
    this.area = this.form.elements.body
    this.tools = new Tools(this)
    this.look = new Look(this)
    this.others = new Others(this)
    this.keeper = new Keeper(this)
    listenToPaste(this)
    this.form.addEventListener("input", (event) => event.target.type !== "file" && this.isChanged())
    document.addEventListener("keydown", (event) => this.hear(event))
    queueMicrotask(() => this.tell())
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`)
  }

  get language() {
    return this.told.language
  }

  get texts() {
    const { headline, lead, body } = this.form.elements
    return { headline: headline.value, lead: lead.value, body: body.value, language: this.language }
  }

  // The form as it is sent beside its own way: with which text it is, and without files.
  sheet(more = {}) {
    const sheet = new URLSearchParams()
    for (const [name, value] of new FormData(this.form)) if (typeof value === "string") sheet.append(name, value)
    sheet.set("of_post", this.told.post)
    sheet.set("of_language", this.told.language)
    for (const [name, value] of Object.entries(more)) sheet.set(name, value)
    return sheet
  }

  isChanged() {
    this.keeper.isChanged()
    clearTimeout(this.rest)
    this.rest = setTimeout(() => this.tell(), REST)
  }

  tell() {
    this.dispatchEvent(new CustomEvent("editor:changed", { bubbles: true, detail: this.texts }))
  }

  hear(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey || event.key.toLowerCase() !== "s") return
    event.preventDefault()
    this.form.requestSubmit(this.form.querySelector("[type=submit]:not([name])"))
  }

  // A new token, when the page has been open so long that its own is too old.
  renew(token) {
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = token
  }

  insertAtCursor(markdown) {
    this.look.write()
    this.area.focus()
    this.tools.put(markdown)
  }

  select(start, end) {
    this.look.write()
    this.area.focus()
    this.area.setSelectionRange(start, end)
    const { height } = this.area.getBoundingClientRect()
    this.area.scrollTop = (start / Math.max(1, this.area.value.length)) * this.area.scrollHeight - height / 2
    this.area.scrollIntoView({ block: "center" })
  }
}

customElements.define("news-editor", NewsEditor)
