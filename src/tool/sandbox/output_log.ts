/** The programs say more than anybody could want. */
export class TooLong extends Error {
  override readonly name = "TooLong";
}

export interface OutputLimits {
  /** Bytes, both streams together; more ends the command. */
  readonly maxBytes: number;
  /** Characters, both streams together, that are told while it runs. */
  readonly maxSaid: number;
}

/** What a command says: decoded, counted, and told while it comes. */
export class OutputLog {
  readonly #decoders = { output: new TextDecoder(), errors: new TextDecoder() };
  readonly #texts = { output: "", errors: "" };
  #bytes = 0;
  #said = 0;

  constructor(readonly limits: OutputLimits, readonly say: (delta: string) => Promise<void>) {}

  /** Resolves when there is room for more. Throws TooLong. */
  async take(on: "output" | "errors", bytes: Uint8Array): Promise<void> {
    const { maxBytes } = this.limits;
    const kept = bytes.subarray(0, maxBytes - this.#bytes);
    this.#bytes += kept.length;
    await this.#add(on, this.#decoders[on].decode(kept, { stream: true }));
    if (kept.length < bytes.length) throw new TooLong(`its output is longer than ${maxBytes} bytes`);
  }

  /** Everything, the streams apart. What was begun of a character is replaced. */
  end(): { readonly output: string; readonly errors: string } {
    for (const on of ["output", "errors"] as const) this.#texts[on] += this.#decoders[on].decode();
    return this.#texts;
  }

  async #add(on: "output" | "errors", text: string): Promise<void> {
    this.#texts[on] += text;
    const told = startOf(text, this.limits.maxSaid - this.#said);
    this.#said += told.length;
    if (told !== "") await this.say(told);
  }
}

/** At most `maxChars` UTF-16 units from the beginning, ending between two characters. */
export function startOf(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const end = isLow(text.charCodeAt(maxChars)) ? maxChars - 1 : maxChars;
  return text.slice(0, Math.max(0, end));
}

/** Its beginning and its end, if it is longer than `maxChars`: errors come last. */
export function middleCut(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const head = startOf(text, Math.ceil(maxChars / 2));
  let from = text.length - Math.floor(maxChars / 2);
  if (isLow(text.charCodeAt(from))) from++;
  return `${head}\n[… ${from - head.length} characters are left out …]\n${text.slice(from)}`;
}

function isLow(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff;
}
