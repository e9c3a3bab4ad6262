import { z } from "zod";
import { late } from "../lib/late.ts";
import type { Scene } from "./scene.ts";
import type { Match } from "./script_pattern.ts";

type Fill = (scene: Scene, match: Match) => string;

const HOLE = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** [what stands between the braces, what goes there] */
const HOLES: readonly (readonly [RegExp, (name: string) => Fill])[] = [
  [/^message$/, () => ({ message }) => message],
  [/^system$/, () => ({ system }) => system],
  [/^turn$/, () => ({ turn }) => String(turn)],
  [/^step$/, () => ({ step }) => String(step)],
  [/^tools$/, () => ({ tools }) => tools.map(({ name }) => name).join(", ")],
  [/^tool_result$/, () => ({ outcomes }) => outcomes.map(({ output }) => output).join("\n")],
  [/^tool_result\.(.+)$/, (tool) => ({ outcomes }) => outcomes.findLast(({ name }) => name === tool)?.output ?? ""],
  [/^match$/, () => (_, match) => match[0] ?? ""],
  [/^match\.(\d)$/, (group) => (_, match) => match[Number(group)] ?? ""],
];

/** Text with holes such as `{{message}}`; a hole that nothing fills is refused. */
export const Template = late(() =>
  z.string().superRefine((text, context) => {
    for (const [hole, name] of text.matchAll(HOLE)) {
      if (fillFor(name ?? "") === undefined) {
        context.addIssue({
          code: "custom",
          message:
            `${hole} is not known; known are message, tool_result, tool_result.NAME, match, match.1 to match.9, turn, step, system and tools`,
        });
      }
    }
  })
);

function fillFor(hole: string): Fill | undefined {
  for (const [pattern, fill] of HOLES) {
    const found = pattern.exec(hole);
    if (found !== null) return fill(found[1] ?? "");
  }
  return undefined;
}

/** The text as a function of what fills its holes. What is filled in is not looked through again. */
export function compileTemplate(text: string): Fill {
  const pieces: (string | Fill)[] = [];
  let end = 0;
  for (const found of text.matchAll(HOLE)) {
    const fill = fillFor(found[1] ?? "");
    if (fill === undefined) continue;
    pieces.push(text.slice(end, found.index), fill);
    end = found.index + found[0].length;
  }
  if (pieces.length === 0) return () => text;
  pieces.push(text.slice(end));
  return (scene, match) => pieces.map((piece) => typeof piece === "string" ? piece : piece(scene, match)).join("");
}
