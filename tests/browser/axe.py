"""axe-core: what keeps people who see, hear or move otherwise from using a page."""

from pathlib import Path

from playwright.async_api import Page

_AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
_LOOK = """async () => {
  const found = await axe.run(document, { resultTypes: ["violations"] });
  return found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 200)).join(" | ")}`);
}"""


async def barriers(page: Page) -> list[str]:
    """What axe finds serious or critical on this page."""
    await page.evaluate(_AXE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(_LOOK)
    return found
