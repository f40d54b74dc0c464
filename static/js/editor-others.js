// Who else has the post open: the house is told every now and then that we are here, and tells who else is.
const TELLS_EVERY = 20_000 // ms; the house forgets whoever was silent for 90 seconds

export class Others {
  constructor(editor) {
    this.editor = editor
    this.box = document.querySelector('[data-part="others"]')
    this.list = document.querySelector('[data-part="others-said"]')
    if (!editor.told.post) return
    this.tell()
    setInterval(() => this.tell(), TELLS_EVERY)
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.tell())
    addEventListener("pagehide", () => this.leave())
    addEventListener("pageshow", (event) => event.persisted && this.tell())
  }

  async tell() {
    const { here } = this.editor.told
    const answer = await fetch(here, { method: "POST", body: this.sheet() }).catch(() => null)
    const told = await answer?.json().catch(() => null)
    if (answer?.status === 409 && told?.token) this.editor.renew(told.token)
    else if (answer?.ok && told) this.show(told)
  }

  leave() {
    const sheet = this.sheet()
    sheet.set("leaves", "1")
    navigator.sendBeacon?.(this.editor.told.here, sheet)
  }

  sheet() {
    const { post, language } = this.editor.told
    const token = this.editor.form.elements.csrf_token.value
    return new URLSearchParams({ csrf_token: token, of_post: post, of_language: language })
  }

  // Said only when it is news, so that nobody hears it again and again.
  show({ others, revision = 0 }) {
    const said = revision > this.editor.told.revision ? [...others, this.editor.words.newer] : others
    if (said.join("\n") === [...this.list.children].map((line) => line.textContent).join("\n")) return
    this.list.replaceChildren(
      ...said.map((words) => {
        const line = document.createElement("p")
        line.textContent = words
        return line
      }),
    )
    this.box.hidden = !said.length
  }
}
