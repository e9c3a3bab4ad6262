import type { ToolCall } from "../a2a/parts.ts";

/** A path from the root of a POSIX machine (at least two segments), a file: URL, or a path on a Windows drive. */
const PATH =
  /(?:file:\/\/\/?|(?<![\w:/.~-])[A-Za-z]:[\\/]|(?<![\w:/.~-])\/)(?:[^\s"'`:;,()<>|\\/]+[\\/])+[^\s"'`:;,()<>|\\/]*/g;
const STACK_LINE = /\n[ \t]{1,16}at .*/g;

/** What the model is told of a tool that threw: its message, without the stack and without this machine's paths. */
export function toFault(thrown: unknown, call: ToolCall): string {
  const message = thrown instanceof Error ? thrown.message || thrown.name : String(thrown);
  const known = JSON.stringify(call.arguments);
  const clean = message.replace(STACK_LINE, "").replace(
    PATH,
    (path) => known.includes(path) ? path : lastSegment(path),
  );
  return `Tool "${call.name}" failed: ${clean}`;
}

function lastSegment(path: string): string {
  return `…/${path.split(/[\\/]/).findLast((segment) => segment !== "") ?? ""}`;
}

/** At most `maxChars` UTF-16 units of `text`, ending between two characters, with a line that says how much is missing. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  const last = text.charCodeAt(maxChars - 1);
  const kept = text.slice(0, last >= 0xd800 && last <= 0xdbff ? maxChars - 1 : maxChars);
  return `${kept}\n[cut: ${text.length - kept.length} of ${text.length} characters are left out]`;
}

const REPEATS = 3;
const HINT =
  "\n\n[This is the third time in a row that you make this call with these arguments. If it has not helped so " +
  "far, it will not help again: try something else, or say what is missing.]";

/** An outcome as the tool gave it. */
export function withoutHint(output: string): string {
  return output.endsWith(HINT) ? output.slice(0, -HINT.length) : output;
}

/** Counts identical calls in a row. Gives what to add to the outcome of a call: once in each such row, a hint. */
export function repeatHints(): (call: ToolCall) => string {
  let last = "";
  let count = 0;
  return ({ name, arguments: input, malformed }) => {
    const call = JSON.stringify([name, input, malformed]);
    count = call === last ? count + 1 : 1;
    last = call;
    return count === REPEATS ? HINT : "";
  };
}
