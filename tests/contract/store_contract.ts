import type { Store } from "../../src/store/store.ts";
import { contextContract } from "./store_context_contract.ts";
import { journalContract } from "./store_journal_contract.ts";
import { followContract } from "./store_follow_contract.ts";
import { leaseContract } from "./store_lease_contract.ts";
import { listContract } from "./store_list_contract.ts";
import { deadlineContract } from "./store_deadline_contract.ts";
import { messageContract } from "./store_message_contract.ts";
import { revisionContract } from "./store_revision_contract.ts";
import { survivalContract } from "./store_survival_contract.ts";
import { webhookContract } from "./store_webhook_contract.ts";

/** One store under test, as the process that opened it sees it: its holder is "p1". */
export interface StoreUnderTest {
  readonly store: Store;
  /** The store's clock. */
  readonly clock: { ms: number };
  /** Ends this process without a word and starts another over the same tasks; the holders are "p2", "p3" … */
  restart(): Promise<Store>;
  /** Closes what is open and removes what is left. */
  dispose(): Promise<void>;
}

export interface StoreContract {
  readonly name: string;
  readonly open: () => Promise<StoreUnderTest>;
}

export type Check = (underTest: StoreUnderTest) => Promise<void>;

/** What every store has to keep. Each check gets a store of its own. */
export function storeContract({ name, open }: StoreContract): void {
  const checks: Record<string, Check> = {
    ...journalContract,
    ...leaseContract,
    ...deadlineContract,
    ...messageContract,
    ...followContract,
    ...listContract,
    ...survivalContract,
    ...webhookContract,
    ...contextContract,
    ...revisionContract,
  };
  for (const [what, check] of Object.entries(checks)) {
    Deno.test(`${name}: ${what}`, async () => {
      const underTest = await open();
      try {
        await check(underTest);
      } finally {
        await underTest.dispose();
      }
    });
  }
}
