import { CommandRefusal } from "./command_refusal.ts";
import type { RefusedOptions } from "./program_lists.ts";

/** Throws CommandRefusal if a word of `args` is one of the options, or could be read as one. */
export function judgeOptions(name: string, args: readonly string[], refused: RefusedOptions): void {
  const { long = [], short = "", starts = [], does = "run another program or read its options elsewhere" } = refused;
  for (const word of args) {
    const begun = /^--([^=]+)/.exec(word)?.[1];
    const cluster = /^-([^-].*)$/s.exec(word)?.[1] ?? "";
    const found = (begun !== undefined && long.some((option) => option.startsWith(begun))) ||
      [...short].some((letter) => cluster.includes(letter)) || starts.some((start) => word.startsWith(start));
    if (found) {
      throw new CommandRefusal(`${shown(word)} can make ${name} ${does}`);
    }
  }
}

/** An argument as an error shows it. */
export function shown(word: string): string {
  return JSON.stringify(word.length > 60 ? `${word.slice(0, 60)}…` : word);
}
