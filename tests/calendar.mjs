// Reads a calendar from standard input as ical.js does, by the rules of clocks that it brings along: an array of
// [uid, sequence, status, begins, ends] of its events, moments in seconds.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

const read = new ICAL.Component(ICAL.parse(readFileSync(0, "utf8")));
const found = read.getAllSubcomponents("vevent").map((each) => {
  const event = new ICAL.Event(each);
  const status = each.getFirstPropertyValue("status");
  return [event.uid, event.sequence, status, event.startDate.toUnixTime(), event.endDate.toUnixTime()];
});
process.stdout.write(JSON.stringify(found));
