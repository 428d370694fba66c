// The desk: passkeys, keyboard shortcuts, and a warning before the session ends.
import { followForm } from "../actor-form.js";
import { askWords, chooseMany } from "../choosing.js";
import { watchContact } from "../contact.js";
import "../copy.js";
import { follow, goOn, weighFiles } from "../follow.js";
import { watchIdle } from "../idle.js";
import { followKeys } from "../keys.js";
import { offerPaper } from "../paper.js";
import { offerPasskeys } from "../passkeys.js";
import { followResource } from "../resource-form.js";

offerPasskeys(document);
watchIdle(document.body);
watchContact(document);
followForm(document);
followResource(document);
followKeys(document);
chooseMany(document);
askWords(document);
follow(document);
goOn(document);
weighFiles(document);
offerPaper(document);
document.querySelector("[data-focus]")?.focus();
