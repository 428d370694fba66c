// A popup is a copy of the card in the list, so that both say the same. Escape closes it, and the
// focus goes back to the marker.

import { hiddenText, labelOf, markOf } from "./markers.js";

function fromCard(card) {
  const copy = document.createElement("div");
  copy.className = "popup";
  copy.append(...[...card.children].map((child) => child.cloneNode(true)));
  return copy;
}

const OF_FRANCE = /^\+(?:33|262|590|594|596)(\d{9})$/;

function phoneLink(phone, name) {
  const link = document.createElement("a");
  link.className = "phone";
  link.href = `tel:${phone}`;
  const number = document.createElement("span");
  number.className = "phone__number";
  number.textContent = phone
    .replace(OF_FRANCE, "0$1")
    .replace(/^\d{10}$/, (ten) => ten.match(/../g).join(" "));
  link.append(number, hiddenText(`, appeler ${name}`));
  return link;
}

/** Make a popup for an actor whose card is on another page of the list. */
function fromProperties({ id, slug, name, category, phones = [] }) {
  const popup = document.createElement("div");
  popup.className = "popup";
  const title = document.createElement("h3");
  title.className = "card__name";
  const link = document.createElement("a");
  const ground = new URLSearchParams(location.search).get("fond");
  const query = ground ? `?${new URLSearchParams({ fond: ground })}` : "";
  link.href = `/acteurs/${encodeURIComponent(id)}/${encodeURIComponent(slug)}${query}`;
  link.textContent = name;
  // As in the list: the links of an embed open outside the frame.
  link.target = document.getElementById("liste").dataset.target ?? "";
  link.rel = "noopener";
  title.append(link);
  const line = document.createElement("p");
  line.className = "card__line";
  const label = document.createElement("span");
  label.textContent = labelOf(category);
  line.append(markOf(category, false), label);
  popup.append(title, line, ...phones.slice(0, 1).map((phone) => phoneLink(phone, name)));
  return popup;
}

function contentOf(actor) {
  const card = document.getElementById(`acteur-${actor.id}`);
  return card ? fromCard(card) : fromProperties(actor);
}

function open(map, marker) {
  L.popup({ minWidth: 240, maxWidth: 320, offset: [0, -8], autoPanPadding: [16, 16] })
    .setLatLng(marker.getLatLng())
    .setContent(contentOf(marker.actor))
    .openOn(map);
  const box = map.getContainer().querySelector(".leaflet-popup");
  box.setAttribute("role", "dialog");
  box.setAttribute("aria-label", marker.actor.name);
  box.querySelector(".leaflet-popup-close-button").setAttribute("aria-label", "Fermer");
  return box;
}

export function bindPopups(actors) {
  const { map, layer } = actors;
  const container = map.getContainer();
  let opener = null;
  let byKeyboard = false;

  const onKey = (event) => {
    byKeyboard = true;
    if (event.key === "Escape" && opener) {
      event.stopPropagation();
      map.closePopup();
    }
    // Leaflet gives its markers the role of a button, but not all keys of one.
    const marker = event.target.closest(".leaflet-marker-icon");
    const pressed =
      event.key === " " ||
      (event.key === "Enter" && marker?.matches(".actor-marker, .cluster--counted"));
    if (marker && pressed) {
      event.preventDefault();
      marker.click();
    }
  };
  const onPointer = () => {
    byKeyboard = false;
  };
  container.addEventListener("keydown", onKey, true);
  container.addEventListener("pointerdown", onPointer, true);

  layer.on("click", ({ layer: marker }) => {
    if (!marker.actor) return;
    const box = open(map, marker);
    opener = marker;
    actors.select(marker.actor.id);
    if (byKeyboard) box.querySelector("a").focus();
  });

  map.on("popupclose", () => {
    const marker = opener;
    const hadFocus = container.querySelector(".leaflet-popup")?.contains(document.activeElement);
    opener = null;
    actors.select(null);
    if (byKeyboard || hadFocus) marker?.getElement()?.focus();
  });

  // A cluster opened by keyboard hands the focus to the first of its actors.
  layer.on("spiderfied", ({ markers }) => {
    // In the next frame, since markercluster then gives the focus to the map.
    if (byKeyboard) requestAnimationFrame(() => markers[0].getElement()?.focus());
  });
}
