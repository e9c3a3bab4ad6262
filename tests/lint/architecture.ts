import { dirname, join, normalize } from "node:path/posix";

/** Source files by their path from the repository's root. */
export type Tree = ReadonlyMap<string, string>;

/** Who may import whom; docs/architecture.md shows the same table. A room may always import itself. */
export const MAY_IMPORT: ReadonlyMap<string, readonly string[]> = new Map([
  ["lib", []],
  ["a2a", ["lib"]],
  ["config", ["lib"]],
  ["store", ["lib", "a2a"]],
  ["model", ["lib", "a2a"]],
  ["tool", ["lib", "a2a"]],
  ["memory", ["lib", "a2a", "model", "store"]],
  ["rag", ["lib", "a2a", "model", "store", "tool"]],
  ["agent", ["lib", "a2a", "model", "tool", "memory", "rag"]],
  ["task", ["lib", "a2a", "store", "agent"]],
  ["guard", ["lib", "a2a", "store"]],
  ["telemetry", ["lib", "a2a"]],
  ["server", ["lib", "a2a", "guard", "telemetry"]],
  ["ui", ["lib", "a2a"]],
  ["cli", ["lib", "a2a", "config", "app"]],
]);

/** These see every room: they are where the house is put together. */
const BUILDERS: ReadonlySet<string> = new Set(["app", "plugins.ts"]);
const MAX_FILE_LINES = 400;
const MAX_MEDIAN_LINES = 130;
const MAX_P90_LINES = 300;
const MAX_OWN_IMPORTS = 12;

const IMPORT = /(?:\bfrom\s*|\bimport\s*\(?\s*|\bnew URL\(\s*)["']([^"']+)["']/g;

/** Paths (from the root) that `path` imports by value, type, `import()` or worker URL. */
export function importsOf(path: string, source: string): string[] {
  const found = [...source.matchAll(IMPORT)].map(([, specifier]) => specifier ?? "");
  return found.filter((specifier) => specifier.startsWith(".")).map((specifier) =>
    normalize(join(dirname(path), specifier))
  );
}

function room(path: string): string {
  return path.split("/")[1] ?? path;
}

function inSource(tree: Tree): [path: string, source: string][] {
  return [...tree].filter(([path]) => path.startsWith("src/"));
}

/** Imports that the table does not allow. */
export function layerBreaches(tree: Tree): string[] {
  return inSource(tree).flatMap(([path, source]) => {
    if (BUILDERS.has(room(path))) return [];
    const allowed = MAY_IMPORT.get(room(path));
    if (allowed === undefined) return [`${path}: room "${room(path)}" is not in the table`];
    return importsOf(path, source)
      .filter((target) => target.startsWith("src/"))
      .filter((target) => room(target) !== room(path) && !allowed.includes(room(target)))
      .map((target) => `${path} imports ${target}: ${room(path)} may import ${allowed.join(", ") || "nothing"}`);
  });
}

/** Import circles, each told once, by the path that closes it. */
export function circles(tree: Tree): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (path: string, trail: readonly string[]) => {
    const at = trail.indexOf(path);
    if (at >= 0) {
      found.push([...trail.slice(at), path].join(" → "));
      return;
    }
    if (done.has(path)) return;
    for (const target of importsOf(path, tree.get(path) ?? "")) walk(target, [...trail, path]);
    done.add(path);
  };
  for (const [path] of tree) walk(path, []);
  return found;
}

function lines(source: string): number {
  return source.trimEnd().split("\n").length;
}

/** Files over the budgets. `allowed` names the long files that have a reason. */
export function sizeBreaches(tree: Tree, allowed: ReadonlyMap<string, string>): string[] {
  const sizes = inSource(tree).map(([path, source]) => ({ path, size: lines(source) })).sort((a, b) => a.size - b.size);
  const quantile = (share: number) => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))]?.size ?? 0;
  const long = sizes.filter(({ path, size }) => size > MAX_FILE_LINES && !allowed.has(path))
    .map(({ path, size }) => `${path}: ${size} lines, at most ${MAX_FILE_LINES}`);
  const stale = [...allowed.keys()].filter((path) => lines(tree.get(path) ?? "") <= MAX_FILE_LINES)
    .map((path) => `${path}: in the list of long files, but it is not long`);
  const median = quantile(0.5) > MAX_MEDIAN_LINES ? [`median ${quantile(0.5)} lines, at most ${MAX_MEDIAN_LINES}`] : [];
  const p90 = quantile(0.9) > MAX_P90_LINES ? [`p90 ${quantile(0.9)} lines, at most ${MAX_P90_LINES}`] : [];
  return [...long, ...stale, ...median, ...p90];
}

/** Files that import too much of ours. */
export function crowdedFiles(tree: Tree): string[] {
  return inSource(tree).filter(([path]) => !BUILDERS.has(room(path)))
    .map(([path, source]) => ({ path, count: new Set(importsOf(path, source)).size }))
    .filter(({ count }) => count > MAX_OWN_IMPORTS)
    .map(({ path, count }) => `${path}: imports ${count} files of ours, at most ${MAX_OWN_IMPORTS}`);
}

/** Files under src/ that nothing reaches from `entries`. */
export function deadFiles(tree: Tree, entries: readonly string[]): string[] {
  const reached = new Set<string>();
  const queue = [...entries];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    queue.push(...importsOf(path, tree.get(path) ?? ""));
  }
  return inSource(tree).map(([path]) => path).filter((path) => !reached.has(path));
}

/** Imports of app/ or plugins.ts from where the house must not know how it is put together. */
export function builderBreaches(tree: Tree): string[] {
  return inSource(tree).flatMap(([path, source]) => {
    if (room(path) === "cli" || BUILDERS.has(room(path))) return [];
    return importsOf(path, source).filter((target) => BUILDERS.has(room(target)))
      .map((target) => `${path} imports ${target}: only cli, main.ts and tests do`);
  });
}

/** Comments may say any word. */
function code(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
}

/**
 * Places that spell a plugin's name as a string, outside its own files and plugins.ts. `others` are strings of the same
 * letters that mean something else: path → name.
 */
export function spelledPlugins(tree: Tree, names: readonly string[], others: ReadonlyMap<string, string>): string[] {
  return names.flatMap((name) => {
    const own = name.replaceAll("-", "_");
    const spelled = new RegExp(`["'\`]${name}["'\`]`);
    return inSource(tree)
      .filter(([path]) => path !== "src/plugins.ts" && !(path.split("/").at(-1) ?? "").startsWith(own))
      .filter(([path, source]) => others.get(path) !== name && spelled.test(code(source)))
      .map(([path]) => `${path} spells "${name}"`);
  });
}

/** What a file is called: snake_case, one thing, no barrel. */
export function misnamedFiles(tree: Tree): string[] {
  return inSource(tree).map(([path]) => path).filter((path) => {
    const file = path.split("/").at(-1) ?? "";
    return !/^[a-z0-9]+(_[a-z0-9]+)*\.tsx?$/.test(file) ||
      /^(index|mod|util|utils|helpers?|common|misc)\.ts$/.test(file);
  });
}
