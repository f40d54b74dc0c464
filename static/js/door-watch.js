// static/js/door-watch.js
// <door-watch data-source="/har/lage"><a href="/har">Se efter om du är med</a></door-watch>
// Looks now and then whether the leader has answered, and draws the page anew when it has happened. Without this script
// the link does the same.

const LOOKS_EVERY = 5000
const GIVES_UP_AFTER = 360 // looks: half an hour

class DoorWatch extends HTMLElement {
  #looks = 0

  connectedCallback() {
    this.#wait()
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.#look())
  }

  #wait() {
    clearTimeout(this.timer)
    if (this.#looks < GIVES_UP_AFTER) this.timer = setTimeout(() => this.#look(), LOOKS_EVERY)
  }

  async #look() {
    if (document.visibilityState !== "visible") return
    this.#looks += 1
    try {
      const answer = await fetch(this.dataset.source, { cache: "no-store" })
      if ((await answer.json()).is_answered) return location.reload()
    } catch {
      // no contact at the moment: look again
    }
    this.#wait()
  }
}

customElements.define("door-watch", DoorWatch)
