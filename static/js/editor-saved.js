// On the page that follows upon a save: the text that was sent came through, so the phone need not keep it.
import { dropFact } from "./roll-store.js"

const sent = JSON.parse(sessionStorage.getItem("sent") ?? "null")
if (sent && document.referrer && new URL(document.referrer).pathname === sent.from) {
  sessionStorage.removeItem("sent")
  dropFact(sent.name).catch(() => {})
}
