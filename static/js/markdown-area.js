// <markdown-area>: buttons over a text area that put Markdown around what is chosen.
// Without this script the text area inside is an ordinary text area, and the hint says what to type.
class MarkdownArea extends HTMLElement {
  connectedCallback() {
    this.area = this.querySelector("textarea")
    const tools = document.createElement("div")
    tools.className = "markdown-tools"
    tools.setAttribute("role", "group")
    tools.setAttribute("aria-label", this.dataset.label)
    tools.append(
      this.tool(this.dataset.heading, () => this.begin("## ")),
      this.tool(this.dataset.bold, () => this.wrap("**", "**")),
      this.tool(this.dataset.list, () => this.begin("- ")),
      this.tool(this.dataset.quote, () => this.begin("> ")),
      this.tool(this.dataset.link, () => this.wrap("[", "](https://)", this.dataset.linkText)),
    )
    this.area.before(tools)
  }

  tool(label, act) {
    const button = document.createElement("button")
    button.type = "button"
    button.textContent = label
    button.addEventListener("click", () => {
      act()
      this.area.focus()
    })
    return button
  }

  wrap(before, after, otherwise = "") {
    const { selectionStart: start, selectionEnd: end, value } = this.area
    const chosen = value.slice(start, end) || otherwise
    this.area.setRangeText(before + chosen + after, start, end, "end")
    this.area.setSelectionRange(start + before.length, start + before.length + chosen.length)
  }

  begin(sign) {
    const { selectionStart: start, selectionEnd: end, value } = this.area
    const first = value.lastIndexOf("\n", start - 1) + 1
    const lines = value.slice(first, end).split("\n")
    this.area.setRangeText(lines.map((line) => sign + line).join("\n"), first, end, "end")
  }
}

customElements.define("markdown-area", MarkdownArea)
