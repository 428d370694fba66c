// Notes over a corner of the map: what does not work, and what the reader can do.

const container = () => document.getElementById("carte-notes");

function noteOf(key) {
  return container()?.querySelector(`[data-note="${key}"]`);
}

export function clearNote(key) {
  noteOf(key)?.remove();
}

/** Show a note once for each key; action: {label, run} of its button. */
export function showNote(key, sentence, action) {
  if (!container() || noteOf(key)) return;
  const note = document.createElement("p");
  note.className = "map-area__note";
  note.dataset.note = key;
  note.append(sentence);
  if (action) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--quiet";
    button.textContent = action.label;
    button.addEventListener("click", () => {
      clearNote(key);
      action.run();
    });
    note.append(button);
  }
  container().append(note);
}
