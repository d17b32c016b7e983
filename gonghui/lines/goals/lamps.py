"""Lights in words and colours, the same on every page."""

from __future__ import annotations

from dataclasses import dataclass

from gonghui.lines.goals.light import Light


@dataclass(frozen=True, slots=True)
class Lamp:
    """A light as a badge."""

    text: str
    colour: str


LAMPS = {
    Light.DONE: Lamp("完成", "blue"),
    Light.GREEN: Lamp("绿灯", "green"),
    Light.YELLOW: Lamp("黄灯", "yellow"),
    Light.RED: Lamp("红灯", "red"),
    Light.GREY: Lamp("灰灯", "secondary"),
}


def of(light: Light) -> Lamp:
    """The badge of a light."""
    return LAMPS[light]


SLIPS = {
    "blue": Lamp("蓝色提醒", "blue"),
    "yellow": Lamp("黄色警示", "yellow"),
    "red": Lamp("红色通报", "red"),
}
