// static/js/copy-text.js
// <copy-text><code data-part="text">https://…</code><button data-part="copy" data-done="Kopierad" hidden>Kopiera</button></copy-text>
// Copies the text of its part. Without this script, or where the browser forbids it, the text can be marked and copied by hand.

class CopyText extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("[data-part=copy]")
    if (!navigator.clipboard) return
    button.hidden = false
    button.addEventListener("click", () => this.copy(button))
  }

  async copy(button) {
    const text = this.querySelector("[data-part=text]")
    try {
      await navigator.clipboard.writeText(text.textContent.trim())
    } catch {
      getSelection().selectAllChildren(text)
      return
    }
    const before = button.textContent
    button.textContent = button.dataset.done
    setTimeout(() => (button.textContent = before), 2000)
  }
}

customElements.define("copy-text", CopyText)
