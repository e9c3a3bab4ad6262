/** One line of a table. A column's name ends with its unit. */
export interface Row {
  readonly name: string;
  readonly values: Readonly<Record<string, number | undefined>>;
}

/** What a case found. */
export interface Report {
  readonly title: string;
  /** How it was measured, as far as the numbers need it. */
  readonly notes: readonly string[];
  readonly rows: readonly Row[];
}

/** How long and how thoroughly to measure. */
export interface Effort {
  readonly rounds: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Tasks in the store, from few to many. */
  readonly stored: readonly number[];
}

function format(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return "–";
  if (Number.isInteger(value)) return String(value);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toFixed(digits);
}

/** The report for people: a table, ratios where the rows put them. */
export function formatReport({ title, notes, rows }: Report): string {
  const columns = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const cells = [
    ["", ...columns],
    ...rows.map(({ name, values }) => [name, ...columns.map((column) => format(values[column]))]),
  ];
  const widths = ["", ...columns].map((_, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  const lines = cells.map((line) =>
    line.map((cell, at) => at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)).join("  ")
  );
  return [`\n## ${title}`, ...notes.map((note) => `   ${note}`), "", ...lines].join("\n");
}
