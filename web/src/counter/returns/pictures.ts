/** Where a stored picture is shown from. */
export const pictureAddress = (distributorId: number, hash: string) => `/api/v1/evidence/${hash}?distributorId=${distributorId}`;
