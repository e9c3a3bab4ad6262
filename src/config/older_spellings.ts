import { type Entry, type Finding, join, type Table, type Tree } from "./tree.ts";

/**
 * Earlier generations of the file, read as the newest one. Only spellings that mean the same are here: what has no
 * counterpart stays where it is and meets the schema as an unknown key.
 */
export function readOlderSpellings(root: Tree): { readonly tree: Tree; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  if (root.kind !== "table") return { tree: root, findings };
  const steps: readonly Change[] = [
    hoist("global", "a2a_server", "server", [["base_url", "public_url"]]),
    within("agents", listToTable),
    within(
      "agents",
      each(inOrder([
        dropSpokenDefault("type", ["native", "llm"]),
        hoist("memory", "working", "memory"),
        rename([["memory", "context"]]),
        within("context", rename([["max_tokens", "budget"]])),
      ])),
    ),
    within("llms", each(rename([["type", "provider"], ["host", "base_url"]]))),
    within("document_stores", each(nestedSource)),
  ];
  return { tree: inOrder(steps)(root, { path: "", findings }), findings };
}

interface Place {
  readonly path: string;
  readonly findings: Finding[];
}

type Change = (tree: Tree, place: Place) => Tree;
type Renames = readonly (readonly [older: string, newer: string])[];

function inOrder(changes: readonly Change[]): Change {
  return (tree, place) => changes.reduce((now, change) => change(now, place), tree);
}

/** Changes what stands under `key`. */
function within(key: string, change: Change): Change {
  return (tree, place) => {
    const entry = tree.kind === "table" ? tree.entries.get(key) : undefined;
    if (tree.kind !== "table" || entry === undefined) return tree;
    const value = change(entry.value, { ...place, path: entry.was ?? join(place.path, key) });
    return value === entry.value ? tree : { ...tree, entries: new Map(tree.entries).set(key, { ...entry, value }) };
  };
}

/** Changes every value of a mapping. */
function each(change: Change): Change {
  return (tree, place) => {
    if (tree.kind !== "table") return tree;
    const entries = [...tree.entries].map(([key, entry]): [string, Entry] => [
      key,
      { ...entry, value: change(entry.value, { ...place, path: entry.was ?? join(place.path, key) }) },
    ]);
    return { ...tree, entries: new Map(entries) };
  };
}

function rename(renames: Renames): Change {
  const newer = new Map(renames);
  return (tree, place) => {
    if (tree.kind !== "table") return tree;
    const moved = [...tree.entries].map(([key, entry]): Moved => {
      const to = newer.get(key);
      return to === undefined ? [key, entry] : [to, { ...entry, was: entry.was ?? join(place.path, key) }];
    });
    return moveInto(tree, moved, place);
  };
}

type Moved = readonly [key: string, entry: Entry];

/** The table with these entries; a key that comes from two spellings is a finding, and the first one stays. */
function moveInto(table: Table, moved: readonly Moved[], { findings }: Place): Table {
  const entries = new Map<string, Entry>();
  for (const [key, entry] of moved) {
    const there = entries.get(key);
    if (there === undefined) {
      entries.set(key, entry);
    } else {
      const older = there.was === undefined ? entry : there;
      findings.push({
        offset: older.offset,
        path: older.was ?? key,
        message: `found beside its newer spelling "${key}", expected only one of them`,
      });
    }
  }
  return { ...table, entries };
}

/** Moves what stands under `outer.inner` to `to`, where it joins what is there; an `outer` that is left empty goes. */
function hoist(outer: string, inner: string, to: string, renames: Renames = []): Change {
  return (tree, place) => {
    const from = tree.kind === "table" ? tree.entries.get(outer) : undefined;
    const nested = from?.value.kind === "table" ? from.value.entries.get(inner) : undefined;
    if (tree.kind !== "table" || from?.value.kind !== "table" || nested?.value.kind !== "table") return tree;
    const entries = new Map(tree.entries);
    const rest = without(from.value, inner);
    if (rest.entries.size > 0) entries.set(outer, { ...from, value: rest });
    else entries.delete(outer);
    const target = entries.get(to);
    const existing = target?.value ?? { ...nested.value, entries: new Map<string, Entry>() };
    if (existing.kind !== "table") return tree;
    const moved = [...taken(nested.value, renames, { ...place, path: join(join(place.path, outer), inner) })];
    const value = moveInto(nested.value, [...existing.entries, ...moved], place);
    return { ...tree, entries: entries.set(to, { offset: target?.offset ?? nested.offset, value }) };
  };
}

/** The entries of a table that is about to vanish: each keeps the path at which it is written. */
function* taken(table: Table, renames: Renames, place: Place): Iterable<Moved> {
  for (const [key, entry] of table.entries) {
    const was = entry.was ?? join(place.path, key);
    yield [new Map(renames).get(key) ?? key, { ...entry, was }];
  }
}

function without(table: Table, key: string): Table {
  const entries = new Map(table.entries);
  entries.delete(key);
  return { ...table, entries };
}

/** A list of agents with a `name` each, which was their id. */
function listToTable(tree: Tree, { path, findings }: Place): Tree {
  if (tree.kind !== "list") return tree;
  const entries = new Map<string, Entry>();
  for (const [at, item] of tree.items.entries()) {
    const was = join(path, at);
    const name = item.kind === "table" ? item.entries.get("name")?.value : undefined;
    const id = name?.kind === "scalar" && typeof name.value === "string" ? name.value : undefined;
    if (id === undefined) {
      findings.push({
        offset: item.offset,
        path: was,
        message: "found no name, expected one, as it is the agent's id",
      });
    } else if (entries.has(id)) {
      findings.push({ offset: item.offset, path: was, message: "found a name that is taken, expected another" });
    } else {
      entries.set(id, { offset: item.offset, value: item, was });
    }
  }
  return { kind: "table", offset: tree.offset, entries };
}

/** A key that said what goes without saying now. */
function dropSpokenDefault(key: string, values: readonly string[]): Change {
  return (tree) => {
    const value = tree.kind === "table" ? tree.entries.get(key)?.value : undefined;
    if (tree.kind !== "table" || value?.kind !== "scalar") return tree;
    return values.some((spoken) => spoken === value.value) ? without(tree, key) : tree;
  };
}

/** `source: {type: directory, path: …}` → `source: directory`, `path: …` */
function nestedSource(tree: Tree, place: Place): Tree {
  const source = tree.kind === "table" ? tree.entries.get("source") : undefined;
  if (tree.kind !== "table" || source?.value.kind !== "table") return tree;
  const moved = taken(source.value, [["type", "source"]], { ...place, path: join(place.path, "source") });
  return moveInto(tree, [...without(tree, "source").entries, ...moved], place);
}
