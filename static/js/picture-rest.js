// <picture-rest>: a point over a picture, where the eye shall rest: put there by a tap, a drag or the arrow keys, and
// written into the two fields below. Without this script the fields are ordinary fields.
const STEP = 1 // per cent; with Shift ten times as much

class PictureRest extends HTMLElement {
  connectedCallback() {
    this.around = this.querySelector('[data-part="picture"]')
    this.fields = { across: this.querySelector("[name=across]"), down: this.querySelector("[name=down]") }
    this.point = document.createElement("button")
    this.point.type = "button"
    this.point.className = "rest__point"
    this.point.setAttribute("aria-label", this.dataset.name)
    this.around.append(this.point)
    this.around.addEventListener("pointerdown", (event) => this.take(event))
    this.around.addEventListener("pointermove", (event) => event.buttons && this.held && this.follow(event))
    this.around.addEventListener("pointerup", () => (this.held = false))
    this.around.addEventListener("dragstart", (event) => event.preventDefault())
    this.point.addEventListener("keydown", (event) => this.press(event))
    for (const field of Object.values(this.fields)) field.addEventListener("input", () => this.show())
    this.show()
  }

  value(name) {
    const number = Number.parseInt(this.fields[name].value, 10)
    return Number.isNaN(number) ? 50 : Math.min(100, Math.max(0, number))
  }

  show() {
    const [across, down] = [this.value("across"), this.value("down")]
    this.point.style.left = `${across}%`
    this.point.style.top = `${down}%`
    const said = this.dataset.said.replace("{across}", across).replace("{down}", down)
    this.point.setAttribute("aria-description", said)
  }

  put(across, down) {
    this.fields.across.value = Math.round(Math.min(100, Math.max(0, across)))
    this.fields.down.value = Math.round(Math.min(100, Math.max(0, down)))
    this.show()
  }

  take(event) {
    event.preventDefault()
    this.held = true
    this.around.setPointerCapture(event.pointerId)
    this.follow(event)
    this.point.focus()
  }

  follow(event) {
    const { left, top, width, height } = this.around.getBoundingClientRect()
    this.put(((event.clientX - left) / width) * 100, ((event.clientY - top) / height) * 100)
  }

  press(event) {
    const [x, y] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? []
    if (x === undefined) return
    event.preventDefault()
    const step = STEP * (event.shiftKey ? 10 : 1)
    this.put(this.value("across") + x * step, this.value("down") + y * step)
  }
}

customElements.define("picture-rest", PictureRest)
