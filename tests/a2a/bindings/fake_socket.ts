import assert from "node:assert/strict";
import type { FindTarget } from "../../../src/a2a/bindings/binding.ts";
import { type SocketConversation, webSocketBinding } from "../../../src/a2a/bindings/websocket.ts";
import { fakeService } from "../fake_service.ts";
import { finding, settle, type TestDeps, testDeps } from "./binding_deps.ts";

/** One frame that was sent to the peer. */
export type Frame = Readonly<Record<string, unknown>>;

export interface Talk {
  readonly conversation: SocketConversation;
  readonly deps: TestDeps;
  /** Every frame that was sent, in order. */
  readonly sent: Frame[];
  /** How the socket was closed from this side. */
  closed(): { readonly code: number; readonly reason: string } | undefined;
  /** From now on the peer takes nothing. */
  stopReading(): void;
  /** The peer takes `bytes` of what waits, or all of it. */
  take(bytes?: number): void;
  /** Sends a frame, and resolves with what was sent back until nothing more happens. */
  say(frame: unknown): Promise<Frame[]>;
}

export interface TalkOptions {
  readonly find?: FindTarget;
  readonly url?: string;
  readonly headers?: Record<string, string>;
}

/** A conversation over a socket of which a test is the peer. */
export function talk(
  { find = finding(fakeService()), url = "ws://agent.example/ws", headers = {} }: TalkOptions = {},
): Talk {
  const deps = testDeps();
  const sent: Frame[] = [];
  let isReading = true;
  let buffered = 0;
  let closed: { code: number; reason: string } | undefined;
  const socket = {
    send: (text: string) => {
      assert.equal(closed, undefined, "a frame behind the closing one");
      sent.push(JSON.parse(text));
      if (!isReading) buffered += new TextEncoder().encode(text).byteLength;
    },
    get bufferedAmount() {
      return buffered;
    },
    close: (code: number, reason: string) => {
      assert.ok(new TextEncoder().encode(reason).byteLength <= 123, "RFC 6455 §5.5: a control frame has 125 bytes");
      closed = { code, reason };
    },
  };
  const request = new Request(url.replace(/^ws/, "http"), { headers });
  const conversation = webSocketBinding(deps)(socket, { request, find });
  return {
    conversation,
    deps,
    sent,
    closed: () => closed,
    stopReading: () => isReading = false,
    take: (bytes = buffered) => {
      buffered -= bytes;
      if (buffered === 0) isReading = true;
    },
    say: async (frame) => {
      const before = sent.length;
      conversation.receive(typeof frame === "string" ? frame : JSON.stringify(frame));
      for (let quiet = 0, known = sent.length; quiet < 3; known = sent.length) {
        await settle();
        quiet = sent.length === known ? quiet + 1 : 0;
      }
      return sent.slice(before);
    },
  };
}

export const MESSAGE = { messageId: "m1", role: "ROLE_USER", parts: [{ text: "Hi" }] };

export function call(method: string, params: unknown, id: unknown = 7) {
  return { jsonrpc: "2.0", id, method, params };
}
