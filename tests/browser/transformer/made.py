"""The cell that makes a translator here and in the kernel: it has learned nothing."""

MAKE = """
import datetime, torch, seqviz as sv
days = [datetime.date(2043, 9, 23), datetime.date(1987, 12, 31)]
dates = [sv.data.write_date(day, language, "long") for day in days for language in ("Spanish", "Hungarian")]
text = sv.data.dates_as_text(dates)
torch.manual_seed(1)
model = sv.models.TransformerTranslator(len(text.source), len(text.target), 16, 4, 8, 2)
with torch.no_grad():
    model.W_y *= 5
    model.b_y[:7] -= 9
"""
