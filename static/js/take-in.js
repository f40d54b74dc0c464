// Whoever pointed their camera at a code comes here with the sealed acts behind the address's #, which no log sees.
const field = document.querySelector("form [name=text]")
const brought = decodeURIComponent(location.hash.slice(1))

if (brought.startsWith("kor1.") && field && !field.value) {
  history.replaceState(null, "", location.pathname)
  field.value = brought
  field.form.requestSubmit()
}
