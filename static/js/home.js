// Regions are folded on a phone, where the list would be ten screens long, and open on a desk.

if (matchMedia("(min-width: 64rem)").matches) {
  for (const region of document.querySelectorAll(".region")) region.open = true;
}
