import { z } from 'zod';

/** An id: the Jamf Pro API's are texts, the classic API's numbers. */
export const id = z.union([z.string().min(1), z.number()]).transform(String);

/** A text that Jamf may leave out or send as null. */
export const text = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

export const number = z
  .number()
  .nullish()
  .transform((value) => value ?? undefined);

export const flag = z
  .boolean()
  .nullish()
  .transform((value) => value ?? undefined);
