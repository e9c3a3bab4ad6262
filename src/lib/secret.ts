import { z } from "zod";

/** A credential on its way from the configuration to the one request that needs it. Prints, logs and serialises as `[secret]`. */
export class Secret {
  readonly #value: string;
  constructor(value: string) {
    this.#value = value;
  }
  /** The text itself, for the header or the SDK that sends it. */
  reveal(): string {
    return this.#value;
  }
  toString(): string {
    return "[secret]";
  }
  toJSON(): string {
    return "[secret]";
  }
  [Symbol.for("Deno.customInspect")](): string {
    return "[secret]";
  }
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}

/** A non-empty string in the configuration that becomes a Secret. */
export const SecretText = z.union([z.instanceof(Secret), z.string().min(1).transform((text) => new Secret(text))]).meta(
  {
    description: "A credential. Write ${NAME} and put it into the environment.",
  },
);
