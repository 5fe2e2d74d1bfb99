declare const brand: unique symbol;

/** A `T` that has been checked (or computed) to be a `Name`; passing one brand for another is a compile error. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
