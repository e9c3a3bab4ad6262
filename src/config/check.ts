import type { z } from "zod";
import { READ_ONCE } from "../lib/plugin.ts";
import { describeIssue } from "./describe_issue.ts";
import { textAs } from "./text_as.ts";
import { find, type Finding, type Path, type Place, toPath, type Tree } from "./tree.ts";

/** What each pass may change is bounded by what the pass before it had revealed; real schemas need one or two. */
const MAX_PASSES = 8;

type Retyped = Map<Tree, unknown>;

/**
 * The schema's output for this part of the file, or undefined after adding what is wrong to `findings`.
 * A text that was one variable as a whole becomes a number or a boolean where the schema wants one, and nowhere else:
 * a password `007` stays as it is. An empty value counts as an empty mapping where one is due (all of its lines may be
 * commented out).
 */
export function check<Schema extends z.ZodType>(
  schema: Schema,
  place: Place,
  findings: Finding[],
): z.output<Schema> | undefined {
  const retyped: Retyped = new Map();
  for (let pass = 1;; pass++) {
    const value = place.tree === undefined ? undefined : toPlain(place.tree, retyped);
    const result = schema.safeParse(value, READ_ONCE);
    if (result.success) return result.data;
    const { issues } = result.error;
    if (pass < MAX_PASSES && retype(issues, place, retyped)) continue;
    findings.push(...issues.flatMap((issue) => describeIssue(issue, schema, place)));
    return undefined;
  }
}

/** The value without its places. Objects have no prototype, so no key of the file can reach one. */
function toPlain(tree: Tree, retyped: Retyped): unknown {
  if (retyped.has(tree)) return retyped.get(tree);
  switch (tree.kind) {
    case "scalar":
      return tree.value;
    case "list":
      return tree.items.map((item) => toPlain(item, retyped));
    case "table": {
      const plain: Record<string, unknown> = Object.create(null);
      for (const [key, { value }] of tree.entries) plain[key] = toPlain(value, retyped);
      return plain;
    }
  }
}

/** Whether an issue could be mended by reading a value as what the schema wants there. */
function retype(issues: readonly z.core.$ZodIssue[], place: Place, retyped: Retyped): boolean {
  let isChanged = false;
  for (const { expected, path } of typeIssues(issues, [])) {
    const { node } = find(place, path);
    if (node?.kind !== "scalar" || retyped.has(node)) continue;
    const { value } = node;
    const better = value === null
      ? emptyAs(expected)
      : typeof value === "string" && node.retypable
      ? textAs(value, expected)
      : undefined;
    if (better === undefined) continue;
    retyped.set(node, better);
    isChanged = true;
  }
  return isChanged;
}

function* typeIssues(
  issues: readonly z.core.$ZodIssue[],
  prefix: Path,
): Iterable<{ readonly expected: string; readonly path: Path }> {
  for (const issue of issues) {
    const path = [...prefix, ...toPath(issue.path)];
    if (issue.code === "invalid_type") yield { expected: issue.expected, path };
    if (issue.code === "invalid_union") { for (const branch of issue.errors) yield* typeIssues(branch, path); }
  }
}

function emptyAs(expected: string): unknown {
  return expected === "object" || expected === "record" ? {} : undefined;
}
