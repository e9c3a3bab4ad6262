import type { Terminal } from "../../src/cli/terminal.ts";

/** A terminal that remembers. Styles show as `<dim>…</dim>`. */
export function fakeTerminal(options: { readonly interactive?: boolean; readonly input?: string } = {}) {
  const printed = { out: "", err: "" };
  const terminal: Terminal = {
    out: (text) => void (printed.out += text),
    err: (text) => void (printed.err += text),
    interactive: options.interactive ?? false,
    dim: (text) => `<dim>${text}</dim>`,
    bold: (text) => `<bold>${text}</bold>`,
    red: (text) => `<red>${text}</red>`,
    readAll: () => Promise.resolve(options.input ?? ""),
    lines: async function* () {
      yield* (options.input ?? "").split("\n");
    },
  };
  return { terminal, printed };
}
