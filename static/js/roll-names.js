// Names as they are searched and sorted.

// As the server folds names: small letters without accents, hyphens as spaces.
export function folded(text) {
  return text
    .normalize("NFKD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/[ø]/g, "o")
    .replace(/[łđðħıŧ]/g, (letter) => ({ ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i", ŧ: "t" })[letter])
    .replace(/æ/g, "ae")
    .replace(/ß/g, "ss")
    .replace(/[-‐‑‒–—−_/]/g, " ")
    .replace(/[^\p{L}\p{N}\s]/gu, "")
    .replace(/\s+/g, " ")
    .trim()
}

// The order of a Swedish list, whatever language the page is read in.
export const inOrder = new Intl.Collator("sv").compare

export const wholeName = ({ first_name, surname }) => [first_name, surname].filter(Boolean).join(" ")

// «18.04» on the clock in Sweden.
export function clockTime(moment) {
  const time = new Date(moment).toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" })
  return time.replace(":", ".")
}

// Words of the template with {…} filled in.
export function fill(words, values = {}) {
  return words.replace(/\{(\w+)\}/g, (_all, name) => values[name] ?? "")
}

// The rehearsal that the address speaks of: /narvaro/<id>, also /en/narvaro/<id>/klar.
export function rehearsalOfAddress() {
  return location.pathname.match(/\/narvaro\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/)?.[1] ?? null
}

// Where the shell, drawn for no rehearsal, leaves room for one in its addresses.
export const NO_REHEARSAL = "00000000-0000-0000-0000-000000000000"
