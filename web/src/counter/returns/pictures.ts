import { problemOf, request } from "../../api/client";

const LONG_SIDE = 1280;

/** A picture as it is kept: at most 1280 px on the long side, as JPEG, and nothing of the camera's in it. */
async function prepared(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, LONG_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)));
  canvas.getContext("2d")!.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
}

/** Stores a picture as evidence and answers its hash, which the return names. */
export async function storePicture(distributorId: number, file: Blob): Promise<{ hash: string; url: string }> {
  const made = await prepared(file);
  const answer = await request(`/api/v1/evidence`, { method: "POST", query: { distributorId }, body: made as unknown as string, headers: { "Content-Type": made.type } });
  if (!answer.ok) throw await problemOf(answer);
  const said = (await answer.json()) as { hash: string };
  return { hash: said.hash, url: URL.createObjectURL(made) };
}

/** Where a stored picture is shown from. */
export const pictureAddress = (distributorId: number, hash: string) => `/api/v1/evidence/${hash}?distributorId=${distributorId}`;
