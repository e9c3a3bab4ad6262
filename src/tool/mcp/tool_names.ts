import { fnv1a } from "../../lib/fnv1a.ts";

/** What model providers take as a name of a function. */
const MAX_NAME = 64;

/** A name of a server's as providers take it; "" if nothing of it can be kept. */
export function safeName(name: string): string {
  const clean = name.replaceAll(/[^A-Za-z0-9_-]+/g, "_");
  return /[A-Za-z0-9]/.test(clean) ? shortened(clean) : "";
}

/** `files` and `read` → `files__read` */
export function prefixedName(prefix: string, name: string): string {
  return shortened(`${prefix}${name}`);
}

/** The first of these that is not taken: the name, then the name with a number. */
export function freeName(name: string, isTaken: (name: string) => boolean): string {
  for (let number = 1;; number++) {
    const suffix = number === 1 ? "" : `_${number}`;
    const candidate = `${name.slice(0, MAX_NAME - suffix.length)}${suffix}`;
    if (!isTaken(candidate)) return candidate;
  }
}

/** A long name keeps its end by a digest of the whole, so that two long names stay two. */
function shortened(name: string): string {
  if (name.length <= MAX_NAME) return name;
  const mark = `_${fnv1a(name)}`;
  return `${name.slice(0, MAX_NAME - mark.length)}${mark}`;
}
