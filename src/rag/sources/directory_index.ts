import { createHash } from "node:crypto";
import { join } from "node:path";
import type { StoreSummary } from "../document_store.ts";
import { KeywordIndex } from "../keyword_index.ts";
import { directoryFiles, type DirectorySettings, type FoundFile } from "./directory_files.ts";
import { readDocument } from "./read_document.ts";

/**
 * A file that was changed this short before it was read may change again without its time or size telling: times are no
 * finer than a clock tick, on some file systems two seconds. It is read once more (the problem of Git's "racy" entries,
 * https://git-scm.com/docs/racy-git).
 */
const UNSETTLED_MS = 2_000;

interface Known extends FoundFile {
  /** Of the text that is in the index; absent if the file is not. */
  readonly digest?: string;
  readonly settled: boolean;
}

/** Keeps a KeywordIndex in step with a directory. Holds its thread; runs in a worker. */
export class DirectoryIndex implements Disposable {
  readonly #index = new KeywordIndex();
  readonly #known = new Map<string, Known>();

  constructor(readonly settings: DirectorySettings, readonly now: () => number) {}

  /** Looks at every file, and reads those that are new or changed. */
  refresh(): StoreSummary {
    const { maxFiles, maxTotalBytes } = this.settings;
    const seen = new Set<string>();
    let bytes = 0;
    let leftOut = 0;
    this.#index.change(() => {
      for (const file of directoryFiles(this.settings)) {
        const isLarge = file.sizeBytes > this.settings.maxFileBytes;
        if (seen.size >= maxFiles || (!isLarge && bytes + file.sizeBytes > maxTotalBytes)) leftOut++;
        else {
          seen.add(file.path);
          bytes += isLarge ? 0 : file.sizeBytes;
          this.#update(file);
        }
      }
      for (const path of this.#known.keys()) if (!seen.has(path)) this.#forget(path);
    });
    const files = [...this.#known.values()].filter(({ digest }) => digest !== undefined).length;
    const notes = leftOut === 0 ? [] : [
      `${leftOut} files are not searched: the store is full (max_files ${maxFiles}, max_total_size ${maxTotalBytes})`,
    ];
    return { files, passages: this.#index.passageCount(), skipped: this.#known.size - files, notes };
  }

  find(query: string, limit: number): ReturnType<KeywordIndex["find"]> {
    return this.#index.find(query, limit);
  }

  [Symbol.dispose](): void {
    this.#index[Symbol.dispose]();
  }

  #update(file: FoundFile): void {
    const known = this.#known.get(file.path);
    if (known?.settled && isSame(known, file)) return;
    const settled = Math.abs(this.now() - file.mtimeMs) > UNSETTLED_MS;
    const text = readDocument(join(this.settings.root, file.path), this.settings.maxFileBytes);
    if (text === undefined) {
      if (known?.digest !== undefined) this.#index.remove(file.path);
      this.#known.set(file.path, { ...file, settled });
      return;
    }
    const digest = createHash("sha256").update(text).digest("base64");
    if (known?.digest !== digest) this.#index.put(file.path, text);
    this.#known.set(file.path, { ...file, settled, digest });
  }

  #forget(path: string): void {
    this.#index.remove(path);
    this.#known.delete(path);
  }
}

function isSame(a: FoundFile, b: FoundFile): boolean {
  return a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs && a.inode === b.inode;
}
