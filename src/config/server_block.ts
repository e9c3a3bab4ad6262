import { readOlderSpellings } from "./older_spellings.ts";
import { readYaml } from "./read_yaml.ts";
import type { Tree } from "./tree.ts";

/**
 * Whether two texts of a configuration say different things of the server, in whatever spelling. Variables count as they
 * are written: what stands behind them is no part of the text. Comments and the order of keys do not count. A text that
 * cannot be read says nothing of the server.
 */
export function serverBlockChanged(before: string, after: string): boolean {
  return identityOf(serverIn(before)) !== identityOf(serverIn(after));
}

function serverIn(text: string): Tree | undefined {
  const { tree } = readYaml(text.startsWith("\uFEFF") ? text.slice(1) : text);
  if (tree === undefined) return undefined;
  const { tree: root } = readOlderSpellings(tree);
  return root.kind === "table" ? root.entries.get("server")?.value : undefined;
}

/** Empty sections are as good as absent ones. */
function identityOf(tree: Tree | undefined): string {
  if (tree === undefined) return "";
  switch (tree.kind) {
    case "scalar":
      return tree.value === null ? "" : JSON.stringify(tree.value);
    case "list":
      return `[${tree.items.map(identityOf).join()}]`;
    case "table": {
      const members = [...tree.entries].map(([key, { value }]) => [JSON.stringify(key), identityOf(value)] as const);
      const said = members.filter(([, identity]) => identity !== "").sort(([one], [other]) => one < other ? -1 : 1);
      return said.length === 0 ? "" : `{${said.map((member) => member.join(":")).join()}}`;
    }
  }
}
