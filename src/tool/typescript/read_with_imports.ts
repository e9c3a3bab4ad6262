import { fileURLToPath, pathToFileURL } from "node:url";
import type { ReadNamed } from "../../lib/plugin.ts";

/** An `import` or `export … from` of a file, as far as it can be seen without running the text. */
const IMPORTED = /\b(?:from|import)\s*\(?\s*["']((?:file:|\.{1,2}\/)[^"'\n]+)["']/g;
/** Of one tool. More of them are there, but unnoticed. */
const MAX_FILES = 100;

/** Reads a module and the files that it imports, directly or not. Itself it has no place: it names them by `file:` addresses. */
export function readWithImports(path: string, read: ReadNamed): void {
  const text = read(path);
  const seen = new Set<string>();
  const open = text === undefined ? [] : addressesIn(text, undefined);
  for (let address = open.shift(); address !== undefined && seen.size < MAX_FILES; address = open.shift()) {
    if (seen.has(address)) continue;
    seen.add(address);
    const imported = read(fileURLToPath(address));
    if (imported !== undefined) open.push(...addressesIn(imported, address));
  }
}

function addressesIn(text: string, base: string | undefined): string[] {
  return [...text.matchAll(IMPORTED)].flatMap(([, specifier = ""]) => {
    const url = URL.parse(specifier, base);
    if (url?.protocol !== "file:" || url.host !== "") return [];
    try {
      // One spelling for each file: a query makes another module of it, but no other text.
      return [pathToFileURL(fileURLToPath(url)).href];
    } catch {
      // `%2F` in a name: nothing that a disk can hold.
      return [];
    }
  });
}
