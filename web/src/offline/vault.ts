import type { Me } from "../api/client";
import type { Cipher } from "./seal";

/**
 * What opens a store without the server: the key of its data, wrapped under the PIN and, where there is one, under the device's authenticator
 * (WebAuthn PRF). Limit: whoever can copy this browser's profile can try every PIN at his leisure; six digits last hours, not years.
 */
export interface Vault {
  store: string;
  me: Me;
  distributorId: number;
  salt: string;
  rounds: number;
  wrapped: string;
  /** Fingerprint or another authenticator of this device. */
  prf?: { credential: string; salt: string; wrapped: string };
  wrong: number;
  /** The device of this store, under which the server keeps the key for a forgotten PIN. */
  device?: string;
  escrowed?: boolean;
  /** When the server last let this person in. */
  signedInAt: number;
}

/** A wrong PIN; `left` more may be tried. At 0 only the server opens. */
export class WrongPin extends Error {
  constructor(readonly left: number) {
    super("wrong PIN");
    this.name = "WrongPin";
  }
}

const PREFIX = "offtake.vault.";
const ROUNDS = 600_000;

const bytes = (text: string) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const text = (data: ArrayBuffer | Uint8Array) => btoa(String.fromCharCode(...new Uint8Array(data as ArrayBuffer)));

export function vaultOf(store: string): Vault | undefined {
  const kept = localStorage.getItem(PREFIX + store);
  return kept ? (JSON.parse(kept) as Vault) : undefined;
}

/** Everybody who may open this device without the server, whoever was here last first. */
export function vaults(): Vault[] {
  return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map((key) => JSON.parse(localStorage.getItem(key)!) as Vault).sort((a, b) => b.signedInAt - a.signedInAt);
}

export function keepVault(vault: Vault): void {
  localStorage.setItem(PREFIX + vault.store, JSON.stringify(vault));
}

export function dropVault(store: string): void {
  localStorage.removeItem(PREFIX + store);
}

async function derived(secret: BufferSource, salt: BufferSource, rounds: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", secret, "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function wrap(key: Uint8Array<ArrayBuffer>, under: CryptoKey): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, under, key));
  return text(Uint8Array.from([...iv, ...sealed]));
}

async function unwrap(wrapped: string, under: CryptoKey): Promise<Uint8Array<ArrayBuffer>> {
  const all = bytes(wrapped);
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: all.slice(0, 12) }, under, all.slice(12)));
}

/** Four to twelve digits or letters, not one of those tried first. */
export function pinFault(pin: string): "short" | "easy" | undefined {
  if (pin.length < 4) return "short";
  if (/^(.)\1+$/.test(pin) || "01234567890".includes(pin) || "09876543210".includes(pin)) return "easy";
  return undefined;
}

/** A new key under a new PIN, or the same key under another one. */
export async function setPin(store: string, me: Me, distributorId: number, pin: string, key?: Uint8Array<ArrayBuffer>, rounds = ROUNDS): Promise<Uint8Array<ArrayBuffer>> {
  const data = key ?? crypto.getRandomValues(new Uint8Array(32));
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const before = vaultOf(store);
  keepVault({
    store, me, distributorId, salt: text(salt), rounds, wrapped: await wrap(data, await derived(new TextEncoder().encode(pin), salt, rounds)), wrong: 0, signedInAt: before?.signedInAt ?? Date.now(),
    ...(before?.prf && key ? { prf: before.prf } : {}), ...(before?.device ? { device: before.device } : {}), ...(before?.escrowed && key ? { escrowed: true } : {}),
  });
  return data;
}

/** The key of the data, or {@link WrongPin}. The count of wrong ones is on disk before the answer is known. */
export async function openWithPin(vault: Vault, pin: string, tries: number): Promise<Uint8Array<ArrayBuffer>> {
  const now = vaultOf(vault.store) ?? vault;
  if (now.wrong >= tries) throw new WrongPin(0);
  keepVault({ ...now, wrong: now.wrong + 1 });
  let key: Uint8Array<ArrayBuffer>;
  try {
    key = await unwrap(now.wrapped, await derived(new TextEncoder().encode(pin), bytes(now.salt), now.rounds));
  } catch {
    throw new WrongPin(tries - now.wrong - 1);
  }
  keepVault({ ...now, wrong: 0 });
  return key;
}

/** True where this browser has an authenticator of its own to ask. */
export async function fingerprintPossible(): Promise<boolean> {
  return typeof PublicKeyCredential !== "undefined" && (await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable().catch(() => false));
}

/** Lets the device's authenticator open the key as well; false where it gives no secret. */
export async function addFingerprint(vault: Vault, key: Uint8Array<ArrayBuffer>): Promise<boolean> {
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const made = (await navigator.credentials.create({
    publicKey: {
      challenge: crypto.getRandomValues(new Uint8Array(32)), rp: { name: "Offtake" }, user: { id: new TextEncoder().encode(vault.store), name: vault.me.username, displayName: vault.me.name },
      pubKeyCredParams: [{ type: "public-key", alg: -7 }, { type: "public-key", alg: -257 }], authenticatorSelection: { authenticatorAttachment: "platform", userVerification: "required" },
      extensions: { prf: { eval: { first: salt } } } as AuthenticationExtensionsClientInputs,
    },
  })) as PublicKeyCredential | null;
  if (!made) return false;
  const secret = await prfSecret(made.rawId, salt);
  if (!secret) return false;
  keepVault({ ...(vaultOf(vault.store) ?? vault), prf: { credential: text(made.rawId), salt: text(salt), wrapped: await wrap(key, await derived(secret, salt, 1)) } });
  return true;
}

export async function openWithFingerprint(vault: Vault): Promise<Uint8Array<ArrayBuffer> | undefined> {
  if (!vault.prf) return undefined;
  const secret = await prfSecret(bytes(vault.prf.credential), bytes(vault.prf.salt));
  if (!secret) return undefined;
  const key = await unwrap(vault.prf.wrapped, await derived(secret, bytes(vault.prf.salt), 1));
  keepVault({ ...vault, wrong: 0 });
  return key;
}

async function prfSecret(id: BufferSource, salt: BufferSource): Promise<ArrayBuffer | undefined> {
  const found = (await navigator.credentials.get({
    publicKey: { challenge: crypto.getRandomValues(new Uint8Array(32)), allowCredentials: [{ type: "public-key", id }], userVerification: "required", extensions: { prf: { eval: { first: salt } } } as AuthenticationExtensionsClientInputs },
  })) as PublicKeyCredential | null;
  return (found?.getClientExtensionResults() as { prf?: { results?: { first?: ArrayBuffer } } } | undefined)?.prf?.results?.first;
}

/** The cipher of the rows. It comes with the first PIN, not with the first load. */
export async function cipherOf(key: Uint8Array): Promise<Cipher> {
  const { gcm } = await import("@noble/ciphers/aes.js");
  return {
    seal: (plain) => {
      const nonce = crypto.getRandomValues(new Uint8Array(12));
      const sealed = gcm(key, nonce).encrypt(plain);
      const whole = new Uint8Array(12 + sealed.length);
      whole.set(nonce);
      whole.set(sealed, 12);
      return whole;
    },
    open: (sealed) => gcm(key, sealed.subarray(0, 12)).decrypt(sealed.subarray(12)),
  };
}

/** A file that only its passphrase opens: unsent work taken along (UX 4.2). */
export async function sealFile(content: unknown, passphrase: string, rounds = ROUNDS): Promise<string> {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await derived(new TextEncoder().encode(passphrase), salt, rounds), new TextEncoder().encode(JSON.stringify(content)));
  return JSON.stringify({ offtake: "unsent work", version: 1, rounds, salt: text(salt), iv: text(iv), data: base64(new Uint8Array(sealed)) });
}

/** The content of such a file; throws where the passphrase or the file is not right. */
export async function openFile<T>(file: string, passphrase: string): Promise<T> {
  const { rounds, salt, iv, data } = JSON.parse(file) as { rounds: number; salt: string; iv: string; data: string };
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, await derived(new TextEncoder().encode(passphrase), bytes(salt), rounds), bytes(data));
  return JSON.parse(new TextDecoder().decode(plain)) as T;
}

function base64(data: Uint8Array): string {
  let out = "";
  for (let i = 0; i < data.length; i += 0x8000) out += String.fromCharCode(...data.subarray(i, i + 0x8000));
  return btoa(out);
}
