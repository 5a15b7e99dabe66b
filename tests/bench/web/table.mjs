// Figures beside their budgets.

/** One figure: a budget is the most it may be, a floor the least; without either it is only told. */
export function figure(name, value, unit, { budget, floor, note = "" } = {}) {
  return { name, value, unit, budget, floor, note };
}

export function isOver({ value, budget, floor }) {
  return (budget !== undefined && !(value <= budget)) || (floor !== undefined && !(value >= floor));
}

/** The value below which `share` of the samples lie. */
export function percentile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1))];
}

export function table(figures) {
  const rows = figures.map((each) => [each.name, number(each.value, each.unit), bound(each), isOver(each) ? "over" : bound(each) ? "kept" : "", each.note]);
  const lines = [["what", "measured", "budget", "", "how"], ["---", "---:", "---:", "---", "---"], ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function bound({ budget, floor, unit }) {
  if (budget !== undefined) return `≤ ${number(budget, unit)}`;
  return floor === undefined ? "" : `≥ ${number(floor, unit)}`;
}

function number(value, unit) {
  if (!Number.isFinite(value)) return "none";
  const digits = Math.abs(value) >= 100 || Number.isInteger(value) ? 0 : Math.abs(value) >= 1 ? 1 : 3;
  return `${value.toFixed(digits)}${unit ? ` ${unit}` : ""}`;
}
