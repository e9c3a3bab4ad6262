import { FileRefusal } from "./file_refusal.ts";

/** Spellings that mean another file to somebody on the way (a shell, a URL decoder, another system), so none is guessed at. */
const REFUSED: readonly (readonly [spelling: RegExp, reason: string])[] = [
  [/\p{Cc}/u, "it holds a control character"],
  [/\p{Cs}/u, "it is not well-formed Unicode"],
  [/[\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029\ufeff]/u, "it holds characters that hide or reorder its text"],
  [/\\/, "write / between names, not a backslash"],
  [/^\/\//, "a network path is not allowed"],
  [/^([a-z][a-z0-9+.-]*:\/\/|file:)/i, "it is a URL; give a plain path"],
  [/^[a-z]:/i, "a drive letter is not allowed"],
  [/%(25)*(2e|2f|5c|00)/i, "it is percent-encoded; give it in plain text"],
  [/^~($|[\w.-]*\/)/, "~ is not expanded; give a path inside the working directory"],
];

const OUTSIDE = "it is outside the working directory";
/** Names that Windows gives to devices, whatever their extension. */
const WINDOWS_DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

export interface PathRules {
  /** Absolute spellings of the one working directory, "/" between names. */
  readonly roots: readonly string[];
  readonly windows: boolean;
}

/**
 * The names that lead from the working directory to `path`, by its text alone. Throws FileRefusal for what leads out of
 * it or may mean something else elsewhere. Symbolic links are looked at later, on the disk.
 */
export function pathNames(path: string, { roots, windows }: PathRules): readonly string[] {
  if (path === "") throw new FileRefusal("the path is empty");
  if (path.length > 4096) throw new FileRefusal("the path is too long");
  const own = roots.find((root) => path === root || path.startsWith(root.endsWith("/") ? root : `${root}/`));
  const inner = own === undefined ? path : path.slice(own.length).replace(/^\/+/, "");
  for (const [spelling, reason] of REFUSED) if (spelling.test(inner)) throw new FileRefusal(reason);
  if (inner.startsWith("/")) throw new FileRefusal(OUTSIDE);
  if (inner.endsWith("/")) throw new FileRefusal("it names a directory");
  const names = inner.split("/").filter((name) => name !== "" && name !== ".");
  for (const name of names) checkName(name, windows);
  if (names.length === 0) throw new FileRefusal("it is a directory");
  return names;
}

function checkName(name: string, windows: boolean): void {
  if (name === "..") throw new FileRefusal('it holds ".."; give the path from the working directory down');
  const plain = name.normalize("NFKC");
  if (/^\.\.?$|[/\\]/.test(plain)) throw new FileRefusal("it holds look-alikes of dots or separators");
  if (/[. ]$/.test(name)) throw new FileRefusal("a name ends with a dot or a space");
  if (windows && (name.includes(":") || WINDOWS_DEVICE.test(name))) {
    throw new FileRefusal("it names a device or a stream");
  }
}
