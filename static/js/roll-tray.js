// What the server refused: each with its reason, to be copied as text, until the leader says that it is dealt with.
import { clockTime, fill } from "./roll-names.js"

export class RefusedTray {
  #tray
  #words
  #queue
  #nameOf
  #drawn = ""

  // `nameOf`: the name of a singer's id, or nothing.
  constructor(tray, words, queue, nameOf) {
    this.#tray = tray
    this.#words = words
    this.#queue = queue
    this.#nameOf = nameOf
    this.#part("refused-copy").addEventListener("click", () => this.#copy())
    this.#part("refused-done").addEventListener("click", () => this.#done())
    queue.addEventListener("changed", () => this.paint())
    this.paint()
  }

  #part(name) {
    return this.#tray.querySelector(`[data-part="${name}"]`)
  }

  get #lines() {
    return [...this.#queue.refused.values()].map(({ act, reason }) => `${this.tell(act)} ${reason}`)
  }

  // An act in words: «16 juni 18.04. Hodan: här.»
  tell(act) {
    const at = new Date(act.at)
    const day = at.toLocaleDateString("sv-SE", { day: "numeric", month: "long", timeZone: "Europe/Stockholm" })
    const name = act.name ?? this.#nameOf(act.singer_id) ?? this.#words.somebody
    const said = fill(this.#words[`told_${act.kind === "mark" ? act.status : act.kind}`], { name, count: act.number, words: act.words ?? "" })
    return `${day} ${clockTime(at)}. ${said}`
  }

  paint() {
    const lines = this.#lines
    this.#tray.hidden = !lines.length
    if (this.#drawn === lines.join("\n")) return
    this.#drawn = lines.join("\n")
    const items = lines.map((line) => {
      const item = document.createElement("li")
      item.textContent = line
      return item
    })
    this.#part("refused-list").replaceChildren(...items)
  }

  async #copy() {
    const text = this.#lines.join("\n")
    const isCopied = await copied(text)
    this.#part("refused-copied").textContent = isCopied ? this.#words.copied : ""
    const field = this.#part("refused-text")
    field.hidden = isCopied
    if (isCopied) return
    field.value = text // a browser that does not copy for us: the text to mark and copy by hand
    field.focus()
    field.select()
  }

  async #done() {
    await this.#queue.dismiss([...this.#queue.refused.keys()])
    this.paint()
  }
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
