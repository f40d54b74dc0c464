// static/js/read-aloud.js
// <read-aloud hidden data-listen="Lyssna, {} min" data-pause="Pausa" data-go-on="Fortsätt">
//   <button type="button" class="button button--line"></button> <button type="button" class="button button--quiet" hidden>Sluta</button>
// </read-aloud>
// Reads the article aloud with a voice that the device itself has, so that no text leaves it, and marks what is read.
// Without such a voice for the language of the article, or without this script, nothing is offered.

const BLOCKS = "p, h2, h3, h4, h5, h6, li, td, th, figcaption"
const WORDS_A_MINUTE = 150
const SPOKEN_AS = { prs: "fa", ckb: "ku", kmr: "ku" }

class ReadAloud extends HTMLElement {
  connectedCallback() {
    this.article = document.querySelector("article[lang]")
    if (!this.article || !("speechSynthesis" in window)) return
    this.turn = 0
    this.at = 0
    ;[this.main, this.stop] = this.querySelectorAll("button")
    this.main.addEventListener("click", () => (this.isReading ? this.pause() : this.read(this.at)))
    this.stop.addEventListener("click", () => this.end())
    window.addEventListener("pagehide", () => this.end())
    speechSynthesis.addEventListener("voiceschanged", () => this.offer())
    this.offer()
  }

  offer() {
    this.voice = voiceFor(this.article.lang)
    this.hidden = !this.voice
    if (!this.isReading && this.at === 0) this.main.textContent = this.dataset.listen.replace("{}", minutes(this.blocks()))
  }

  // The heading and every paragraph, point and cell, as they stand at this moment; of one within another only once.
  blocks() {
    const heading = document.querySelector("h1")
    return [heading, ...this.article.querySelectorAll(BLOCKS)].filter((block) => block && ownWords(block))
  }

  read(number) {
    const blocks = this.blocks()
    const turn = ++this.turn
    speechSynthesis.cancel()
    if (number >= blocks.length) return this.end()
    this.mark(blocks[number])
    this.at = number
    this.isReading = true
    this.main.textContent = this.dataset.pause
    this.stop.hidden = false
    this.said = new SpeechSynthesisUtterance(ownWords(blocks[number])) // kept, or some browsers forget it half way
    this.said.voice = this.voice
    this.said.lang = this.voice.lang
    this.said.addEventListener("end", () => turn === this.turn && this.read(number + 1))
    this.said.addEventListener("error", () => turn === this.turn && this.end())
    speechSynthesis.speak(this.said)
  }

  // A pause begins the paragraph again: not every browser can go on in the middle of one.
  pause() {
    this.turn += 1
    this.isReading = false
    speechSynthesis.cancel()
    this.main.textContent = this.dataset.goOn
  }

  end() {
    if (this.stop.contains(document.activeElement)) this.main.focus()
    this.pause()
    this.at = 0
    this.mark(null)
    this.stop.hidden = true
    this.offer()
  }

  mark(block) {
    const before = this.marked
    before?.removeAttribute("aria-current")
    this.marked = block
    block?.setAttribute("aria-current", "true")
    if (block && (!before || isInSight(before))) block.scrollIntoView({ block: "nearest" })
  }
}

function voiceFor(language) {
  const wanted = SPOKEN_AS[primary(language)] ?? primary(language)
  const able = speechSynthesis.getVoices().filter((voice) => voice.localService && primary(voice.lang) === wanted)
  return able.find((voice) => voice.default) ?? able[0]
}

const primary = (code) => code.toLowerCase().split(/[-_]/)[0]

function ownWords(block) {
  const copy = block.cloneNode(true)
  for (const inner of copy.querySelectorAll(BLOCKS)) inner.remove()
  return copy.textContent.replace(/\s+/g, " ").trim()
}

function minutes(blocks) {
  const words = blocks.reduce((sum, block) => sum + ownWords(block).split(" ").length, 0)
  return Math.max(1, Math.round(words / WORDS_A_MINUTE))
}

function isInSight(block) {
  const { top, bottom } = block.getBoundingClientRect()
  return bottom > 0 && top < window.innerHeight
}

customElements.define("read-aloud", ReadAloud)
