// How the text will look, drawn by the house with the readers' own template: beside the form on a wide screen, behind a
// tab on a narrow one. Every change is followed by the newest drawing only.
const IS_WIDE = matchMedia("(min-width: 75rem)")

export class Look {
  constructor(editor) {
    this.editor = editor
    this.section = editor.part("look")
    this.page = editor.part("drawn")
    this.writing = editor.part("write")
    this.bar = editor.part("tabs")
    this.tabs = [...this.bar.querySelectorAll("[role=tab]")]
    this.shown = this.page.childElementCount ? "look" : "write" // it was asked for before this script came
    this.page.addEventListener("click", (event) => event.target.closest("a") && event.preventDefault())
    for (const tab of this.tabs) tab.addEventListener("click", () => this.show(tab.dataset.tab))
    this.bar.addEventListener("keydown", (event) => this.move(event))
    editor.form.addEventListener("submit", (event) => this.isAskedFor(event), { capture: true })
    editor.addEventListener("editor:changed", () => this.follow())
    IS_WIDE.addEventListener("change", () => this.arrange())
    this.arrange()
  }

  get isSeen() {
    return IS_WIDE.matches || this.shown === "look"
  }

  arrange() {
    const isNarrow = !IS_WIDE.matches
    this.bar.hidden = !isNarrow
    this.editor.classList.toggle("editor--looks", isNarrow && this.shown === "look") // the buttons stay
    this.section.hidden = isNarrow && this.shown === "write"
    const names = isNarrow ? { write: "tab-write", look: "tab-look" } : { look: "look-title" }
    for (const [part, name] of [[this.writing, names.write], [this.section, names.look]]) {
      part.toggleAttribute("role", false)
      if (isNarrow) part.setAttribute("role", "tabpanel")
      if (name) part.setAttribute("aria-labelledby", name)
      else part.removeAttribute("aria-labelledby")
    }
    for (const tab of this.tabs) {
      const isCurrent = tab.dataset.tab === this.shown
      tab.setAttribute("aria-selected", String(isCurrent))
      tab.tabIndex = isCurrent ? 0 : -1
    }
    this.follow()
  }

  show(name) {
    this.shown = name
    this.arrange()
  }

  // «Förhandsgranska» needs no new page: it is drawn here.
  isAskedFor(event) {
    if (event.submitter?.name !== "preview") return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.show("look")
    this.section.scrollIntoView({ block: "start" })
  }

  // What is done to the text is done where it can be seen.
  write() {
    if (!IS_WIDE.matches && this.shown !== "write") this.show("write")
  }

  move(event) {
    if (!["ArrowRight", "ArrowLeft", "Home", "End"].includes(event.key)) return
    event.preventDefault()
    const other = this.tabs.find((tab) => tab !== document.activeElement)
    this.show(other.dataset.tab)
    other.focus()
  }

  // What is drawn already is not drawn again; while it is out of date the page says that it is busy.
  async follow() {
    this.waits = true
    if (this.asks || !this.isSeen) return
    this.asks = true
    this.page.setAttribute("aria-busy", "true")
    while (this.waits) {
      this.waits = false
      const sheet = this.editor.sheet()
      if (sheet.toString() === this.drawn) continue
      const answer = await drawnBy(this.editor.told.look, sheet)
      const part = answer?.querySelector("[data-part=drawn]")
      this.drawn = part ? sheet.toString() : null // no contact: the next change asks again
      if (part) this.page.replaceChildren(...part.childNodes)
    }
    this.page.removeAttribute("aria-busy")
    this.asks = false
  }
}

// A page as a document, read by the browser itself: no text becomes markup here. Nothing without contact.
export function drawnBy(address, sheet) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest()
    request.open("POST", address)
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
    request.responseType = "document"
    request.onload = () => resolve(request.status === 200 ? request.responseXML : null)
    request.onerror = () => resolve(null)
    request.send(sheet.toString())
  })
}
