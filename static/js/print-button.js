// static/js/print-button.js
// <print-button><button type="button" class="button button--line" hidden>Skriv ut</button></print-button>
// Without this script the button stays hidden; the browser's own menu prints the same page.

class PrintButton extends HTMLElement {
  connectedCallback() {
    const button = this.querySelector("button")
    button.hidden = false
    button.addEventListener("click", () => window.print())
  }
}

customElements.define("print-button", PrintButton)
