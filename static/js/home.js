// Regions are closed on a phone, where the open list would be ten screens long, and open on a desk.

if (matchMedia("(min-width: 64rem)").matches) {
  for (const region of document.querySelectorAll(".region")) region.open = true;
}
