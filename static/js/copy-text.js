// static/js/copy-text.js
// <copy-text data-done="Kopierat"><span>2026-09-08</span><button type="button" hidden>Kopiera</button></copy-text>
// Without this script the button stays hidden and the text can be marked and copied by hand.

class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button")
    if (!navigator.clipboard) return
    button.hidden = false
    button.addEventListener("click", () => this.copy(button))
  }

  async copy(button) {
    await navigator.clipboard.writeText(this.querySelector("span").textContent)
    const said = button.firstChild
    this.label ??= said.textContent
    said.textContent = this.dataset.done
    setTimeout(() => (said.textContent = this.label), 2_000)
  }
}

customElements.define("copy-text", CopyText)
