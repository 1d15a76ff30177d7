"""What the tests of both explorers of a drawn scene wait for."""

from playwright.sync_api import Locator

from seqviz.traces.seeing.records import SceneDrawing


def wait_for_things(explorer: Locator, drawing: SceneDrawing, place: dict[str, int]) -> None:
    """Wait until the things of a drawing are in the figure: other ones are another figure, drawn after its sentence.

    where place has the numbers of the figure's traces by uid.
    """
    things = [
        [place[f"thing-{number}"], colour, len(corners)]
        for number, (colour, corners) in enumerate(zip(drawing.colours, drawing.outlines, strict=True), 1)
    ]
    explorer.page.wait_for_function(
        """([div, things]) => things.every(([number, colour, corners]) => {
             const { fillcolor, x } = div.data[number];
             return fillcolor === colour && x.length === corners;
           })""",
        arg=[explorer.locator(".seqviz-figure").element_handle(), things],
    )
