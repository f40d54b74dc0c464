// <signed-out>: how much of somebody's work lies sealed in the phone and waits for contact.
import { carry, sealedCount } from "./seal.js"

class SignedOut extends HTMLElement {
  async connectedCallback() {
    this.words = JSON.parse(this.querySelector('[data-part="words"]').textContent)
    await this.paint()
    await carry().catch(() => {}) // no contact: the worker brings them later
    await this.paint()
  }

  async paint() {
    const count = await sealedCount()
    const line = this.querySelector('[data-part="sealed"]')
    line.hidden = !count
    if (count) line.textContent = this.words[count === 1 ? "oneSealed" : "manySealed"].replace("{count}", count)
  }
}

customElements.define("signed-out", SignedOut)
