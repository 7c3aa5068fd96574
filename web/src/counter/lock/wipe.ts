import type { LocalStore } from "../../offline/db";
import { keepPeople } from "../../offline/people";
import { dropVault } from "../../offline/vault";

/** Removes everything of a store from this browser: rows, pictures, the wrapped key, who was signed in. Its queue was rescued before. */
export async function wipe(store: LocalStore): Promise<void> {
  const { name } = store;
  store.close();
  await store.delete({ disableAutoOpen: true });
  dropVault(name);
  localStorage.removeItem("offtake.me");
  await keepPeople().catch(() => undefined);
  sessionStorage.setItem("offtake.wiped", name);
  location.assign("/?switch");
}
