/** Classes of status codes, in their order. */
export const STATUS_CLASSES = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const;
export type StatusClass = (typeof STATUS_CLASSES)[number];

/** @param code 100 to 599. */
export const statusClassOf = (code: number): StatusClass => STATUS_CLASSES[Math.floor(code / 100) - 1]!;
