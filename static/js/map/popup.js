// A popup says what the card in the list says: it is a copy of it. Escape closes it, and the focus
// goes back to where it was.

import { labelOf, markOf } from "./markers.js";

function fromCard(card) {
  const copy = document.createElement("div");
  copy.className = "popup";
  copy.append(...[...card.children].map((child) => child.cloneNode(true)));
  return copy;
}

const OF_FRANCE = /^\+(?:33|262|590|594|596)(\d{9})$/;

function phoneOf(phone, name) {
  const link = document.createElement("a");
  link.className = "phone";
  link.href = `tel:${phone}`;
  const number = document.createElement("span");
  number.className = "phone__number";
  number.textContent = phone
    .replace(OF_FRANCE, "0$1")
    .replace(/^\d{10}$/, (ten) => ten.match(/../g).join(" "));
  const whose = document.createElement("span");
  whose.className = "visually-hidden";
  whose.textContent = `, appeler ${name}`;
  link.append(number, whose);
  return link;
}

/** Where the list has no such card: it stands on another page of it. */
function fromProperties({ id, slug, name, category, phones = [] }) {
  const box = document.createElement("div");
  box.className = "popup";
  const title = document.createElement("h3");
  title.className = "card__name";
  const link = document.createElement("a");
  const without = new URLSearchParams(location.search).get("fond") === "sans" ? "?fond=sans" : "";
  link.href = `/acteurs/${encodeURIComponent(id)}/${encodeURIComponent(slug)}${without}`;
  link.textContent = name;
  // As the list has it: beside the frame, in an embed.
  link.target = document.getElementById("liste").dataset.target ?? "";
  link.rel = "noopener";
  title.append(link);
  const kind = document.createElement("p");
  kind.className = "card__category";
  const word = document.createElement("span");
  word.textContent = labelOf(category);
  kind.append(markOf(category, false), word);
  box.append(title, kind, ...phones.slice(0, 1).map((phone) => phoneOf(phone, name)));
  return box;
}

function contentOf(actor) {
  const card = document.getElementById(`acteur-${actor.id}`);
  return card ? fromCard(card) : fromProperties(actor);
}

export function bindPopups(actors) {
  const { map, group } = actors;
  const container = map.getContainer();
  let opener = null;
  let byKeyboard = false;

  container.addEventListener(
    "keydown",
    (event) => {
      byKeyboard = true;
      if (event.key === "Escape" && opener) {
        event.stopPropagation();
        map.closePopup();
      }
      // Leaflet calls its markers buttons, and leaves half of a button's keys to us.
      const marker = event.target.closest(".leaflet-marker-icon");
      const pressed =
        event.key === " " ||
        (event.key === "Enter" && marker?.matches(".actor-marker, .cluster--counted"));
      if (marker && pressed) {
        event.preventDefault();
        marker.click();
      }
    },
    true,
  );
  container.addEventListener(
    "pointerdown",
    () => {
      byKeyboard = false;
    },
    true,
  );

  group.on("click", ({ layer }) => {
    if (!layer.actor) return;
    L.popup({ minWidth: 240, maxWidth: 320, offset: [0, -8], autoPanPadding: [16, 16] })
      .setLatLng(layer.getLatLng())
      .setContent(contentOf(layer.actor))
      .openOn(map);
    opener = layer;
    actors.choose(layer.actor.id);
    const box = container.querySelector(".leaflet-popup");
    const close = box.querySelector(".leaflet-popup-close-button");
    close.setAttribute("aria-label", "Fermer");
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", layer.actor.name);
    if (byKeyboard) box.querySelector("a").focus();
  });

  map.on("popupclose", () => {
    const back = opener;
    const hadFocus = container.querySelector(".leaflet-popup")?.contains(document.activeElement);
    opener = null;
    actors.choose(null);
    if (byKeyboard || hadFocus) back?.getElement()?.focus();
  });

  // A group opened by keyboard: on to the first of its actors.
  group.on("spiderfied", ({ markers }) => {
    // Markercluster gives the focus to the map when it is done.
    if (byKeyboard) requestAnimationFrame(() => markers[0].getElement()?.focus());
  });
}
