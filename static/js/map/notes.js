// Sentences over a corner of the map: what does not work, and what to do.

const place = () => document.getElementById("carte-notes");

function find(key) {
  return place()?.querySelector(`[data-note="${key}"]`);
}

export function clearNote(key) {
  find(key)?.remove();
}

export function note(key, sentence, action) {
  if (!place() || find(key)) return;
  const box = document.createElement("p");
  box.className = "map-area__note";
  box.dataset.note = key;
  box.append(sentence);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      clearNote(key);
      action.run();
    });
    box.append(button);
  }
  place().append(box);
}
