// Leaflet asks Internet Explorer for VML first. Anywhere else that is an error, for which V8 parses
// all of the bundle a second time: half of the time that the script of a map takes to run.

document.namespaces ??= { add() {} };
