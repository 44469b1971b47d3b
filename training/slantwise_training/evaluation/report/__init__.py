"""Evaluations to read: a table for the terminal, one self-contained page, a section for a model card."""

from __future__ import annotations

from slantwise_training.evaluation.report.card import card_section
from slantwise_training.evaluation.report.page import evaluation_page
from slantwise_training.evaluation.report.table import render, render_published, render_study, write_json

__all__ = ["card_section", "evaluation_page", "render", "render_published", "render_study", "write_json"]
