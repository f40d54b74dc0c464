// The toolbar over the text: what its buttons and their shortcuts do to Markdown. All of it goes the browser's own way
// of typing, so its own undo takes it back.
const IS_MAC = /Mac|iP(hone|ad|od)/.test(navigator.platform)
const SIGNS = { heading: "## ", list: "- ", quote: "> " }
const STARTS = /^(?:#{1,6} |[-*+] |\d+[.)] |> )/

export class Tools {
  constructor(editor) {
    this.editor = editor
    this.area = editor.area
    this.bar = editor.part("tools")
    this.words = editor.words
    this.area.before(this.bar) // on its upper edge
    this.bar.hidden = false
    this.buttons = [...this.bar.querySelectorAll("button")]
    for (const button of this.buttons) this.dress(button)
    this.rove(this.buttons[0])
    this.bar.addEventListener("click", (event) => this.press(event.target.closest("button")))
    this.bar.addEventListener("mousedown", (event) => event.preventDefault()) // the text keeps what is chosen
    this.bar.addEventListener("keydown", (event) => this.move(event))
    this.area.addEventListener("keydown", (event) => this.hear(event))
  }

  dress(button) {
    const { keys } = button.dataset
    if (!keys) return
    const parts = keys.split("+")
    const spoken = parts.map((part) => part[0].toUpperCase() + part.slice(1))
    button.setAttribute("aria-keyshortcuts", [IS_MAC ? "Meta" : "Control", ...spoken].join("+"))
    const told = IS_MAC
      ? "⌘" + parts.map((part) => ({ alt: "⌥", shift: "⇧" })[part] ?? part.toUpperCase()).join("")
      : ["Ctrl", ...spoken].join("+")
    button.dataset.tip += ` (${told})`
  }

  // One stop for the Tab key; the arrows go on from there.
  rove(current) {
    for (const button of this.buttons) button.tabIndex = button === current ? 0 : -1
  }

  move(event) {
    const at = this.buttons.indexOf(document.activeElement)
    const step = getComputedStyle(this.bar).direction === "rtl" ? -1 : 1
    const count = this.buttons.length
    const to = { ArrowRight: at + step, ArrowLeft: at - step, Home: 0, End: count - 1 }[event.key]
    if (event.key === "Escape") return this.area.focus()
    if (to === undefined || at < 0) return
    event.preventDefault()
    const next = this.buttons[(to + count) % count]
    this.rove(next)
    next.focus()
  }

  hear(event) {
    if (!(IS_MAC ? event.metaKey : event.ctrlKey)) return
    const key = /^(Digit|Key)(.)$/.exec(event.code)?.[2].toLowerCase()
    const pressed = [event.altKey && "alt", event.shiftKey && "shift"].filter(Boolean)
    const names = [event.key.toLowerCase(), key].map((one) => [...pressed, one].join("+"))
    const button = this.buttons.find(({ dataset }) => names.includes(dataset.keys))
    if (!button) return
    event.preventDefault()
    this.press(button)
  }

  press(button) {
    if (!button) return
    this.rove(button)
    const { tool } = button.dataset
    if (!(tool in TOOLS)) {
      this.editor.dispatchEvent(new CustomEvent("editor:tool", { bubbles: true, detail: { tool } }))
      return
    }
    this.area.focus()
    TOOLS[tool](this)
  }

  // Types a text in place of what is chosen. The browser's own command keeps undo whole where there is one.
  put(text) {
    const { area } = this
    const before = area.value
    const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete")
    if (done && (area.value !== before || !text)) return
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end")
    area.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }))
  }

  // Puts signs around what is chosen, or takes them away when they are there.
  wrap(before, after, otherwise) {
    const { selectionStart: start, selectionEnd: end, value } = this.area
    const chosen = value.slice(start, end)
    const isInside = value.slice(start - before.length, start) === before && value.startsWith(after, end)
    if (chosen && isInside) {
      this.area.setSelectionRange(start - before.length, end + after.length)
      this.put(chosen)
      return this.area.setSelectionRange(start - before.length, end - before.length)
    }
    const inner = chosen || otherwise
    this.put(before + inner + after)
    this.area.setSelectionRange(start + before.length, start + before.length + inner.length)
  }

  // Gives every chosen line a sign at its beginning, in place of another one; the same sign again takes it away.
  begin(sign) {
    const { selectionStart: start, selectionEnd: end, value } = this.area
    const first = value.lastIndexOf("\n", start - 1) + 1
    const rest = value.indexOf("\n", Math.max(first, end - (end > start && value[end - 1] === "\n" ? 1 : 0)))
    const last = rest < 0 ? value.length : rest
    const lines = value.slice(first, last).split("\n")
    const made = lines.map((line, place) => {
      const wanted = typeof sign === "function" ? sign(place) : sign
      const bare = line.replace(STARTS, "")
      return line === wanted + bare && line !== bare ? bare : wanted + bare
    })
    const text = made.join("\n")
    this.area.setSelectionRange(first, last)
    this.put(text)
    if (start === end) this.area.setSelectionRange(first + text.length, first + text.length)
    else this.area.setSelectionRange(first, first + text.length)
  }
}

const TOOLS = {
  heading: (tools) => tools.begin(SIGNS.heading),
  bold: (tools) => tools.wrap("**", "**", tools.words.word),
  italic: (tools) => tools.wrap("*", "*", tools.words.word),
  list: (tools) => tools.begin(SIGNS.list),
  numbers: (tools) => tools.begin((place) => `${place + 1}. `),
  quote: (tools) => tools.begin(SIGNS.quote),
  link: (tools) => {
    const { selectionStart: start, selectionEnd: end, value } = tools.area
    const chosen = value.slice(start, end)
    const isAddress = /^(https?:\/\/|www\.)\S+$/i.test(chosen)
    const text = isAddress || !chosen ? tools.words.linkText : chosen
    const address = isAddress ? chosen.replace(/^www\./i, "https://www.") : "https://"
    tools.put(`[${text}](${address})`)
    if (isAddress) tools.area.setSelectionRange(start + 1, start + 1 + text.length)
    else tools.area.setSelectionRange(start + text.length + 3, start + text.length + 3 + address.length)
  },
}
