import { type Entry, type Finding, join, type Scalar, type Table, type Tree } from "./tree.ts";

/** One older spelling that was found, and what it was read as. */
export interface Move {
  readonly offset: number;
  /** As it is written in the file. */
  readonly from: string;
  /** In the newest spelling, or a sentence on why it may go. */
  readonly to: string;
}

/** Where a table stands, and what is told of it. */
export interface Spot {
  /** As it is written in the file. */
  readonly path: string;
  /** The way from the root in the newest spelling. */
  readonly keys: readonly string[];
  readonly findings: Finding[];
  readonly moves: Move[];
}

/** Reads older spellings in a table as newer ones. */
export type Change = (table: Table, spot: Spot) => Table;
/** `older → newer` */
export type Arrow = `${string} → ${string}`;

export function inOrder(changes: readonly Change[]): Change {
  return (table, spot) => changes.reduce((now, change) => change(now, spot), table);
}

/** Changes the tables at a dotted path, in which `*` stands for every key. */
export function within(path: string, ...changes: readonly Change[]): Change {
  const change = inOrder(changes);
  return path.split(".").reduceRight<Change>((inner, step) => into(step, inner), change);
}

function into(step: string, change: Change): Change {
  return (table, spot) => {
    let entries: Map<string, Entry> | undefined;
    for (const key of step === "*" ? table.entries.keys() : [step]) {
      const entry = table.entries.get(key);
      if (entry?.value.kind !== "table") continue;
      const value = change(entry.value, spotIn(spot, key, entry));
      if (value === entry.value) continue;
      entries ??= new Map(table.entries);
      entries.set(key, { ...entry, value });
    }
    return entries === undefined ? table : { ...table, entries };
  };
}

export function spotIn(spot: Spot, key: string, entry: Entry): Spot {
  return { ...spot, path: entry.was ?? join(spot.path, key), keys: [...spot.keys, key] };
}

/** Takes what stands at one dotted path to another, where it joins what is there; `.` is the table itself. */
export function move(...arrows: readonly Arrow[]): Change {
  return inOrder(arrows.map((arrow) => {
    const { older, newer } = parse(arrow);
    const [from, to] = [older.split("."), newer === "." ? [] : newer.split(".")];
    return (table, spot) => {
      const found = take(table, from, spot.path);
      if (found === undefined) return table;
      // What is no mapping cannot be poured into one.
      if (to.length === 0 && found.entry.value.kind !== "table") return table;
      tell(spot, found.entry, to);
      return put(found.rest, to, { entry: found.entry, spot });
    };
  }));
}

export function tell({ moves, keys }: Spot, { offset, was }: Entry, to: readonly string[]): void {
  moves.push({ offset, from: was ?? "", to: [...keys, ...to].reduce<string>(join, "") });
}

/** Reads a value of a key as another: `values("type", "command → execute_command")`. */
export function values(key: string, ...arrows: readonly Arrow[]): Change {
  const newer = new Map(arrows.map(parse).map(({ older, newer }) => [older, newer]));
  return convert(key, ({ value }) => newer.get(String(value)));
}

/** Replaces a value by what `read` makes of it; undefined leaves it. What came out of a variable is printed as it came. */
export function convert(key: string, read: (scalar: Scalar) => Scalar["value"] | undefined): Change {
  return (table, spot) => {
    const entry = table.entries.get(key);
    if (entry?.value.kind !== "scalar") return table;
    const value = read(entry.value);
    if (value === undefined || value === entry.value.value) return table;
    const { path, keys } = spotIn(spot, key, entry);
    const shown = keys.reduce<string>(join, "");
    spot.moves.push({ offset: entry.offset, from: `${path}: ${entry.value.value}`, to: `${shown}: ${value}` });
    const { offset } = entry.value;
    return {
      ...table,
      entries: new Map(table.entries).set(key, { ...entry, value: { kind: "scalar", offset, value } }),
    };
  };
}

/** Takes away what goes without saying now: `drop("type: native", "streaming: true")`. */
export function drop(...spoken: readonly `${string}: ${string}`[]): Change {
  return inOrder(spoken.map((text) => (table, spot) => {
    const [key = "", value] = text.split(": ");
    const entry = table.entries.get(key);
    if (entry?.value.kind !== "scalar" || String(entry.value.value) !== value) return table;
    const { path } = spotIn(spot, key, entry);
    spot.moves.push({ offset: entry.offset, from: `${path}: ${value}`, to: "nothing, as it goes without saying" });
    return without(table, key);
  }));
}

/** Takes the node at a path out of a table; mappings that are left empty by it go too. */
export function take(
  table: Table,
  [key, ...deeper]: readonly string[],
  path: string,
): { readonly rest: Table; readonly entry: Entry } | undefined {
  const entry = key === undefined ? undefined : table.entries.get(key);
  if (key === undefined || entry === undefined) return undefined;
  const was = entry.was ?? join(path, key);
  if (deeper.length === 0) return { rest: without(table, key), entry: { ...entry, was } };
  if (entry.value.kind !== "table") return undefined;
  const inner = take(entry.value, deeper, was);
  if (inner === undefined) return undefined;
  const rest = inner.rest.entries.size === 0
    ? without(table, key)
    : { ...table, entries: new Map(table.entries).set(key, { ...entry, value: inner.rest }) };
  return { rest, entry: inner.entry };
}

/** The table with an entry at a path, which joins what is there. */
export function put(
  table: Table,
  [key, ...deeper]: readonly string[],
  what: { readonly entry: Entry; readonly spot: Spot },
): Table {
  const { entry, spot } = what;
  if (key === undefined) return poured(table, entry, spot);
  const there = table.entries.get(key);
  if (deeper.length > 0) {
    const target = isEmpty(there) ? { ...entry, value: emptyTable(entry.offset), was: undefined } : there;
    if (target.value.kind !== "table") return refuse(table, key, what);
    const value = put(target.value, deeper, what);
    return { ...table, entries: new Map(table.entries).set(key, { ...target, value }) };
  }
  if (isEmpty(there)) return { ...table, entries: new Map(table.entries).set(key, entry) };
  if (there.value.kind !== "table" || entry.value.kind !== "table") return refuse(table, key, what);
  const value = poured(there.value, entry, spot);
  return { ...table, entries: new Map(table.entries).set(key, { ...there, value }) };
}

/** The table with all that stands in an entry's mapping; each keeps the path at which it is written. */
function poured(table: Table, { value, was = "" }: Entry, spot: Spot): Table {
  if (value.kind !== "table") return table;
  return [...value.entries].reduce<Table>(
    (into, [key, entry]) => put(into, [key], { entry: { ...entry, was: entry.was ?? join(was, key) }, spot }),
    table,
  );
}

/** A key that comes from two spellings is a finding, and the first one stays. */
function refuse(table: Table, key: string, { entry, spot }: { readonly entry: Entry; readonly spot: Spot }): Table {
  const there = table.entries.get(key);
  const older = entry.was === undefined && there !== undefined ? there : entry;
  const message = `found beside its newer spelling "${key}", expected only one of them`;
  spot.findings.push({ offset: older.offset, path: older.was ?? key, message });
  return table;
}

function isEmpty(entry: Entry | undefined): entry is undefined {
  return entry === undefined || (entry.value.kind === "scalar" && entry.value.value === null);
}

function emptyTable(offset: number): Table {
  return { kind: "table", offset, entries: new Map() };
}

export function without(table: Table, key: string): Table {
  const entries = new Map(table.entries);
  entries.delete(key);
  return { ...table, entries };
}

function parse(arrow: Arrow): { readonly older: string; readonly newer: string } {
  const [older = "", newer = ""] = arrow.split(" → ");
  return { older, newer };
}

/** The text of a scalar that no variable is in. */
export function plainText(tree: Tree | undefined): string | undefined {
  return tree?.kind === "scalar" && typeof tree.value === "string" && tree.variables === undefined
    ? tree.value
    : undefined;
}
