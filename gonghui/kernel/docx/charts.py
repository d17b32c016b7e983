"""Bar charts that Word, WPS and LibreOffice draw themselves, with their numbers inside the file."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from lxml.builder import ElementMaker

from .names import Element, new
from .package import Package

CHART: Final = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING: Final = "http://schemas.openxmlformats.org/drawingml/2006/main"
_PLACED: Final = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_REFERS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_WIDTH, _HEIGHT = 5_400_000, 2_700_000  # EMU: 15 cm by 7.5 cm
_FONT: Final = "仿宋_GB2312"

_C = ElementMaker(namespace=CHART, nsmap={"c": CHART, "a": DRAWING})
_A = ElementMaker(namespace=DRAWING, nsmap={"a": DRAWING})
_WP = ElementMaker(namespace=_PLACED, nsmap={"wp": _PLACED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One number per label, drawn as columns in the order given."""

    title: str
    bars: tuple[tuple[str, Decimal], ...]


def draw(package: Package, chart: Chart) -> Element:
    """Add a chart to a document and return the run that shows it; it belongs into the body."""
    taken = sum(name.startswith("word/charts/") for name in package.files)
    name = f"word/charts/chart{taken + 1}.xml"
    identity = package.add_part(name, _space(chart), "chart", _TYPE)
    reference = _C.chart()
    reference.set(f"{{{_REFERS}}}id", identity)
    inline = _WP.inline(
        _WP.extent(cx=str(_WIDTH), cy=str(_HEIGHT)),
        _WP.docPr(id=str(1_000 + taken), name=chart.title[:80], descr=_told(chart)),
        _A.graphic(_A.graphicData(reference, uri=CHART)),
        distT="0", distB="0", distL="0", distR="0",
    )  # fmt: skip
    return new("r", new("drawing", inline))


def _told(chart: Chart) -> str:
    """The chart in words, for readers who do not see it."""
    return "、".join(f"{label}{value}" for label, value in chart.bars)[:400]


def _space(chart: Chart) -> Element:
    return _C.chartSpace(
        _C.roundedCorners(val="0"),
        _C.chart(
            _C.title(_C.tx(_C.rich(_A.bodyPr(), _A.p(_A.pPr(_size("1200")), _words(chart.title))))),
            _C.autoTitleDeleted(val="0"),
            _C.plotArea(_C.layout(), _columns(chart), _labels_axis(), _value_axis()),
            _C.plotVisOnly(val="1"),
        ),
        _C.txPr(_A.bodyPr(), _A.p(_A.pPr(_size("900")), _A.endParaRPr(lang="zh-CN"))),
    )


def _size(size: str) -> Element:
    return _A.defRPr(_A.latin(typeface=_FONT), _A.ea(typeface=_FONT), sz=size, b="0")


def _words(text: str) -> Element:
    return _A.r(_A.rPr(_A.latin(typeface=_FONT), _A.ea(typeface=_FONT), lang="zh-CN"), _A.t(text))


def _columns(chart: Chart) -> Element:
    count = _C.ptCount(val=str(len(chart.bars)))
    labels = [_C.pt(_C.v(label), idx=str(n)) for n, (label, _) in enumerate(chart.bars)]
    values = [_C.pt(_C.v(f"{value:f}"), idx=str(n)) for n, (_, value) in enumerate(chart.bars)]
    shown = [
        getattr(_C, name)(val="1" if name == "showVal" else "0")
        for name in ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent")
    ]
    series = _C.ser(
        _C.idx(val="0"),
        _C.order(val="0"),
        _C.spPr(_A.solidFill(_A.srgbClr(val="9C2A2A"))),
        _C.invertIfNegative(val="0"),
        _C.dLbls(*shown),
        _C.cat(_C.strLit(count, *labels)),
        _C.val(_C.numLit(_C.formatCode("General"), _C.ptCount(val=str(len(values))), *values)),
    )
    return _C.barChart(
        _C.barDir(val="col"),
        _C.grouping(val="clustered"),
        _C.varyColors(val="0"),
        series,
        _C.gapWidth(val="60"),
        _C.axId(val="1"),
        _C.axId(val="2"),
    )


def _axis(identity: str, crossed: str, position: str) -> list[Element]:
    return [
        _C.axId(val=identity),
        _C.scaling(_C.orientation(val="minMax")),
        _C.delete(val="0"),
        _C.axPos(val=position),
        _C.numFmt(formatCode="General", sourceLinked="0"),
        _C.majorTickMark(val="none"),
        _C.minorTickMark(val="none"),
        _C.tickLblPos(val="nextTo"),
        _C.crossAx(val=crossed),
    ]


def _labels_axis() -> Element:
    return _C.catAx(*_axis("1", "2", "b"))


def _value_axis() -> Element:
    return _C.valAx(*_axis("2", "1", "l"))
