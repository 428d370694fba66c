"""What finds faults of accessibility in a page."""

from app.settings import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
# Rows of a long table are made alike: those in its middle are left out, as is what is `outside`.
REPEATED = "tbody > tr:nth-child(n + 21):nth-last-child(n + 11)"
RUN_AXE = (
    "async ({outside = [], ...options}) => (await axe.run("
    f"{{exclude: [['{REPEATED}'], ...outside]}}, "
    "{resultTypes: ['violations'], ...options})).violations.map("
    "each => `${each.id}: ${each.nodes.map(node => node.html).join(' ')}`)"
)
# Where whatever else axe finds was looked at in the light: dark differs by colours alone.
COLOURS = {"runOnly": ["color-contrast"]}
