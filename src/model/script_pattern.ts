import { z } from "zod";
import { late } from "../lib/late.ts";
import { slowPattern } from "../lib/slow_pattern.ts";

/** The whole match and its groups; empty where nothing had to match. */
export type Match = readonly (string | undefined)[];

const MAX_PATTERN_CHARS = 500;
/** A slow pattern is slow in the length of what it reads. */
const MAX_TEXT_CHARS = 10_000;

const REGEX = /^\/(.+)\/([imsu]*)$/s;

/** A piece of text, found whatever its case, or `/a regular expression/` with the flags i, m, s, u. */
export const Pattern = late(() =>
  z.string().min(1).max(MAX_PATTERN_CHARS).superRefine((text, context) => {
    try {
      toRegex(text);
      const [, source] = REGEX.exec(text) ?? [];
      const slow = source === undefined ? undefined : slowPattern(source);
      if (slow !== undefined) context.addIssue({ code: "custom", message: slow });
    } catch (thrown) {
      context.addIssue({ code: "custom", message: thrown instanceof Error ? thrown.message : String(thrown) });
    }
  })
);

function toRegex(text: string): RegExp {
  const [, source, flags] = REGEX.exec(text) ?? [];
  return source === undefined
    ? new RegExp(text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"), "i")
    : new RegExp(source, flags);
}

/** Reads the first 10,000 characters; undefined if the pattern is not in them. */
export function compilePattern(pattern: string): (text: string) => Match | undefined {
  const regex = toRegex(pattern);
  return (text) => regex.exec(text.slice(0, MAX_TEXT_CHARS)) ?? undefined;
}
