// static/js/check-in-wall.js
// <check-in-wall data-source="…/kod" data-seconds="42"> with an SVG whose path is the code, and [data-part="code"] with the same to type.
// Fetches each minute's code when the minute begins, without a blink, and says so when it cannot. Keeps the screen awake.

const PATIENCE = 8000
const AGAIN_AFTER = 5

class CheckInWall extends HTMLElement {
  connectedCallback() {
    this.svg = this.querySelector("svg")
    this.wait(Number(this.dataset.seconds) + 0.5)
    this.stayAwake()
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState !== "visible") return
      this.stayAwake()
      this.look()
    })
  }

  wait(seconds) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.look(), seconds * 1000)
  }

  async look() {
    try {
      const answer = await fetch(this.dataset.source, { signal: AbortSignal.timeout(PATIENCE), cache: "no-store" })
      if (answer.redirected || answer.status === 410) return location.reload()
      if (!answer.ok) throw new Error(answer.status)
      this.show(await answer.json())
    } catch {
      this.part("old").hidden = false
      this.classList.add("is-old")
      this.wait(AGAIN_AFTER)
    }
  }

  show({ code, size, path, seconds }) {
    this.svg.setAttribute("viewBox", `0 0 ${size} ${size}`)
    this.svg.querySelector("path").setAttribute("d", path)
    this.part("code").textContent = code
    this.part("old").hidden = true
    this.classList.remove("is-old")
    this.wait(seconds + 0.5)
  }

  async stayAwake() {
    try {
      await navigator.wakeLock?.request("screen")
    } catch {
      // the battery is low, or the browser says no: the screen may go dark, the code is still right
    }
  }

  part(name) {
    return this.querySelector(`[data-part="${name}"]`)
  }
}

customElements.define("check-in-wall", CheckInWall)
