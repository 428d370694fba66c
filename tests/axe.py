"""What finds faults of accessibility in a page."""

from app.settings import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
RUN_AXE = (
    "async options => (await axe.run({resultTypes: ['violations'], ...options})).violations.map("
    "each => `${each.id}: ${each.nodes.map(node => node.html).join(' ')}`)"
)
