"""Models of the line."""

from gonghui.lines.cadres.models.training import TrainingClass, TrainingSeat

__all__ = ["TrainingClass", "TrainingSeat"]
