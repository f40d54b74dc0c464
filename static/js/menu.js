// The menus are <details>, which open and close without this. With it Esc closes one and gives the focus back to its button, and so
// does a press beside it; who tabs on past the last link closes it too.
const open = () => document.querySelector("details.menu[open]")

document.addEventListener("keydown", (event) => {
  const menu = open()
  if (event.key !== "Escape" || !menu) return
  if (menu.contains(document.activeElement) || document.activeElement === document.body) menu.querySelector("summary").focus()
  menu.open = false
})

for (const left of ["pointerdown", "focusin"]) {
  document.addEventListener(left, ({ target }) => {
    const menu = open()
    if (menu && !menu.contains(target)) menu.open = false
  })
}
