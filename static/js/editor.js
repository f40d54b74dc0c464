// <news-editor>: around the form in which a post is written. Without this script the form is an ordinary form, the hint
// under «Text» says what to type, and «Förhandsgranska» shows how it will look.
//
//   event   editor:changed   bubbles; detail {headline, lead, body, language}; 600 ms after the last change, and once at the start
//   event   editor:tool      bubbles; detail {tool}: a button of the toolbar that is none of ours was pressed
//   insertAtCursor(markdown)   puts it where the cursor stands in the text, or stood last; can be undone
//   select(start, end)         shows that part of the text, chosen, with the focus in it
import { Tools } from "./editor-tools.js"

const REST = 600 // ms without typing after which others hear of it

class NewsEditor extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form")
    this.area = this.form.elements.body
    this.tools = new Tools(this)
    this.form.addEventListener("input", (event) => event.target.type !== "file" && this.isChanged())
    queueMicrotask(() => this.tell())
  }

  get language() {
    return this.dataset.language
  }

  get texts() {
    const { headline, lead, body } = this.form.elements
    return { headline: headline.value, lead: lead.value, body: body.value, language: this.language }
  }

  isChanged() {
    clearTimeout(this.rest)
    this.rest = setTimeout(() => this.tell(), REST)
  }

  tell() {
    this.dispatchEvent(new CustomEvent("editor:changed", { bubbles: true, detail: this.texts }))
  }

  insertAtCursor(markdown) {
    this.area.focus()
    this.tools.put(markdown)
  }

  select(start, end) {
    this.area.focus()
    this.area.setSelectionRange(start, end)
    const { height } = this.area.getBoundingClientRect()
    this.area.scrollTop = (start / Math.max(1, this.area.value.length)) * this.area.scrollHeight - height / 2
    this.area.scrollIntoView({ block: "center" })
  }
}

customElements.define("news-editor", NewsEditor)
