// <editor-picture>: sends a picture as soon as it is chosen, dragged or pasted, shows how far it has come, and says beside
// the field when it is no picture. The one above the text goes into the form; one for the text is described and put where
// the cursor stands. Without this script the form sends its picture itself.
class EditorPicture extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form")
    this.editor = this.closest("news-editor")
    this.piece = (name) => this.querySelector(`[data-part="${name}"]`)
    this.field = this.form.elements.picture
    this.field.addEventListener("change", () => this.chosen(this.field.files[0]))
    this.piece("in-text").hidden = !this.editor
    this.piece("add").addEventListener("click", () => this.piece("file").click())
    this.piece("file").addEventListener("change", ({ target }) => {
      this.forText(target.files[0])
      target.value = ""
    })
    this.addEventListener("dragover", (event) => this.over(event))
    this.addEventListener("dragleave", () => this.toggleAttribute("data-over", false))
    this.addEventListener("drop", (event) => this.dropped(event, (file) => this.chosen(file)))
    const { body } = this.form.elements
    body.addEventListener("dragover", (event) => carriesFiles(event.dataTransfer) && event.preventDefault())
    body.addEventListener("drop", (event) => this.dropped(event, (file) => this.forText(file)))
    body.addEventListener("paste", (event) => this.pasted(event), true)
    this.watchQuestions()
  }

  // What is dragged or pasted

  over(event) {
    if (!carriesFiles(event.dataTransfer)) return
    event.preventDefault()
    this.toggleAttribute("data-over", true)
  }

  dropped(event, then) {
    if (!carriesFiles(event.dataTransfer)) return
    event.preventDefault()
    this.toggleAttribute("data-over", false)
    const file = [...event.dataTransfer.files].find(isPicture)
    if (file) then(file)
    else this.say(this.dataset.none, { isWrong: true })
  }

  // A picture alone is ours; what carries words too, such as from Word, is a text and none of ours.
  pasted(event) {
    const { items, types } = event.clipboardData
    const file = [...items].find((item) => item.kind === "file" && item.type.startsWith("image/"))?.getAsFile()
    if (!file || types.includes("text/plain")) return
    event.preventDefault()
    event.stopImmediatePropagation()
    this.forText(file)
  }

  // What becomes of it

  async chosen(file) {
    if (!file) return
    const kept = await this.send(file)
    if (!kept) return
    this.field.value = ""
    this.form.elements.kept_picture.value = kept.name
    const shown = this.piece("shown")
    shown.src = kept.shown
    shown.width = 240
    shown.height = Math.max(1, Math.round((240 * kept.height) / kept.width))
    this.piece("page").href = kept.page
    this.piece("kept").hidden = false
    this.form.elements.kept_picture.dispatchEvent(new Event("input", { bubbles: true }))
    this.form.elements.picture_alt.focus()
  }

  async forText(file) {
    if (!file) return
    const kept = await this.send(file)
    if (!kept) return
    this.kept = kept
    this.piece("asked").src = kept.shown
    this.piece("alt").value = this.piece("caption").value = ""
    this.piece("plain").checked = false
    this.piece("alt").disabled = false
    this.piece("ask").showModal()
    this.piece("alt").focus()
  }

  watchQuestions() {
    const [ask, alt, plain] = ["ask", "alt", "plain"].map(this.piece)
    plain.addEventListener("change", () => (alt.disabled = plain.checked))
    this.piece("leave").addEventListener("click", () => ask.close())
    this.piece("put").addEventListener("click", () => this.putInText())
    ask.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target.type === "button") return
      event.preventDefault() // the form around is not sent by it
      this.putInText()
    })
    for (const name of ["input", "change"])
      ask.addEventListener(name, (event) => event.stopPropagation()) // these words are none of the form's
  }

  putInText() {
    const isPlain = this.piece("plain").checked
    const alt = isPlain ? "" : this.piece("alt").value.trim().replace(/([[\]\\])/g, "\\$1")
    const caption = this.piece("caption").value.trim().replace(/(["\\])/g, "\\$1")
    const mark = isPlain ? "#dekorativ" : ""
    this.piece("ask").close()
    const below = caption ? ` "${caption}"` : ""
    this.editor.insertAtCursor(`\n\n![${alt}](bild:${this.kept.name}${mark}${below})\n\n`)
  }

  // Sending it

  send(file) {
    const progress = this.piece("progress")
    const data = new FormData()
    data.append("csrf_token", this.form.elements.csrf_token.value)
    data.append("picture", file, file.name || "bild")
    this.say(this.sent(0))
    progress.value = 0
    progress.hidden = false
    this.field.removeAttribute("aria-invalid")
    return new Promise((answer) => {
      const request = new XMLHttpRequest()
      request.open("POST", this.dataset.url)
      request.setRequestHeader("Accept", "application/json")
      request.responseType = "json"
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        progress.value = (loaded / total) * 100
        this.say(this.sent(Math.round(progress.value)))
      })
      request.addEventListener("loadend", () => {
        progress.hidden = true
        const { status, response } = request
        const isKept = status === 200 && Boolean(response?.name)
        if (isKept) this.say(this.dataset.done)
        else this.wrong(response?.reason || this.dataset.failed)
        answer(isKept ? response : null)
      })
      request.send(data)
    })
  }

  sent(percent) {
    return this.dataset.word.replace("{percent}", percent)
  }

  wrong(reason) {
    this.say(reason, { isWrong: true })
    this.field.value = ""
    this.field.setAttribute("aria-invalid", "true")
  }

  say(words, { isWrong = false } = {}) {
    const state = this.piece("state")
    state.toggleAttribute("data-wrong", isWrong)
    state.textContent = words
  }
}

const carriesFiles = (transfer) => transfer?.types.includes("Files") ?? false
const isPicture = (file) => file.type.startsWith("image/")

customElements.define("editor-picture", EditorPicture)
