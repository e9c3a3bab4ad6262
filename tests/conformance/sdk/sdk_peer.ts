/** A client of an SDK of A2A, whatever its generation calls things; states and kinds in 0.3's shorter words. */
export interface SdkPeer {
  send(text: string, taskId?: string): Promise<Seen>;
  stream(text: string): AsyncGenerator<string, void, undefined>;
  subscribe(id: string): AsyncGenerator<string, void, undefined>;
  get(id: string, historyLength: number): Promise<Seen>;
  cancel(id: string): Promise<Seen>;
  /** The ids of a context's tasks; absent where the generation has no such operation. */
  readonly list?: (contextId: string) => Promise<readonly string[]>;
  makeHook(taskId: string, id: string): Promise<string>;
  getHook(taskId: string, id: string): Promise<string>;
  listHooks(taskId: string): Promise<readonly string[]>;
  deleteHook(taskId: string, id: string): Promise<void>;
  extendedName(): Promise<string>;
}

export interface Seen {
  readonly id: string;
  readonly contextId: string;
  readonly state: string;
  /** What its artifacts say. */
  readonly text: string;
  readonly messages: number;
}

export const HOOK = "https://hook.example/a";

let count = 0;

export function nextMessageId(): string {
  return `sdk-${++count}`;
}
