// What is pasted from Word or a web page comes in as Markdown, made by the house; without contact as its bare words.
// A picture is none of ours: static/js/editor-picture.js takes it.
const PATIENCE = 6_000 // ms
const LOOKS = /<(?:h[1-6]|p|li|b|strong|i|em|a|table|blockquote|ul|ol|div|br)[\s>]/i
const ADDRESS = /^https?:\/\/\S+$/i
const LARGEST = 1_400_000 // signs; the house takes no more

export function listenToPaste(editor) {
  let isPlain = false
  editor.area.addEventListener("keydown", (event) => {
    isPlain = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v"
  })
  editor.area.addEventListener("paste", (event) => {
    const plain = event.clipboardData.getData("text/plain")
    const html = lighter(event.clipboardData.getData("text/html"))
    const wantsPlain = isPlain
    isPlain = false
    if (wantsPlain) return
    if (ADDRESS.test(plain.trim()) && isChosen(editor.area)) {
      event.preventDefault()
      return editor.tools.wrap("[", `](${plain.trim()})`)
    }
    if (!plain.trim() || !LOOKS.test(html) || html.length > LARGEST) return
    event.preventDefault()
    takeIn(editor, html, plain)
  })
}

const isChosen = ({ selectionStart, selectionEnd }) => selectionEnd > selectionStart

// Without what the house would throw away anyway: styles of a whole document, and pictures inside the text.
function lighter(html) {
  return html.replace(/<style\b[^]*?<\/style>/gi, "").replace(/\ssrc=(["'])data:[^"']*\1/gi, "")
}

async function takeIn(editor, html, plain) {
  const { selectionStart: start, selectionEnd: end } = editor.area
  const before = editor.area.value
  editor.area.setAttribute("aria-busy", "true")
  const markdown = await asked(editor, html)
  editor.area.removeAttribute("aria-busy")
  if (editor.area.value === before) editor.area.setSelectionRange(start, end)
  editor.area.focus()
  editor.tools.put(markdown ?? plain)
}

async function asked(editor, html) {
  const body = new URLSearchParams({ csrf_token: editor.form.elements.csrf_token.value, html })
  try {
    const answer = await fetch(editor.told.paste, { method: "POST", body, signal: AbortSignal.timeout?.(PATIENCE) })
    return answer.ok ? (await answer.json()).markdown || null : null
  } catch {
    return null
  }
}
