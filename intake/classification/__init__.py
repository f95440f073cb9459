"""The uncertain half of classification: what the words show, and why; `procedures.scope.decide` does the rest."""

from intake.classification.classifying import classify
from intake.classification.prediction import predict
from intake.classification.values import Classification, Command, Reason, Sort

__all__ = ["Classification", "Command", "Reason", "Sort", "classify", "predict"]
