import type { Progress } from "@modelcontextprotocol/client";
import type { ToolContext } from "../tool.ts";

const MAX_MESSAGE = 500;

/** Tells a server's progress to the peers, a line each. While one line is on its way only the last of the others is kept. */
export function progressTeller(say: ToolContext["say"]): (progress: Progress) => void {
  let next: string | undefined;
  let isTelling = false;
  const tell = async () => {
    isTelling = true;
    try {
      for (let line = next; line !== undefined; line = next) {
        next = undefined;
        await say(line);
      }
    } catch {
      // The call is over; nobody reads its progress any more.
    } finally {
      isTelling = false;
    }
  };
  return (progress) => {
    next = toLine(progress);
    if (!isTelling) void tell();
  };
}

function toLine({ progress, total, message }: Progress): string {
  const share = total === undefined ? `${progress}` : `${progress}/${total}`;
  return message === undefined ? `${share}\n` : `${message.slice(0, MAX_MESSAGE)} (${share})\n`;
}
