import { fieldOf, type LogField } from '../../../src/log/fields.ts';

/** Whether the field of a log requires the scope `logs:sensitive`. */
export const isSensitive = (name: LogField): boolean => fieldOf(name).sensitive === true;
