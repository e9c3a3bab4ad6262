import type { Node, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { isAlias, isNode, isScalar, isSeq } from "./yaml.ts";
import { type Entry, type Finding, join, quote, type Tree } from "./tree.ts";

const MAX_DEPTH = 64;
/** What a document may hold when every alias is written out. */
const MAX_NODES = 100_000;
const MAX_TEXT = 4_194_304;

/** The whole text is refused: what follows `offset` is not looked at. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  constructor(readonly offset: number, message: string) {
    super(message);
  }
}

/** A node with what it comes to when its aliases are written out. */
interface Measured {
  readonly tree: Tree;
  readonly size: Size;
}

interface Size {
  nodes: number;
  text: number;
  height: number;
}

/** One document being read. */
interface Reading {
  readonly findings: Finding[];
  /** An anchor is open until the node that it names is complete. */
  readonly anchors: Map<string, Measured | "open">;
}

/** YAML nodes → Tree. Aliases stay shared, so a bomb is measured without being built. Throws Refusal. */
export function toTree(root: Node): { readonly tree: Tree; readonly findings: readonly Finding[] } {
  const reading: Reading = { findings: [], anchors: new Map() };
  return { tree: read(root, "", reading).tree, findings: reading.findings };
}

function read(node: Node, path: string, reading: Reading): Measured {
  if (isAlias(node)) return resolve(node.source, startOf(node), reading);
  const { anchor } = node;
  if (anchor !== undefined) reading.anchors.set(anchor, "open");
  const measured = isScalar(node)
    ? readScalar(node, path, reading)
    : isSeq(node)
    ? readList(node, path, reading)
    : readTable(node, path, reading);
  if (anchor !== undefined) reading.anchors.set(anchor, measured);
  return measured;
}

function resolve(name: string, offset: number, { anchors }: Reading): Measured {
  const target = anchors.get(name);
  if (target === undefined) {
    throw new Refusal(offset, `found the alias ${quote(`*${name}`)}, expected its anchor above it`);
  }
  if (target === "open") throw new Refusal(offset, `found the alias ${quote(`*${name}`)} inside of what it stands for`);
  return target;
}

function readScalar(node: Scalar, path: string, { findings }: Reading): Measured {
  const { value } = node;
  const offset = startOf(node);
  const size = { nodes: 1, text: 0, height: 0 };
  if (typeof value === "string") {
    return { tree: { kind: "scalar", offset, value }, size: { ...size, text: value.length } };
  }
  if (value === null || typeof value === "boolean" || (typeof value === "number" && Number.isFinite(value))) {
    return { tree: { kind: "scalar", offset, value }, size };
  }
  findings.push({ offset, path, message: "found a number that is not finite, expected another value" });
  return { tree: { kind: "scalar", offset, value: 0 }, size };
}

function readList(node: YAMLSeq, path: string, reading: Reading): Measured {
  const offset = startOf(node);
  const size: Size = { nodes: 1, text: 0, height: 1 };
  const items = node.items.map((item, at) => {
    const child = readChild(item, { offset, path: join(path, at) }, reading);
    add(size, child, offset);
    return child.tree;
  });
  return { tree: { kind: "list", offset, items }, size };
}

function readTable(node: YAMLMap, path: string, reading: Reading): Measured {
  const size: Size = { nodes: 1, text: 0, height: 1 };
  const entries = new Map<string, Entry>();
  const merged = new Map<string, Entry>();
  for (const pair of node.items) {
    const offset = isNode(pair.key) ? startOf(pair.key) : startOf(node);
    const key = isScalar(pair.key) ? pair.key.value : undefined;
    const problem = typeof key === "string"
      ? refuseKey(key, entries)
      : "found a key that is not text, expected quotes around it";
    if (typeof key !== "string" || problem !== undefined) {
      reading.findings.push({ offset, path: typeof key === "string" ? join(path, key) : path, message: problem ?? "" });
      continue;
    }
    const child = readChild(pair.value, { offset, path: join(path, key) }, reading);
    add(size, child, offset);
    if (key === "<<") merge(child.tree, merged, offset);
    else entries.set(key, { offset, value: child.tree });
  }
  for (const [key, entry] of merged) if (!entries.has(key)) entries.set(key, entry);
  return { tree: { kind: "table", offset: startOf(node), entries }, size };
}

function refuseKey(key: string, entries: ReadonlyMap<string, Entry>): string | undefined {
  // Assigning it to an object would change the object's prototype instead.
  if (key === "__proto__") return "found a name that objects reserve, expected another";
  return entries.has(key) ? "found the key a second time, expected it once" : undefined;
}

/** What stands nowhere (`key:` with nothing behind it, in some forms of it) is null. */
function readChild(node: unknown, place: { offset: number; path: string }, reading: Reading): Measured {
  if (isNode(node)) return read(node, place.path, reading);
  return { tree: { kind: "scalar", offset: place.offset, value: null }, size: { nodes: 1, text: 0, height: 0 } };
}

/** `<<: *base` of YAML 1.1, which configurations for Go programs use: what is written beside it wins. */
function merge(value: Tree, into: Map<string, Entry>, offset: number) {
  for (const source of value.kind === "list" ? value.items : [value]) {
    if (source.kind !== "table") throw new Refusal(offset, "found << without a mapping, expected the alias of one");
    for (const [key, entry] of source.entries) if (!into.has(key)) into.set(key, entry);
  }
}

function add(size: Size, child: Measured, offset: number) {
  size.nodes += child.size.nodes;
  size.text += child.size.text;
  size.height = Math.max(size.height, child.size.height + 1);
  if (size.nodes > MAX_NODES || size.text > MAX_TEXT) {
    throw new Refusal(offset, "found aliases that multiply to more than a configuration may hold, expected fewer");
  }
  if (size.height > MAX_DEPTH) throw new Refusal(offset, "found nesting deeper than 64 levels, expected less");
}

function startOf(node: Node): number {
  return node.range?.[0] ?? 0;
}
