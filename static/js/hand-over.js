// <hand-over>: shows what waits in this phone, sealed, as QR codes and as a text that another phone takes in.
// Nothing is taken away here: what comes twice has the effect of once.
import { holder } from "./phone.js"
import { matrixOf, pathOf } from "./qr.js"
import * as store from "./roll-store.js"
import { asText, sealed } from "./seal.js"

const IN_A_CODE = [4, 2, 1] // acts: as many as fit
const LARGEST_CODE = 1_300 // bytes: cameras of old phones do not read larger ones

class HandOver extends HTMLElement {
  connectedCallback() {
    this.words = JSON.parse(this.part("words").textContent)
    this.shown = 0
    this.part("next").addEventListener("click", () => this.showCode(this.shown + 1))
    this.part("copy").addEventListener("click", () => this.copy())
    this.part("share").addEventListener("click", () => navigator.share({ text: this.text }).catch(() => {}))
    document.addEventListener("phone-kept", () => this.gather(), { once: true })
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`)
  }

  fill(word, values) {
    return this.words[word].replace(/\{(\w+)\}/g, (_all, name) => values[name])
  }

  async gather() {
    const acts = holder() ? (await store.actsOf(holder())).filter((record) => record.state !== "refused") : []
    const kept = await store.sealedOnes()
    const count = acts.length + kept.reduce((sum, record) => sum + record.count, 0)
    if (!count) return
    const records = await this.sealed(acts.map(({ act }) => act))
    if (!records) return this.say("cannotSeal", acts.length)
    this.say(count === 1 ? "one" : "many", count)
    this.show([...kept, ...records].map((record) => asText(record.envelope)))
  }

  // So many acts to an envelope that every one fits in a code, if that can be.
  async sealed(acts) {
    let records = []
    for (const size of acts.length ? IN_A_CODE : []) {
      records = await sealed(acts, size)
      if (!records || records.every((record) => this.codeOf(asText(record.envelope)).length <= LARGEST_CODE)) break
    }
    return records
  }

  codeOf(line) {
    return `${new URL(this.dataset.takeIn, location.href).href}#${line}`
  }

  say(word, count) {
    this.part("count").textContent = this.fill(word, { count })
  }

  show(lines) {
    this.text = lines.join("\n")
    this.querySelector("textarea").value = this.text
    this.part("as-text").hidden = this.part("after").hidden = false
    this.part("share").hidden = !navigator.share
    this.codes = lines.map((line) => this.codeOf(line)).filter((code) => code.length <= LARGEST_CODE)
    this.part("codes").hidden = !this.codes.length
    this.part("not-all").hidden = this.codes.length === lines.length
    if (this.codes.length) this.showCode(0)
  }

  showCode(number) {
    this.shown = number % this.codes.length
    const { size, path } = pathOf(matrixOf(this.codes[this.shown]))
    this.part("code").setAttribute("viewBox", `0 0 ${size} ${size}`)
    this.part("code").querySelector("path").setAttribute("d", path)
    this.part("number").textContent = this.fill("number", { number: this.shown + 1, total: this.codes.length })
    this.part("next").hidden = this.codes.length < 2
  }

  async copy() {
    const field = this.querySelector("textarea")
    const button = this.part("copy")
    try {
      await navigator.clipboard.writeText(this.text)
    } catch {
      field.select() // the browser's own menu copies it
      return
    }
    button.textContent = this.words.copied
  }
}

customElements.define("hand-over", HandOver)
